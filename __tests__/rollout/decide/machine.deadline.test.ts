import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../src/model/time.ts';
import { begin, next } from '../../../src/rollout/decide/machine.ts';
import { type RolloutPlan, expectedDuration } from '../../../src/rollout/decide/plan.ts';
import type { Outcome } from '../../../src/rollout/decide/state.ts';
import { JUDGEMENTS } from '../../support/rollouts.ts';
import { BAKED, ONE_STEP, type Say, TWO_STEPS, after, course, nameOf, outcomeOf, reasonsOf, saying } from './course.ts';
import { type Happening, START, playOut } from './walk.ts';

describe('at max-duration', () => {
  const short = { ...ONE_STEP, maxDuration: 3 * MINUTE };
  test.each<[string, RolloutPlan, Say, string]>([
    ['a pass promotes', short, () => 'pass', 'promoted (pass)'],
    ['no traffic meets the policy', { ...short, onInconclusive: 'hold' }, () => 'inconclusive', 'held (inconclusive)'],
    ['a grave suspicion rolls back', short, () => 'grave', 'rolled-back (inconclusive)'],
    [
      'a bake under grave suspicion rolls back',
      { ...BAKED, maxDuration: 12 * MINUTE },
      after(6, 'grave'),
      'rolled-back (inconclusive)',
    ],
    [
      'a bake that was too short for its minutes to become final is over',
      { ...BAKED, steps: [], maxDuration: 4 * MINUTE },
      () => 'pass',
      'promoted (pass)',
    ],
  ])('%s', (_, plan, say, expected) => {
    const { moves, last } = playOut(plan, say);
    expect(nameOf(last.command)).toBe(expected);
    const lastPoll = moves.filter(({ before }) => before.command.do === 'poll').at(-1);
    expect((lastPoll?.event.at ?? 0) - START).toBe(plan.maxDuration);
  });

  test.each<[string, RolloutPlan, Say, Outcome['result'], string]>([
    [
      'a grave suspicion',
      short,
      saying([1, 'faint']),
      'rolled-back',
      'still under suspicion after the max-duration of 3m: doubt for long',
    ],
    [
      'a quarantine',
      short,
      saying([1, 'cautious']),
      'rolled-back',
      'still under suspicion after the max-duration of 3m: much doubt',
    ],
    [
      'a quarantine that is about to end',
      short,
      saying([4, 'cautious'], [1, 'pass']),
      'promoted',
      'the numbers; max-duration of 3m reached at 3%',
    ],
    [
      'an obstacle',
      short,
      saying([1, 'obstacle']),
      'rolled-back',
      'still not fit to be judged after the max-duration of 3m: a wrong split',
    ],
    ['a pass', short, saying([1, 'pass']), 'promoted', 'the numbers; max-duration of 3m reached at 10%'],
    [
      'a pass that steps are missing of',
      { ...TWO_STEPS, maxDuration: MINUTE },
      saying([1, 'pass']),
      'promoted',
      'the numbers; max-duration of 1m reached at 10%',
    ],
  ])('the reason tells of %s', (_, plan, say, result, reason) => {
    expect(outcomeOf(plan, say)).toMatchObject({ result, reason });
  });
});

describe('what cannot be read at max-duration', () => {
  // Polls come at +0:53, +1:53, +2:01, +2:53 and +3:00, which is the deadline, and on every minute of the clock from then on.
  const short = { ...ONE_STEP, maxDuration: 3 * MINUTE };
  const end = (plan: RolloutPlan, say: Say) => {
    const { moves, last } = playOut(plan, say);
    const lastPoll = moves.filter(({ before }) => before.command.do === 'poll').at(-1);
    return { ended: nameOf(last.command), at: (lastPoll?.event.at ?? 0) - START, moves };
  };

  test.each<[string, Happening, RolloutPlan['onInconclusive'], string]>([
    ['a pass', 'pass', 'rollback', 'promoted (pass)'],
    ['a failure', 'fail', 'promote', 'rolled-back (fail)'],
    ['a grave suspicion', 'grave', 'promote', 'rolled-back (inconclusive)'],
    ['an obstacle', 'obstacle', 'promote', 'rolled-back (inconclusive)'],
    ['too little traffic', 'inconclusive', 'hold', 'held (inconclusive)'],
  ])('is waited for, and decided upon at the next poll: %s', (_, word, onInconclusive, ended) => {
    const found = end({ ...short, onInconclusive }, saying([4, 'pass'], [1, 'unreadable'], [1, word]));
    expect(found).toMatchObject({ ended, at: 4 * MINUTE - 7 * SECOND });
    const blind = found.moves.find(({ event }) => event.type === 'unreadable');
    expect(blind?.event.at).toBe(START + 3 * MINUTE);
    expect(blind?.after.command).toMatchObject({ do: 'poll', holding: { because: 'unreadable' } });
    expect(blind?.after.state.weight).toBe(10);
  });

  test('rolls back when it has lasted for too long, whatever the policy', () => {
    for (const onInconclusive of ['promote', 'rollback', 'hold'] as const) {
      const plan = { ...short, onInconclusive };
      expect(end(plan, after(3, 'unreadable'))).toMatchObject({
        ended: 'rolled-back (inconclusive)',
        at: 8 * MINUTE - 7 * SECOND,
      });
      const reason = 'what to judge by could not be read for 5m: throttled';
      expect(outcomeOf(plan, after(3, 'unreadable'))).toMatchObject({ result: 'rolled-back', reason });
    }
  });

  test('has lasted for too long at the deadline itself, where it began so much earlier', () => {
    const maxDuration = 9 * MINUTE - 7 * SECOND;
    const plan = { ...short, steps: [{ weight: 10, dwell: 9 * MINUTE }], maxDuration };
    expect(end(plan, after(3, 'unreadable'))).toMatchObject({ at: maxDuration });
    const reason = 'what to judge by could not be read for 5m: throttled';
    expect(outcomeOf(plan, after(3, 'unreadable'))).toMatchObject({ reason });
  });
});

describe('the deadline before a bake', () => {
  /** Three minutes of bake, two until they are final, and one for the minute in which it ends. */
  const RESERVED = 6 * MINUTE;
  const promotionOf = (plan: RolloutPlan, say: Say) => {
    const { moves } = playOut(plan, say);
    const times = moves.map(({ event, after: { command } }) => ({ at: event.at - START, command }));
    return { promoted: times.find(({ command }) => command.do === 'promote')?.at, ended: times.at(-1)?.at };
  };

  test.each<[string, Partial<RolloutPlan>]>([
    ['fixed steps', {}],
    ['the pace of evidence', { pace: 'evidence' }],
  ])('leaves all the time for it that it needs: %s', (_, change) => {
    const plan = { ...BAKED, ...change, steps: [{ weight: 10, dwell: 20 * MINUTE }], maxDuration: 15 * MINUTE };
    const { promoted = 0, ended = 0 } = promotionOf(plan, saying([1, 'inconclusive']));
    expect(promoted).toBe(plan.maxDuration - RESERVED);
    expect(ended - promoted).toBeGreaterThanOrEqual(plan.bakeTime + plan.finalAge - MINUTE);
    expect(ended).toBeLessThanOrEqual(plan.maxDuration);
  });

  test('is no sooner than it has to be, and not there without a bake', () => {
    const steps = [{ weight: 10, dwell: 20 * MINUTE }];
    for (const [plan, reserved] of [
      [{ ...BAKED, steps, maxDuration: 15 * MINUTE }, RESERVED],
      [{ ...ONE_STEP, steps, maxDuration: 15 * MINUTE }, 0],
    ] as const) {
      const { state } = next(begin(plan, START).state, { type: 'weight-set', at: START });
      const at = START + plan.maxDuration - reserved;
      const decide = (time: number) =>
        nameOf(next(state, { type: 'judged', at: time, judgement: JUDGEMENTS.pass }).command);
      expect(decide(at - 1)).toBe('poll');
      expect(decide(at)).toMatch(/^promote/);
    }
  });

  test.each<[string, Say, string]>([
    ['a pass', saying([1, 'pass']), 'the numbers; max-duration of 10m (6m of it for the bake) reached at 10%'],
    [
      'a grave suspicion',
      saying([1, 'grave']),
      'still under suspicion after the max-duration of 10m (6m of it for the bake): great doubt',
    ],
    [
      'an obstacle',
      saying([1, 'obstacle']),
      'still not fit to be judged after the max-duration of 10m (6m of it for the bake): a wrong split',
    ],
  ])('says why it comes so soon: %s', (_, say, reason) => {
    const plan = { ...BAKED, steps: [{ weight: 10, dwell: 9 * MINUTE }], maxDuration: 10 * MINUTE };
    expect(reasonsOf(plan, say)).toContain(reason);
  });

  test('is told of as it is once the canary has all traffic', () => {
    const plan = { ...BAKED, maxDuration: 12 * MINUTE };
    const reason = 'still under suspicion after the max-duration of 12m: great doubt';
    expect(outcomeOf(plan, after(6, 'grave'))).toMatchObject({ result: 'rolled-back', reason });
  });

  test('does not cut a rollout short that has just the time it is expected to take', () => {
    for (const pace of ['fixed', 'evidence'] as const) {
      const plan = { ...BAKED, pace };
      const reasons = reasonsOf({ ...plan, maxDuration: expectedDuration(plan) }, saying([1, 'pass']));
      expect(reasons).toEqual(['the numbers']);
    }
  });
});

describe('at max-duration the policy', () => {
  const short = { ...ONE_STEP, maxDuration: 3 * MINUTE };
  const policies = [
    { onInconclusive: 'promote', ended: 'promoted' },
    { onInconclusive: 'rollback', ended: 'rolled-back' },
    { onInconclusive: 'hold', ended: 'held' },
  ] as const;

  // Some doubt takes the pass away from a canary, not the benefit of the doubt.
  test.each(policies)('$onInconclusive decides on too little traffic, and on a pass in some doubt', (policy) => {
    const plan = { ...short, onInconclusive: policy.onInconclusive };
    expect(outcomeOf(plan, () => 'inconclusive')).toMatchObject({ result: policy.ended, verdict: 'inconclusive' });
    expect(outcomeOf(plan, () => 'suspect')).toMatchObject({ result: policy.ended, verdict: 'inconclusive' });
  });

  test.each(policies)('$onInconclusive decides on a canary in quarantine for some doubt', (policy) => {
    const plan = { ...short, onInconclusive: policy.onInconclusive };
    expect(course(plan, () => 'slight')).toContain('quarantine 5');
    expect(outcomeOf(plan, () => 'slight')).toMatchObject({ result: policy.ended, verdict: 'inconclusive' });
  });

  test.each(policies)('$onInconclusive has no say in grave doubt, nor in what could not be judged', (policy) => {
    const plan = { ...short, onInconclusive: policy.onInconclusive };
    for (const word of ['cautious', 'grave', 'faint', 'obstacle', 'unreadable'] as const) {
      expect(outcomeOf(plan, after(3, word)).result).toBe('rolled-back');
    }
  });

  test.each(policies)('$onInconclusive has no say in a pass, whatever the pace', (policy) => {
    for (const pace of ['fixed', 'evidence'] as const) {
      const plan = { ...short, pace, onInconclusive: policy.onInconclusive };
      expect(outcomeOf(plan, after(3, 'pass', 'inconclusive'))).toMatchObject({ result: 'promoted', verdict: 'pass' });
    }
  });

  test('an obstacle to a canary that has all traffic already stops nothing', () => {
    const plan = { ...BAKED, maxDuration: 10 * MINUTE };
    expect(course(plan, after(5, 'obstacle')).slice(2)).toEqual([
      'promote, bake',
      '5 polls',
      'finish',
      'promoted (inconclusive)',
    ]);
  });
});
