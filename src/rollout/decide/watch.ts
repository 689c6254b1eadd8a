import { MINUTE, ceilMinute, floorMinute } from '../../model/time.ts';
import { concludeBake, promoteOrApplyPolicy } from './conclude.ts';
import { mayGrow, passesSoon } from './pace.ts';
import type { Phase, Quarantine, Turn, Watching } from './state.ts';
import {
  type JudgedState,
  enterStep,
  hold,
  isCautious,
  isHeld,
  isSuspect,
  poll,
  promote,
  shiftTo,
  suspicionText,
} from './turns.ts';

type Dwelling = Extract<Phase, { name: 'dwelling' }>;

type Settling = Extract<Phase, { name: 'settling' }>;

type Baking = Extract<Phase, { name: 'baking' }>;

/** The canary is not failing and there is time: what its judgement means for the phase. */
export function follow(state: JudgedState, phase: Watching, at: number): Turn {
  if (phase.name === 'baking') return watchBake(state, phase, at);
  const { quarantine: isolated } = state;
  if (isolated !== undefined) return isHeld(state) ? hold(state, phase, at) : restore(state, phase, isolated);
  if (isSuspect(state) && probe(state) < state.weight) return quarantine(state, phase);
  return state.plan.pace === 'evidence' && phase.name === 'dwelling'
    ? followEvidence(state, phase, at)
    : watch(state, phase, at);
}

/** On with the phase while its time is not over, else out of it. */
function watch(state: JudgedState, phase: Dwelling | Settling, at: number): Turn {
  if (at < phase.until) return poll(state, phase, at);
  if (phase.name === 'dwelling') return leaveStep(state, phase, at);
  return isHeld(state) ? hold(state, phase, at) : promoteOrApplyPolicy(state);
}

function watchBake(state: JudgedState, phase: Baking, at: number): Turn {
  if (at < phase.until) return poll(state, phase, at);
  return isCautious(state) ? hold(state, phase, at) : concludeBake(state);
}

/** The canary is suspect, and less traffic settles it as well: that is what it gets until it is settled. */
function quarantine(state: JudgedState, phase: Dwelling | Settling): Turn {
  const shift = { to: 'quarantine', resume: phase } as const;
  return shiftTo(state, { weight: probe(state), shift, why: suspicionText(state.judgement) });
}

/** Half of what it has at most: less harm is done by then, and a small difference is settled nearly as soon. */
function probe({ judgement: { probeWeight }, weight }: JudgedState): number {
  return probeWeight === undefined ? weight : Math.max(1, Math.min(probeWeight, Math.ceil(weight / 2)));
}

function restore(state: JudgedState, phase: Dwelling | Settling, { weight }: Quarantine): Turn {
  const shift = { to: 'restored', resume: phase } as const;
  return shiftTo(state, { weight, shift, why: 'the suspicion is gone' });
}

/** `auto`: promoted as soon as it passes, given more traffic as soon as what it had did no harm. */
function followEvidence(state: JudgedState, phase: Dwelling, at: number): Turn {
  const { judgement, plan } = state;
  if (judgement.verdict === 'pass' && !isHeld(state) && hasBeenSeen(phase, at)) return promote(state, judgement.reason);
  const index = phase.index + 1;
  const step = plan.steps[index];
  if (at < phase.until) return poll(state, phase, at);
  if (isHeld(state)) return hold(state, phase, at);
  if (step === undefined || passesSoon(judgement, state.weight)) return poll(state, phase, at);
  const why = mayGrow(judgement.canary.invocations - phase.seen, { waited: at - phase.since, weight: state.weight });
  return why === undefined ? poll(state, phase, at) : enterStep(state, step, { index, why });
}

/** A whole minute at the present weight is old enough to be judged. */
function hasBeenSeen({ since }: Dwelling, at: number): boolean {
  return floorMinute(at - MINUTE) >= ceilMinute(since) + MINUTE;
}

function leaveStep(state: JudgedState, phase: Dwelling, at: number): Turn {
  const { plan } = state;
  const index = phase.index + 1;
  const step = plan.steps[index];
  if (step !== undefined) {
    return isHeld(state) ? hold(state, phase, at) : enterStep(state, step, { index, why: '' });
  }
  const until = settledAt({ since: phase.since, over: phase.until, finalAge: plan.finalAge });
  return watch(state, { name: 'settling', until }, at);
}

/**
 * When everything that was watched until `over` is final. The minute in which the watch ends counts only when no whole
 * minute was watched before it.
 */
export function settledAt({ since, over, finalAge }: { since: number; over: number; finalAge: number }): number {
  const lastWhole = floorMinute(over);
  return (lastWhole - MINUTE >= since ? lastWhole : ceilMinute(over)) + finalAge;
}
