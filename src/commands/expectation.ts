import type { DeployInputs } from '../inputs/inputs.ts';
import { formatRate } from '../model/format.ts';
import { AUTO_LEAST_WEIGHT, totalDwell } from '../model/strategy.ts';
import { MINUTE, formatDuration } from '../model/time.ts';
import { type Counts, NO_TRAFFIC, addCounts } from '../model/traffic.ts';
import { ENOUGH_FOR_MORE, type RolloutPlan } from '../rollout/decide/plan.ts';
import { missingForPass } from '../rollout/judge/noninferiority.ts';

/** `auto` begins with 1 % only where that is enough traffic to tell something by. */
export function pacedPlan(plan: RolloutPlan, past: readonly Counts[]): RolloutPlan {
  if (plan.pace === 'fixed') return plan;
  const perMinute = invocationsPerMinute(past);
  const steps = plan.steps.filter(
    ({ weight }) => weight >= AUTO_LEAST_WEIGHT || (perMinute * weight) / 100 >= ENOUGH_FOR_MORE,
  );
  return { ...plan, steps };
}

/** What the traffic of the last hour lets expect of a pass, as a sentence; '' when nothing is known. */
export function passOutlook({ passMargin: margin }: DeployInputs, plan: RolloutPlan, past: readonly Counts[]): string {
  if (past.length === 0 || plan.steps.length === 0) return '';
  const perMinute = invocationsPerMinute(past);
  const needed = missingForPass([], { margin, evidence: 0, history: past });
  const proof = `a pass takes about ${needed} canary invocations (pass-margin ${formatRate(margin)})`;
  if (plan.pace === 'evidence') {
    const highest = plan.steps.at(-1)?.weight ?? 100;
    const minutes = Math.ceil((100 * needed) / Math.max(1e-9, perMinute * highest));
    const fits = minutes * MINUTE + plan.finalAge <= plan.maxDuration;
    const when = fits ? `at least ${formatDuration(minutes * MINUTE)} of them` : 'longer than max-duration';
    return `${proof}: ${when} at the traffic of the last hour`;
  }
  const expected = plan.steps.reduce(
    (sum, { weight, dwell }) => sum + (perMinute * weight * dwell) / (100 * MINUTE),
    0,
  );
  const short = expected < needed ? ': it will probably end inconclusive' : '';
  return `${proof}, and the canary gets about ${Math.round(expected)} in ${formatDuration(totalDwell(plan))} at the traffic of the last hour${short}`;
}

function invocationsPerMinute(past: readonly Counts[]): number {
  return past.length === 0 ? 0 : past.reduce(addCounts, NO_TRAFFIC).invocations / past.length;
}
