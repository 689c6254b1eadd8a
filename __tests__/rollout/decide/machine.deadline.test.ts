import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../../src/model/time.ts';
import type { RolloutPlan } from '../../../src/rollout/decide/plan.ts';
import type { Outcome } from '../../../src/rollout/decide/state.ts';
import { BAKED, ONE_STEP, type Say, TWO_STEPS, after, nameOf, outcomeOf, saying } from './course.ts';
import { START, playOut } from './walk.ts';

describe('at max-duration', () => {
  const short = { ...ONE_STEP, maxDuration: 3 * MINUTE };
  test.each<[string, RolloutPlan, Say, string]>([
    ['a pass promotes', short, () => 'pass', 'promoted (pass)'],
    ['no traffic meets the policy', { ...short, onInconclusive: 'hold' }, () => 'inconclusive', 'held (inconclusive)'],
    ['a grave suspicion rolls back', short, () => 'grave', 'rolled-back (inconclusive)'],
    ['unreadable metrics roll back', short, after(2, 'unreadable'), 'rolled-back (inconclusive)'],
    ['a bake is over', { ...BAKED, maxDuration: 5 * MINUTE }, () => 'pass', 'promoted (pass)'],
    [
      'a bake under grave suspicion rolls back',
      { ...BAKED, maxDuration: 5 * MINUTE },
      after(4, 'grave'),
      'rolled-back (inconclusive)',
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
      'rolled-back',
      'still in quarantine after the max-duration of 3m: the numbers',
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
    const plan = { ...BAKED, maxDuration: 5 * MINUTE };
    expect(outcomeOf(plan, after(5, 'obstacle'))).toMatchObject({ result: 'promoted', verdict: 'inconclusive' });
  });
});
