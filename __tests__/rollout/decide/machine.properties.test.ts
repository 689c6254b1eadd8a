import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SECOND } from '../../../src/model/time.ts';
import { begin, next } from '../../../src/rollout/decide/machine.ts';
import { type RolloutPlan, expectedDuration } from '../../../src/rollout/decide/plan.ts';
import type { RolloutCommand, RolloutEvent, Shift, Turn } from '../../../src/rollout/decide/state.ts';
import { JUDGEMENTS, aPlan } from '../../support/rollouts.ts';
import { broken, expectSound, isOverdue, isWatching, reachesBaseline } from './invariants.ts';
import { ALL, type Happening, type Move, START, eventOf, play, playOut, timeOf } from './walk.ts';

const seconds = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min, max }).map((count) => count * SECOND);

const strategies = fc
  .uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 5 })
  .chain((weights) =>
    fc.tuple(...weights.sort((a, b) => a - b).map((weight) => seconds(1, 900).map((dwell) => ({ weight, dwell })))),
  );

const paces = fc.record({ steps: strategies, pace: fc.constantFrom('fixed' as const, 'evidence' as const) });

const times: fc.Arbitrary<Partial<RolloutPlan>> = fc.record({
  bakeTime: fc.oneof(fc.constant(0), seconds(1, 1200)),
  interval: seconds(1, 120),
  finalAge: seconds(60, 360),
  maxDuration: seconds(60, 7200),
  onInconclusive: fc.constantFrom('promote', 'rollback', 'hold'),
  onCancel: fc.constantFrom('rollback', 'keep'),
});

const plans: fc.Arbitrary<RolloutPlan> = fc.tuple(paces, times).map(([pace, limits]) => aPlan({ ...limits, ...pace }));

const WELL: readonly Happening[] = [
  'pass',
  'excused',
  'inconclusive',
  'busy',
  'soon',
  'unproven',
  'suspect',
  'done',
  'done',
];
const TROUBLED: readonly Happening[] = ['pass', 'busy', 'cautious', 'grave', 'slight', 'obstacle', 'done', 'done'];
const stories = fc.oneof(
  fc.array(fc.constantFrom(...ALL), { maxLength: 40 }),
  fc.array(fc.constantFrom(...WELL), { maxLength: 200 }),
  fc.array(fc.constantFrom(...TROUBLED), { maxLength: 200 }),
);

/** What every poll says, over and over. */
const says = fc.array(fc.constantFrom(...ALL.filter((it) => !['done', 'refused', 'lost'].includes(it))), {
  minLength: 1,
});
const mildly = fc.array(fc.constantFrom<Happening>('busy', 'pass', 'cautious', 'slight', 'suspect', 'obstacle'), {
  minLength: 1,
});
/** What holds a rollout until its deadline, and then lets it through. */
const dawdling = fc.array(fc.constantFrom<Happening>('suspect', 'suspect', 'suspect', 'busy', 'pass', 'cautious'), {
  minLength: 1,
});
/** How many polls can be read; what comes after them cannot. */
const blindness = fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 10 }));
const repeating = (words: readonly Happening[]) => (poll: number) => words[poll % words.length] ?? 'pass';

const events: fc.Arbitrary<(at: number) => RolloutEvent> = fc.oneof(
  fc
    .constantFrom('weight-set', 'promoted', 'finished', 'rolled-back', 'cancelled')
    .map((type) => (at: number) => ({ type, at }) as const),
  fc.constant((at: number) => ({ type: 'unreadable', at, problem: 'p', next: 'n' }) as const),
  fc.constant((at: number) => ({ type: 'expiring', at, problem: 'p' }) as const),
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
      { seed: 1, numRuns: 2000 },
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

  test('ends within max-duration and a few polls, whatever the judge says, or once it was blind for too long', () => {
    let blind = 0;
    fc.assert(
      fc.property(plans, says, blindness, (plan, words, sight) => {
        const say = repeating(words);
        const { moves, last } = playOut(plan, (poll) => (poll < sight ? say(poll) : 'unreadable'), 20_000);
        const end = moves.at(-1)?.event.at ?? Infinity;
        const isBlind = moves.some(({ before, event: { type, at } }) => {
          return type === 'unreadable' && isOverdue(before.state, at);
        });
        blind += Number(isBlind);
        expect(last.command.do).toBe('end');
        // One poll past the deadline at most, one more for a bake that begins there, and the writes.
        const most = plan.maxDuration + 2 * plan.interval + 10 * SECOND;
        expect(end - START).toBeLessThanOrEqual(most + (isBlind ? plan.unreadableLimit : 0));
        expectSound(moves);
      }),
      { seed: 3, numRuns: 500 },
    );
    expect(blind).toBeGreaterThan(20);
  });

  test('watches a bake to its end, when there was time for it at the first shift', () => {
    let cut = 0;
    fc.assert(
      fc.property(plans, fc.tuple(seconds(1, 1200), seconds(0, 600)), dawdling, (other, [bakeTime, spare], words) => {
        const plan = { ...other, bakeTime };
        const maxDuration = expectedDuration(plan) + spare;
        const { moves } = playOut({ ...plan, maxDuration }, repeating(words), 20_000);
        cut += moves.filter(
          ({ after: { command } }) => command.do === 'promote' && command.why.includes('reached'),
        ).length;
        for (const { before, event, after } of moves) {
          const { phase } = before.state;
          if (phase.name !== 'baking' || after.command.do !== 'finish') continue;
          // The write of the promotion takes a second that nobody reserved.
          expect(event.at).toBeGreaterThanOrEqual(phase.until - SECOND);
        }
      }),
      { seed: 7, numRuns: 300 },
    );
    expect(cut).toBeGreaterThan(20);
  });

  test('gives every step its whole dwell at its weight, time in quarantine not counted', () => {
    let quarantines = 0;
    fc.assert(
      fc.property(plans, mildly, (plan, words) => {
        const { moves } = playOut(plan, repeating(words), 20_000);
        quarantines += moves.filter(({ after }) => isShift(after.command, 'quarantine')).length;
        for (const [index, step] of plan.steps.entries()) {
          const isLeft = moves.some(({ after }) => isShift(after.command, 'step', index + 1));
          if (isLeft) expect(timeAt(step.weight, moves)).toBeGreaterThanOrEqual(step.dwell);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
    expect(quarantines).toBeGreaterThan(100);
  });

  test('goes through the steps in their order, and restores the step it was in', () => {
    fc.assert(
      fc.property(plans, stories, (plan, story) => {
        const { first, moves } = play(plan, story);
        const shifts = [first, ...decisions(moves)].flatMap(({ command }) =>
          command.do === 'set-weight' ? [command] : [],
        );
        const steps = shifts.filter(({ shift }) => shift.to === 'step').map(({ weight }) => weight);
        expect(steps).toEqual(plan.steps.slice(0, steps.length).map(({ weight }) => weight));
        shifts.forEach(({ shift, weight }, index) => {
          const step = shifts.slice(0, index).findLast((earlier) => earlier.shift.to === 'step');
          if (shift.to === 'restored') expect(weight).toBe(step?.weight);
        });
      }),
      { seed: 6, numRuns: 500 },
    );
  });
});

/** The turns that brought a new command. */
function decisions(moves: readonly Move[]): Turn[] {
  return moves.filter(({ before, after }) => before.command !== after.command).map(({ after }) => after);
}

function isShift(command: RolloutCommand, to: Shift['to'], index?: number): boolean {
  if (command.do !== 'set-weight' || command.shift.to !== to) return false;
  return index === undefined || (command.shift.to === 'step' && command.shift.index === index);
}

/** For how long the canary was known to have this weight: until it was to have more, or was confirmed to have less. */
function timeAt(weight: number, moves: readonly Move[]): number {
  const spans = moves.map(({ before, event }, index) => {
    const began = moves[index - 1]?.event.at ?? START;
    const isThere = before.command.do === 'poll' || isShift(before.command, 'quarantine');
    return isThere && before.state.weight === weight ? event.at - began : 0;
  });
  return spans.reduce((sum, span) => sum + span, 0);
}

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
    case 'expiring':
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
