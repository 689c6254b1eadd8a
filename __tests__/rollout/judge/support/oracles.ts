import { logAdd } from '../../../../src/rollout/judge/mixture.ts';
import type { Evidence, Tally } from '../../../../src/rollout/judge/mixture.ts';

const FACTORS = Array.from({ length: 32 }, (_, k) => 1.25 * 1600 ** (k / 31));

/** The mixture by its definition: a sum over onsets and alternatives, once per minute that is left out. Quadratic. */
export function weighPlainly(tallies: readonly Tally[]): Evidence {
  const silent: Tally = { hits: 0, draws: 0, chance: 0 };
  const plain = bySum(tallies);
  const dropped = tallies.map((_, drop) => bySum(tallies.map((tally, index) => (index === drop ? silent : tally))));
  return { plain, robust: Math.min(plain, ...dropped) };
}

function bySum(tallies: readonly Tally[]): number {
  const terms = FACTORS.flatMap((factor) =>
    tallies.map((_, onset) => {
      const gains = tallies.slice(onset).map((tally) => gain(tally, factor));
      return gains.reduce((sum, value) => sum + value, -Math.log((onset + 1) * (onset + 2) * FACTORS.length));
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
