import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../../src/model/time.ts';
import type { RolloutPlan } from '../../../src/rollout/decide/plan.ts';
import { mayGrow, passesSoon } from '../../../src/rollout/decide/pace.ts';
import { begin, next } from '../../../src/rollout/decide/machine.ts';
import { JUDGEMENTS, aJudgement, anAutoPlan } from '../../support/rollouts.ts';
import { type Say, course, holdingsOf, nameOf, outcomeOf, reasonsOf, saying } from './course.ts';
import { START, playOut } from './walk.ts';

const AUTO = anAutoPlan({
  steps: [1, 5, 20, 50].map((weight) => ({ weight, dwell: MINUTE })),
  interval: MINUTE,
});
/** Steps begin a second past a minute: the second poll finds that their minute is over. */
const UP = ['set 1', '2 polls', 'set 5', '2 polls', 'set 20', '2 polls', 'set 50'];

describe('the course of auto', () => {
  test.each<[string, RolloutPlan, Say, string[]]>([
    [
      'healthy and busy: up as soon as each minute is over, promoted as soon as it passes',
      AUTO,
      saying([10, 'busy'], [1, 'pass']),
      [...UP, '5 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'proven before it has all steps behind it: not before a whole minute at that weight was judged',
      AUTO,
      saying([4, 'busy'], [1, 'pass']),
      ['set 1', '2 polls', 'set 5', '2 polls', 'set 20', '3 polls', 'promote', 'promoted (pass)'],
    ],
    ['proven in the first minute', AUTO, saying([1, 'pass']), ['set 1', '3 polls', 'promote', 'promoted (pass)']],
    [
      'about to be proven: no more traffic for what three minutes bring in',
      AUTO,
      saying([12, 'soon'], [1, 'pass']),
      ['set 1', '13 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'about to be proven, until it takes longer after all',
      AUTO,
      saying([12, 'soon'], [1, 'busy'], [1, 'soon'], [1, 'pass']),
      ['set 1', '13 polls', 'set 5', '3 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'proven as far as counts go: nobody can tell how soon the rest comes, so it is not waited for',
      { ...AUTO, maxDuration: 20 * MINUTE },
      saying([1, 'unproven']),
      [
        ...['set 1', '6 polls', 'set 5', '6 polls', 'set 20', '6 polls', 'set 50'],
        ...['3 polls', 'promote', 'promoted (inconclusive)'],
      ],
    ],
    [
      'and baked',
      { ...AUTO, bakeTime: MINUTE },
      saying([2, 'busy'], [1, 'pass']),
      ['set 1', '2 polls', 'set 5', '3 polls', 'promote, bake', '4 polls', 'finish', 'promoted (pass)'],
    ],
    [
      'with hardly any traffic: five minutes a step',
      { ...AUTO, maxDuration: 31 * MINUTE },
      saying([1, 'inconclusive']),
      [
        ...['set 1', '6 polls', 'set 5', '6 polls', 'set 20', '6 polls', 'set 50'],
        ...['14 polls', 'promote', 'promoted (inconclusive)'],
      ],
    ],
    [
      'under suspicion: neither more traffic nor a promotion',
      AUTO,
      saying([2, 'busy'], [9, 'suspect'], [1, 'pass']),
      ['set 1', '2 polls', 'set 5', '10 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'with something in the way',
      AUTO,
      saying([1, 'busy'], [9, 'obstacle'], [1, 'busy'], [1, 'pass']),
      ['set 1', '11 polls', 'set 5', '3 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'under grave suspicion that goes away',
      AUTO,
      saying([3, 'busy'], [2, 'cautious'], [2, 'busy'], [1, 'pass']),
      [
        ...['set 1', '2 polls', 'set 5', '2 polls', 'quarantine 3', '2 polls', 'restore 5'],
        ...['1 polls', 'set 20', '3 polls', 'promote', 'promoted (pass)'],
      ],
    ],
    [
      'failing',
      AUTO,
      saying([2, 'busy'], [1, 'fail']),
      ['set 1', '2 polls', 'set 5', '1 polls', 'roll-back', 'rolled-back (fail)'],
    ],
  ])('%s', (_, plan, say, expected) => {
    expect(course(plan, say)).toEqual(expected);
  });

  test('is explained step by step', () => {
    expect(reasonsOf(AUTO, saying([6, 'inconclusive'], [2, 'busy'], [1, 'pass']))).toEqual([
      'only 0 invocations in 5m52s at 1%: more of so little can do little harm',
      '473 more invocations judged and nothing against the canary',
      'the numbers',
    ]);
  });

  test('says what it waits for once a dwell is over, at the last step too', () => {
    const waits = holdingsOf(AUTO, saying([8, 'busy'], [2, 'suspect'], [2, 'obstacle'], [1, 'pass']));
    expect(waits.slice(6)).toEqual(['nothing', 'nothing', 'nothing', 'suspicion', 'suspicion', 'obstacle', 'obstacle']);
  });

  test('does not count time in quarantine as time at a weight', () => {
    const say = saying([2, 'busy'], [1, 'cautious'], [10, 'suspect'], [1, 'inconclusive']);
    const { moves } = playOut({ ...AUTO, maxDuration: 40 * MINUTE }, say);
    const times = moves
      .filter(({ event }) => event.type === 'weight-set')
      .map(({ event, after }) => ({ at: event.at - START, weight: after.state.weight }));
    const [, five, isolated, restored, twenty] = times;
    expect([five, isolated, restored, twenty].map((it) => it?.weight)).toEqual([5, 3, 5, 20]);
    const atFive = (isolated?.at ?? 0) - (five?.at ?? 0) + (twenty?.at ?? 0) - (restored?.at ?? 0);
    expect(atFive).toBeGreaterThanOrEqual(5 * MINUTE);
  });
});

describe('auto that never passes ends by max-duration', () => {
  const plan: RolloutPlan = { ...AUTO, maxDuration: 20 * MINUTE };
  test.each([
    ['promote', 'promoted'],
    ['rollback', 'rolled-back'],
    ['hold', 'held'],
  ] as const)('on-inconclusive %s: %s', (onInconclusive, result) => {
    const reason = 'not enough yet; max-duration of 20m reached at 50%';
    expect(outcomeOf({ ...plan, onInconclusive }, saying([1, 'busy']))).toEqual({
      result,
      verdict: 'inconclusive',
      reason,
    });
  });

  test('at the last step, which it reached in two minutes a step', () => {
    const { moves } = playOut(plan, saying([1, 'busy']));
    const last = moves.filter(({ event }) => event.type === 'weight-set').at(-1);
    expect(last?.after.state.weight).toBe(50);
    expect((last?.event.at ?? 0) - START).toBe(6 * MINUTE - 7000 + 1000);
  });
});

describe('a pass under auto', () => {
  const dwelling = (since: number) => next(begin(AUTO, since - 1000).state, { type: 'weight-set', at: since }).state;
  const decide = (since: number, at: number) =>
    nameOf(next(dwelling(since), { type: 'judged', at, judgement: JUDGEMENTS.pass }).command);

  // A minute is judged from a minute after its end on.
  test.each([
    { since: 40 * MINUTE, seen: 42 * MINUTE },
    { since: 40 * MINUTE + 1, seen: 43 * MINUTE },
    { since: 41 * MINUTE - 1, seen: 43 * MINUTE },
  ])('promotes once the first whole minute at its weight since $since is judged, at $seen', ({ since, seen }) => {
    expect(decide(since, seen - 1)).toBe('poll');
    expect(decide(since, seen)).toBe('promote');
  });

  test('that comes sooner brings neither more traffic nor a word of waiting', () => {
    const { command, state } = next(dwelling(40 * MINUTE + 1), {
      type: 'judged',
      at: 42 * MINUTE,
      judgement: { ...JUDGEMENTS.pass, canary: { invocations: 10_000, errors: 0 } },
    });
    expect(command).toEqual({ do: 'poll', at: 43 * MINUTE, holding: undefined });
    expect(state.weight).toBe(1);
  });

  test('at the deadline needs no whole minute', () => {
    const at = 40 * MINUTE + AUTO.maxDuration;
    const late = { ...dwelling(at - MINUTE), startedAt: 40 * MINUTE };
    const decideAt = (time: number) =>
      nameOf(next(late, { type: 'judged', at: time, judgement: JUDGEMENTS.pass }).command);
    expect([decideAt(at - 1), decideAt(at)]).toEqual(['poll', 'promote']);
  });
});

test.each([
  { what: 'as much as three minutes bring in', missing: 30, weight: 1, soon: true },
  { what: 'a single one more', missing: 31, weight: 1, soon: false },
  { what: 'as much as three minutes bring in at more weight', missing: 150, weight: 5, soon: true },
  { what: 'a single one more at more weight', missing: 151, weight: 5, soon: false },
  { what: 'without traffic', missing: 1, weight: 50, traffic: 0, soon: false },
  { what: 'nothing that can be counted', missing: 0, weight: 50, soon: false },
  { what: 'nothing at all', missing: 0, weight: 1, verdict: 'pass', soon: true },
] as const)('what is missing comes in soon: $what, $soon', ({ missing, weight, soon, ...change }) => {
  const judgement = aJudgement({ verdict: 'inconclusive', traffic: 1000, missing, ...change });
  expect(passesSoon(judgement, weight)).toBe(soon);
});

test.each([
  { judged: 19, waited: 0, why: undefined },
  { judged: 20, waited: 0, why: '20 more invocations judged and nothing against the canary' },
  { judged: 0, waited: 5 * MINUTE - 1, why: undefined },
  { judged: 0, waited: 5 * MINUTE, why: 'only 0 invocations in 5m at 5%: more of so little can do little harm' },
  { judged: 19, waited: 60 * MINUTE, why: 'only 19 invocations in 1h at 5%: more of so little can do little harm' },
])('with $judged invocations judged in $waited ms: $why', ({ judged, waited, why }) => {
  expect(mayGrow(judged, { waited, weight: 5 })).toBe(why);
});
