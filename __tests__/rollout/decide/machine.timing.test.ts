import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../src/model/time.ts';
import { begin, next } from '../../../src/rollout/decide/machine.ts';
import { type RolloutPlan, expectedDuration } from '../../../src/rollout/decide/plan.ts';
import type { Turn } from '../../../src/rollout/decide/state.ts';
import { JUDGEMENTS, aPlan } from '../../support/rollouts.ts';

describe('when a promotion may rest on the last dwell', () => {
  // [begins after the minute, dwell] → when it is decided, from the start of that minute; finalAge is 2 min.
  test.each([
    { offset: 0, dwell: 2 * MINUTE, decided: 4 * MINUTE },
    { offset: 30 * SECOND, dwell: 2 * MINUTE, decided: 4 * MINUTE },
    // No whole minute was watched: the two halves have to do.
    { offset: 30 * SECOND, dwell: MINUTE, decided: 4 * MINUTE },
    { offset: 0, dwell: MINUTE, decided: 3 * MINUTE },
    { offset: 0, dwell: 10 * SECOND, decided: 3 * MINUTE },
    { offset: 59 * SECOND, dwell: SECOND, decided: 3 * MINUTE },
  ])('$dwell ms from $offset ms', ({ offset, dwell, decided }) => {
    const plan = aPlan({ steps: [{ weight: 5, dwell }], interval: SECOND });
    expect(timesOf(plan, offset).at(-1)).toBe(decided);
  });
});

/** When each poll takes place, for a step that begins at `offset`. */
function timesOf(plan: RolloutPlan, offset: number): number[] {
  const times: number[] = [];
  let turn: Turn = next(begin(plan, 0).state, { type: 'weight-set', at: offset });
  while (turn.command.do === 'poll') {
    times.push(turn.command.at);
    turn = next(turn.state, { type: 'judged', at: turn.command.at, judgement: JUDGEMENTS.pass });
  }
  return times;
}

test('polls meet the ends of the dwell, of the settling and of max-duration', () => {
  const plan = aPlan({ steps: [{ weight: 5, dwell: 70 * SECOND }], interval: 45 * SECOND, maxDuration: 200 * SECOND });
  expect(timesOf(plan, 0).map((at) => at / SECOND)).toEqual([45, 70, 90, 135, 180]);
  expect(timesOf({ ...plan, finalAge: 3 * MINUTE }, 0).map((at) => at / SECOND)).toEqual([45, 70, 90, 135, 180, 200]);
});

test('polls keep to whole intervals of the clock, when minutes become old enough to be judged', () => {
  const set = next(begin(aPlan(), 60 * MINUTE).state, { type: 'weight-set', at: 60 * MINUTE + 9 * SECOND });
  expect(set.command).toMatchObject({ do: 'poll', at: 60.5 * MINUTE });
  const late = { type: 'judged', at: 60.5 * MINUTE + SECOND, judgement: JUDGEMENTS.pass } as const;
  expect(next(set.state, late).command).toMatchObject({ do: 'poll', at: 61 * MINUTE });
});

test('at the pace of evidence polls keep to whole intervals of the clock, and meet the deadline', () => {
  const plan = aPlan({
    steps: [{ weight: 5, dwell: 70 * SECOND }],
    pace: 'evidence',
    maxDuration: 3 * MINUTE + SECOND,
  });
  const times: number[] = [];
  let turn: Turn = next(begin(plan, 0).state, { type: 'weight-set', at: SECOND });
  while (turn.command.do === 'poll') {
    times.push(turn.command.at / SECOND);
    turn = next(turn.state, { type: 'judged', at: turn.command.at, judgement: JUDGEMENTS.inconclusive });
  }
  expect(times).toEqual([30, 60, 90, 120, 150, 180, 181]);
});

test('a step that the plan does not know has no dwell', () => {
  const { state } = begin(aPlan(), 0);
  const turn = next({ ...state, plan: { ...state.plan, steps: [] } }, { type: 'weight-set', at: 5 * MINUTE });
  expect(turn.state.phase).toMatchObject({ name: 'dwelling', since: 5 * MINUTE, until: 5 * MINUTE });
});

test.each<[string, Partial<RolloutPlan>, number]>([
  ['two steps, and until the last minutes are final', {}, 22 * MINUTE],
  ['and a bake, until the minute in which it ends is final', { bakeTime: 5 * MINUTE }, 30 * MINUTE],
  ['all at once', { steps: [] }, 0],
  ['paced by evidence, which takes what it takes', { pace: 'evidence' }, 4 * MINUTE],
  ['paced by evidence and a bake', { pace: 'evidence', bakeTime: 5 * MINUTE }, 12 * MINUTE],
])('the expected duration: %s', (_, change, expected) => {
  expect(expectedDuration(aPlan(change))).toBe(expected);
});
