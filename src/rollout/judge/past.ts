import { addCounts, errorRate, NO_TRAFFIC } from '../../model/traffic.ts';
import type { Counts } from '../../model/traffic.ts';
import type { TestResult } from '../../model/verdict.ts';
import { ERROR_RATE } from './metrics.ts';
import { compareWithLimit, divergence } from './rate.ts';

/** With fewer minutes of traffic than this nobody can tell what is usual. */
export const LEAST_PAST_MINUTES = 5;

export interface PastComparison {
  /** The canary's minutes since it has all traffic, in order, silent ones included. */
  readonly alone: readonly Counts[];
  /** How many of them, from the start, are final, and so can excuse one; all of them unless told. */
  readonly finalMinutes?: number | undefined;
  /** The baseline's minutes before and beside the canary, in any order. */
  readonly past: readonly Counts[];
  /** Increase in error rate that is accepted, a fraction. */
  readonly tolerance: number;
  /** Probability with which the bound on the past may be too low. */
  readonly miss: number;
  /** ln(1/alpha). */
  readonly proof: number;
}

/**
 * The canary alone against what the baseline did earlier: a weaker witness than two versions side by side, because
 * whatever else changed with the hour (traffic, callers, a dependency that fails now) looks like the canary's doing. It
 * promises alpha only as far as the baseline's past rate, taken at an upper bound plus the tolerance, still describes
 * what would be usual now. It cannot see a regression that hides in the scatter of the past, and it cannot clear the
 * canary of an incident that lasts more than one minute. With hardly any past it says nothing.
 */
export function compareWithPast({ alone, finalMinutes, past, tolerance, miss, proof }: PastComparison): TestResult {
  const served = past.filter(({ invocations }) => invocations > 0);
  const reference = served.reduce(addCounts, NO_TRAFFIC);
  const scale = dispersion(served);
  const known = served.length >= LEAST_PAST_MINUTES;
  const limit = known ? upperBound(reference, scale, miss) + tolerance : 1;
  const finding = compareWithLimit(alone, { limit, scale, proof, finalMinutes });
  return {
    test: 'past',
    metric: ERROR_RATE,
    ...finding,
    excess: errorRate(finding.canary) - errorRate(reference),
    reference,
  };
}

/**
 * How much more the minutes scatter than independent failures would (Pearson's chi-square over its degrees of freedom),
 * at least 1. An hour with one bad minute makes both the bound wider and the evidence slower.
 */
function dispersion(served: readonly Counts[]): number {
  const rate = errorRate(served.reduce(addCounts, NO_TRAFFIC));
  if (rate === 0 || rate === 1) return 1;
  const chiSquare = served.reduce((sum, { invocations, errors }) => {
    const expected = invocations * rate;
    return sum + (errors - expected) ** 2 / (expected * (1 - rate));
  }, 0);
  return Math.max(1, chiSquare / (served.length - 1));
}

/** Halvings in the search for a bound: to the last digits of a double. */
const HALVINGS = 60;

/**
 * Upper confidence bound of an error rate: the largest p with n·KL(observed ‖ p) ≤ ln(1/miss) (Chernoff's inequality,
 * which Hoeffding 1956 extends to rates that differ between invocations). n is the count over `scale`.
 */
function upperBound(total: Counts, scale: number, miss: number): number {
  const observed = errorRate(total);
  const allowed = (-Math.log(miss) * scale) / total.invocations;
  return furthest((rate) => divergence(observed, rate) <= allowed, { from: observed, to: 1 });
}

/** The same from below, for counts that are taken as independent. */
export function lowerBound(observed: number, { invocations, miss }: { invocations: number; miss: number }): number {
  const allowed = -Math.log(miss) / invocations;
  return furthest((rate) => divergence(observed, rate) <= allowed, { from: observed, to: 0 });
}

/** The rate next to the furthest between `from` and `to` for which `holds`, on the far side of it. */
function furthest(holds: (rate: number) => boolean, { from, to }: { from: number; to: number }): number {
  let [near, far] = [from, to];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (near + far) / 2;
    [near, far] = holds(middle) ? [middle, far] : [near, middle];
  }
  return far;
}
