import type { Random } from './random.ts';

/**
 * Counts by chance. Small expectations are drawn by going up the distribution until a single uniform number is used up,
 * which also means that a larger chance gives a larger count from the same number. Large ones are drawn by Hörmann's
 * transformed rejection: PTRS for Poisson (Insurance: Mathematics and Economics 12, 1993) and BTRS for binomial (Journal
 * of Statistical Computation and Simulation 46, 1993), whose constants these are. Both are exact up to rounding.
 */
const WALK_UP_TO = 20;

export function poisson(random: Random, mean: number): number {
  if (mean <= 0) return 0;
  return mean < WALK_UP_TO ? walkPoisson(random.next(), mean) : rejectPoisson(random, mean);
}

/** Successes among `trials`, each with probability `chance`. */
export function binomial(random: Random, trials: number, chance: number): number {
  if (trials <= 0 || chance <= 0) return 0;
  if (chance >= 1) return trials;
  if (chance > 0.5) return trials - binomial(random, trials, 1 - chance);
  return trials * chance < WALK_UP_TO
    ? walkBinomial(random.next(), trials, chance)
    : rejectBinomial(random, trials, chance);
}

function walkPoisson(uniform: number, mean: number): number {
  let mass = Math.exp(-mean);
  let rest = uniform - mass;
  let count = 0;
  while (rest >= 0 && mass > 0) {
    count += 1;
    mass *= mean / count;
    rest -= mass;
  }
  return count;
}

function walkBinomial(uniform: number, trials: number, chance: number): number {
  const odds = chance / (1 - chance);
  let mass = Math.exp(trials * Math.log1p(-chance));
  let rest = uniform - mass;
  let count = 0;
  while (rest >= 0 && count < trials) {
    count += 1;
    mass *= (odds * (trials - count + 1)) / count;
    rest -= mass;
  }
  return count;
}

function rejectPoisson(random: Random, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const scale = 1.1239 + 1.1328 / (b - 3.4);
  const sure = 0.9277 - 3.6224 / (b - 2);
  const logMean = Math.log(mean);
  for (;;) {
    const u = random.next() - 0.5;
    const v = random.next();
    const edge = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / edge + b) * u + mean + 0.43);
    if (edge >= 0.07 && v <= sure) return count;
    if (count < 0 || (edge < 0.013 && v > edge)) continue;
    const height = Math.log((v * scale) / (a / (edge * edge) + b));
    if (height <= count * logMean - mean - logFactorial(count)) return count;
  }
}

function rejectBinomial(random: Random, trials: number, chance: number): number {
  const spread = Math.sqrt(trials * chance * (1 - chance));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * chance;
  const centre = trials * chance + 0.5;
  const scale = (2.83 + 5.1 / b) * spread;
  const sure = 0.92 - 4.2 / b;
  const logOdds = Math.log(chance / (1 - chance));
  const mode = Math.floor((trials + 1) * chance);
  const peak = logFactorial(mode) + logFactorial(trials - mode);
  for (;;) {
    const u = random.next() - 0.5;
    const v = random.next();
    const edge = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / edge + b) * u + centre);
    if (edge >= 0.07 && v <= sure) return count;
    if (count < 0 || count > trials) continue;
    const height = Math.log((v * scale) / (a / (edge * edge) + b));
    const mass = peak - logFactorial(count) - logFactorial(trials - count) + (count - mode) * logOdds;
    if (height <= mass) return count;
  }
}

const SMALL = 32;
const SMALL_LOG_FACTORIALS = Array.from({ length: SMALL }, (_, n) => {
  let sum = 0;
  for (let factor = 2; factor <= n; factor += 1) sum += Math.log(factor);
  return sum;
});

/** ln(n!) for a whole n: looked up, then Stirling's series, good to 1e-13. */
export function logFactorial(n: number): number {
  if (n < SMALL) return SMALL_LOG_FACTORIALS[n] ?? NaN;
  const inverse = 1 / n;
  const series = inverse * (1 / 12 - inverse * inverse * (1 / 360 - (inverse * inverse) / 1260));
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
}

/** P(a standard normal number > z), by the continued fraction beyond 3 and the series below; good to 1e-12. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  if (z > 3) {
    let fraction = z;
    for (let k = 60; k >= 1; k -= 1) fraction = z + k / fraction;
    return density / fraction;
  }
  let term = z;
  let sum = z;
  for (let k = 1; k < 60; k += 1) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return 0.5 - density * sum;
}
