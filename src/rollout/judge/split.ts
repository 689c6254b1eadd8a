import type { Stretch } from '../../model/traffic.ts';

/** Evidence from which the split of the traffic is not what was asked for: one correct rollout in a thousand gets there. */
const MISMATCH_PROOF = Math.log(1000);

/** How closely the alternatives lie around the weight that was set, as pseudo-invocations of a Beta prior. */
const CONCENTRATION = 1000;

/** A share that is off by less than this part of itself changes nothing that is decided here. */
const LEAST_DEVIATION = 0.1;

/**
 * Natural log of the evidence that the canary's share of a stretch's traffic is not its weight: a Beta mixture over all
 * other shares against that one (Lindon & Malek, NeurIPS 2022).
 */
export function weighSplitOf({ weight, baseline, canary }: Stretch): number {
  const share = weight / 100;
  const [a, b] = [CONCENTRATION * share, CONCENTRATION * (1 - share)];
  const mixture = logBeta(a + canary, b + baseline) - logBeta(a, b);
  return mixture - canary * Math.log(share) - baseline * Math.log1p(-share);
}

/**
 * What is wrong with the way the traffic is split at the present weight, as a sentence; undefined when nothing is. It says nothing about the
 * canary being worse; what it says is that the canary does not get the traffic it should be judged by.
 */
export function splitProblem(stretches: readonly Stretch[]): string | undefined {
  const present = stretches.at(-1);
  return present === undefined ? undefined : problemOf(present);
}

function problemOf(stretch: Stretch): string | undefined {
  const { weight, baseline, canary } = stretch;
  const all = baseline + canary;
  if (canary === 0 && all * -Math.log1p(-weight / 100) >= MISMATCH_PROOF) {
    return `the canary got none of ${all} invocations at a weight of ${weight}%: ${CAUSES}`;
  }
  const share = all === 0 ? weight : (100 * canary) / all;
  if (Math.abs(share / weight - 1) < LEAST_DEVIATION || weighSplitOf(stretch) < MISMATCH_PROOF) return undefined;
  return `the canary got ${share.toFixed(2)}% of ${all} invocations at a weight of ${weight}%: ${CAUSES}`;
}

const CAUSES = 'look for throttling, provisioned concurrency that spills over, or a version without metrics';

/** ln B(a, b). */
function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Coefficients of Lanczos' approximation for g = 7, n = 9 (as tabulated by Godfrey); relative error below 1e-14. */
const LANCZOS: readonly number[] = [
  ...[676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059],
  ...[12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7],
];

/** ln Γ(x) for x ≥ 0.5. */
function logGamma(x: number): number {
  const t = x + 6.5;
  const series = LANCZOS.reduce((sum, coefficient, index) => sum + coefficient / (x + index), 0.99999999999980993);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
}
