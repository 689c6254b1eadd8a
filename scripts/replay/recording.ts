import type { MetricRecord } from '../../src/model/record.ts';
import type { Counts, Minute } from '../../src/model/traffic.ts';
import type { JudgeSettings } from '../../src/model/verdict.ts';
import type { WeightChange } from '../../src/rollout/observe/observe.ts';

/** What a rollout measured, and the settings to judge it by. Times are epoch ms; lines from outside begin at 0. */
export interface Recording {
  readonly settings: JudgeSettings;
  /** Age (ms, from its end) at which a minute is final. */
  readonly finalAge: number;
  readonly shiftedAt: number;
  /** When the canary got all traffic; undefined if it never did. */
  readonly promotedAt: number | undefined;
  /** Changes of the canary's weight, as the timeline tells them; empty when nothing is known of them. */
  readonly changes: readonly WeightChange[];
  readonly minutes: readonly Minute[];
  readonly metrics: readonly MetricRecord[];
  readonly past: readonly Counts[];
}

/** What could be read, or every problem that there is, a sentence each. */
export type Reading<T> = { readonly value: T } | { readonly problems: readonly string[] };

/**
 * Most minutes that are judged again: 12 hours, twice as long as a job on GitHub's own runners may take. The judge looks
 * at all minutes so far after each of them, so the time grows with the square of their number.
 */
export const MOST_MINUTES = 720;
