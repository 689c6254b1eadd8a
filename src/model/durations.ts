/** What invocations of one version took, ms: half of them at most `p50`, all but one in a hundred at most `p99`. */
export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** What invocations of both versions took in one span of time; undefined where that is not known. */
export interface Durations {
  /** Epoch ms; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly baseline: Percentiles | undefined;
  readonly canary: Percentiles | undefined;
}
