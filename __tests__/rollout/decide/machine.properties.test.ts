import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE, SECOND } from '../../../src/model/time.ts';
import { begin, next } from '../../../src/rollout/decide/machine.ts';
import type { RolloutPlan } from '../../../src/rollout/decide/plan.ts';
import type { RolloutEvent, Turn } from '../../../src/rollout/decide/state.ts';
import { JUDGEMENTS, aPlan } from '../../support/rollouts.ts';
import { broken, expectSound, isWatching, reachesBaseline } from './invariants.ts';
import { type Happening, type Move, START, eventOf, play, playOut, timeOf } from './walk.ts';

const seconds = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min, max }).map((count) => count * SECOND);

const strategies = fc
  .uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 5 })
  .chain((weights) =>
    fc.tuple(...weights.sort((a, b) => a - b).map((weight) => seconds(1, 900).map((dwell) => ({ weight, dwell })))),
  );

const plans: fc.Arbitrary<RolloutPlan> = fc
  .record({
    steps: strategies,
    bakeTime: fc.oneof(fc.constant(0), seconds(1, 1200)),
    interval: seconds(1, 120),
    finalAge: seconds(60, 360),
    maxDuration: seconds(60, 7200),
    onInconclusive: fc.constantFrom('promote', 'rollback', 'hold'),
  })
  .map(aPlan);

const ALL: readonly Happening[] = [
  ...(Object.keys(JUDGEMENTS) as (keyof typeof JUDGEMENTS)[]),
  'unreadable',
  'refused',
  'lost',
  'cancelled',
  'done',
];
const WELL: readonly Happening[] = ['pass', 'inconclusive', 'suspect', 'done', 'done'];
const stories = fc.oneof(
  fc.array(fc.constantFrom(...ALL), { maxLength: 40 }),
  fc.array(fc.constantFrom(...WELL), { maxLength: 200 }),
);

const events: fc.Arbitrary<(at: number) => RolloutEvent> = fc.oneof(
  fc
    .constantFrom('weight-set', 'promoted', 'finished', 'rolled-back', 'cancelled')
    .map((type) => (at: number) => ({ type, at }) as const),
  fc.constant((at: number) => ({ type: 'unreadable', at, problem: 'p' }) as const),
  fc
    .boolean()
    .map(
      (untouched) => (at: number) =>
        ({ type: 'write-failed', at, failure: { problem: 'p', next: 'n', untouched } }) as const,
    ),
  fc
    .constantFrom(...Object.values(JUDGEMENTS))
    .map((judgement) => (at: number) => ({ type: 'judged', at, judgement }) as const),
);

describe('any story that the driver can tell', () => {
  test('keeps every rule', () => {
    fc.assert(
      fc.property(plans, stories, (plan, story) => {
        expectSound(play(plan, story).moves);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test('is one write away from the baseline until it ends', () => {
    fc.assert(
      fc.property(plans, stories, (plan, story) => {
        const { first, moves, last } = play(plan, story);
        const turns = [first, ...moves.map(({ after }) => after)];
        expect(turns.every((turn) => reachesBaseline(turn, last.state.startedAt + 8 * 3600 * SECOND))).toBe(true);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test('ends within max-duration and a few polls, whatever the judge says', () => {
    fc.assert(
      fc.property(
        plans,
        fc.array(fc.constantFrom(...ALL.filter((it) => it !== 'done' && it !== 'refused')), { minLength: 1 }),
        (plan, says) => {
          const { moves, last } = playOut(plan, (poll) => says[poll % says.length] ?? 'pass', 20_000);
          const end = moves.at(-1)?.event.at ?? Infinity;
          expect(last.command.do).toBe('end');
          // One poll past the deadline at most, one more for a bake that begins there, and the writes.
          expect(end - START).toBeLessThanOrEqual(plan.maxDuration + 2 * plan.interval + 10 * SECOND);
          expectSound(moves);
        },
      ),
      { seed: 3, numRuns: 300 },
    );
  });
});

describe('events that answer nothing', () => {
  test('break no rule and leave the command standing', () => {
    fc.assert(
      fc.property(plans, fc.array(fc.tuple(events, fc.boolean()), { maxLength: 60 }), (plan, happenings) => {
        const problems: string[] = [];
        let turn = begin(plan, START);
        let now = START;
        for (const [make, isAnswer] of happenings) {
          now = timeOf(turn.command, now);
          const event = isAnswer ? (eventOf('done', turn.command, now) ?? make(now)) : make(now);
          const after = next(turn.state, event);
          if (!answers(turn, event)) expect(after).toEqual(turn);
          problems.push(...broken({ before: turn, event, after } satisfies Move));
          turn = after;
        }
        expect(problems).toEqual([]);
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});

/** Whether an event can come of what is under way. */
function answers({ state, command }: Turn, { type }: RolloutEvent): boolean {
  switch (type) {
    case 'judged':
    case 'unreadable':
      return isWatching(state);
    case 'weight-set':
      return command.do === 'set-weight';
    case 'promoted':
      return command.do === 'promote';
    case 'finished':
      return command.do === 'finish';
    case 'rolled-back':
      return command.do === 'roll-back';
    case 'write-failed':
      return ['set-weight', 'promote', 'finish', 'roll-back'].includes(command.do);
    case 'cancelled':
      return !['finish', 'roll-back', 'end'].includes(command.do);
  }
}

describe('every story of seven happenings', () => {
  const minutely = { interval: 2 * MINUTE, finalAge: MINUTE, unreadableLimit: 3 * MINUTE, maxDuration: 9 * MINUTE };
  const policies = ['promote', 'rollback', 'hold'] as const;
  const shapes = [
    {
      name: 'two steps',
      steps: [
        { weight: 10, dwell: MINUTE },
        { weight: 50, dwell: MINUTE },
      ],
      bakeTime: 0,
    },
    { name: 'a step and a bake', steps: [{ weight: 10, dwell: MINUTE }], bakeTime: MINUTE },
    { name: 'all at once', steps: [], bakeTime: 0 },
    { name: 'all at once and a bake', steps: [], bakeTime: 2 * MINUTE },
  ];
  test.each(shapes.flatMap((shape) => policies.map((policy) => ({ ...shape, policy }))))(
    '$name, on-inconclusive $policy',
    ({ steps, bakeTime, policy }) => {
      const plan = aPlan({ ...minutely, steps, bakeTime, onInconclusive: policy });
      const seen = { turns: 0, ends: new Set<string>() };
      const problems = search({ turn: begin(plan, START), now: START, depth: 7 }, seen);
      expect(problems).toEqual([]);
      expect(seen.turns).toBeGreaterThan(5);
      expect(seen.ends).toContain('rolled-back');
      expect(seen.ends.has('held')).toBe(policy === 'hold' && (steps.length > 0 || bakeTime > 0));
    },
  );
});

interface Node {
  readonly turn: Turn;
  readonly now: number;
  readonly depth: number;
}

/** Follows every happening from a turn; all the rules that any of them breaks. */
function search({ turn, now, depth }: Node, seen: { turns: number; ends: Set<string> }): string[] {
  seen.turns += 1;
  if (turn.command.do === 'end') {
    seen.ends.add(turn.command.outcome.result);
    return [];
  }
  if (depth === 0) return reachesBaseline(turn, now) ? [] : ['cannot get back'];
  const at = timeOf(turn.command, now);
  return ALL.flatMap((happening) => {
    const event = eventOf(happening, turn.command, at);
    if (event === undefined) return [];
    const after = next(turn.state, event);
    const problems = broken({ before: turn, event, after });
    // What changes nothing leads nowhere new.
    return after.state === turn.state
      ? problems
      : [...problems, ...search({ turn: after, now: at, depth: depth - 1 }, seen)];
  });
}
