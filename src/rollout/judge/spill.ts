import { formatRates } from '../../model/format.ts';
import { errorRate } from '../../model/traffic.ts';
import type { Minute } from '../../model/traffic.ts';
import { compareVersions } from './concurrent.ts';

/** More of the canary's invocations than of the baseline's must find no provisioned concurrency before it matters. */
const LEAST_EXCESS = 0.05;

/** As for the split of the traffic: what has to be explained, not what is rolled back. */
const PROOF = Math.log(1000);

const SPILL_OVER = { name: 'spill-over', tolerance: LEAST_EXCESS, oddsRatio: 1, proof: PROOF } as const;

/**
 * A canary that spills over runs on cold environments which the baseline does not have: what it is judged by then is not
 * how it will run. A sentence; undefined when there is no such difference.
 *
 * @param minutes `errors` of `invocations` are those that spilled over
 */
export function spillOverProblem(minutes: readonly Minute[]): string | undefined {
  const { evidence, beyondTolerance, canary, reference } = compareVersions(minutes, SPILL_OVER);
  if (!beyondTolerance || evidence < PROOF || reference === undefined) return undefined;
  const [own, others] = formatRates(errorRate(canary), errorRate(reference));
  return `${own} of the canary's invocations found no provisioned concurrency free, ${others} of the baseline's: raise it, or let it move first`;
}
