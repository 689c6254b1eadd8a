import type { Random } from '../random.ts';

/**
 * What one run of a scenario is made of. Minutes count from the first shift; the hour before it has negative ones.
 * Chances and shares are fractions.
 */
export interface Conditions {
  /** Requests of a minute: the mean of a Poisson number, or with `exact` the number itself. */
  readonly traffic: (minute: number) => number;
  readonly exact?: boolean;
  /** Chance of a failed invocation. */
  readonly failing: (minute: number) => Chances;
  /** What the weight is really worth: 0.5 sends half of it. 1 unless told. */
  readonly share?: number;
  readonly bursts?: Bursts;
  /** Asynchronous callers: what fails comes back after one minute, and once more two minutes later. */
  readonly retries?: boolean;
  /** Requests that fail whichever version serves them, so many at once, in so many minutes of all. */
  readonly poison?: { readonly size: number; readonly chance: number };
  readonly latency?: Latency;
  /** Share of the canary's requests that Lambda refuses: neither invocations nor errors. */
  readonly refused?: number;
}

export interface Chances {
  readonly baseline: number;
  readonly canary: number;
}

/** Execution environments that fail everything in a minute. */
export interface Bursts {
  /** Requests per minute that one environment serves. */
  readonly capacity: number;
  /** Chance of a bad minute per environment. */
  readonly chance: number;
}

/** Durations are lognormal. Shares are of invocations slower than a limit. */
export interface Latency {
  /** What the canary's durations are multiplied with. */
  readonly factor: number;
  /** For so many minutes after the weight rose, the environments that were added are three times as slow. */
  readonly cold: number;
}

/** How CloudWatch comes to know of a minute. */
export interface Publication {
  /** Age at which a version's row appears, seconds: uniform between the two, for each version by itself. */
  readonly delay: readonly [number, number];
  /** A row shows half of its counts when it appears, and all of them a minute later. */
  readonly partial?: boolean;
  /** Share of rows that never appear. */
  readonly lost?: number;
  /** Failing invocations are slow ones: they appear so many minutes after the others. */
  readonly lateErrors?: { readonly baseline: number; readonly canary: number };
}

/** As quick as Lambda's metrics are: complete when the minute is 60 to 90 seconds old. */
export const PROMPT: Publication = { delay: [60, 90] };

/** Lambda's default. */
export const USUAL_TIMEOUT = 3_000;

/** A family's situation, of which every run is one instance. */
export interface Cell {
  /** Unique, and short: `N1 100 rpm 0.5%`. */
  readonly id: string;
  /** `N1` … `N9`, `NR`, `A1` … `A8`, `AR`, `B`. */
  readonly family: string;
  /** `boundary`: broken by exactly the margin of a pass. */
  readonly kind: 'healthy' | 'broken' | 'boundary';
  /** Mean requests per minute. */
  readonly rpm: number;
  /** The healthy chance of failure (or of being slow), a fraction. */
  readonly base: number;
  /** The minute in which the trouble begins; 0 where there is none. */
  readonly onset: number;
  /** The function's timeout, ms: it tells how long an invocation may take to be counted. */
  readonly timeout: number;
  /** What the rules look at. */
  readonly metric: 'errors' | 'latency';
  readonly publication: Publication;
  /** The healthy cell in which a peer has to prove itself before its speed in this one counts. */
  readonly twin?: string;
  /** What is drawn once per run. */
  readonly begin: (random: Random) => Conditions;
}
