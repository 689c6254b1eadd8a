import type { OverTime } from './over-time.ts';

/** Version → its value; `default` stands for every other version. */
export type ByVersion = Readonly<Record<string, OverTime>>;

/** Something outside that fails both versions alike. Times are ms since start. */
export interface IncidentSpec {
  readonly from: number;
  readonly to: number;
  readonly errorRate: number;
}

/** Clustered errors: in any minute, with `probability`, one environment of a version fails all it gets. */
export interface BurstSpec {
  readonly probability: number;
  /** The environment's part of the version's traffic, a fraction; default 0.25. */
  readonly share?: number;
  /** Default: every version. */
  readonly versions?: readonly string[];
}

/** Slow first invocations, of any version: caches to fill, connections to open. `Duration` leaves init itself out. */
export interface ColdStartSpec {
  /** What a cold invocation takes longer, ms. */
  readonly ms: number;
  /** So long after a version's first request on the alias, minutes. */
  readonly minutes: number;
  /** The part of the version's invocations that is cold in that time, a fraction; default 0.2. */
  readonly share?: number;
}

export interface TrafficSpec {
  readonly function: string;
  readonly alias: string;
  /** Mean invocations per minute; arrivals are Poisson. */
  readonly perMinute: OverTime;
  /** Invocations of the function that do not use the alias, besides: under its bare name unless a qualifier is given. */
  readonly bypassing?: { readonly perMinute: OverTime; readonly qualifier?: string };
  /** Probability that an invocation fails; 0 for versions without an entry. */
  readonly errorRate?: ByVersion;
  readonly sharedIncidents?: readonly IncidentSpec[];
  readonly bursts?: readonly BurstSpec[];
  /** Share of requests that Lambda throttles before choosing a version. */
  readonly throttleRate?: OverTime;
  /** Share of a version's requests that is throttled after it was chosen: reserved or provisioned concurrency used up. */
  readonly versionThrottleRate?: ByVersion;
  /** Share of a version's invocations that finds no provisioned concurrency free. */
  readonly spillOverRate?: ByVersion;
  /** Median duration, ms; log-normal with `durationSigma`, default 100 ms and 0.5. */
  readonly durationMs?: ByVersion;
  readonly durationSigma?: number;
  readonly coldStarts?: ColdStartSpec;
  /** Percent that an additional version gets at a weight in percent, where Lambda's routing is not what was asked for. */
  readonly routedShare?: (weightPercent: number) => number;
}
