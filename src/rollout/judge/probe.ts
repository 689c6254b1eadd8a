import type { Minute } from '../../model/traffic.ts';
import type { TestResult } from '../../model/verdict.ts';

/** How many of the last minutes tell how much traffic there is. */
const RECENT = 5;

/** Bad canary invocations a minute that settle a suspicion within a few minutes. */
const PER_MINUTE = 1;

/**
 * The least weight, whole percent, at which what a test suspects would still show about once a minute: 1 for a canary that
 * fails altogether on a busy function, more for a small difference or little traffic, where 1 % would leave the suspicion
 * unsettled for hours. 100 when there is nothing to go by, or when the baseline does not help: a canary above a fixed
 * limit may be no worse than what would get its traffic.
 */
export function probeWeight(suspect: TestResult | undefined, minutes: readonly Minute[]): number {
  const excess = suspect?.test === 'concurrent' ? suspect.excess : 0;
  const recent = minutes.slice(-RECENT);
  const served = recent.reduce((sum, { baseline, canary }) => sum + baseline.invocations + canary.invocations, 0);
  if (excess <= 0 || served === 0) return 100;
  return Math.min(100, Math.ceil((100 * PER_MINUTE * recent.length) / (served * excess)));
}
