import { addCounts, NO_TRAFFIC, totalOf } from '../../model/traffic.ts';
import type { Counts, Minute } from '../../model/traffic.ts';
import type { JudgeSettings, Judgement, TestResult } from '../../model/verdict.ts';
import { compareWithCeiling } from './ceiling.ts';
import { combine, deciding, missOfPast, sharesOf } from './combine.ts';
import type { Share, Weighted } from './combine.ts';
import { compareVersions } from './concurrent.ts';
import { compareWithPast } from './past.ts';
import { failReason, inconclusiveReason, passReason, suspectReason } from './reason.ts';
import type { Facts } from './reason.ts';

/** Everything a judgement is made of, as last read. Late data simply changes the counts of the next call. */
export interface JudgedMinutes {
  /**
   * Every wall-clock minute since the first shift, in order, silent ones included, that is old enough to roll back on.
   * While baking these end before the minute in which the promotion happened.
   */
  readonly concurrent: readonly Minute[];
  /** How many of `concurrent`, from the start, are final: old enough to promote on. */
  readonly finalMinutes: number;
  /**
   * While baking: every minute after the one of the promotion, in order, silent ones included; empty before. The canary
   * has all traffic then, so what little the baseline still shows in them is not looked at.
   */
  readonly alone: readonly Minute[];
  /** How many of `alone`, from the start, are final. */
  readonly finalAlone: number;
  /** What the baseline did per minute before and beside the canary, in any order. Only the bake is held against it. */
  readonly past: readonly Counts[];
}

/**
 * What the counts say of the canary. `fail`: the evidence, robust to any one minute, reaches 1/alpha and the difference
 * is beyond the tolerance. `pass`: neither that nor a suspicion of it, and enough invocations in final minutes.
 * Everything else, no traffic above all, is `inconclusive`.
 *
 * Pure and memoryless: every poll judges the whole window anew, so late data needs no special case.
 */
export function judge(minutes: JudgedMinutes, settings: JudgeSettings): Judgement {
  const window = clamped(minutes);
  const tests = sharesOf(settings).map((share) => runTest(share, window, settings));
  const facts = gather(window, combine(tests, 'evidence'));
  const suspicion = combine(tests, 'suspicion');
  return {
    ...conclude({ tests, facts, suspicion, settings }),
    evidence: facts.evidence,
    suspicion,
    tests: tests.map(({ result }) => result),
    baseline: facts.baseline,
    canary: addCounts(facts.canary, facts.alone),
    finalCanary: facts.finalCanary,
    finalMinutes: facts.finalMinutes,
  };
}

interface Conclusion {
  readonly tests: readonly Weighted[];
  readonly facts: Facts;
  readonly suspicion: number;
  readonly settings: JudgeSettings;
}

function conclude({ tests, facts, suspicion, settings }: Conclusion): Pick<Judgement, 'verdict' | 'reason'> {
  const proof = -Math.log(settings.alpha);
  const culprit = deciding(tests, 'evidence');
  if (culprit !== undefined && facts.evidence >= proof) {
    return { verdict: 'fail', reason: failReason(culprit, settings) };
  }
  const suspect = deciding(tests, 'suspicion');
  if (suspect !== undefined && suspicion >= proof) {
    return { verdict: 'inconclusive', reason: suspectReason(suspect, settings) };
  }
  const needed = Math.max(1, settings.minInvocations);
  return facts.finalCanary.invocations >= needed
    ? { verdict: 'pass', reason: passReason(facts) }
    : { verdict: 'inconclusive', reason: inconclusiveReason(facts, needed) };
}

function runTest(share: Share, minutes: JudgedMinutes, settings: JudgeSettings): Weighted {
  return { result: resultOf(share, minutes, settings), weight: share.weight };
}

function resultOf(share: Share, { concurrent, alone, past }: JudgedMinutes, settings: JudgeSettings): TestResult {
  const { errorTolerance: tolerance, maxErrorRate: ceiling = 1, alpha } = settings;
  switch (share.test) {
    case 'concurrent':
      return compareVersions(concurrent, tolerance);
    case 'ceiling':
      return compareWithCeiling([...concurrent, ...alone].map(canaryOf), ceiling);
    case 'past':
      return compareWithPast({ alone: alone.map(canaryOf), past, tolerance, miss: missOfPast(share, alpha) });
  }
}

function gather(minutes: JudgedMinutes, evidence: number): Facts {
  const { concurrent, finalMinutes, alone, finalAlone, past } = minutes;
  const final = [...concurrent.slice(0, finalMinutes), ...alone.slice(0, finalAlone)];
  const earlier = past.reduce(addCounts, NO_TRAFFIC);
  return {
    baseline: totalOf(concurrent, 'baseline'),
    canary: totalOf(concurrent, 'canary'),
    alone: totalOf(alone, 'canary'),
    past: earlier.invocations > 0 ? earlier : undefined,
    finalCanary: totalOf(final, 'canary'),
    finalMinutes: final.length,
    minutes: concurrent.length + alone.length,
    evidence,
  };
}

function canaryOf({ canary }: Minute): Counts {
  return canary;
}

/** Errors can be published before the invocations they belong to; until those follow, they count as all there were. */
function clamped({ concurrent, alone, past, ...rest }: JudgedMinutes): JudgedMinutes {
  return { ...rest, concurrent: concurrent.map(clampMinute), alone: alone.map(clampMinute), past: past.map(clamp) };
}

function clampMinute({ start, baseline, canary }: Minute): Minute {
  return { start, baseline: clamp(baseline), canary: clamp(canary) };
}

function clamp({ invocations, errors }: Counts): Counts {
  return { invocations, errors: Math.min(errors, invocations) };
}
