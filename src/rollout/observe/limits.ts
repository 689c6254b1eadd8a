import { type ExtraMetric, type LimitedMetric, namesVersion } from '../../model/metric.ts';
import { quote } from '../../model/text.ts';
import type { AliasTraffic } from '../ports.ts';

/** Minutes in a row, of those that have a value, that must be beyond a limit: one may be a bad environment or a blip. */
const IN_A_ROW = 2;

/** What the limits say: sentences for those that roll back, and for those that only forbid to go on. */
export interface Heeded {
  readonly vetoes: readonly string[];
  readonly obstacles: readonly string[];
}

type Values = ReadonlyMap<number, number>;

/**
 * Holds the canary against the limits of the user's metrics. A limit is broken by two minutes in a row beyond it, since the
 * first shift. It is not the canary's doing where the baseline breaks it in the same minutes, or where a metric of the
 * whole alias was beyond its limit before the shift and has not been within it since.
 *
 * @param span the minutes to judge, epoch ms; values before its start are history
 */
export function heedLimits(
  metrics: readonly ExtraMetric[],
  traffic: AliasTraffic,
  span: { readonly start: number; readonly end: number },
): Heeded {
  const found = metrics
    .filter((metric) => metric.kind === 'limited')
    .map((metric) => {
      const { baseline, canary } = traffic.limited.get(metric.name) ?? NOTHING;
      return namesVersion(metric.value)
        ? ofVersions(metric, { baseline, canary }, span)
        : ofAlias(metric, canary, span);
    });
  return {
    vetoes: found.flatMap(({ vetoes }) => vetoes),
    obstacles: found.flatMap(({ obstacles }) => obstacles),
  };
}

const NOTHING: { readonly baseline: Values; readonly canary: Values } = { baseline: new Map(), canary: new Map() };
const QUIET: Heeded = { vetoes: [], obstacles: [] };

interface Span {
  readonly start: number;
  readonly end: number;
}

function ofVersions(metric: LimitedMetric, { baseline, canary }: typeof NOTHING, span: Span): Heeded {
  const points = within(canary, span);
  const runs = beyondRuns(metric, points);
  const isShared = (run: Run): boolean => run.points.some(([at]) => isBeyond(metric, baseline.get(at)));
  const own = runs.find((run) => !isShared(run));
  if (own !== undefined) return { vetoes: [sentence(metric, own, 'of the canary')], obstacles: [] };
  const latest = runs.at(-1);
  if (latest === undefined || latest.last !== points.at(-1)) return QUIET;
  return { vetoes: [], obstacles: [`${sentence(metric, latest, 'of both versions')}: not the canary's doing alone`] };
}

function ofAlias(metric: LimitedMetric, values: Values, span: Span): Heeded {
  const before = [...values].filter(([at]) => at < span.start).toSorted(byTime);
  const during = within(values, span);
  const wasBeyond = isBeyond(metric, before.at(-1)?.[1]);
  // Old trouble counts for nothing until it has gone once.
  const recovery = during.findIndex(([, value]) => !isBeyond(metric, value));
  const counted = wasBeyond ? (recovery === -1 ? [] : during.slice(recovery)) : during;
  const run = beyondRuns(metric, counted)[0];
  return run === undefined ? QUIET : { vetoes: [sentence(metric, run, 'of the alias')], obstacles: [] };
}

type Point = readonly [at: number, value: number];

interface Run {
  readonly points: readonly Point[];
  readonly last: Point;
}

function within(values: Values, { start, end }: Span): readonly Point[] {
  return [...values].filter(([at]) => at >= start && at < end).toSorted(byTime);
}

function byTime([a]: Point, [b]: Point): number {
  return a - b;
}

/** Every stretch of so many neighbours that are all beyond the limit. */
function beyondRuns(metric: LimitedMetric, points: readonly Point[]): readonly Run[] {
  return points
    .map((last, index) => ({ points: points.slice(Math.max(0, index + 1 - IN_A_ROW), index + 1), last }))
    .filter((run) => run.points.length === IN_A_ROW && run.points.every(([, value]) => isBeyond(metric, value)));
}

function isBeyond({ max = Infinity, min = -Infinity }: LimitedMetric, value: number | undefined): boolean {
  return value !== undefined && (value > max || value < min);
}

function sentence(metric: LimitedMetric, run: Run, whose: string): string {
  const [, value] = run.last;
  const { max = Infinity, min = -Infinity } = metric;
  const limit = value > max ? `above its maximum of ${max}` : `below its minimum of ${min}`;
  return `metric ${quote(metric.name)} ${whose} was ${Number(value.toPrecision(6))}, ${limit}, for ${IN_A_ROW} minutes in a row`;
}
