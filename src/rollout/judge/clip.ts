import { logAdd } from './logs.ts';

/** What a minute may count for, as a part of what is proof: two can prove something together, one alone cannot. */
const CAP_OF_PROOF = 0.65;

/** How much of the later onset's smaller prior a cap gives back: three bad minutes are proof whenever they begin. */
const CAP_OF_PRIOR = 1 / 3;

/** Half of the prior mass is on the first minute. */
const FIRST_PRIOR = -Math.log(2);

interface Gain {
  /** Log of the prior mass on the trouble beginning in this minute. */
  readonly prior: number;
  /** Log likelihood ratio of this minute. */
  readonly gain: number;
}

/**
 * Log mass of one alternative over all onsets, where no minute multiplies the evidence by more than a cap: e^3 (1:20) at
 * 99 % confidence for an onset in the first minute. A likelihood ratio that is cut is still one of a supermartingale, so
 * alpha holds. What it buys: environments of one version fail together, for a minute, and one such minute is not evidence
 * of a bad release however many requests it took with it; two are. Leaving the worst minute out would do the same, but
 * costs a slow regression a whole minute of its scarce errors, and does not help against a second bad environment an hour
 * later (`bench/README.md` has both beside each other).
 *
 * @param uncapped log mass without a cap, which is the answer where no minute reaches one
 * @param proof ln(1/alpha)
 */
export function clippedMass(minutes: readonly Gain[], uncapped: number, proof: number): number {
  const least = CAP_OF_PROOF * proof;
  if (minutes.every(({ gain }) => gain <= least)) return uncapped;
  /** Gains above the least cap, of the minutes from the onset on. */
  const loud: number[] = [];
  let mass = -Infinity;
  let gains = 0;
  for (const { prior, gain } of minutes.toReversed()) {
    gains += gain;
    if (gain > least) loud.push(gain);
    mass = logAdd(mass, prior + gains - excessOver(least + CAP_OF_PRIOR * (FIRST_PRIOR - prior), loud));
  }
  return mass;
}

/** What gains exceed a cap by, in all. A plain loop: it runs for every onset of every alternative. */
function excessOver(cap: number, gains: readonly number[]): number {
  let excess = 0;
  for (const gain of gains) if (gain > cap) excess += gain - cap;
  return excess;
}
