import { MINUTE, SECOND } from '../../src/model/time.ts';
import { NO_TRAFFIC } from '../../src/model/traffic.ts';
import type { Judgement } from '../../src/model/verdict.ts';
import { type RolloutPlan, SUSPICION_GATE } from '../../src/rollout/decide/plan.ts';

/** Two steps of ten minutes at the defaults of the inputs. */
export function aPlan(change: Partial<RolloutPlan> = {}): RolloutPlan {
  return {
    steps: [
      { weight: 10, dwell: 10 * MINUTE },
      { weight: 50, dwell: 10 * MINUTE },
    ],
    bakeTime: 0,
    interval: 30 * SECOND,
    finalAge: 2 * MINUTE,
    maxDuration: 120 * MINUTE,
    onInconclusive: 'promote',
    unreadableLimit: 5 * MINUTE,
    proof: Math.log(100),
    ...change,
  };
}

export function aJudgement(change: Partial<Judgement> = {}): Judgement {
  return {
    verdict: 'pass',
    reason: 'the numbers',
    evidence: 0,
    suspicion: 0,
    tests: [],
    baseline: NO_TRAFFIC,
    canary: NO_TRAFFIC,
    finalCanary: NO_TRAFFIC,
    finalMinutes: 0,
    ...change,
  };
}

/** What the judge may say, by how bad it is. `grave`: proven but for one bad minute. */
export const JUDGEMENTS = {
  pass: aJudgement(),
  inconclusive: aJudgement({ verdict: 'inconclusive', reason: 'too little traffic' }),
  suspect: aJudgement({ suspicion: SUSPICION_GATE, reason: 'some doubt' }),
  grave: aJudgement({ verdict: 'inconclusive', suspicion: Math.log(100), reason: 'great doubt' }),
  fail: aJudgement({ verdict: 'fail', suspicion: Math.log(1e4), evidence: Math.log(1e4), reason: 'it is broken' }),
} as const;

export type JudgementName = keyof typeof JUDGEMENTS;
