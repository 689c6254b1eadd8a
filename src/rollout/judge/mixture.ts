/**
 * The one sequential test behind every comparison: a mixture of likelihood ratios over how much worse the canary could
 * be and over the minute in which that could have begun.
 *
 * A minute is a tally of draws of which some are hits. While nothing is wrong each draw is a hit with at most the
 * minute's `chance`; each alternative multiplies the odds of a hit. Which draws, is the business of the test:
 *
 * - both versions side by side: the draws are the errors of both, a hit is an error of the canary, the chance is the
 *   canary's share of the traffic. Whatever the error rate does, day curve or shared incident, drops out.
 * - one version against a limit: the draws are its invocations, a hit is an error, the chance is the limit.
 *
 * Looking at it after every poll costs nothing: the probability that an e-process ever reaches 1/alpha while nothing is
 * wrong is at most alpha (Ville's inequality). Sources: Lindon & Malek, NeurIPS 2022 (sequential multinomial tests in
 * which a common rate cancels); Hoeffding 1956 (a Bernoulli sum is no more spread out than the binomial of its mean,
 * which is why the binomial ratio holds for the split of a minute's errors as well); Shin, Ramdas & Rinaldo 2024
 * (e-values weighted by a prior on the onset).
 */
import { clippedMass } from './clip.ts';
import { logAdd } from './logs.ts';

export interface Tally {
  readonly hits: number;
  readonly draws: number;
  /** Probability of a hit per draw while nothing is wrong, 0 ≤ chance < 1. */
  readonly chance: number;
}

/** Natural logs of e-values; 0 says nothing, ln(1/alpha) is proof. */
export interface Evidence {
  /** All minutes together. */
  readonly plain: number;
  /** The same where no minute counts for more than a cap, so that it takes more than one to prove anything. */
  readonly clipped: number;
  /** The least that remains of `plain` when any one minute is left out. */
  readonly withoutWorst: number;
  /** Index of that minute; undefined when no minute has a hit. */
  readonly worst: number | undefined;
}

/** Looked up once: this is the innermost loop of every poll. */
const { log, log1p } = Math;

/** How much worse, of two versions: odds multiplied by 1.25 … 2000, evenly spaced in logs. */
const ODDS_FACTORS: readonly number[] = Array.from({ length: 32 }, (_, k) => 1.25 * 1600 ** (k / 31));

/** Working row of one minute, reused by all alternatives. */
interface Row {
  readonly tally: Tally;
  readonly index: number;
  /** Log of the prior mass on the trouble beginning in this minute, 1/(t(t+1)). */
  readonly prior: number;
  /** Log likelihood ratio of this minute. */
  gain: number;
  /** Log mass of all onsets up to this minute, before its own gain. */
  before: number;
  /** Log mass without this minute, summed over the alternatives so far. */
  without: number;
}

interface Weighing {
  /** Natural log of the evidence that is proof, ln(1/alpha): caps are a part of it. */
  readonly proof: number;
  /** The alternatives, each above 1, equally likely beforehand. */
  readonly factors?: readonly number[];
}

/** Weighs minutes in order, silent ones included; the value after the last of them. */
export function weigh(tallies: readonly Tally[], { proof, factors = ODDS_FACTORS }: Weighing): Evidence {
  // Most metrics are silent most of the time.
  if (tallies.every(({ draws }) => draws === 0)) return SILENCE;
  const rows: Row[] = tallies.map(newRow);
  const reversed = rows.toReversed();
  let [plain, clipped] = [-Infinity, -Infinity];
  for (const factor of factors) {
    const mass = forward(rows, factor);
    backward(reversed);
    plain = logAdd(plain, mass);
    clipped = logAdd(clipped, clippedMass(rows, mass, proof));
  }
  const unused = log(1 / (rows.length + 1));
  const evidence = (mass: number): number => logAdd(mass - log(factors.length), unused);
  const worst = worstOf(rows);
  const all = evidence(plain);
  const withoutWorst = worst === undefined ? all : Math.min(all, evidence(worst.without));
  return { plain: all, clipped: evidence(clipped), withoutWorst, worst: worst?.index };
}

const SILENCE: Evidence = { plain: 0, clipped: 0, withoutWorst: 0, worst: undefined };

function newRow(tally: Tally, index: number): Row {
  const minute = index + 1;
  return { tally, index, prior: -log(minute * (minute + 1)), gain: 0, before: 0, without: -Infinity };
}

/** The minute that matters most. Without a hit every ratio of a minute is at most 1, so leaving it out lowers nothing. */
function worstOf(rows: readonly Row[]): Row | undefined {
  const candidates = rows.filter((row) => row.tally.hits > 0);
  return candidates.reduce<Row | undefined>(
    (worst, row) => (worst === undefined || row.without < worst.without ? row : worst),
    undefined,
  );
}

/** Runs one alternative through the minutes and returns its log mass over all onsets. */
function forward(rows: readonly Row[], factor: number): number {
  const logFactor = log(factor);
  let mass = -Infinity;
  for (const row of rows) {
    const { hits, draws, chance } = row.tally;
    row.gain = draws === 0 ? 0 : hits * logFactor - draws * log1p(chance * (factor - 1));
    row.before = logAdd(mass, row.prior);
    mass = row.before + row.gain;
  }
  return mass;
}

/**
 * Adds, for the alternative that `forward` has just run, each minute's mass without that minute: what came before it
 * times the gains after it, and the onsets after it, which never saw it.
 */
function backward(reversed: readonly Row[]): void {
  let gainsAfter = 0;
  let onsetsAfter = -Infinity;
  for (const row of reversed) {
    if (row.tally.hits > 0) row.without = logAdd(row.without, logAdd(row.before + gainsAfter, onsetsAfter));
    gainsAfter += row.gain;
    onsetsAfter = logAdd(onsetsAfter, row.prior + gainsAfter);
  }
}
