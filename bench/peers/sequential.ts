import { errorRate } from '../../src/model/traffic.ts';
import type { Counts } from '../../src/model/traffic.ts';
import { totalsOf } from './rule.ts';
import type { Rule } from './rule.ts';

const ALPHA = 0.01;

/**
 * The Gaussian mixture sequential test of experiment platforms (Johari, Koomen, Pekelis & Walsh: "Always valid inference",
 * 2015-2022) on the difference of the error rates, with the observed rates in place of the unknown ones; LaunchDarkly's and
 * GrowthBook's guardrails are of this kind. One-sided: an improvement never fires.
 *
 * @param tau standard deviation of the differences that are expected beforehand, a fraction
 */
export function mixtureTest(tau: number): Rule {
  return {
    name: `Gaussian mSPRT on the difference of rates, τ = ${tau}, α = 1 %`,
    short: `mSPRT ${tau}`,
    start: () => (minutes) => {
      const gap = gapBetween(totalsOf(minutes, 'canary'), totalsOf(minutes, 'baseline'));
      if (gap === undefined || gap.difference <= 0) return 'go on';
      const { difference, variance } = gap;
      const mixed = variance + tau * tau;
      const evidence =
        0.5 * Math.log(variance / mixed) + (tau * tau * difference * difference) / (2 * variance * mixed);
      return evidence >= -Math.log(ALPHA) ? 'roll back' : 'go on';
    },
  };
}

/** Standard normal quantile of 1 − α. */
const QUANTILE = 2.3263478740408408;

/** The test of two proportions that everybody knows, looked at every minute as if each look were the only one. */
export const zTest: Rule = {
  name: 'z-test of two proportions each minute, one-sided α = 1 %',
  short: 'z-test',
  start: () => (minutes) => {
    const canary = totalsOf(minutes, 'canary');
    const baseline = totalsOf(minutes, 'baseline');
    const both = canary.invocations + baseline.invocations;
    const rate = both === 0 ? 0 : (canary.errors + baseline.errors) / both;
    if (canary.invocations === 0 || baseline.invocations === 0 || rate === 0 || rate === 1) return 'go on';
    const variance = rate * (1 - rate) * (1 / canary.invocations + 1 / baseline.invocations);
    return errorRate(canary) - errorRate(baseline) >= QUANTILE * Math.sqrt(variance) ? 'roll back' : 'go on';
  },
};

/** The observed difference of the rates and its variance; undefined while nothing can be said of either. */
function gapBetween(canary: Counts, baseline: Counts) {
  if (canary.invocations === 0 || baseline.invocations === 0) return undefined;
  const variance = varianceOf(canary) + varianceOf(baseline);
  return variance === 0 ? undefined : { difference: errorRate(canary) - errorRate(baseline), variance };
}

function varianceOf(counts: Counts): number {
  const rate = errorRate(counts);
  return (rate * (1 - rate)) / counts.invocations;
}
