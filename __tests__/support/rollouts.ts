import { AUTO_STEPS } from '../../src/model/strategy.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { NO_TRAFFIC } from '../../src/model/traffic.ts';
import { CAUTION, type Judgement, type TestResult, SUSPICION_GATE } from '../../src/model/verdict.ts';
import type { RolloutPlan } from '../../src/rollout/decide/plan.ts';

/** Two steps of ten minutes at the defaults of the inputs. */
export function aPlan(change: Partial<RolloutPlan> = {}): RolloutPlan {
  return {
    steps: [
      { weight: 10, dwell: 10 * MINUTE },
      { weight: 50, dwell: 10 * MINUTE },
    ],
    pace: 'fixed',
    bakeTime: 0,
    interval: 30 * SECOND,
    finalAge: 2 * MINUTE,
    maxDuration: 120 * MINUTE,
    onInconclusive: 'promote',
    onCancel: 'rollback',
    unreadableLimit: 5 * MINUTE,
    ...change,
  };
}

/** The strategy `auto` at the defaults of the inputs. */
export function anAutoPlan(change: Partial<RolloutPlan> = {}): RolloutPlan {
  return aPlan({ steps: AUTO_STEPS, pace: 'evidence', ...change });
}

export function aJudgement(change: Partial<Judgement> = {}): Judgement {
  return {
    verdict: 'pass',
    reason: 'the numbers',
    evidence: 0,
    suspicion: 0,
    tests: [],
    obstacle: undefined,
    assurances: [],
    ruledOut: undefined,
    missing: 0,
    traffic: 0,
    probeWeight: undefined,
    baseline: NO_TRAFFIC,
    canary: NO_TRAFFIC,
    finalCanary: NO_TRAFFIC,
    finalMinutes: 0,
    ...change,
  };
}

/** One bad minute that the others contradict: it counts for nothing. */
const EXCUSED: TestResult = {
  test: 'concurrent',
  metric: 'error rate',
  evidence: 0,
  suspicion: Math.log(1e6),
  withoutWorst: -1,
  isExcused: true,
  beyondTolerance: true,
  excess: 0.2,
  minutes: 3,
  canary: { invocations: 300, errors: 60 },
  reference: { invocations: 2700, errors: 3 },
};

/**
 * What the judge may say. `busy` says as little as `inconclusive`, of a canary with much traffic; `soon` lacks no more
 * for a pass than three minutes bring in at 1 %; `unproven` lacks something that nobody can tell the amount of.
 * `suspect`, `slight`, `cautious`, `faint` and `grave` are enough to quarantine, at a weight that their difference shows at,
 * which for `slight` is more than it has, and for `suspect` and `faint` none; `grave` would be proven but for one bad
 * minute.
 */
export const JUDGEMENTS = {
  pass: aJudgement(),
  excused: aJudgement({ tests: [EXCUSED], reason: 'one bad minute' }),
  inconclusive: aJudgement({ verdict: 'inconclusive', reason: 'too little traffic', missing: 900 }),
  busy: aJudgement({ verdict: 'inconclusive', reason: 'not enough yet', missing: 900 }),
  soon: aJudgement({ verdict: 'inconclusive', reason: 'hardly enough yet', missing: 30, traffic: 1000 }),
  unproven: aJudgement({ verdict: 'inconclusive', reason: 'a metric has no value', traffic: 1000 }),
  obstacle: aJudgement({ verdict: 'inconclusive', reason: 'a wrong split', obstacle: 'a wrong split' }),
  suspect: aJudgement({ suspicion: SUSPICION_GATE, reason: 'some doubt', probeWeight: undefined }),
  cautious: aJudgement({ verdict: 'inconclusive', suspicion: CAUTION, reason: 'much doubt', probeWeight: 3 }),
  grave: aJudgement({ verdict: 'inconclusive', suspicion: Math.log(100), reason: 'great doubt', probeWeight: 1 }),
  slight: aJudgement({ verdict: 'inconclusive', suspicion: SUSPICION_GATE, reason: 'slow doubt', probeWeight: 100 }),
  faint: aJudgement({ verdict: 'inconclusive', suspicion: CAUTION, reason: 'doubt for long', probeWeight: undefined }),
  fail: aJudgement({ verdict: 'fail', suspicion: Math.log(1e4), evidence: Math.log(1e4), reason: 'it is broken' }),
} as const;

export type JudgementName = keyof typeof JUDGEMENTS;
