import { formatRate, formatRates } from '../model/format.ts';
import type { RolloutRecord } from '../model/record.ts';
import { errorRate, totalOf } from '../model/traffic.ts';
import type { Counts } from '../model/traffic.ts';
import type { Side } from './charts/rates.ts';

/** Stands where there is no number. */
export const NO_NUMBER = '–';

/** What both versions did in the same time. */
export type Both = Readonly<Record<Side, Counts>>;

/** A whole number with thousands separators: `8,964`. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

export function rateOf(counts: Counts): string {
  return counts.invocations === 0 ? NO_NUMBER : formatRate(errorRate(counts));
}

/** Both rates with as many decimals as it takes to tell them apart. */
export function ratesOf({ baseline, canary }: Both): Record<Side, string> {
  const [first, second] = formatRates(errorRate(baseline), errorRate(canary));
  return {
    baseline: baseline.invocations === 0 ? NO_NUMBER : first,
    canary: canary.invocations === 0 ? NO_NUMBER : second,
  };
}

/**
 * What both versions did, as judged: the counts of the last poll that could be read, so that the numbers agree with the
 * reason. Where that poll lacks one side (after the promotion there is no baseline beside the canary), all minutes.
 */
export function comparedCounts({ polls, minutes }: RolloutRecord): Both {
  const last = polls.findLast((poll) => poll.evidence !== undefined);
  if (last !== undefined && last.baseline.invocations > 0 && last.canary.invocations > 0) return last;
  const totals = { baseline: totalOf(minutes, 'baseline'), canary: totalOf(minutes, 'canary') };
  const seen = totals.baseline.invocations + totals.canary.invocations > 0;
  return seen || last === undefined ? totals : last;
}

/** By how many percentage points the canary's rate is higher, signed, in short; '' where nothing can be told apart. */
export function pointsApart({ baseline, canary }: Both): string {
  const exact = (errorRate(canary) - errorRate(baseline)) * 100;
  const apart = Number(exact.toPrecision(Math.abs(exact) < 10 ? 2 : 3));
  if (apart === 0 || baseline.invocations === 0 || canary.invocations === 0) return '';
  return `${apart > 0 ? '+' : '−'}${Math.abs(apart).toLocaleString('en-US', { maximumSignificantDigits: 3 })}`;
}
