import { describe, expect, test } from '@jest/globals';
import { nextDecision, stageOf } from '../../src/commands/next-decision.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { NO_TRAFFIC } from '../../src/model/traffic.ts';
import type { Judgement } from '../../src/model/verdict.ts';
import { begin } from '../../src/rollout/decide/machine.ts';
import type { RolloutPlan } from '../../src/rollout/decide/plan.ts';
import type { Phase, RolloutState } from '../../src/rollout/decide/state.ts';

const NOON = Date.UTC(2026, 0, 15, 12);

const PLAN: RolloutPlan = {
  steps: [10, 50].map((weight) => ({ weight, dwell: 5 * MINUTE })),
  pace: 'fixed',
  bakeTime: 5 * MINUTE,
  interval: 30 * SECOND,
  finalAge: 2 * MINUTE,
  maxDuration: 60 * MINUTE,
  onInconclusive: 'promote',
  onCancel: 'rollback',
  unreadableLimit: 5 * MINUTE,
};
const AUTO: Partial<RolloutPlan> = { pace: 'evidence' };

function state(
  phase: Phase,
  { plan = {}, ...over }: Partial<Omit<RolloutState, 'plan'>> & { plan?: Partial<RolloutPlan> } = {},
) {
  return { ...begin({ ...PLAN, ...plan }, NOON).state, weight: 10, phase, ...over };
}

function judged(invocations: number, missing: number, traffic = 100): Judgement {
  const counts = { baseline: NO_TRAFFIC, canary: { invocations, errors: 0 }, finalCanary: NO_TRAFFIC, finalMinutes: 0 };
  const none = { tests: [], obstacle: undefined, assurances: [], ruledOut: undefined, probeWeight: undefined };
  return { verdict: 'inconclusive', reason: '', evidence: 0, suspicion: 0, missing, traffic, ...none, ...counts };
}

const dwelling = (index: number): Phase => ({
  name: 'dwelling',
  index,
  since: NOON,
  until: NOON + 5 * MINUTE,
  seen: 30,
});

describe('what is next', () => {
  test.each<[string, RolloutState, string]>([
    ['a step', state(dwelling(0)), '25% in 1m30s'.replace('25', '50')],
    ['the verdict after the last step', state(dwelling(1)), 'verdict in about 3m30s'],
    ['the verdict', state({ name: 'settling', until: NOON + 5 * MINUTE }), 'verdict in 1m30s'],
    ['the end of the bake', state({ name: 'baking', until: NOON + 5 * MINUTE }), 'end of the bake in 1m30s'],
    ['any moment', state({ name: 'settling', until: NOON + 3 * MINUTE + 30_500 }), 'verdict at the next poll'],
    ['time is up', state({ name: 'baking', until: NOON }), 'end of the bake at the next poll'],
    ['unreadable', state(dwelling(0), { unreadableSince: NOON }), 'rolled back in 1m30s unless it can be read'],
    [
      'quarantine',
      state(dwelling(0), { quarantine: { weight: 10, since: NOON } }),
      'on as soon as the suspicion is settled',
    ],
    [
      'a suspicion',
      state(dwelling(0), { holding: { because: 'suspicion', text: '' } }),
      'on as soon as the suspicion is settled',
    ],
    [
      'an obstacle',
      state(dwelling(0), { holding: { because: 'obstacle', text: '' } }),
      'on as soon as nothing stands in the way',
    ],
    [
      'a quarantine that only an obstacle prolongs',
      state(dwelling(0), { quarantine: { weight: 10, since: NOON }, holding: { because: 'obstacle', text: '' } }),
      'on as soon as nothing stands in the way',
    ],
    ['on its way', state({ name: 'promoting' }), ''],
    [
      'auto, nothing judged',
      state(dwelling(0), { plan: AUTO }),
      '50% when 50 more canary invocations are judged, or in 1m30s',
    ],
    [
      'auto, some judged',
      state(dwelling(0), { plan: AUTO, judgement: judged(49, 400) }),
      '50% when 1 more canary invocation is judged, or in 1m30s',
    ],
    ['auto, enough judged', state(dwelling(0), { plan: AUTO, judgement: judged(50, 400) }), '50% in 1m30s'],
    [
      'auto, a pass is near',
      state(dwelling(0), { plan: AUTO, judgement: judged(40, 20) }),
      'promoted as soon as it passes; decided in 56m30s at the latest',
    ],
    [
      'auto, no more steps',
      state(dwelling(1), { plan: AUTO }),
      'promoted as soon as it passes; decided in 56m30s at the latest',
    ],
  ])('%s', (_, from, words) => {
    expect(nextDecision(from, NOON + 3 * MINUTE + 30 * SECOND)).toBe(words);
  });
});

test.each<[Phase, string]>([
  [dwelling(1), 'step 2/2'],
  [{ name: 'settling', until: NOON }, 'steps done'],
  [{ name: 'baking', until: NOON }, 'bake'],
  [{ name: 'finishing' }, ''],
])('where %j is', (phase, stage) => {
  expect(stageOf(state(phase))).toBe(stage);
});
