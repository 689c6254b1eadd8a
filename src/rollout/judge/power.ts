import { errorRate, totalOf } from '../../model/traffic.ts';
import type { Counts, Minute } from '../../model/traffic.ts';
import type { JudgeSettings } from '../../model/verdict.ts';
import { sharesOf } from './combine.ts';
import { compareVersions } from './concurrent.ts';
import { ERROR_RATE } from './metrics.ts';

/** Steps of the search: down to a thousandth of the result. */
const STEPS = 16;

/**
 * The smallest increase in error rate, a fraction, that this traffic would about as likely as not have rolled back: with
 * it in every minute and errors exactly as often as expected, the evidence reaches what is needed. undefined when not even
 * a canary that fails every time would have shown.
 *
 * @param minutes both versions side by side; only their invocations and the baseline's error rate count
 */
export function smallestDetectable(minutes: readonly Minute[], settings: JudgeSettings): number | undefined {
  const { alpha, errorTolerance: tolerance } = settings;
  // Of what is compared the errors come first. They have only their part of the budget.
  const errors = sharesOf(settings).find(({ test }) => test === 'concurrent');
  if (errors === undefined) return undefined;
  const proof = -Math.log(alpha);
  const needed = proof - Math.log(errors.weight);
  const usual = errorRate(totalOf(minutes, 'baseline'));
  const shows = (increase: number): boolean => {
    const expected = minutes.map((minute) => expectedErrors(minute, { usual, increase }));
    const { evidence, beyondTolerance } = compareVersions(expected, {
      name: ERROR_RATE,
      tolerance,
      oddsRatio: 1,
      proof,
    });
    return evidence >= needed && beyondTolerance;
  };
  const most = 1 - usual;
  if (most <= 0 || !shows(most)) return undefined;
  let [low, high] = [Math.log(LEAST), Math.log(most)];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (shows(Math.exp(middle))) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}

/** Nobody needs to know of increases below one in a million. */
const LEAST = 1e-6;

/** Fractions of errors are as good as whole ones for the evidence. */
function expectedErrors({ start, baseline, canary }: Minute, rates: { usual: number; increase: number }): Minute {
  return {
    start,
    baseline: failing(baseline, rates.usual),
    canary: failing(canary, Math.min(1, rates.usual + rates.increase)),
  };
}

function failing({ invocations }: Counts, rate: number): Counts {
  return { invocations, errors: invocations * rate };
}
