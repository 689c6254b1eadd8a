import { expect } from '@jest/globals';
import { floorMinute } from '../../../src/model/time.ts';
import { CAUTION, type Judgement } from '../../../src/model/verdict.ts';
import { next } from '../../../src/rollout/decide/machine.ts';
import { ENOUGH_FOR_MORE, PATIENCE, SUSPICION_GATE } from '../../../src/rollout/decide/plan.ts';
import type { RolloutState, Turn } from '../../../src/rollout/decide/state.ts';
import type { Move } from './walk.ts';
import { weightRules } from './weight-rules.ts';

export function isWatching({ phase }: RolloutState): boolean {
  return phase.name === 'dwelling' || phase.name === 'settling' || phase.name === 'baking';
}

/** What has to hold of every single move, whatever came before it. Plain comparisons: this runs many thousand times. */
export function broken(move: Move): string[] {
  const { before, event, after } = move;
  const rules: [string, boolean][] = [
    ['a command is what the state says is pending', after.state.pending === after.command],
    ['an ended rollout stays ended', before.state.phase.name !== 'ended' || after.state === before.state],
    ['a failure rolls back', judged(move)?.verdict !== 'fail' || after.command.do === 'roll-back'],
    ['a cancellation rolls back', event.type !== 'cancelled' || isUndone(before, after)],
    ['polls are due later than now, and within the interval', event.type === 'cancelled' || isDue(event.at, move)],
    ['a promotion was earned', !begins(move, 'promote') || isEarned(move)],
    ['a bake that is finished was watched to its end', !begins(move, 'finish') || isBaked(move)],
    [
      'only the policy leaves a canary where it is',
      !isHeldForGood(after) || before.state.plan.onInconclusive === 'hold',
    ],
    ['the next step was earned', !begins(move, 'set-weight') || isStepEarned(move)],
    ['the deadline decides', !isOverdue(before.state, event.at) || isDecided(move)],
    ['what waits says why', waitsForReason(move)],
    ...weightRules(move),
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => `${rule}: ${JSON.stringify({ before, event, after })}`);
}

/** From every state that has not ended, a cancellation or failure gets to the baseline in a single write. */
export function reachesBaseline({ state }: Turn, at: number): boolean {
  if (state.phase.name === 'ended' || state.phase.name === 'finishing') return true;
  const undoing = next(state, { type: 'cancelled', at });
  const undone = next(undoing.state, { type: 'rolled-back', at });
  return undoing.command.do === 'roll-back' && undone.command.do === 'end' && undone.state.weight === 0;
}

/** The judgement that a move was made on. */
function judged({ before, event }: Move): Judgement | undefined {
  return event.type === 'judged' && isWatching(before.state) ? event.judgement : undefined;
}

function begins({ before, after }: Move, command: Turn['command']['do']): boolean {
  return after.command.do === command && after.command !== before.command;
}

function isOverdue({ plan, startedAt }: RolloutState, at: number): boolean {
  return at - startedAt >= plan.maxDuration;
}

function isUndone({ state }: Turn, after: Turn): boolean {
  const isOver = state.phase.name === 'ended' || state.phase.name === 'finishing';
  return isOver ? after.state === state : after.command.do === 'roll-back';
}

function isDue(at: number, { before, after: { state, command } }: Move): boolean {
  if (command.do !== 'poll' || command === before.command) return true;
  return command.at > at && command.at <= at + state.plan.interval;
}

/** Judged without doubt and as final as the plan wants it, or at the deadline without grave doubt; or never to be judged. */
function isEarned(move: Move): boolean {
  const { state } = move.before;
  const judgement = judged(move);
  if (judgement === undefined || state.quarantine !== undefined || judgement.obstacle !== undefined) return false;
  if (isOverdue(state, move.event.at))
    return isPass(judgement) || (isLetThrough(move) && judgement.suspicion < CAUTION);
  if (state.plan.pace === 'evidence') return isPass(judgement);
  return (isPass(judgement) || (isLetThrough(move) && judgement.suspicion < SUSPICION_GATE)) && isSettled(move);
}

function isPass({ verdict, suspicion }: Judgement): boolean {
  return verdict === 'pass' && suspicion < SUSPICION_GATE;
}

/** By the policy, and called what it is. */
function isLetThrough({ before, after }: Move): boolean {
  return before.state.plan.onInconclusive === 'promote' && after.state.judgement?.verdict === 'inconclusive';
}

function isSettled({ before: { state }, event }: Move): boolean {
  const { steps, finalAge } = state.plan;
  const dwells = steps.reduce((sum, step) => sum + step.dwell, 0);
  return event.at >= floorMinute(state.startedAt + dwells) + finalAge;
}

function isBaked(move: Move): boolean {
  const { phase } = move.before.state;
  const judgement = judged(move);
  if (judgement === undefined || phase.name !== 'baking' || judgement.suspicion >= CAUTION) return false;
  return move.event.at >= phase.until || isOverdue(move.before.state, move.event.at);
}

function isHeldForGood({ command }: Turn): boolean {
  return command.do === 'end' && command.outcome.result === 'held';
}

/** A canary that nothing speaks against has had its time, and under `auto` shown enough, before it gets more. */
function isStepEarned(move: Move): boolean {
  const { before, event, after } = move;
  if (after.command.do !== 'set-weight' || after.command.shift.to !== 'step') return true;
  const { phase, plan, weight } = before.state;
  const step = phase.name === 'dwelling' ? plan.steps[phase.index] : undefined;
  if (phase.name !== 'dwelling' || step === undefined || isOverdue(before.state, event.at)) return false;
  const isNext = after.command.shift.index === phase.index + 1 && weight === step.weight;
  const isOver = event.at >= phase.until && event.at - phase.since >= step.dwell;
  return isNext && isOver && (plan.pace === 'fixed' || isShown(move, phase));
}

function isShown(move: Move, { seen, since }: { readonly seen: number; readonly since: number }): boolean {
  const { canary } = judged(move) ?? {};
  return canary !== undefined && (canary.invocations - seen >= ENOUGH_FOR_MORE || move.event.at - since >= PATIENCE);
}

/** Nothing is left to wait for then; a canary in quarantine or in grave doubt, or never fit to be judged, goes back. */
function isDecided(move: Move): boolean {
  const { before, event, after } = move;
  if (!isWatching(before.state) || !['judged', 'unreadable'].includes(event.type)) return true;
  if (['poll', 'set-weight'].includes(after.command.do)) return false;
  const { suspicion = Infinity, obstacle } = judged(move) ?? {};
  const isSplit = before.state.weight < 100;
  const isDoubted =
    suspicion >= CAUTION || before.state.quarantine !== undefined || (isSplit && obstacle !== undefined);
  return !isDoubted || after.command.do === 'roll-back';
}

/** A poll after the time of a phase that could have ended says what it waits for. */
function waitsForReason(move: Move): boolean {
  const { phase, quarantine } = move.after.state;
  const judgement = judged(move);
  if (judgement === undefined || move.after.command.do !== 'poll') return true;
  const { holding } = move.after.command;
  const isHeld = judgement.suspicion >= SUSPICION_GATE || judgement.obstacle !== undefined;
  if (holding !== undefined) return isHeld;
  const isOver = quarantine !== undefined || ('until' in phase && move.event.at >= phase.until);
  return !isOver || !isHeld || phase.name === 'baking';
}

/** Fails with every broken rule. */
export function expectSound(moves: readonly Move[]): void {
  expect(moves.flatMap(broken)).toEqual([]);
}
