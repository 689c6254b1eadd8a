import { expect } from '@jest/globals';
import { MINUTE, floorMinute } from '../../../src/model/time.ts';
import { CAUTION, type Judgement, SUSPICION_GATE } from '../../../src/model/verdict.ts';
import { next } from '../../../src/rollout/decide/machine.ts';
import type { RolloutState, Turn } from '../../../src/rollout/decide/state.ts';
import { autoRules, wasSeen } from './auto-rules.ts';
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
    ['only the policies leave a canary where it is', !isHeldForGood(after) || isMeantToStay(move)],
    ['the next step was earned', !begins(move, 'set-weight') || isStepEarned(move)],
    ['the deadline decides', !isOverdue(before.state, event.at) || isDecided(move)],
    ['what cannot be read is waited for, but not for ever', !isBlind(move) || isAwaited(move)],
    ['what waits says why', waitsForReason(move)],
    ...weightRules(move, isOverdue(before.state, event.at)),
    ...autoRules(move, isOverdue(before.state, event.at)),
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => `${rule}: ${JSON.stringify({ before, event, after })}`);
}

/** From every state that has not ended, a cancellation or failure gets to the baseline in a single write. */
export function reachesBaseline({ state }: Turn, at: number): boolean {
  if (state.phase.name === 'ended' || state.phase.name === 'finishing') return true;
  const undoing = next({ ...state, plan: { ...state.plan, onCancel: 'rollback' } }, { type: 'cancelled', at });
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

/** Before the promotion, what the bake takes until its last minute is over and final is none of the time there is. */
export function isOverdue(
  { plan: { maxDuration, bakeTime, finalAge }, startedAt, weight }: RolloutState,
  at: number,
): boolean {
  const isKeptFree = weight < 100 && bakeTime > 0;
  return at - startedAt >= maxDuration - (isKeptFree ? bakeTime + finalAge + MINUTE : 0);
}

function isUndone({ state }: Turn, after: Turn): boolean {
  const isOver = state.phase.name === 'ended' || state.phase.name === 'finishing';
  if (isOver) return after.state === state;
  const isKept = state.plan.onCancel === 'keep' && state.weight > 0 && state.phase.name !== 'rolling-back';
  return isKept ? isHeldForGood(after) && after.state.weight === state.weight : after.command.do === 'roll-back';
}

function isMeantToStay({ before, event }: Move): boolean {
  const { plan, phase } = before.state;
  if (phase.name === 'ended') return true;
  return event.type === 'cancelled' ? plan.onCancel === 'keep' : plan.onInconclusive === 'hold';
}

function isDue(at: number, { before, after: { state, command } }: Move): boolean {
  if (command.do !== 'poll' || command === before.command) return true;
  return command.at > at && command.at <= at + state.plan.interval;
}

/** Judged without doubt and as final as the plan wants it, or at the deadline without grave doubt; or never to be judged. */
function isEarned(move: Move): boolean {
  const { state } = move.before;
  const judgement = judged(move);
  if (judgement === undefined || judgement.obstacle !== undefined) return false;
  if (isOverdue(state, move.event.at))
    return isPass(judgement) || (isLetThrough(move) && judgement.suspicion < CAUTION);
  if (state.quarantine !== undefined) return false;
  if (state.plan.pace === 'evidence') return isPass(judgement) && wasSeen(state, move.event.at);
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

/** A canary that nothing speaks against has had its time before it gets more. */
function isStepEarned(move: Move): boolean {
  const { before, event, after } = move;
  if (after.command.do !== 'set-weight' || after.command.shift.to !== 'step') return true;
  const { phase, plan, weight } = before.state;
  const step = phase.name === 'dwelling' ? plan.steps[phase.index] : undefined;
  if (phase.name !== 'dwelling' || step === undefined || isOverdue(before.state, event.at)) return false;
  const isNext = after.command.shift.index === phase.index + 1 && weight === step.weight;
  const isOver = event.at >= phase.until && event.at - phase.since >= step.dwell;
  return isNext && isOver;
}

/**
 * Nothing is left to wait for then but something to judge by; a canary in grave doubt, or never fit to be judged,
 * goes back.
 */
function isDecided(move: Move): boolean {
  const { before, event, after } = move;
  if (!isWatching(before.state) || event.type !== 'judged') return true;
  if (['poll', 'set-weight'].includes(after.command.do)) return false;
  const { suspicion = Infinity, obstacle } = judged(move) ?? {};
  const isSplit = before.state.weight < 100;
  const isDoubted = suspicion >= CAUTION || (isSplit && obstacle !== undefined);
  return !isDoubted || after.command.do === 'roll-back';
}

function isBlind({ before, event }: Move): boolean {
  return isWatching(before.state) && event.type === 'unreadable';
}

/** What cannot be read is waited for at the weight there is, for as long as the plan allows, and then it goes back. */
function isAwaited({ before, event, after: { state, command } }: Move): boolean {
  const { unreadableSince = event.at, weight, plan } = before.state;
  const isOver = event.at - unreadableSince >= plan.unreadableLimit;
  return command.do === (isOver ? 'roll-back' : 'poll') && state.weight === weight;
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
