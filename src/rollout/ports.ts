import type { AliasState, AliasTarget } from '../model/alias.ts';
import type { Durations } from '../model/durations.ts';
import type { ExtraMetric } from '../model/metric.ts';
import type { Counts } from '../model/traffic.ts';

/** The one alias that a command works on. */
export interface AliasPort {
  /** What the alias serves now; undefined when it does not exist. */
  read(signal?: AbortSignal): Promise<AliasState | undefined>;
  /** One write that names `revisionId`. A failure does not say that nothing was written: its answer may have been lost. */
  write(target: AliasTarget, revisionId: string, signal?: AbortSignal): Promise<void>;
}

/** Creates the alias on a first deployment. */
export interface AliasCreator {
  create(target: AliasTarget): Promise<AliasState>;
}

/** Start of a minute (epoch ms) → what a version did in it. Minutes without traffic are absent. */
export type MinuteSeries = ReadonlyMap<number, Counts>;

/** The same for both versions; `canary` is empty when no canary was asked for. */
export interface BothVersions<T> {
  readonly baseline: T;
  readonly canary: T;
}

/** How many invocations of a minute were slower than the threshold: between `least` and `most` of `samples`. */
export interface SlowCount {
  readonly samples: number;
  readonly least: number;
  readonly most: number;
}

/**
 * What CloudWatch knows of the alias' traffic, by the version that served it. Counts are as published: `errors` may be
 * ahead of `invocations` for a while.
 */
export interface AliasTraffic extends BothVersions<MinuteSeries> {
  /** All traffic of the alias, whichever version served it. */
  readonly alias: MinuteSeries;
  /** Start of a minute → throttled requests. */
  readonly throttles: BothVersions<ReadonlyMap<number, number>>;
  /** Start of a minute → invocations that found no provisioned concurrency free. */
  readonly spillOver: BothVersions<ReadonlyMap<number, number>>;
  /** Start of a minute → slow invocations; empty unless asked for. */
  readonly slow: BothVersions<ReadonlyMap<number, SlowCount>>;
  /** By name of the counted metric: `errors` of `invocations` are its `bad` of `total`. */
  readonly counted: ReadonlyMap<string, BothVersions<MinuteSeries>>;
  /** By name of the limited metric: start of a minute → value. One that names no version is in `canary` only. */
  readonly limited: ReadonlyMap<string, BothVersions<ReadonlyMap<number, number>>>;
}

/**
 * Which statistic of Lambda's Duration tells how many invocations were slow. Trimmed counts and percentile ranks are
 * exact; whether CloudWatch has them for Lambda is not documented. Percentiles only bracket the share.
 */
export type LatencyStatistic = 'trimmed-count' | 'percentile-rank' | 'percentiles';

/** What is read besides invocations, errors, throttles and spill-over; settled before the first shift. */
export interface WatchList {
  /** `threshold` in ms. */
  readonly latency: { readonly threshold: number; readonly statistic: LatencyStatistic } | undefined;
  readonly metrics: readonly ExtraMetric[];
}

export interface TrafficQuery {
  readonly baseline: string;
  readonly canary: string | undefined;
  readonly watch: WatchList;
  /** Span of time, epoch ms; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Gives up reading when it aborts. */
  readonly signal?: AbortSignal;
}

/** Reads metrics. Throws when they cannot be read completely: a gap in reading must never look like a lack of traffic. */
export interface TrafficSource {
  read(query: TrafficQuery): Promise<AliasTraffic>;
}

/** Finds out, before the first shift, which statistic CloudWatch has for the baseline's durations. */
export interface LatencyProbe {
  /**
   * `threshold` in ms; `start` and `end` epoch ms. `proven` is false when the baseline had no traffic to tell by: then the
   * statistic is a hope, and reading it decides by what it finds.
   */
  probeLatency(query: {
    readonly baseline: string;
    readonly threshold: number;
    readonly start: number;
    readonly end: number;
  }): Promise<{ readonly statistic: LatencyStatistic; readonly proven: boolean }>;
}

/** What invocations took, for readers: nothing is judged by it. */
export interface DurationSource {
  /**
   * Of both versions, in one period that holds the span from `start` to `end` (epoch ms, whole minutes), and little more.
   * undefined when none does. Takes seconds at most, then throws; gives up when `signal` aborts.
   */
  readDurations(query: {
    readonly baseline: string;
    readonly canary: string;
    readonly start: number;
    readonly end: number;
    readonly signal: AbortSignal;
  }): Promise<Durations | undefined>;
}

/** One CloudWatch alarm at a moment. */
export interface AlarmState {
  /** The bare name, as it was asked for by name or ARN. */
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** CloudWatch's own words for why it is in that state; outside text. */
  readonly reason: string;
}

export interface AlarmSource {
  /**
   * The alarms in the order in which they were asked for, by name. Throws when one does not exist (naming all that do
   * not) or when they cannot be read.
   */
  readAlarms(names: readonly string[], signal?: AbortSignal): Promise<readonly AlarmState[]>;
}

/**
 * What the user checks after a step, with the canary's weight (percent): resolves with what is wrong, in words that follow
 * `the check failed`, or with undefined. Ends as soon as `signal` aborts, and then says nothing.
 */
export type StepCheck = (weight: number, signal: AbortSignal) => Promise<string | undefined>;

/** Invocations that each version of an alias served, by period. */
export type VersionTraffic = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Versions compared by the traffic they had on the alias. */
export interface VersionTrafficSource {
  /** Version → start of a period (epoch ms) → invocations. `period` in ms; periods without traffic are absent. */
  readVersions(query: {
    versions: readonly string[];
    start: number;
    end: number;
    period: number;
  }): Promise<VersionTraffic>;
}

/** The end of a session that cannot be renewed. */
export interface Expiry {
  /** Epoch ms. */
  readonly at: number;
  /** Why it cannot be, in words; undefined: nobody renews it. */
  readonly why: string | undefined;
}

/** The session of AWS in which everything is asked. */
export interface SessionPort {
  /**
   * Sees to it that the session lasts until `moment` (epoch ms): renews it where that is needed and possible. Resolves with
   * its end where it ends before that, undefined otherwise, also where nobody knows. Never throws.
   */
  endBefore(moment: number): Promise<Expiry | undefined>;
}

/** A workflow run, by what a marker says of it. */
interface RunId {
  readonly repository: string;
  readonly runId: number;
  readonly attempt: number;
}

/** Tells whether a workflow run is over; undefined when nobody can say, soon enough or before `signal` aborts. Never throws. */
export interface RunDirectory {
  isOver(run: RunId, signal: AbortSignal): Promise<boolean | undefined>;
}

/** A rollout that has begun to shift an alias: what the `post` step has to look at should this process die. */
export interface OpenRollout extends RunId {
  readonly functionId: string;
  readonly alias: string;
  readonly region: string;
  readonly canary: string;
  /** Of the markers that this rollout leaves: another job of the same run has another. */
  readonly nonce: string;
  /** What the alias said before, whole: the marker may have had no room for its end. */
  readonly description: string;
  /** The canary has baked; what is left is to put the description back. */
  readonly isBaked: boolean;
}
