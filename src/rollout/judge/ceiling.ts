import { errorRate } from '../../model/traffic.ts';
import type { Counts } from '../../model/traffic.ts';
import type { TestResult } from '../../model/verdict.ts';
import { ERROR_RATE } from './metrics.ts';
import { compareWithLimit } from './rate.ts';

/**
 * The canary against `max-error-rate`, whatever the baseline does, over all its minutes before and after the promotion.
 *
 * @param limit highest error rate that is allowed, a fraction
 * @param proof ln(1/alpha)
 * @param finalMinutes how many of the minutes, from the start, are final, and so can excuse one; all of them unless told
 */
export function compareWithCeiling(
  canary: readonly Counts[],
  { limit, proof, finalMinutes }: { limit: number; proof: number; finalMinutes?: number },
): TestResult {
  const finding = compareWithLimit(canary, { limit, scale: 1, proof, finalMinutes });
  return {
    test: 'ceiling',
    metric: ERROR_RATE,
    ...finding,
    excess: errorRate(finding.canary) - limit,
    reference: undefined,
  };
}
