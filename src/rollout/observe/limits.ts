import { type ExtraMetric, type LimitedMetric, namesVersion } from '../../model/metric.ts';
import { quote } from '../../model/text.ts';
import { MINUTE } from '../../model/time.ts';
import type { AliasTraffic } from '../ports.ts';

/** Values in a row that must be beyond a limit: one may be a bad environment or a blip. */
const IN_A_ROW = 2;

/** What the limits say, as sentences. */
export interface Heeded {
  /** Limits that are broken. */
  readonly vetoes: readonly string[];
  /** Limits of which nothing is known: without a value they cannot be vouched for. */
  readonly unknown: readonly string[];
}

type Values = ReadonlyMap<number, number>;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Holds the canary against the limits of the user's metrics. A limit is broken by two values in a row beyond it, since the
 * first shift. It is not the canary's doing where the baseline breaks it in the same minutes, or where a metric of the
 * whole alias was beyond its limit before the shift and has not been within it since.
 *
 * @param span the minutes to judge, epoch ms; values before its start are history
 * @param finalUntil end (epoch ms) of the minutes that no longer grow: a minimum is held against these only
 */
export function heedLimits(
  metrics: readonly ExtraMetric[],
  traffic: AliasTraffic,
  { span, finalUntil }: Judged,
): Heeded {
  const limited = metrics.filter((metric) => metric.kind === 'limited');
  return {
    vetoes: limited.flatMap((metric) => vetoOf(metric, traffic, { span, finalUntil }) ?? []),
    unknown: limited
      .filter((metric) => tellingPoints(metric, traffic, { span, finalUntil }).length === 0)
      .map(({ name }) => `metric ${quote(name)} has no value since the first shift`),
  };
}

function seriesOf(
  { name }: LimitedMetric,
  { limited }: AliasTraffic,
): { readonly baseline: Values; readonly canary: Values } {
  return limited.get(name) ?? NOTHING;
}

const NOTHING: { readonly baseline: Values; readonly canary: Values } = { baseline: new Map(), canary: new Map() };

interface Judged {
  readonly span: Span;
  readonly finalUntil: number;
}

/** The canary's values that say whether the limit is kept. */
function tellingPoints(metric: LimitedMetric, traffic: AliasTraffic, { span, finalUntil }: Judged): readonly Point[] {
  const { canary } = seriesOf(metric, traffic);
  return pointsIn(canary, span).filter(([at, value]) => !isGrowing(metric, { at, value, finalUntil }));
}

function vetoOf(metric: LimitedMetric, traffic: AliasTraffic, { span, finalUntil }: Judged): string | undefined {
  const { baseline, canary } = seriesOf(metric, traffic);
  const during = tellingPoints(metric, traffic, { span, finalUntil });
  if (namesVersion(metric.value)) {
    const isShared = ({ points }: Run): boolean => points.some(([at]) => isBeyond(metric, baseline.get(at)));
    const own = beyondRuns(metric, during).find((run) => !isShared(run));
    return own === undefined ? undefined : sentence(metric, own, 'of the canary');
  }
  const run = beyondRuns(metric, sinceRecovery(metric, canary, { during, start: span.start }))[0];
  return run === undefined ? undefined : sentence(metric, run, 'of the alias');
}

/** What is below a minimum may still be on its way up. */
function isGrowing(
  { min = -Infinity }: LimitedMetric,
  { at, value, finalUntil }: { at: number; value: number; finalUntil: number },
): boolean {
  return value < min && at + MINUTE > finalUntil;
}

/** Old trouble counts for nothing until it has gone once. */
function sinceRecovery(
  metric: LimitedMetric,
  values: Values,
  { during, start }: { during: readonly Point[]; start: number },
): readonly Point[] {
  const before = pointsIn(values, { start: -Infinity, end: start });
  if (!isBeyond(metric, before.at(-1)?.[1])) return during;
  const recovery = during.findIndex(([, value]) => !isBeyond(metric, value));
  return recovery === -1 ? [] : during.slice(recovery);
}

type Point = readonly [at: number, value: number];

interface Run {
  readonly points: readonly Point[];
  readonly last: Point;
}

function pointsIn(values: Values, { start, end }: Span): readonly Point[] {
  return [...values].filter(([at]) => at >= start && at < end).toSorted(([a], [b]) => a - b);
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

function sentence({ name, max = Infinity, min = -Infinity }: LimitedMetric, { last }: Run, whose: string): string {
  const [, value] = last;
  const limit = value > max ? `above its maximum of ${max}` : `below its minimum of ${min}`;
  return `metric ${quote(name)} ${whose} was ${Number(value.toPrecision(6))}, ${limit}, twice in a row`;
}
