import { addCounts, NO_TRAFFIC, totalOf } from '../../model/traffic.ts';
import type { Counts, Minute, Stretch } from '../../model/traffic.ts';
import type { MetricMinutes } from '../../model/metric.ts';
import { CAUTION } from '../../model/verdict.ts';
import type { JudgeSettings, Judgement, TestResult } from '../../model/verdict.ts';
import { compareWithCeiling } from './ceiling.ts';
import { combine, deciding, isProvenAlone, missOfPast, sharesOf } from './combine.ts';
import type { Share, Weighted } from './combine.ts';
import { compareVersions } from './concurrent.ts';
import { compareWithPast } from './past.ts';
import { probeWeight, trafficOf } from './probe.ts';
import { assure } from './promote.ts';
import type { Safety } from './promote.ts';
import { failReason, inconclusiveReason, passReason, suspectReason } from './reason.ts';
import type { Facts } from './reason.ts';
import { spillOverProblem } from './spill.ts';
import { splitProblem } from './split.ts';

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
  /** What the baseline did per minute before the first shift, in any order. */
  readonly past: readonly Counts[];
  /** The same minutes as `concurrent` by the other metrics, by name. A metric that is missing has no data. */
  readonly metrics: ReadonlyMap<string, MetricMinutes>;
  /** The last of these minutes once more: `errors` of `invocations` found no provisioned concurrency free. */
  readonly spillOver: readonly Minute[];
  /** How the traffic was really split, weight by weight. */
  readonly stretches: readonly Stretch[];
  /** Why the canary has to go back whatever the counts say (an alarm, a limit): sentences. */
  readonly vetoes: readonly string[];
  /** What nobody can vouch for, so that there is no `pass`: sentences. */
  readonly unknown: readonly string[];
}

/**
 * What the counts say of the canary. `fail`: a veto, or evidence robust to one bad minute that reaches 1/alpha while the
 * difference is beyond the tolerance. `pass`: no suspicion of 1:20, nothing in the way, enough invocations in final minutes, and
 * proof by every metric that it did not get worse by its margin. Everything else, no traffic above all, is
 * `inconclusive`.
 *
 * Pure and memoryless: every poll judges the whole window anew, so late data needs no special case.
 */
export function judge(minutes: JudgedMinutes, settings: JudgeSettings): Judgement {
  const window = clamped(minutes);
  const tests = sharesOf(settings).map((share) => runTest(share, window, settings));
  const facts = gather(window, tests);
  const suspicion = combine(tests, 'suspicion');
  const safety = assure(window, settings);
  const traffic = trafficOf(window.concurrent);
  const obstacle = splitProblem(minutes.stretches) ?? spillOverProblem(minutes.spillOver);
  return {
    ...conclude({ tests, facts, suspicion, settings, safety, obstacle, minutes }),
    evidence: facts.evidence,
    suspicion,
    tests: tests.map(({ result }) => result),
    obstacle,
    assurances: safety.assurances,
    ruledOut: safety.ruledOut,
    missing: safety.missing,
    traffic,
    probeWeight: probeWeight(deciding(tests, 'suspicion'), traffic),
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
  readonly safety: Safety;
  readonly obstacle: string | undefined;
  readonly minutes: JudgedMinutes;
}

function conclude(parts: Conclusion): Pick<Judgement, 'verdict' | 'reason'> {
  const { tests, facts, suspicion, settings, safety, obstacle } = parts;
  const { vetoes, unknown } = parts.minutes;
  const proof = -Math.log(settings.alpha);
  if (vetoes.length > 0) return { verdict: 'fail', reason: vetoes.join('; ') };
  const culprit = deciding(tests, 'evidence');
  if (culprit !== undefined && facts.evidence >= proof) {
    const isAlone = isProvenAlone(tests, culprit, proof);
    return { verdict: 'fail', reason: failReason(culprit, { ...settings, evidence: facts.evidence, isAlone }) };
  }
  const suspect = deciding(tests, 'suspicion');
  if (suspect !== undefined && suspicion >= CAUTION) {
    return { verdict: 'inconclusive', reason: suspectReason(suspect, settings) };
  }
  if (obstacle !== undefined) return { verdict: 'inconclusive', reason: obstacle };
  const needed = Math.max(1, settings.minInvocations);
  const [gap] = unknown;
  if (gap !== undefined && safety.missing === 0) return { verdict: 'inconclusive', reason: gap };
  return facts.finalCanary.invocations >= needed && safety.missing === 0
    ? { verdict: 'pass', reason: passReason(facts, safety) }
    : { verdict: 'inconclusive', reason: inconclusiveReason(facts, { needed, safety }) };
}

function runTest(share: Share, minutes: JudgedMinutes, settings: JudgeSettings): Weighted {
  return { result: resultOf(share, minutes, settings), weight: share.weight };
}

function resultOf(share: Share, minutes: JudgedMinutes, settings: JudgeSettings): TestResult {
  const { concurrent, finalMinutes, alone, finalAlone, past } = minutes;
  const { errorTolerance: tolerance, maxErrorRate: limit = 1, alpha } = settings;
  const proof = -Math.log(alpha);
  switch (share.test) {
    case 'concurrent': {
      const { metric } = share;
      const counts = metric.kind === 'errors' ? concurrent : (minutes.metrics.get(metric.name)?.lenient ?? []);
      return compareVersions(counts, { ...metric, proof, finalMinutes });
    }
    case 'ceiling':
      return compareWithCeiling([...concurrent, ...alone].map(canaryOf), {
        limit,
        proof,
        finalMinutes: finalMinutes + (finalMinutes === concurrent.length ? finalAlone : 0),
      });
    case 'past': {
      const miss = missOfPast(share, alpha);
      const usual = [...past, ...concurrent.map(baselineOf)];
      return compareWithPast({
        alone: alone.map(canaryOf),
        finalMinutes: finalAlone,
        past: usual,
        tolerance,
        miss,
        proof,
      });
    }
  }
}

function gather(minutes: JudgedMinutes, tests: readonly Weighted[]): Facts {
  const { concurrent, finalMinutes, alone, finalAlone, past } = minutes;
  const final = [...concurrent.slice(0, finalMinutes), ...alone.slice(0, finalAlone)];
  const earlier = [...past, ...concurrent.map(baselineOf)].reduce(addCounts, NO_TRAFFIC);
  return {
    baseline: totalOf(concurrent, 'baseline'),
    canary: totalOf(concurrent, 'canary'),
    alone: totalOf(alone, 'canary'),
    past: earlier.invocations > 0 ? earlier : undefined,
    finalCanary: totalOf(final, 'canary'),
    finalMinutes: final.length,
    minutes: concurrent.length + alone.length,
    evidence: combine(tests, 'evidence'),
    excused: tests.filter(({ result }) => result.isExcused).map(({ result }) => result.metric),
  };
}

function canaryOf({ canary }: Minute): Counts {
  return canary;
}

function baselineOf({ baseline }: Minute): Counts {
  return baseline;
}

/** Errors can be published before the invocations they belong to; until those follow, they count as all there were. */
function clamped({ concurrent, alone, past, ...rest }: JudgedMinutes): JudgedMinutes {
  return { ...rest, concurrent: concurrent.map(clampMinute), alone: alone.map(clampMinute), past: past.map(clamp) };
}

function clampMinute(minute: Minute): Minute {
  return { ...minute, baseline: clamp(minute.baseline), canary: clamp(minute.canary) };
}

function clamp({ invocations, errors }: Counts): Counts {
  return { invocations, errors: Math.min(errors, invocations) };
}
