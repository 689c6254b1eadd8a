import { formatEvidence } from '../../model/format.ts';
import type { Step } from '../../model/strategy.ts';
import { CAUTION, type Judgement, SUSPICION_GATE } from '../../model/verdict.ts';
import { timeOfBake } from './plan.ts';
import type { Holding, Outcome, Phase, RolloutCommand, RolloutState, Shift, Turn, Watching } from './state.ts';

/** What every turn starts from: a state whose phase and command are about to be settled anew. */
export type Ground = Omit<RolloutState, 'phase' | 'pending'>;

export type JudgedState = Ground & { readonly judgement: Judgement };

function turn(ground: Ground, phase: Phase, command: RolloutCommand): Turn {
  return { state: { ...ground, phase, pending: command }, command };
}

export function stay(state: RolloutState): Turn {
  return { state, command: state.pending };
}

export function enterStep(ground: Ground, step: Step, { index, why }: { index: number; why: string }): Turn {
  return shiftTo(ground, { weight: step.weight, shift: { to: 'step', index }, why });
}

export function shiftTo(ground: Ground, { weight, shift, why }: { weight: number; shift: Shift; why: string }): Turn {
  return turn(ground, { name: 'setting-weight', shift }, { do: 'set-weight', weight, shift, why });
}

export function promote(ground: Ground, why: string): Turn {
  return turn(ground, { name: 'promoting' }, { do: 'promote', bakes: ground.plan.bakeTime > 0, why });
}

export function finish(ground: Ground): Turn {
  return turn(ground, { name: 'finishing' }, { do: 'finish' });
}

export function rollBack(ground: Ground, why: string, remedy?: string): Turn {
  return turn(ground, { name: 'rolling-back', why, remedy }, { do: 'roll-back', why });
}

export function end(ground: Ground, outcome: Outcome): Turn {
  return turn(ground, { name: 'ended', outcome }, { do: 'end', outcome });
}

/** Keeps the phase but waits: its time has come, what is known does not allow it yet. */
export function hold(state: JudgedState, phase: Watching, at: number): Turn {
  const { judgement } = state;
  const holding: Holding =
    judgement.obstacle === undefined || isSuspect(state)
      ? { because: 'suspicion', text: suspicionText(judgement) }
      : { because: 'obstacle', text: judgement.obstacle };
  return poll({ ...state, holding }, phase, at);
}

export function suspicionText({ suspicion, evidence }: Judgement): string {
  const [plain, robust] = [formatEvidence(suspicion), formatEvidence(evidence)];
  const isCapped = plain !== robust;
  return `the canary is under suspicion: ${plain}, ${isCapped ? `evidence ${robust} as no single minute may decide` : 'which is no proof yet'}`;
}

export function poll(ground: Ground, phase: Watching, at: number): Turn {
  const { plan, holding } = ground;
  // Whole intervals of the clock: minutes become old enough to be judged on the minute, and are judged at once.
  const tick = (Math.floor(at / plan.interval) + 1) * plan.interval;
  // At the pace of evidence nothing happens because time is up, but for the deadline.
  const due = plan.pace === 'evidence' && phase.name === 'dwelling' ? tick : phase.until;
  const moments = [tick, due, deadlineOf(ground)];
  const soonest = Math.min(...moments.filter((moment) => moment > at));
  return turn(ground, phase, { do: 'poll', at: soonest, holding });
}

export function isWatching(phase: Phase): phase is Watching {
  return phase.name === 'dwelling' || phase.name === 'settling' || phase.name === 'baking';
}

export function isOverdue(ground: Ground, at: number): boolean {
  return at >= deadlineOf(ground);
}

/** `max-duration` holds for all of it: what is decided before the promotion is decided while the bake still fits. */
function deadlineOf({ plan, startedAt, weight }: Ground): number {
  return startedAt + plan.maxDuration - (weight === 100 ? 0 : timeOfBake(plan));
}

/** Suspect enough to get no more traffic, and less where that settles it as well. */
export function isSuspect(state: JudgedState): boolean {
  return state.judgement.suspicion >= SUSPICION_GATE;
}

/** Suspect enough not to be left with all traffic when time is up. */
export function isCautious(state: JudgedState): boolean {
  return state.judgement.suspicion >= CAUTION;
}

/** Must neither get more traffic nor be promoted. */
export function isHeld(state: JudgedState): boolean {
  return isSuspect(state) || state.judgement.obstacle !== undefined;
}
