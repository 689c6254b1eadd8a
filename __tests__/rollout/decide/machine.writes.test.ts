import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../../src/model/time.ts';
import type { RolloutPlan } from '../../../src/rollout/decide/plan.ts';
import { AT_ONCE, BAKED, ONE_STEP, TWO_STEPS } from './course.ts';
import { type Happening, play } from './walk.ts';

describe('writes that fail', () => {
  const UNTOUCHED = { result: 'failed', verdict: 'none', reason: 'denied', next: 'allow it' };
  test.each<[string, RolloutPlan, Happening[], object]>([
    ['the first shift, refused', ONE_STEP, ['refused'], { do: 'end', outcome: UNTOUCHED }],
    ['a promotion of all at once, refused', AT_ONCE, ['refused'], { do: 'end', outcome: UNTOUCHED }],
    [
      'the first shift, unconfirmed',
      ONE_STEP,
      ['lost'],
      { do: 'roll-back', why: 'the alias could not be written: no answer' },
    ],
    [
      'a second shift, refused',
      TWO_STEPS,
      ['done', 'pass', 'pass', 'pass', 'refused'],
      { do: 'roll-back', why: 'the alias could not be written: denied' },
    ],
    [
      'a second shift, refused, and what was shifted brought back: how to mend it is not forgotten',
      TWO_STEPS,
      ['done', 'pass', 'pass', 'pass', 'refused', 'done'],
      { do: 'end', outcome: { result: 'rolled-back', remedy: 'allow it' } },
    ],
    [
      'a second shift and the rollback, both refused: the same is not said twice',
      TWO_STEPS,
      ['done', 'pass', 'pass', 'pass', 'refused', 'refused'],
      { do: 'end', outcome: { result: 'failed', remedy: 'allow it' } },
    ],
    [
      'a rollback',
      ONE_STEP,
      ['done', 'fail', 'refused'],
      {
        do: 'end',
        outcome: { result: 'failed', verdict: 'fail', reason: 'it is broken; the rollback failed: denied' },
      },
    ],
    [
      'a rollback of what was never judged',
      ONE_STEP,
      ['cancelled', 'refused'],
      {
        outcome: {
          result: 'failed',
          verdict: 'none',
          reason: 'the job was cancelled while the canary had 0% of the traffic; the rollback failed: denied',
        },
      },
    ],
    [
      'the end of a bake',
      { ...AT_ONCE, bakeTime: MINUTE },
      ['done', 'pass', 'pass', 'pass', 'pass', 'refused'],
      { do: 'end', outcome: { result: 'promoted', verdict: 'pass', reason: 'the numbers' } },
    ],
  ])('%s', (_, plan, story, command) => {
    expect(play(plan, story).last.command).toMatchObject(command);
  });
});

describe('a cancelled job that is to keep its canary', () => {
  const KEPT = { ...BAKED, onCancel: 'keep' } as const;
  const kept = (weight: number, verdict: string) => ({
    do: 'end',
    outcome: {
      result: 'held',
      verdict,
      reason: `the job was cancelled while the canary had ${weight}% of the traffic, and keeps it (on-cancel: keep)`,
    },
  });
  test.each<[string, Happening[], object]>([
    ['in a step, before anything was judged', ['done'], kept(10, 'none')],
    ['in a step: what seemed well did not pass', ['done', 'pass'], kept(10, 'inconclusive')],
    ['about to promote', ['done', 'pass', 'pass', 'pass', 'pass'], kept(10, 'inconclusive')],
    ['while baking', ['done', 'pass', 'pass', 'pass', 'pass', 'pass', 'done', 'pass'], kept(100, 'inconclusive')],
    ['before the first shift there is nothing to keep', [], { do: 'roll-back' }],
    ['a rollback that is under way goes on', ['done', 'fail'], { do: 'roll-back' }],
  ])('%s', (_, story, command) => {
    expect(play(KEPT, [...story, 'cancelled']).last.command).toMatchObject(command);
  });
});

describe('a cancelled job', () => {
  test.each<[string, RolloutPlan, Happening[], number]>([
    ['before the first shift', ONE_STEP, [], 0],
    ['in a step', ONE_STEP, ['done', 'pass'], 10],
    ['while settling', ONE_STEP, ['done', 'pass', 'pass', 'pass'], 10],
    ['about to promote', ONE_STEP, ['done', 'pass', 'pass', 'pass', 'pass'], 10],
    ['while baking', BAKED, ['done', 'pass', 'pass', 'pass', 'pass', 'pass', 'done', 'pass'], 100],
  ])('%s goes back', (_, plan, story, weight) => {
    const why = `the job was cancelled while the canary had ${weight}% of the traffic`;
    expect(play(plan, [...story, 'cancelled']).last.command).toEqual({ do: 'roll-back', why });
    expect(play(plan, [...story, 'cancelled', 'done']).last.command).toMatchObject({
      do: 'end',
      outcome: { result: 'rolled-back', reason: why },
    });
  });
});
