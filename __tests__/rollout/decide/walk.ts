import { MINUTE, SECOND } from '../../../src/model/time.ts';
import type { Judgement } from '../../../src/model/verdict.ts';
import type { RolloutPlan } from '../../../src/rollout/decide/plan.ts';
import { begin, next } from '../../../src/rollout/decide/machine.ts';
import type { RolloutCommand, RolloutEvent, Turn } from '../../../src/rollout/decide/state.ts';
import { JUDGEMENTS, type JudgementName } from '../../support/rollouts.ts';

export const START = 40 * MINUTE + 7 * SECOND;

/** What may happen to a rollout, in one word. */
export type Happening = JudgementName | 'unreadable' | 'refused' | 'lost' | 'cancelled' | 'done';

/** Everything that may happen. */
export const ALL: readonly Happening[] = [
  ...(Object.keys(JUDGEMENTS) as JudgementName[]),
  'unreadable',
  'refused',
  'lost',
  'cancelled',
  'done',
];

const JUDGED: readonly string[] = Object.keys(JUDGEMENTS);

/** The event that `happening` is at the time `at`; `done` answers the pending write. */
export function eventOf(happening: Happening, command: RolloutCommand, at: number): RolloutEvent | undefined {
  if (isJudgement(happening)) return { type: 'judged', at, judgement: judgementOf(happening, at) };
  switch (happening) {
    case 'unreadable':
      return { type: 'unreadable', at, problem: 'throttled', next: 'Wait.' };
    case 'refused':
      return { type: 'write-failed', at, failure: { problem: 'denied', next: 'allow it', untouched: true } };
    case 'lost':
      return { type: 'write-failed', at, failure: { problem: 'no answer', next: 'look', untouched: false } };
    case 'cancelled':
      return { type: 'cancelled', at };
    case 'done':
      return answerTo(command, at);
  }
}

/** A busy canary has one invocation a second. */
function judgementOf(happening: JudgementName, at: number): Judgement {
  if (happening !== 'busy') return JUDGEMENTS[happening];
  return { ...JUDGEMENTS.busy, canary: { invocations: Math.floor((at - START) / SECOND), errors: 0 } };
}

function isJudgement(happening: Happening): happening is JudgementName {
  return JUDGED.includes(happening);
}

function answerTo(command: RolloutCommand, at: number): RolloutEvent | undefined {
  switch (command.do) {
    case 'set-weight':
      return { type: 'weight-set', at };
    case 'promote':
      return { type: 'promoted', at };
    case 'finish':
      return { type: 'finished', at };
    case 'roll-back':
      return { type: 'rolled-back', at };
    case 'poll':
    case 'end':
      return undefined;
  }
}

/** When the pending command is carried out: polls wait for their time, writes take a second. */
export function timeOf(command: RolloutCommand, now: number): number {
  return command.do === 'poll' ? Math.max(now, command.at) : now + SECOND;
}

/** One thing that happened, and what the machine made of it. */
export interface Move {
  readonly before: Turn;
  readonly event: RolloutEvent;
  readonly after: Turn;
}

/** Plays a rollout as the driver would: each happening comes when the pending command is due. */
export function play(plan: RolloutPlan, happenings: Iterable<Happening>): { first: Turn; moves: Move[]; last: Turn } {
  const first = begin(plan, START);
  const moves: Move[] = [];
  let turn = first;
  let now = START;
  for (const happening of happenings) {
    const at = timeOf(turn.command, now);
    const event = eventOf(happening, turn.command, at);
    if (event === undefined) continue;
    now = at;
    const after = next(turn.state, event);
    moves.push({ before: turn, event, after });
    turn = after;
  }
  return { first, moves, last: turn };
}

/** Answers every write, and every poll with what `say` says, until the rollout has ended; at most `limit` moves. */
export function playOut(
  plan: RolloutPlan,
  say: (poll: number) => Happening,
  limit = 5000,
): { moves: Move[]; last: Turn } {
  const moves: Move[] = [];
  let turn = begin(plan, START);
  let now = START;
  for (let polls = 0; turn.command.do !== 'end' && moves.length < limit;) {
    now = timeOf(turn.command, now);
    const event = eventOf(turn.command.do === 'poll' ? say(polls++) : 'done', turn.command, now);
    if (event === undefined) throw new Error(`nothing answers ${turn.command.do}`);
    const after = next(turn.state, event);
    moves.push({ before: turn, event, after });
    turn = after;
  }
  return { moves, last: turn };
}
