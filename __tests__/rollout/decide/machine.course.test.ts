import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../../src/model/time.ts';
import type { RolloutPlan } from '../../../src/rollout/decide/plan.ts';
import { AT_ONCE, BAKED, ONE_STEP, type Say, TWO_STEPS, after, course } from './course.ts';

describe('the course of a rollout', () => {
  // Steps begin 8 s past a minute, so a dwell of 2 min ends with one whole minute, final 2 min after it: at +3:53.
  test.each<[string, RolloutPlan, Say, string[]]>([
    ['healthy', ONE_STEP, () => 'pass', ['set 10', '5 polls', 'promote', 'promoted (pass)']],
    [
      'healthy, two steps',
      TWO_STEPS,
      () => 'pass',
      ['set 10', '3 polls', 'set 50', '5 polls', 'promote', 'promoted (pass)'],
    ],
    ['failing at once', ONE_STEP, () => 'fail', ['set 10', '1 polls', 'roll-back', 'rolled-back (fail)']],
    ['failing while settling', ONE_STEP, after(3, 'fail'), ['set 10', '4 polls', 'roll-back', 'rolled-back (fail)']],
    [
      'failing while baking',
      BAKED,
      after(6, 'fail'),
      ['set 10', '5 polls', 'promote, bake', '2 polls', 'roll-back', 'rolled-back (fail)'],
    ],
    [
      'healthy and baked',
      BAKED,
      () => 'pass',
      ['set 10', '5 polls', 'promote, bake', '5 polls', 'finish', 'promoted (pass)'],
    ],
    ['without traffic', ONE_STEP, () => 'inconclusive', ['set 10', '5 polls', 'promote', 'promoted (inconclusive)']],
    [
      'without traffic, policy rollback',
      { ...ONE_STEP, onInconclusive: 'rollback' },
      () => 'inconclusive',
      ['set 10', '5 polls', 'roll-back', 'rolled-back (inconclusive)'],
    ],
    [
      'without traffic, policy hold',
      { ...ONE_STEP, onInconclusive: 'hold' },
      () => 'inconclusive',
      ['set 10', '5 polls', 'held (inconclusive)'],
    ],
    [
      'without traffic in the bake only',
      { ...BAKED, onInconclusive: 'rollback' },
      after(5, 'inconclusive'),
      ['set 10', '5 polls', 'promote, bake', '5 polls', 'finish', 'promoted (inconclusive)'],
    ],
    [
      'suspect for a while',
      ONE_STEP,
      after(10, 'pass', 'suspect'),
      ['set 10', '11 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'with an obstacle for a while',
      ONE_STEP,
      after(10, 'pass', 'obstacle'),
      ['set 10', '11 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'with an obstacle at the end of the first step',
      TWO_STEPS,
      (poll) => (poll >= 2 && poll < 6 ? 'obstacle' : 'pass'),
      ['set 10', '7 polls', 'set 50', '5 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'with an obstacle to the end',
      { ...ONE_STEP, maxDuration: 8 * MINUTE },
      () => 'obstacle',
      ['set 10', '10 polls', 'roll-back', 'rolled-back (inconclusive)'],
    ],
    [
      'gravely suspect at the end of the bake, then confirmed',
      BAKED,
      (poll) => (poll < 9 ? 'pass' : poll < 12 ? 'grave' : 'fail'),
      ['set 10', '5 polls', 'promote, bake', '8 polls', 'roll-back', 'rolled-back (fail)'],
    ],
    [
      'gravely suspect at the end of the bake, then cleared',
      BAKED,
      (poll) => (poll >= 9 && poll < 12 ? 'grave' : 'pass'),
      ['set 10', '5 polls', 'promote, bake', '8 polls', 'finish', 'promoted (pass)'],
    ],
    ['all at once', AT_ONCE, () => 'pass', ['promote', 'promoted (none)']],
    [
      'all at once and baked',
      { ...AT_ONCE, bakeTime: MINUTE },
      () => 'pass',
      ['promote, bake', '4 polls', 'finish', 'promoted (pass)'],
    ],
    [
      'all at once and baked without traffic, policy rollback',
      { ...AT_ONCE, bakeTime: MINUTE, onInconclusive: 'rollback' },
      () => 'inconclusive',
      ['promote, bake', '4 polls', 'roll-back', 'rolled-back (inconclusive)'],
    ],
    [
      'all at once and baked without traffic, policy hold',
      { ...AT_ONCE, bakeTime: MINUTE, onInconclusive: 'hold' },
      () => 'inconclusive',
      ['promote, bake', '4 polls', 'held (inconclusive)'],
    ],
    ['unreadable for ever', ONE_STEP, () => 'unreadable', ['set 10', '7 polls', 'roll-back', 'rolled-back (none)']],
    [
      'unreadable for a while',
      ONE_STEP,
      after(4, 'pass', 'unreadable'),
      ['set 10', '5 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'readable only now and then',
      ONE_STEP,
      (poll) => (poll % 5 === 4 ? 'pass' : 'unreadable'),
      ['set 10', '5 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'readable only now and then, for long: no single time is too long',
      { ...ONE_STEP, steps: [{ weight: 10, dwell: 20 * MINUTE }] },
      (poll) => (poll % 5 === 4 ? 'pass' : 'unreadable'),
      // Poll 24 is the first to be readable after the last minute has become final.
      ['set 10', '25 polls', 'promote', 'promoted (pass)'],
    ],
  ])('%s', (_, plan, say, expected) => {
    expect(course(plan, say)).toEqual(expected);
  });
});
