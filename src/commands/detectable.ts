import { MINUTE } from '../model/time.ts';
import { type Counts, type Minute, NO_TRAFFIC, addCounts, errorRate } from '../model/traffic.ts';
import type { JudgeSettings } from '../model/verdict.ts';
import type { RolloutPlan } from '../rollout/decide/plan.ts';
import { smallestDetectable } from '../rollout/judge/power.ts';

/** Minutes of one weight that count: more would hardly show more, and take long to compute. */
const MOST_MINUTES = 240;

/**
 * The smallest rise of the error rate that a rollout would show if the traffic stayed as it was in the last hour, as a
 * line of a plan; '' when nothing is known of it, or when both versions never serve side by side.
 */
export function detectableLine(plan: RolloutPlan, past: readonly Counts[], settings: JudgeSettings): string {
  if (past.length === 0 || plan.steps.length === 0) return '';
  const total = past.reduce(addCounts, NO_TRAFFIC);
  const usual = { perMinute: total.invocations / past.length, rate: errorRate(total) };
  const least = smallestDetectable(expectedMinutes(weightsOf(plan), usual), settings);
  const traffic = 'at the traffic of the last hour';
  if (least === undefined) return `${traffic} not even a total failure would be detected before the last step ends`;
  const points = Number((least * 100).toPrecision(2));
  return `the smallest regression that it can detect ${traffic}: +${points} ${points === 1 ? 'point' : 'points'} of error rate`;
}

/** The canary's weight (percent) minute by minute. By evidence, the last weight lasts as long as it must. */
function weightsOf({ steps, pace, maxDuration, finalAge }: RolloutPlan): readonly number[] {
  const last = steps.at(-1)?.weight ?? 0;
  const stretches = pace === 'fixed' ? steps : [{ weight: last, dwell: maxDuration - finalAge }];
  return stretches.flatMap(({ weight, dwell }) => {
    const minutes = Math.min(MOST_MINUTES, Math.max(1, Math.round(dwell / MINUTE)));
    return Array.from({ length: minutes }, () => weight);
  });
}

/** Whole invocations, so that their sums are right where a minute has less than one. */
function expectedMinutes(weights: readonly number[], usual: { perMinute: number; rate: number }): readonly Minute[] {
  const sums = { baseline: 0, canary: 0 };
  const more = (side: keyof typeof sums, share: number): Counts => {
    const before = Math.round(sums[side]);
    sums[side] += usual.perMinute * share;
    const invocations = Math.round(sums[side]) - before;
    return { invocations, errors: invocations * usual.rate };
  };
  return weights.map((weight, index) => ({
    start: index * MINUTE,
    baseline: more('baseline', 1 - weight / 100),
    canary: more('canary', weight / 100),
  }));
}
