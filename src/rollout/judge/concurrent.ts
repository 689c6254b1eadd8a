import { errorRate, totalOf } from '../../model/traffic.ts';
import type { Minute } from '../../model/traffic.ts';
import type { TestResult } from '../../model/verdict.ts';
import { weigh } from './mixture.ts';
import type { Evidence, Tally } from './mixture.ts';

/**
 * The canary beside the baseline. Given a minute's errors and how its traffic was split, the canary's share of the errors
 * is known when it is no worse, however high the error rate of that minute is.
 *
 * @param tolerance increase in error rate that is not held against the canary, a fraction. It is a condition beside the
 *   evidence and not part of it: alpha is kept for a canary that is not worse; for one that is worse within the
 *   tolerance a false rollback only becomes unlikely as traffic grows.
 */
export function compareVersions(minutes: readonly Minute[], tolerance: number): TestResult {
  const { plain, robust } = weighSplit(minutes, 1);
  const excess = stratifiedExcess(minutes);
  return {
    test: 'concurrent',
    evidence: robust,
    suspicion: plain,
    beyondTolerance: excess >= tolerance,
    excess,
    canary: totalOf(minutes, 'canary'),
    reference: totalOf(minutes, 'baseline'),
    minutes: minutes.length,
  };
}

/**
 * Evidence that the canary's odds of an error are more than `oddsRatio` times the baseline's.
 *
 * @param oddsRatio at least 1, which the proof needs; 1 asks whether the canary is worse at all
 */
export function weighSplit(minutes: readonly Minute[], oddsRatio: number): Evidence {
  return weigh(minutes.map((minute) => shareOfErrors(minute, oddsRatio)));
}

function shareOfErrors({ baseline, canary }: Minute, oddsRatio: number): Tally {
  if (baseline.invocations === 0 || canary.invocations === 0) return { hits: 0, draws: 0, chance: 0 };
  const pull = oddsRatio * canary.invocations;
  return {
    hits: canary.errors,
    draws: canary.errors + baseline.errors,
    chance: pull / (baseline.invocations + pull),
  };
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
