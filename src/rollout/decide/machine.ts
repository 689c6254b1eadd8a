import { formatEvidence } from '../../model/format.ts';
import { MINUTE, ceilMinute, floorMinute, formatDuration } from '../../model/time.ts';
import type { Step } from '../../model/strategy.ts';
import type { Judgement } from '../../model/verdict.ts';
import { type RolloutPlan, SUSPICION_GATE } from './plan.ts';
import type {
  FailedWrite,
  Holding,
  Outcome,
  Phase,
  RolloutCommand,
  RolloutEvent,
  RolloutState,
  Turn,
  Watching,
} from './state.ts';

/** The first turn: the first step, or the promotion when the strategy has none. */
export function begin(plan: RolloutPlan, at: number): Turn {
  const start = {
    plan,
    startedAt: at,
    weight: 0,
    judgement: undefined,
    unreadableSince: undefined,
    holding: undefined,
  };
  const [first] = plan.steps;
  return first === undefined
    ? promote(start, 'the strategy shifts all traffic at once')
    : enterStep(start, { index: 0, step: first });
}

/**
 * The whole of what a rollout decides: where it goes from `state` when `event` happens. Pure. An event that does not
 * answer the command that is under way changes nothing: that command stands.
 */
export function next(state: RolloutState, event: RolloutEvent): Turn {
  switch (event.type) {
    case 'weight-set':
      return onWeightSet(state, event.at);
    case 'judged':
      return onJudged(state, event.judgement, event.at);
    case 'unreadable':
      return onUnreadable(state, event.at, event.problem);
    case 'promoted':
      return onPromoted(state, event.at);
    case 'finished':
      return state.phase.name === 'finishing' ? end(state, { result: 'promoted', ...conclusion(state) }) : stay(state);
    case 'rolled-back':
      return onRolledBack(state);
    case 'write-failed':
      return onWriteFailed(state, event.failure);
    case 'cancelled':
      return onCancelled(state);
  }
}

function onWeightSet(state: RolloutState, at: number): Turn {
  if (state.phase.name !== 'setting-weight') return stay(state);
  const { index, step } = state.phase;
  return poll({ ...state, weight: step.weight }, { name: 'dwelling', index, since: at, until: at + step.dwell }, at);
}

function onJudged(before: RolloutState, judgement: Judgement, at: number): Turn {
  const { phase } = before;
  if (!isWatching(phase)) return stay(before);
  const state = { ...before, judgement, unreadableSince: undefined, holding: undefined };
  if (judgement.verdict === 'fail') return rollBack(state, judgement.reason);
  if (isOverdue(state, at)) return concludeAtDeadline(state);
  return watch(state, phase, at);
}

/** The canary is not failing and there is time: on with the phase, or out of it. */
function watch(state: JudgedState, phase: Watching, at: number): Turn {
  if (at < phase.until) return poll(state, phase, at);
  switch (phase.name) {
    case 'dwelling':
      return leaveStep(state, phase, at);
    case 'settling':
      return isSuspect(state) ? hold(state, phase, at) : promoteOrApplyPolicy(state);
    case 'baking':
      return isGravelySuspect(state) ? hold(state, phase, at) : concludeBake(state);
  }
}

function leaveStep(state: JudgedState, phase: Extract<Phase, { name: 'dwelling' }>, at: number): Turn {
  const { plan } = state;
  const index = phase.index + 1;
  const step = plan.steps[index];
  if (step !== undefined) return isSuspect(state) ? hold(state, phase, at) : enterStep(state, { index, step });
  const until = settledAt({ since: phase.since, over: phase.until, finalAge: plan.finalAge });
  return watch(state, { name: 'settling', until }, at);
}

/**
 * When everything that was watched until `over` is final. The minute in which the watch ends counts only when no whole
 * minute was watched before it.
 */
function settledAt({ since, over, finalAge }: { since: number; over: number; finalAge: number }): number {
  const lastWhole = floorMinute(over);
  return (lastWhole - MINUTE >= since ? lastWhole : ceilMinute(over)) + finalAge;
}

function promoteOrApplyPolicy(state: JudgedState): Turn {
  const { judgement } = state;
  if (judgement.verdict === 'pass' && !isSuspect(state)) return promote(state, judgement.reason);
  return applyPolicy({ ...state, judgement: { ...judgement, verdict: 'inconclusive' } });
}

/** `on-inconclusive`: the rollout ends unharmed, but too little is known to say `pass`. */
function applyPolicy(state: JudgedState): Turn {
  const { reason } = state.judgement;
  switch (state.plan.onInconclusive) {
    case 'promote':
      return promote(state, reason);
    case 'rollback':
      return rollBack(state, reason);
    case 'hold':
      return end(state, { result: 'held', verdict: 'inconclusive', reason });
  }
}

/** A rollout that had steps was decided before the bake; one without had nothing but the bake to be judged by. */
function concludeBake(state: JudgedState): Turn {
  const undecided = state.plan.steps.length === 0 && state.judgement.verdict === 'inconclusive';
  return undecided && state.plan.onInconclusive !== 'promote' ? applyPolicy(state) : finish(state);
}

function concludeAtDeadline(state: JudgedState): Turn {
  if (isGravelySuspect(state)) {
    const limit = formatDuration(state.plan.maxDuration);
    return rollBack(state, `still under suspicion after the max-duration of ${limit}: ${state.judgement.reason}`);
  }
  return state.weight === 100 ? concludeBake(state) : promoteOrApplyPolicy(cutShort(state));
}

/** What is decided at the deadline says so: steps may have been skipped. */
function cutShort(state: JudgedState): JudgedState {
  const { plan, weight, judgement } = state;
  const reason = `${judgement.reason}; max-duration of ${formatDuration(plan.maxDuration)} reached at ${weight}%`;
  return { ...state, judgement: { ...judgement, reason } };
}

function onUnreadable(before: RolloutState, at: number, problem: string): Turn {
  const { phase } = before;
  if (!isWatching(phase)) return stay(before);
  const since = before.unreadableSince ?? at;
  const holding: Holding = { because: 'unreadable', text: `metrics cannot be read: ${problem}` };
  const state = { ...before, unreadableSince: since, holding };
  if (at - since >= state.plan.unreadableLimit) {
    return rollBack(state, `metrics could not be read for ${formatDuration(at - since)}: ${problem}`);
  }
  if (isOverdue(state, at)) return rollBack(state, `metrics could not be read at the end of the rollout: ${problem}`);
  return poll(state, phase, at);
}

function onPromoted(before: RolloutState, at: number): Turn {
  if (before.phase.name !== 'promoting') return stay(before);
  const state = { ...before, weight: 100 };
  if (state.plan.bakeTime === 0) return end(state, { result: 'promoted', ...conclusion(state) });
  const until = settledAt({ since: at, over: at + state.plan.bakeTime, finalAge: state.plan.finalAge });
  return poll(state, { name: 'baking', until }, at);
}

function onRolledBack(state: RolloutState): Turn {
  if (state.phase.name !== 'rolling-back') return stay(state);
  // A canary that had nothing against it, and is rolled back all the same, did not pass.
  const { verdict = 'none' } = state.judgement ?? {};
  const outcome = { verdict: verdict === 'pass' ? 'inconclusive' : verdict, reason: state.phase.why } as const;
  return end({ ...state, weight: 0 }, { result: 'rolled-back', ...outcome });
}

/**
 * A shift or promotion that cannot be written is undone, unless nothing has been shifted yet; a rollback that cannot be
 * written is for the `post` step.
 */
function onWriteFailed(state: RolloutState, { problem, next: remedy, untouched }: FailedWrite): Turn {
  const { phase } = state;
  const verdict = state.judgement?.verdict ?? 'none';
  switch (phase.name) {
    case 'setting-weight':
    case 'promoting':
      return untouched && state.weight === 0
        ? end(state, { result: 'failed', verdict, reason: problem, next: remedy })
        : rollBack(state, `the alias could not be written: ${problem}`);
    case 'rolling-back':
      return end(state, { result: 'failed', verdict, reason: `${phase.why}; the rollback failed: ${problem}` });
    case 'finishing': {
      const left = `The alias' description still holds the marker of this rollout, which the post step takes away: ${problem}.`;
      return end(state, { result: 'promoted', ...conclusion(state), next: left });
    }
    default:
      return stay(state);
  }
}

function onCancelled(state: RolloutState): Turn {
  const { phase } = state;
  if (phase.name === 'ended' || phase.name === 'finishing' || phase.name === 'rolling-back') return stay(state);
  return rollBack(state, `the job was cancelled while the canary had ${state.weight}% of the traffic`);
}

/** What every turn starts from: a state whose phase and command are about to be settled anew. */
type Ground = Omit<RolloutState, 'phase' | 'pending'>;
type JudgedState = Ground & { readonly judgement: Judgement };

function turn(ground: Ground, phase: Phase, command: RolloutCommand): Turn {
  return { state: { ...ground, phase, pending: command }, command };
}

function stay(state: RolloutState): Turn {
  return { state, command: state.pending };
}

function enterStep(ground: Ground, { index, step }: { index: number; step: Step }): Turn {
  return turn(ground, { name: 'setting-weight', index, step }, { do: 'set-weight', weight: step.weight, step: index });
}

function promote(ground: Ground, why: string): Turn {
  return turn(ground, { name: 'promoting' }, { do: 'promote', bakes: ground.plan.bakeTime > 0, why });
}

function finish(ground: Ground): Turn {
  return turn(ground, { name: 'finishing' }, { do: 'finish' });
}

function rollBack(ground: Ground, why: string): Turn {
  return turn(ground, { name: 'rolling-back', why }, { do: 'roll-back', why });
}

function end(ground: Ground, outcome: Outcome): Turn {
  return turn(ground, { name: 'ended', outcome }, { do: 'end', outcome });
}

/** Keeps the phase but waits: its time has come, the evidence does not allow it yet. */
function hold(state: JudgedState, phase: Watching, at: number): Turn {
  const [plain, robust] = [formatEvidence(state.judgement.suspicion), formatEvidence(state.judgement.evidence)];
  const text = `the canary is under suspicion: evidence ${plain}, but ${robust} without the worst minute`;
  return poll({ ...state, holding: { because: 'suspicion', text } }, phase, at);
}

function poll(ground: Ground, phase: Watching, at: number): Turn {
  const { plan, startedAt, holding } = ground;
  // Whole intervals of the clock: minutes become old enough to be judged on the minute, and are judged at once.
  const tick = (Math.floor(at / plan.interval) + 1) * plan.interval;
  const moments = [tick, phase.until, startedAt + plan.maxDuration];
  const soonest = Math.min(...moments.filter((moment) => moment > at));
  return turn(ground, phase, { do: 'poll', at: soonest, holding });
}

function isWatching(phase: Phase): phase is Watching {
  return phase.name === 'dwelling' || phase.name === 'settling' || phase.name === 'baking';
}

function isOverdue({ plan, startedAt }: Ground, at: number): boolean {
  return at - startedAt >= plan.maxDuration;
}

function isSuspect(state: JudgedState): boolean {
  return state.judgement.suspicion >= SUSPICION_GATE;
}

/** As suspect as a failure, but for one bad minute that has still to be ruled out. */
function isGravelySuspect(state: JudgedState): boolean {
  return state.judgement.suspicion >= state.plan.proof;
}

/** The last word of the judge, or that there was none. */
function conclusion(ground: Ground): Pick<Outcome, 'verdict' | 'reason'> {
  const { judgement } = ground;
  if (judgement === undefined)
    return { verdict: 'none', reason: 'all traffic was shifted at once; nothing was judged' };
  return { verdict: judgement.verdict, reason: judgement.reason };
}
