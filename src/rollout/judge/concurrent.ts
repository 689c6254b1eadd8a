import { errorRate, totalOf } from '../../model/traffic.ts';
import type { Minute } from '../../model/traffic.ts';
import type { TestResult } from '../../model/verdict.ts';
import { restsOnOneMinute } from './excuse.ts';
import { weigh } from './mixture.ts';
import type { Evidence, Tally } from './mixture.ts';
import { rulesOut, steadyMinutes } from './noninferiority.ts';

/** What is compared, and how strictly. */
interface Comparison {
  /** What the metric is called. */
  readonly name: string;
  /**
   * Increase that is not held against the canary, a fraction. It is a condition beside the evidence and not part of it:
   * alpha is kept for a canary that is not worse; for one that is worse within the tolerance a false rollback only becomes
   * unlikely as traffic grows.
   */
  readonly tolerance: number;
  /** The canary counts as no worse while its odds are at most so many times the baseline's; at least 1, as the proof needs. */
  readonly oddsRatio: number;
  /** ln(1/alpha). */
  readonly proof: number;
  /** How many of the minutes, from the start, are final, and so can excuse one; all of them unless told. */
  readonly finalMinutes?: number | undefined;
}

/**
 * The canary beside the baseline. Given a minute's errors and how its traffic was split, the canary's share of the errors
 * is known when it is no worse, however high the error rate of that minute is.
 */
export function compareVersions(minutes: readonly Minute[], comparison: Comparison): TestResult {
  const { name, tolerance, oddsRatio, proof, finalMinutes } = comparison;
  const found = weighSplit(minutes, { oddsRatio, proof });
  const excess = stratifiedExcess(minutes);
  return {
    test: 'concurrent',
    metric: name,
    evidence: found.clipped,
    suspicion: found.plain,
    withoutWorst: found.withoutWorst,
    isExcused: restsOnOneMinute(found, proof) && isOneBadMinute(minutes, { worst: found.worst, finalMinutes }),
    beyondTolerance: excess >= tolerance,
    excess,
    canary: totalOf(minutes, 'canary'),
    reference: totalOf(minutes, 'baseline'),
    minutes: minutes.length,
  };
}

/**
 * Whether the minutes after the worst one rule out that the canary is worse by even half as much as it was in that one.
 * Then what happened there (an environment that failed as a whole) is not how this version runs. The minutes before it do
 * not count: trouble can begin late. Nor do those that are not final: errors that take their time are missing in them.
 */
function isOneBadMinute(
  minutes: readonly Minute[],
  { worst, finalMinutes }: { worst: number | undefined; finalMinutes: number | undefined },
): boolean {
  const suggested = stratifiedExcess(minutes.filter((_, index) => index === worst));
  const final = minutes.slice(0, finalMinutes);
  const later = steadyMinutes(final.filter((_, index) => worst !== undefined && index > worst));
  return rulesOut(later, suggested / 2);
}

/** Evidence that the canary's odds of an error are more than `oddsRatio` times the baseline's. */
export function weighSplit(
  minutes: readonly Minute[],
  { oddsRatio, proof }: Pick<Comparison, 'oddsRatio' | 'proof'>,
): Evidence {
  const tallies = minutes.map((minute) => shareOfErrors(minute, oddsRatio));
  return weigh(tallies, { proof });
}

function shareOfErrors({ baseline, canary, peakWeight = 0 }: Minute, oddsRatio: number): Tally {
  if (baseline.invocations === 0 || canary.invocations === 0) return { hits: 0, draws: 0, chance: 0 };
  return {
    hits: canary.errors,
    draws: canary.errors + baseline.errors,
    // Where the weight changed within the minute, errors may all have come while the canary had most.
    chance: Math.max(
      chanceOf(canary.invocations, baseline.invocations, oddsRatio),
      chanceOf(peakWeight, 100 - peakWeight, oddsRatio),
    ),
  };
}

/** The canary's part of the errors when its odds of one are `oddsRatio` times the baseline's. */
function chanceOf(canary: number, baseline: number, oddsRatio: number): number {
  return (oddsRatio * canary) / (baseline + oddsRatio * canary);
}

/**
 * Canary's error rate minus the baseline's, compared within each minute and averaged (Mantel-Haenszel risk difference).
 * With a steady split it is the difference of the totals; when the weight rises it is not misled by an incident that
 * both versions shared while the canary's weight was low. 0 when they never served in the same minute.
 */
function stratifiedExcess(minutes: readonly Minute[]): number {
  let difference = 0;
  let size = 0;
  for (const { baseline, canary } of minutes) {
    const all = baseline.invocations + canary.invocations;
    const overlap = all === 0 ? 0 : (baseline.invocations * canary.invocations) / all;
    difference += overlap * (errorRate(canary) - errorRate(baseline));
    size += overlap;
  }
  return size === 0 ? 0 : difference / size;
}
