import type { Chances } from './worlds/conditions.ts';
import type { Rule } from './peers/rule.ts';

export const ORACLE = 'oracle';

const PROOF = Math.log(100);
/** Stands for infinite odds, where the healthy chance of failure is 0 or the broken one is 1. */
const MOST = 1e9;

/**
 * The bound: the sequential probability ratio test that is told what no rule can know, how much worse the canary is in each
 * minute, and that looks at the same published minutes. It takes from a minute what the conditional test takes, so its error
 * probability holds whatever the base rate does; among the tests of which that is true, Wald's is the quickest on average.
 */
export function oracle(chances: (minute: number) => Chances): Rule {
  return {
    name: 'oracle: conditional SPRT with the true odds ratio and onset, α = 1 %',
    short: ORACLE,
    start: () => (minutes) => {
      const evidence = minutes.reduce((sum, { baseline, canary }, minute) => {
        const all = baseline.errors + canary.errors;
        if (all === 0 || baseline.invocations === 0 || canary.invocations === 0) return sum;
        const ratio = oddsRatio(chances(minute));
        const total = baseline.invocations + canary.invocations;
        const pull = baseline.invocations + ratio * canary.invocations;
        return sum + canary.errors * Math.log(ratio) - all * Math.log(pull / total);
      }, 0);
      return evidence >= PROOF ? 'roll back' : 'go on';
    },
  };
}

function oddsRatio({ baseline, canary }: Chances): number {
  const ratio = odds(canary) / Math.max(odds(baseline), 1 / MOST);
  return Math.min(MOST, ratio);
}

function odds(chance: number): number {
  return chance >= 1 ? MOST : chance / (1 - chance);
}
