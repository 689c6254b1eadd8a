import { expect } from '@jest/globals';
import { floorMinute } from '../../../src/model/time.ts';
import { next } from '../../../src/rollout/decide/machine.ts';
import type { Phase, RolloutState, Turn } from '../../../src/rollout/decide/state.ts';
import { SUSPICION_GATE } from '../../../src/rollout/decide/plan.ts';
import type { Move } from './walk.ts';

const WATCHING: readonly Phase['name'][] = ['dwelling', 'settling', 'baking'];

export function isWatching({ phase }: RolloutState): boolean {
  return WATCHING.includes(phase.name);
}

/** What has to hold of every single move, whatever came before it. Plain comparisons: this runs many thousand times. */
export function broken({ before, event, after }: Move): string[] {
  const rules: [string, boolean][] = [
    ['a command is what the state says is pending', after.state.pending === after.command],
    ['weights only rise until 100 or 0', weightsRise(before.state, after.state)],
    ['a weight is one that the strategy names', isPlanned(after)],
    ['an ended rollout stays ended', before.state.phase.name !== 'ended' || after.state === before.state],
    ['a failure rolls back', !failsWhileWatched(before, event) || after.command.do === 'roll-back'],
    ['a cancellation rolls back', event.type !== 'cancelled' || isUndone(before, after)],
    [
      'polls are due later than now, and within the interval',
      event.type === 'cancelled' || isDue(event.at, before, after),
    ],
    [
      'a promotion was earned',
      before.command.do === 'promote' || after.command.do !== 'promote' || isEarned(event, after),
    ],
    ['suspicion holds the weight', !isRaise(before, after) || lowSuspicion(event, after)],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => `${rule}: ${JSON.stringify({ before, event, after })}`);
}

/** The least one rollback write away: from every state that has not ended, a cancellation or failure gets to the baseline. */
export function reachesBaseline({ state }: Turn, at: number): boolean {
  if (state.phase.name === 'ended' || state.phase.name === 'finishing') return true;
  const undoing = next(state, { type: 'cancelled', at });
  const undone = next(undoing.state, { type: 'rolled-back', at });
  return undoing.command.do === 'roll-back' && undone.command.do === 'end' && undone.state.weight === 0;
}

function weightsRise(before: RolloutState, after: RolloutState): boolean {
  return after.weight >= before.weight || (after.weight === 0 && after.phase.name === 'ended');
}

function isPlanned({ command, state }: Turn): boolean {
  const { plan, phase, weight } = state;
  const weights = [0, ...plan.steps.map((step) => step.weight)];
  if (command.do !== 'set-weight') return weights.includes(weight) || weight === 100;
  const index = weights.indexOf(command.weight) - 1;
  return phase.name === 'setting-weight' && index === command.step && weights[index] === weight;
}

function failsWhileWatched({ state }: Turn, event: Move['event']): boolean {
  return event.type === 'judged' && event.judgement.verdict === 'fail' && isWatching(state);
}

function isUndone({ state }: Turn, after: Turn): boolean {
  const isOver = state.phase.name === 'ended' || state.phase.name === 'finishing';
  return isOver ? after.state === state : after.command.do === 'roll-back';
}

function isDue(at: number, before: Turn, { state, command }: Turn): boolean {
  if (command.do !== 'poll' || command === before.command) return true;
  return command.at > at && command.at <= at + state.plan.interval;
}

/** Judged, not failing, and either passed on final minutes or let through by the policy; or never to be judged. */
function isEarned(event: Move['event'], { state }: Turn): boolean {
  const { plan, startedAt } = state;
  if (event.type !== 'judged' || plan.steps.length === 0) return false;
  const { verdict, suspicion } = event.judgement;
  const allowed = verdict === 'pass' || (verdict === 'inconclusive' && plan.onInconclusive === 'promote');
  const isOverdue = event.at - startedAt >= plan.maxDuration;
  const dwells = plan.steps.reduce((sum, step) => sum + step.dwell, 0);
  const isSettled = event.at >= floorMinute(startedAt + dwells) + plan.finalAge && suspicion < SUSPICION_GATE;
  return allowed && suspicion < plan.proof && (isOverdue || isSettled);
}

function isRaise(before: Turn, after: Turn): boolean {
  return after.command.do === 'set-weight' && before.command.do !== 'set-weight';
}

function lowSuspicion(event: Move['event'], { state }: Turn): boolean {
  return event.type === 'judged' && event.judgement.suspicion < SUSPICION_GATE && state.holding === undefined;
}

/** Fails with every broken rule. */
export function expectSound(moves: readonly Move[]): void {
  expect(moves.flatMap(broken)).toEqual([]);
}
