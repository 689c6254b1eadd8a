import type { ByVersion } from '../traffic-spec.ts';

/** A span of minutes, ms since start, `to` exclusive. */
interface MinuteSpan {
  readonly from: number;
  readonly to: number;
}

export interface MetricsSpec {
  /** Range of the publication delay of a minute, counted from each invocation's end, ms; default 30 s to 75 s. */
  readonly delayMs?: readonly [number, number];
  /** A share of the invocations is counted up to `maxMs` later still; default 3 % and 30 s. */
  readonly lateGrowth?: { readonly share: number; readonly maxMs: number };
  /** These minutes are not there, until `until` (ms since start) when given. */
  readonly gaps?: readonly (MinuteSpan & { readonly until?: number })[];
  /** In these minutes Invocations and Durations appear `lagMs` after Errors: more errors than invocations for a while. */
  readonly contradictory?: readonly (MinuteSpan & { readonly lagMs: number })[];
  /** Whether a minute without errors has an `Errors` point of 0; default true. Unverified on AWS. */
  readonly zeroErrors?: boolean;
  /** Whether an alias without weights reports ExecutedVersion; default true. Unverified on AWS. */
  readonly executedVersionUnweighted?: boolean;
  /** Whether Throttles has ExecutedVersion for requests whose version was chosen; default true. Unverified on AWS. */
  readonly versionThrottles?: boolean;
  /**
   * Whether `TC(…)` and `PR(…)` exist: `all` (default), `percentiles` (they have no data), or `rejected` (they are a
   * ValidationError). Unverified on AWS.
   */
  readonly durationStatistics?: 'all' | 'percentiles' | 'rejected';
  /** Datapoints per page of GetMetricData; default 100,800. */
  readonly pageSize?: number;
}

/** A metric of the user's own: either one value a minute, or a 0 or 1 for each invocation of a version. */
export type CustomMetricSpec = {
  readonly namespace: string;
  readonly name: string;
  /** In the values of a metric with `counts`, `{{version}}` stands for the version: a series for each. */
  readonly dimensions?: Readonly<Record<string, string>>;
} & ({ readonly value: (msSinceStart: number) => number | undefined } | { readonly counts: CountSpec });

/** So many of the real invocations of each version, published with them. */
export interface CountSpec {
  readonly function: string;
  readonly alias: string;
  /** Probability that an invocation counts; 0 for versions without an entry. */
  readonly rate: ByVersion;
  /** Name of another metric of this namespace and alias: the probability is then of what that one counted. */
  readonly of?: string;
  /** Whether an invocation that does not count publishes a 0; default true. */
  readonly zeros?: boolean;
}

export type AlarmStateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** An alarm on published errors: each of the last `periods` minutes that have data had at least so many. */
export interface ErrorsRule {
  readonly function: string;
  readonly alias: string;
  /** Default: all traffic of the alias. */
  readonly version?: string;
  readonly atLeast: number;
  readonly periods: number;
}

/** How an alarm stands: always alike, by changes (from ms since start, rising; before the first: OK), or by a function. */
export type AlarmStates =
  | AlarmStateValue
  | readonly (readonly [fromMs: number, state: AlarmStateValue])[]
  | ((msSinceStart: number) => AlarmStateValue);

export type AlarmSpec = {
  readonly name: string;
  /** Default: metric. */
  readonly kind?: 'metric' | 'composite' | 'log';
  /** StateReason; default: a sentence about the state. */
  readonly reason?: string;
} & ({ readonly state: AlarmStates } | { readonly errors: ErrorsRule });
