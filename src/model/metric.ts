import type { Minute } from './traffic.ts';

/**
 * A share by which both versions are compared, counted per minute: so many invocations of a version, so many of them
 * bad. Fractions.
 */
export interface Metric {
  readonly kind: 'errors' | 'latency' | 'throttles' | 'custom';
  /** What sentences call it: `error rate`, `share of invocations slower than 300ms`, `throttle rate`, or the user's name. */
  readonly name: string;
  /** Increase that is never held against the canary. */
  readonly tolerance: number;
  /** Odds of a bad one, as a multiple of the baseline's, up to which the canary counts as no worse; at least 1. */
  readonly oddsRatio: number;
  /** What a `pass` rules out: an increase by more than this. undefined: this metric cannot stand in the way of a pass. */
  readonly margin: number | undefined;
}

/** The minutes of one metric, in the order of those of the error rate; `errors` of `invocations` are its bad ones of all. */
export interface MetricMinutes {
  /** Counts as they speak least against the canary: what a rollback may rest on. */
  readonly lenient: readonly Minute[];
  /** Counts as they speak most against it: what a pass has to stand. The same minutes where the counts are exact. */
  readonly strict: readonly Minute[];
}

/** One series of CloudWatch: a metric-math expression, or one metric with its statistic over a minute. */
export type MetricQuery =
  | { readonly expression: string }
  | {
      readonly namespace: string;
      readonly metric: string;
      readonly dimensions: Readonly<Record<string, string>>;
      readonly stat: string;
    };

/** Two series that count: `bad` of `total`. Both name `{{version}}`, so that the versions can be compared like errors. */
export interface CountedMetric {
  readonly kind: 'counted';
  readonly name: string;
  readonly bad: MetricQuery;
  readonly total: MetricQuery;
  /** Increase that is never held against the canary, a fraction. */
  readonly tolerance: number;
}

/**
 * A series with a limit of its own. With `{{version}}` in its query it is read for each version; without, it says what
 * happens to all callers of the alias.
 */
export interface LimitedMetric {
  readonly kind: 'limited';
  readonly name: string;
  readonly value: MetricQuery;
  /** At least one of them. */
  readonly max: number | undefined;
  readonly min: number | undefined;
}

/** An item of the `metrics` input. Every text of its queries may hold `{{version}}`, `{{alias}}` and `{{function}}`. */
export type ExtraMetric = CountedMetric | LimitedMetric;

/** Whether a query asks for one version: it holds `{{version}}` somewhere. */
export function namesVersion(query: MetricQuery): boolean {
  return JSON.stringify(query).includes('{{version}}');
}
