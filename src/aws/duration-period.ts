import { MINUTE } from '../model/time.ts';

/** Epoch ms; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Longest period of a statistic (CloudWatch user guide, "Periods": one day), ms. */
const LONGEST = 24 * 60 * MINUTE;

/**
 * The shortest period of whole minutes that begins at a multiple of itself and holds the span, which is of whole minutes,
 * too; undefined when that would be more than a day. Percentiles of several periods cannot be joined, so there must be one.
 * CloudWatch asks for a StartTime that is aligned with the period, and does not say where its periods begin otherwise: a
 * multiple is right whether they are counted from the StartTime or on the clock.
 */
export function periodAround({ start, end }: Span): Span | undefined {
  for (let period = end - start; period > 0 && period <= LONGEST; period += MINUTE) {
    const from = start - (start % period);
    if (end <= from + period) return { start: from, end: from + period };
  }
  return undefined;
}
