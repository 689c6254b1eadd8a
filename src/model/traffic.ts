/** What one version did in some span of time: whole counts, `errors` at most `invocations`. */
export interface Counts {
  readonly invocations: number;
  readonly errors: number;
}

/** Both versions in one wall-clock minute. `start` is epoch ms, on a minute boundary. */
export interface Minute {
  readonly start: number;
  readonly baseline: Counts;
  readonly canary: Counts;
  /** Highest weight (percent) that the canary had in it; only where the weight changed within the minute. */
  readonly peakWeight?: number;
}

/** Invocations of both versions while the canary's weight stayed the same, over whole and final minutes. */
export interface Stretch {
  /** The canary's weight, percent. */
  readonly weight: number;
  readonly baseline: number;
  readonly canary: number;
}

export const NO_TRAFFIC: Counts = { invocations: 0, errors: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return { invocations: a.invocations + b.invocations, errors: a.errors + b.errors };
}

/** Sum of one version's counts over minutes. */
export function totalOf(minutes: readonly Minute[], version: 'baseline' | 'canary'): Counts {
  return minutes.reduce((sum, minute) => addCounts(sum, minute[version]), NO_TRAFFIC);
}

/** Errors per invocation, a fraction; 0 without invocations. */
export function errorRate(counts: Counts): number {
  return counts.invocations === 0 ? 0 : counts.errors / counts.invocations;
}
