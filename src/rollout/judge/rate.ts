import { addCounts, errorRate, NO_TRAFFIC } from '../../model/traffic.ts';
import type { Counts } from '../../model/traffic.ts';
import type { TestResult } from '../../model/verdict.ts';
import { restsOnOneMinute } from './excuse.ts';
import { weigh } from './mixture.ts';
import { PASS_PROOF } from '../../model/verdict.ts';
import { weighBelow } from './noninferiority.ts';

/** Stands in for a limit of 0 %, under which a single error would be an infinite proof. */
const LEAST_LIMIT = 1e-9;

/**
 * How far above the limit: odds raised by 1 % … 200,000 %, evenly spaced in logs. Finer at the lower end than between
 * versions, because a limit is known exactly: a rate a twentieth above it has to be found where traffic allows.
 */
const FACTORS = Array.from({ length: 32 }, (_, k) => 1 + 0.01 * 200_000 ** (k / 31));

interface RateLimit {
  /** Highest error rate that is allowed, a fraction; from 1 on nothing can exceed it and nothing is said. */
  readonly limit: number;
  /**
   * Divides all counts, at least 1: how many invocations go for one because errors come in clumps. Evidence stays valid
   * (a power below 1 of an e-value is one) and loses what clumps alone would feign.
   */
  readonly scale: number;
  /** ln(1/alpha). */
  readonly proof: number;
  /** How many of the minutes, from the start, are final, and so can excuse one; all of them unless told. */
  readonly finalMinutes?: number | undefined;
}

/** What one version's minutes say against a limit. */
type RateFinding = Omit<TestResult, 'test' | 'metric' | 'excess' | 'reference'>;

/**
 * Evidence that one version's error rate is above a limit. Valid for invocations that fail independently with at most
 * that probability, which may differ from minute to minute. The totals are those of the stretch that speaks loudest, so
 * that an hour without errors does not hide the ten bad minutes at its end.
 */
export function compareWithLimit(
  counts: readonly Counts[],
  { limit, scale, proof, finalMinutes }: RateLimit,
): RateFinding {
  const { total: canary, minutes } = loudestStretch(counts, limit);
  const beyondTolerance = errorRate(canary) > limit;
  const found = { beyondTolerance, canary, minutes };
  if (limit >= 1) return { evidence: 0, suspicion: 0, withoutWorst: 0, isExcused: false, ...found };
  const chance = Math.max(limit, LEAST_LIMIT);
  const scaled = counts.map(({ invocations, errors }) => ({
    invocations: invocations / scale,
    errors: errors / scale,
  }));
  const tallies = scaled.map(({ invocations, errors }) => ({ hits: errors, draws: invocations, chance }));
  const evidence = weigh(tallies, { factors: FACTORS, proof });
  const { plain, clipped, withoutWorst, worst } = evidence;
  const isExcused =
    restsOnOneMinute(evidence, proof) && isOneBadMinute(scaled.slice(0, finalMinutes), { worst, limit });
  return { evidence: clipped, suspicion: plain, withoutWorst, isExcused, ...found };
}

/** Whether the minutes after the worst one rule out that the limit is exceeded by even half as much as it was in that one. */
function isOneBadMinute(
  counts: readonly Counts[],
  { worst, limit }: { worst: number | undefined; limit: number },
): boolean {
  const bad = counts.filter((_, index) => index === worst).reduce(addCounts, NO_TRAFFIC);
  const later = counts.filter((_, index) => worst !== undefined && index > worst);
  const suggested = errorRate(bad) - limit;
  return suggested > 0 && weighBelow(later, limit + suggested / 2, []) >= PASS_PROOF;
}

interface Stretch {
  readonly total: Counts;
  readonly minutes: number;
}

/** The last minutes whose rate above the limit is the least likely, by likelihood ratio; all of them if there is none. */
function loudestStretch(counts: readonly Counts[], limit: number): Stretch {
  let total = NO_TRAFFIC;
  let loudest: Stretch | undefined;
  let loudness = 0;
  for (const [index, minute] of counts.toReversed().entries()) {
    total = addCounts(total, minute);
    const rate = errorRate(total);
    const ratio = rate > limit ? total.invocations * divergence(rate, Math.max(limit, LEAST_LIMIT)) : 0;
    if (ratio > loudness) {
      loudness = ratio;
      loudest = { total, minutes: index + 1 };
    }
  }
  return loudest ?? { total, minutes: counts.length };
}

/** Kullback-Leibler divergence of error rate q from the observed p, in nats per invocation; 0 ≤ p ≤ 1, 0 < q ≤ 1. */
export function divergence(p: number, q: number): number {
  return term(p, q) + term(1 - p, 1 - q);
}

function term(p: number, q: number): number {
  return p === 0 ? 0 : p * Math.log(p / q);
}
