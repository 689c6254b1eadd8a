import { addCounts, NO_TRAFFIC } from '../../model/traffic.ts';
import type { Counts, Minute } from '../../model/traffic.ts';
import { PASS_PROOF } from '../../model/verdict.ts';
import { logAdd, logSum } from './logs.ts';

/** What is believed of the error rate before anything was seen, as errors and invocations of a Beta prior: 0.25 %. */
const PRIOR = { errors: 0.5, rest: 200 };

/** History counts for no more invocations than this: the rate of today may differ from that of the last hour. */
const HISTORY_LIMIT = 2_000;

/**
 * Both rates are guessed at half, once and twice what was seen so far. `belief`: how much of a pass rests on that guess; the
 * past hour knows the rate well, and what is put on the others costs a canary time.
 */
const GUESSES = [
  { factor: 0.5, belief: 0.1 },
  { factor: 1, belief: 0.8 },
  { factor: 2, belief: 0.1 },
] as const;
const [LEAST_GUESS, MOST_GUESS] = [1e-6, 0.9];

/** How closely the null point is sought, as a part of itself, and in how many steps at most. */
const PRECISION = 1e-12;
const MOST_STEPS = 60;

/**
 * Evidence that the canary is not worse than the baseline by `margin` or more: natural log of an e-value, ln 20 is proof
 * with 95 % confidence however often it is looked at. In each minute the baseline's rate may be anything.
 *
 * The likelihood of a guess is divided by that of the point on the edge of "worse by the margin" which is nearest to the
 * guess in Kullback-Leibler divergence; such a ratio is an e-value against all of a convex hypothesis (Turner & Grünwald
 * 2023, "Exact anytime-valid confidence intervals for contingency tables"). Guesses use earlier minutes only.
 *
 * @param minutes final ones, in order, counts as they speak most against the canary
 * @param margin a fraction, above 0
 * @param history what the baseline did before; it only makes the guesses better
 */
export function weighSafety(minutes: readonly Minute[], margin: number, history: readonly Counts[] = []): number {
  const sums = gainsOf(minutes, margin, history).map(({ gains }) => gains.reduce((sum, gain) => sum + gain, 0));
  return sums.reduce(logAdd, -Infinity) - Math.log(GUESSES.length);
}

/** Part of the belief that is put on one minute being none of the canary's doing. */
const ONE_BAD_MINUTE = 0.05;

/**
 * The same for a canary that may have had one bad minute: an environment that failed as a whole would take hours of good
 * traffic to outweigh. A mixture of the evidence from all minutes and of that without each of them, which is an e-value
 * as well; what it costs a canary without such a minute is next to nothing.
 */
export function weighSafetyButOne(minutes: readonly Minute[], margin: number, history: readonly Counts[] = []): number {
  const unused = -Math.log(minutes.length + 1);
  const masses = gainsOf(minutes, margin, history).map(({ gains, belief }) => {
    const all = gains.reduce((sum, gain) => sum + gain, 0);
    const without = all + logSum([...gains.map((gain, at) => -gain - Math.log((at + 1) * (at + 2))), unused]);
    return Math.log(belief) + logAdd(Math.log(1 - ONE_BAD_MINUTE) + all, Math.log(ONE_BAD_MINUTE) + without);
  });
  return masses.reduce(logAdd, -Infinity);
}

interface Gains {
  readonly belief: number;
  /** The log likelihood ratio of every minute. */
  readonly gains: readonly number[];
}

/** What the minutes say guess by guess. */
function gainsOf(minutes: readonly Minute[], margin: number, history: readonly Counts[]): readonly Gains[] {
  let { errors, rest } = startOf(history);
  const rated = minutes.map((minute) => {
    const rate = errors / (errors + rest);
    const both = addCounts(minute.baseline, minute.canary);
    errors += both.errors;
    rest += both.invocations - both.errors;
    return { minute, rate };
  });
  return GUESSES.map(({ factor, belief }) => {
    const gains = rated.map(({ minute, rate }) => safetyGain(minute, guessOf(rate * factor, margin), margin));
    return { belief, gains };
  });
}

function guessOf(rate: number, margin: number): number {
  return Math.min(Math.max(rate, LEAST_GUESS), MOST_GUESS, (1 - margin) * (1 - 1e-9));
}

function startOf(history: readonly Counts[]): { errors: number; rest: number } {
  const total = history.reduce(addCounts, NO_TRAFFIC);
  const share = total.invocations > HISTORY_LIMIT ? HISTORY_LIMIT / total.invocations : 1;
  const { errors, rest } = PRIOR;
  return { errors: errors + share * total.errors, rest: rest + share * (total.invocations - total.errors) };
}

/** Log likelihood ratio of one minute: both versions at the guess, against the nearest pair that differs by the margin. */
export function safetyGain({ baseline, canary }: Minute, guess: number, margin: number): number {
  if (canary.invocations === 0) return 0;
  const x = nearestBaseline({ baseline: baseline.invocations, canary: canary.invocations, guess, margin });
  return gainOf(baseline, guess, x) + gainOf(canary, guess, x + margin);
}

/**
 * The baseline's rate x in the pair (x, x + margin) that is nearest to (guess, guess), weighted by invocations: where the
 * derivative of the divergence is 0. Without a baseline it is the guess itself less the margin. Newton's method, kept
 * between the ends by halving: the derivative rises from end to end.
 */
export function nearestBaseline({
  baseline,
  canary,
  guess,
  margin,
}: Record<'baseline' | 'canary' | 'guess' | 'margin', number>): number {
  if (baseline === 0) return Math.max(0, guess - margin);
  let [low, high] = [Math.max(0, guess - margin), guess];
  // Where it would be if the variance were the same everywhere.
  const close = guess - (margin * canary) / (baseline + canary);
  let x = close > low ? close : (low + high) / 2;
  for (let step = 0; step < MOST_STEPS && high - low > PRECISION * high; step += 1) {
    const [own, other] = [pullOf(x, guess), pullOf(x + margin, guess)];
    const slope = baseline * own.slope + canary * other.slope;
    if (slope < 0) low = x;
    else high = x;
    const next = x - slope / (baseline * own.rise + canary * other.rise);
    if (Math.abs(next - x) <= PRECISION * x) return next;
    x = next > low && next < high ? next : (low + high) / 2;
  }
  return x;
}

/** First and second derivative of the divergence of a rate from a guess, per invocation. */
function pullOf(rate: number, guess: number): { readonly slope: number; readonly rise: number } {
  const variance = rate * (1 - rate);
  const slope = (rate - guess) / variance;
  return { slope, rise: (1 - slope * (1 - 2 * rate)) / variance };
}

function gainOf({ invocations, errors }: Counts, guess: number, rate: number): number {
  const failed = errors === 0 ? 0 : errors * Math.log(guess / rate);
  return failed + (invocations - errors) * (Math.log1p(-guess) - Math.log1p(-rate));
}

/** Increases of which the smallest that is ruled out is told, fractions. */
const INCREASES: readonly number[] = [
  ...[1e-4, 2e-4, 3e-4, 5e-4, 7e-4, 1e-3, 1.5e-3, 2e-3, 3e-3, 4e-3, 5e-3, 6e-3, 7e-3, 8e-3, 9e-3],
  ...[0.01, 0.0125, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5],
];

/**
 * The smallest of a few round increases in rate, fractions, that is ruled out with 95 % confidence; undefined if none is.
 * By the same evidence as a pass, so that what is told never contradicts one.
 *
 * @param known an increase that is known to be ruled out, if any
 */
export function smallestRuledOut(
  minutes: readonly Minute[],
  history: readonly Counts[],
  known?: number,
): number | undefined {
  const smaller = INCREASES.filter((increase) => increase < (known ?? 1));
  return leastOf(smaller, (increase) => weighSafetyButOne(minutes, increase, history) >= PASS_PROOF) ?? known;
}

/** The first of rising values for which `holds`, by halving: what holds for one holds for those above it. */
function leastOf(values: readonly number[], holds: (value: number) => boolean): number | undefined {
  const half = Math.floor(values.length / 2);
  const [middle, ...above] = values.slice(half);
  if (middle === undefined) return undefined;
  return holds(middle) ? (leastOf(values.slice(0, half), holds) ?? middle) : leastOf(above, holds);
}

/**
 * Canary invocations that are still missing for a pass, estimated: as many as it takes if both versions go on failing as
 * often as they did, with the traffic split as it was. 0 when the margin is proven.
 */
export function missingForPass(
  minutes: readonly Minute[],
  { margin, evidence, history }: { margin: number; evidence: number; history: readonly Counts[] },
): number {
  if (evidence >= PASS_PROOF) return 0;
  const seen = minutes.reduce((sum, { baseline, canary }) => addCounts(sum, addCounts(baseline, canary)), NO_TRAFFIC);
  const served = minutes.reduce((sum, { canary }) => sum + canary.invocations, 0);
  const start = startOf(history);
  const rate = (start.errors + seen.errors) / (start.errors + start.rest + seen.invocations);
  const guess = guessOf(rate, margin);
  const beside = seen.invocations - served;
  // While one of them had no traffic: as if the baseline had plenty beside it.
  const split = served === 0 || beside === 0 ? { baseline: 9, canary: 1 } : { baseline: beside, canary: served };
  const x = nearestBaseline({ ...split, guess, margin });
  const gain = (split.baseline * divergence(guess, x) + split.canary * divergence(guess, x + margin)) / split.canary;
  return Math.max(1, Math.ceil((PASS_PROOF - evidence) / gain));
}

function divergence(p: number, q: number): number {
  return p * Math.log(p / q) + (1 - p) * (Math.log1p(-p) - Math.log1p(-q));
}

/**
 * The same for a canary without a baseline beside it: evidence that its rate is not as high as `limit`. What `limit` is
 * taken from is the past, so it holds only as far as the past still describes what is usual.
 */
export function weighBelow(counts: readonly Counts[], limit: number, history: readonly Counts[]): number {
  let { errors, rest } = startOf(history);
  const guesses = GUESSES.map(({ factor }) => ({ factor, sum: 0 }));
  for (const minute of counts) {
    const rate = errors / (errors + rest);
    for (const entry of guesses) {
      const guess = Math.min(Math.max(rate * entry.factor, LEAST_GUESS), limit * (1 - 1e-9));
      entry.sum += gainOf(minute, guess, limit);
    }
    errors += minute.errors;
    rest += minute.invocations - minute.errors;
  }
  return guesses.reduce((total, { sum }) => logAdd(total, sum), -Infinity) - Math.log(GUESSES.length);
}

/**
 * The minutes that can clear a canary. Where the weight changed within a minute, an incident in one half of it makes either
 * version look better than it is.
 */
export function steadyMinutes(minutes: readonly Minute[]): readonly Minute[] {
  return minutes.filter(({ peakWeight }) => peakWeight === undefined);
}

/** Whether the minutes rule out that the canary is worse by `increase` or more: with 95 % confidence. */
export function rulesOut(minutes: readonly Minute[], increase: number): boolean {
  return increase > 0 && weighSafety(minutes, increase) >= PASS_PROOF;
}
