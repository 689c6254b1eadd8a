import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { unlessAborted } from '../model/abort.ts';
import type { Durations, Percentiles } from '../model/durations.ts';
import { ActionFailure } from '../model/failure.ts';
import { MINUTE, SECOND, formatDuration } from '../model/time.ts';
import type { Counts } from '../model/traffic.ts';
import type {
  AliasTraffic,
  BothVersions,
  DurationSource,
  LatencyProbe,
  MinuteSeries,
  SlowCount,
  TrafficQuery,
  TrafficSource,
  VersionTraffic,
  VersionTrafficSource,
  WatchList,
} from '../rollout/ports.ts';
import { periodAround } from './duration-period.ts';
import { askForMetrics, readMetrics } from './extra-metrics.ts';
import { isRefusal } from './failures.ts';
import { percentileRank, recognise, slowCount, statisticsFor, trimmedCount } from './latency.ts';
import { type Asked, type Points, readMetricData, unusable } from './metric-data.ts';

type Side = keyof BothVersions<unknown>;
type Span = Pick<TrafficQuery, 'start' | 'end' | 'signal'>;
type ProbeQuery = Parameters<LatencyProbe['probeLatency']>[0];
type DurationQuery = Parameters<DurationSource['readDurations']>[0];

/** Prefixes of Ids: the versions, and the alias as a whole. */
type Server = Side | 'alias';
type Count = 'Invocations' | 'Errors' | 'Throttles' | 'ProvisionedConcurrencySpilloverInvocations';

const TRAFFIC: readonly Count[] = ['Invocations', 'Errors'];
/** The median, and the tail that callers notice first. */
const SHOWN = { p50: 'p50', p99: 'p99' } as const;
/** How long figures that only inform are waited for, ms; of real time, as the timeouts of the SDK are. */
const LIMIT = 5 * SECOND;
const PER_VERSION: readonly Count[] = [...TRAFFIC, 'Throttles', 'ProvisionedConcurrencySpilloverInvocations'];

interface LambdaMetric {
  readonly id: string;
  readonly name: Count | 'Duration';
  readonly stat?: string;
  /** undefined: whichever served. */
  readonly version: string | undefined;
  /** ms; a minute when nothing is said. */
  readonly period?: number;
}

/** `period` in ms; a minute when nothing is said. */
interface DurationStatistics {
  readonly stats: readonly string[];
  readonly period?: number;
}

/**
 * Lambda's minute metrics of one alias and the user's own, one GetMetricData call a read. The dimension values are names:
 * `Resource` is `function:alias` and never an ARN, or CloudWatch finds nothing.
 */
export class CloudWatchTraffic implements TrafficSource, VersionTrafficSource, LatencyProbe, DurationSource {
  #client: CloudWatchClient;
  #functionName: string;
  #alias: string;
  #region: string;
  #limit: number;

  /** `limit`: another one than a few seconds for figures that only inform, ms. */
  constructor(options: {
    client: CloudWatchClient;
    functionName: string;
    alias: string;
    region: string;
    limit?: number;
  }) {
    this.#client = options.client;
    this.#functionName = options.functionName;
    this.#alias = options.alias;
    this.#region = options.region;
    this.#limit = options.limit ?? LIMIT;
  }

  async read({ baseline, canary, watch, ...span }: TrafficQuery): Promise<AliasTraffic> {
    const names = { function: this.#functionName, alias: this.#alias };
    const asked = [
      ...this.#versionMetrics('baseline', baseline, watch),
      ...(canary === undefined ? [] : this.#versionMetrics('canary', canary, watch)),
      ...TRAFFIC.map((name) => this.#ask({ id: idOf('alias', name), name, version: undefined })),
      ...askForMetrics(watch.metrics, { baseline, canary }, names),
    ];
    return toTraffic(await this.#read(asked, span), watch);
  }

  async readVersions({
    versions,
    start,
    end,
    period,
  }: Parameters<VersionTrafficSource['readVersions']>[0]): Promise<VersionTraffic> {
    const asked = versions.map((version) => this.#ask({ id: `v${version}`, name: 'Invocations', version, period }));
    const points = await this.#read(asked, { start, end });
    return new Map(versions.map((version) => [version, countsOf(points, `v${version}`)]));
  }

  async probeLatency({ baseline, threshold, start, end }: ProbeQuery): ReturnType<LatencyProbe['probeLatency']> {
    const [trimmed, ranks] = [trimmedCount(threshold), percentileRank(threshold)];
    const asked = this.#durations('baseline', baseline, { stats: ['SampleCount', trimmed, ranks] });
    try {
      const points = await this.#read(asked, { start, end });
      const series = (stat: string): ReadonlyMap<number, number> => pointsOf(points, durationId('baseline', stat));
      return recognise({ samples: series('SampleCount'), trimmed: series(trimmed), ranks: series(ranks) });
    } catch (error) {
      if (isRefusal(error)) return { statistic: 'percentiles', proven: true };
      throw error;
    }
  }

  async readDurations({ baseline, canary, signal, ...span }: DurationQuery): Promise<Durations | undefined> {
    const period = periodAround(span);
    if (period === undefined) return undefined;
    const shown = { stats: Object.values(SHOWN), period: period.end - period.start };
    const asked = [...this.#durations('baseline', baseline, shown), ...this.#durations('canary', canary, shown)];
    const limited = AbortSignal.any([signal, AbortSignal.timeout(this.#limit)]);
    const points = await unlessAborted(
      () => this.#read(asked, { ...period, signal: limited }),
      limited,
      () =>
        new ActionFailure(
          `CloudWatch gave no answer within ${formatDuration(this.#limit)}`,
          'The AWS console has them.',
        ),
    );
    const of = (side: Side): Percentiles | undefined => percentilesOf(points, side, period.start);
    return { ...period, baseline: of('baseline'), canary: of('canary') };
  }

  #versionMetrics(side: Side, version: string, { latency }: WatchList): readonly Asked[] {
    return [
      ...PER_VERSION.map((name) => this.#ask({ id: idOf(side, name), name, version })),
      ...this.#durations(side, version, { stats: latency === undefined ? [] : statisticsFor(latency) }),
    ];
  }

  #durations(side: Side, version: string, { stats, period = MINUTE }: DurationStatistics): readonly Asked[] {
    return stats.map((stat) => this.#ask({ id: durationId(side, stat), name: 'Duration', stat, version, period }));
  }

  #ask({ id, name, stat = 'Sum', version, period = MINUTE }: LambdaMetric): Asked {
    const dimensions = [
      { Name: 'FunctionName', Value: this.#functionName },
      { Name: 'Resource', Value: `${this.#functionName}:${this.#alias}` },
      ...(version === undefined ? [] : [{ Name: 'ExecutedVersion', Value: version }]),
    ];
    const metric = { Namespace: 'AWS/Lambda', MetricName: name, Dimensions: dimensions };
    return { query: { Id: id, MetricStat: { Metric: metric, Period: period / SECOND, Stat: stat } } };
  }

  #read(asked: readonly Asked[], span: Span): Promise<Points> {
    const subject = `the metrics of alias ${this.#alias} of ${this.#functionName}`;
    const call = { action: 'cloudwatch:GetMetricData', subject, region: this.#region };
    return readMetricData({ client: this.#client, call, asked, ...span });
  }
}

function idOf(server: Server, name: Count): string {
  return `${server}${name}`;
}

/** `baselineDuration_p99_9`: Ids hold letters, digits and underscores. */
function durationId(side: Side, stat: string): string {
  return `${side}Duration_${stat.replace(/[^A-Za-z0-9]/g, '_')}`;
}

/** undefined unless both are known of the period that begins there, and can be durations. */
function percentilesOf(points: Points, side: Side, start: number): Percentiles | undefined {
  const at = (stat: string): number => pointsOf(points, durationId(side, stat)).get(start) ?? -1;
  const [p50, p99] = [at(SHOWN.p50), at(SHOWN.p99)];
  return p50 < 0 || p99 < p50 ? undefined : { p50, p99 };
}

function toTraffic(points: Points, { latency, metrics }: WatchList): AliasTraffic {
  const both = <T>(of: (side: Side) => T): BothVersions<T> => ({ baseline: of('baseline'), canary: of('canary') });
  const counts = (name: Count) => both((side) => countsOf(points, idOf(side, name)));
  return {
    ...both((side) => trafficOf(points, side)),
    alias: trafficOf(points, 'alias'),
    throttles: counts('Throttles'),
    spillOver: counts('ProvisionedConcurrencySpilloverInvocations'),
    slow: both((side) => (latency === undefined ? new Map<number, SlowCount>() : slowOf(points, side, latency))),
    ...readMetrics(metrics, points),
  };
}

/**
 * Every minute in which either metric has a point, as published: errors may be ahead of their invocations, and where there
 * are invocations without a point for errors there were none (Lambda does not promise points for nothing).
 */
function trafficOf(points: Points, server: Server): MinuteSeries {
  const [invocations, errors] = [
    countsOf(points, idOf(server, 'Invocations')),
    countsOf(points, idOf(server, 'Errors')),
  ];
  const minutes = new Set([...invocations.keys(), ...errors.keys()]);
  const counts = (minute: number): Counts => ({
    invocations: invocations.get(minute) ?? 0,
    errors: errors.get(minute) ?? 0,
  });
  return new Map(Array.from(minutes, (minute) => [minute, counts(minute)]));
}

function slowOf(points: Points, side: Side, latency: NonNullable<WatchList['latency']>): Map<number, SlowCount> {
  const series = (stat: string): ReadonlyMap<number, number> => pointsOf(points, durationId(side, stat));
  const slow = new Map<number, SlowCount>();
  for (const minute of series('SampleCount').keys()) {
    const count = slowCount(latency, (stat) => series(stat).get(minute));
    if (count !== undefined) slow.set(minute, count);
  }
  return slow;
}

/** Points that cannot be counts are no measurement: taken for silence, they would hide a failing canary. */
function countsOf(points: Points, id: string): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const [minute, value] of pointsOf(points, id)) {
    if (value < 0) throw unusable(`${id} has the value ${value}`);
    counts.set(minute, Math.round(value));
  }
  return counts;
}

/** Nothing where nothing was asked for. */
function pointsOf(points: Points, id: string): ReadonlyMap<number, number> {
  return points.get(id) ?? new Map<number, number>();
}
