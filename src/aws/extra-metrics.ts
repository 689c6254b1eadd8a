import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { type ExtraMetric, type MetricQuery, namesVersion } from '../model/metric.ts';
import { MINUTE, SECOND } from '../model/time.ts';
import type { Counts } from '../model/traffic.ts';
import type { AliasTraffic, BothVersions, MinuteSeries } from '../rollout/ports.ts';
import type { Asked, Points } from './metric-data.ts';

/** Which versions are read; `canary` is undefined where there is none. */
interface Versions {
  readonly baseline: string;
  readonly canary: string | undefined;
}

type Side = keyof Versions;

/** What `{{function}}` and `{{alias}}` stand for. */
interface Names {
  readonly function: string;
  readonly alias: string;
}

/** Everything to ask CloudWatch for the metrics of the `metrics` input. */
export function askForMetrics(metrics: readonly ExtraMetric[], versions: Versions, names: Names): readonly Asked[] {
  return metrics.flatMap((metric, index) =>
    seriesOf(metric).flatMap(([part, query]) =>
      sidesOf(query, versions).map(({ side, version }) => ({
        query: toQuery(idOf(index, part, side), query, { ...names, version }),
        metric: metric.name,
      })),
    ),
  );
}

/** What CloudWatch answered to {@link askForMetrics}. */
export function readMetrics(
  metrics: readonly ExtraMetric[],
  points: Points,
): Pick<AliasTraffic, 'counted' | 'limited'> {
  const at = (index: number, part: string, side: Side): ReadonlyMap<number, number> =>
    points.get(idOf(index, part, side)) ?? new Map<number, number>();
  const both = <T>(of: (side: Side) => T): BothVersions<T> => ({ baseline: of('baseline'), canary: of('canary') });
  const [counted, limited] = [
    new Map<string, BothVersions<MinuteSeries>>(),
    new Map<string, BothVersions<ReadonlyMap<number, number>>>(),
  ];
  for (const [index, { kind, name }] of metrics.entries()) {
    if (kind === 'limited')
      limited.set(
        name,
        both((side) => at(index, 'value', side)),
      );
    else
      counted.set(
        name,
        both((side) => pairs(at(index, 'total', side), at(index, 'bad', side))),
      );
  }
  return { counted, limited };
}

function seriesOf(metric: ExtraMetric): readonly (readonly [string, MetricQuery])[] {
  if (metric.kind === 'limited') return [['value', metric.value]];
  return [
    ['bad', metric.bad],
    ['total', metric.total],
  ];
}

/**
 * A query that names no version says what happens to all callers; it is read once, in the place of the canary's, also
 * while there is no canary yet.
 */
function sidesOf(query: MetricQuery, { baseline, canary }: Versions): readonly { side: Side; version: string }[] {
  if (!namesVersion(query)) return [{ side: 'canary', version: canary ?? baseline }];
  const sides = canary === undefined ? [] : [{ side: 'canary' as const, version: canary }];
  return [{ side: 'baseline', version: baseline }, ...sides];
}

/** `m0bad_b`, `m0bad_c`: Ids begin with a lower-case letter (CloudWatch API reference, MetricDataQuery). */
function idOf(index: number, part: string, side: Side): string {
  return `m${index}${part}_${side.charAt(0)}`;
}

type Values = Names & { readonly version: string };

function toQuery(id: string, query: MetricQuery, values: Values): MetricDataQuery & { Id: string } {
  const fill = (text: string): string =>
    text.replace(/\{\{(version|alias|function)\}\}/g, (_, key: keyof Values) => values[key]);
  const period = MINUTE / SECOND;
  if ('expression' in query) return { Id: id, Expression: fill(query.expression), Period: period };
  const dimensions = Object.entries(query.dimensions).map(([name, value]) => ({
    Name: fill(name),
    Value: fill(value),
  }));
  const metric = { Namespace: fill(query.namespace), MetricName: fill(query.metric), Dimensions: dimensions };
  return { Id: id, MetricStat: { Metric: metric, Period: period, Stat: fill(query.stat) } };
}

/** Counts of every minute in which either series has a point; an expression may make decimals or less than nothing. */
function pairs(total: ReadonlyMap<number, number>, bad: ReadonlyMap<number, number>): MinuteSeries {
  const whole = (value = 0): number => Math.max(0, Math.round(value));
  const minutes = new Set([...total.keys(), ...bad.keys()]);
  const counts = (minute: number): Counts => ({
    invocations: whole(total.get(minute)),
    errors: whole(bad.get(minute)),
  });
  return new Map(Array.from(minutes, (minute) => [minute, counts(minute)]));
}
