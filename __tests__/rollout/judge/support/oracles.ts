import { logAdd } from '../../../../src/rollout/judge/logs.ts';
import type { Tally } from '../../../../src/rollout/judge/mixture.ts';

const FACTORS = Array.from({ length: 32 }, (_, k) => 1.25 * 1600 ** (k / 31));

/** What a minute counts for at most, by the onset (1 for the first minute) whose part of the mixture it is in. */
function capOf(onset: number, proof: number): number {
  return 0.65 * proof + Math.log((onset * (onset + 1)) / 2) / 3;
}

/** The mixture by its definition: a sum over onsets and alternatives, once per minute that is left out. Quadratic. */
export function weighPlainly(
  tallies: readonly Tally[],
  proof: number,
): Record<'plain' | 'clipped' | 'without', number> {
  const silent: Tally = { hits: 0, draws: 0, chance: 0 };
  const plain = bySum(tallies, () => Infinity);
  const dropped = tallies.map((_, drop) =>
    bySum(
      tallies.map((tally, index) => (index === drop ? silent : tally)),
      () => Infinity,
    ),
  );
  return {
    plain,
    clipped: bySum(tallies, (onset) => capOf(onset, proof)),
    without: Math.min(plain, ...dropped),
  };
}

function bySum(tallies: readonly Tally[], cap: (onset: number) => number): number {
  const terms = FACTORS.flatMap((factor) =>
    tallies.map((_, index) => {
      const onset = index + 1;
      const gains = tallies.slice(index).map((tally) => Math.min(gain(tally, factor), cap(onset)));
      return gains.reduce((sum, value) => sum + value, -Math.log(onset * (onset + 1) * FACTORS.length));
    }),
  );
  return [...terms, -Math.log(tallies.length + 1)].reduce(logAdd, -Infinity);
}

function gain({ hits, draws, chance }: Tally, factor: number): number {
  return hits * Math.log(factor) - draws * Math.log(1 - chance + chance * factor);
}

/** ln C(n, k) by summing logs. */
function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i += 1) sum += Math.log((n - k + i) / i);
  return sum;
}

/** Probabilities of 0 … n hits. */
export function binomialMasses(n: number, chance: number): number[] {
  return Array.from({ length: n + 1 }, (_, k) =>
    Math.exp(logChoose(n, k) + k * Math.log(chance) + (n - k) * Math.log1p(-chance)),
  );
}

/** The canary's share of `errors` when its odds of an error are `odds` times the baseline's: [hits, probability]. */
export function splitMasses(baseline: number, canary: number, errors: number, odds: number): [number, number][] {
  const least = Math.max(0, errors - baseline);
  const most = Math.min(errors, canary);
  const masses = Array.from({ length: most - least + 1 }, (_, i): [number, number] => {
    const hits = least + i;
    return [hits, logChoose(canary, hits) + logChoose(baseline, errors - hits) + hits * Math.log(odds)];
  });
  const total = masses.reduce((sum, [, mass]) => logAdd(sum, mass), -Infinity);
  return masses.map(([hits, mass]) => [hits, Math.exp(mass - total)]);
}

/** Two versions' invocations, what is believed of their rates, and the margin: positive or negative. */
export interface Pair {
  readonly baseline: number;
  readonly canary: number;
  readonly rates: readonly [baseline: number, canary: number];
  readonly margin: number;
}

/** The baseline's rate in the pair with that margin between them that is nearest in divergence: by golden-section search. */
export function nearestByScan({ baseline, canary, rates: [p, q], margin }: Pair): number {
  const divergence = (x: number): number => baseline * divergenceOf(p, x) + canary * divergenceOf(q, x + margin);
  const part = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.max(0, -margin), Math.min(1, 1 - margin)];
  for (let step = 0; step < 100; step += 1) {
    const [left, right] = [high - part * (high - low), low + part * (high - low)];
    if (divergence(left) < divergence(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}

function divergenceOf(p: number, q: number): number {
  return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
}
