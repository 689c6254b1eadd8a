import { JOB_CANCELLED } from '../../model/failure.ts';
import { formatDuration } from '../../model/time.ts';
import type { Judgement } from '../../model/verdict.ts';
import { concludeAtDeadline, conclusion } from './conclude.ts';
import type { RolloutPlan } from './plan.ts';
import type { FailedWrite, Holding, Outcome, RolloutEvent, RolloutState, Turn, Watching } from './state.ts';
import { end, enterStep, isOverdue, isWatching, poll, promote, rollBack, stay } from './turns.ts';
import { follow, settledAt } from './watch.ts';

/** The first turn: the first step, or the promotion when the strategy has none. */
export function begin(plan: RolloutPlan, at: number): Turn {
  const start = {
    plan,
    startedAt: at,
    weight: 0,
    judgement: undefined,
    unreadableSince: undefined,
    holding: undefined,
    quarantine: undefined,
  };
  const first = plan.steps[0];
  return first === undefined
    ? promote(start, 'the strategy shifts all traffic at once')
    : enterStep(start, first, { index: 0, why: '' });
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
      return onUnreadable(state, event);
    case 'promoted':
      return onPromoted(state, event.at);
    case 'finished':
      return state.phase.name === 'finishing' ? end(state, { result: 'promoted', ...conclusion(state) }) : stay(state);
    case 'rolled-back':
      return onRolledBack(state);
    case 'write-failed':
      return onWriteFailed(state, event.failure);
    case 'cancelled':
      return onCancelled(state, event.why);
    case 'expiring':
      return isWatching(state.phase) ? rollBack(state, event.problem) : stay(state);
  }
}

function onWeightSet(state: RolloutState, at: number): Turn {
  const { phase, plan, pending } = state;
  if (phase.name !== 'setting-weight' || pending.do !== 'set-weight') return stay(state);
  const { shift } = phase;
  const moved = { ...state, weight: pending.weight };
  switch (shift.to) {
    case 'step': {
      const { dwell = 0 } = plan.steps[shift.index] ?? {};
      const seen = state.judgement?.canary.invocations ?? 0;
      return poll(moved, { name: 'dwelling', index: shift.index, since: at, until: at + dwell, seen }, at);
    }
    case 'quarantine': {
      const holding: Holding = { because: 'suspicion', text: pending.why };
      return poll({ ...moved, holding, quarantine: { weight: state.weight, since: at } }, shift.resume, at);
    }
    case 'restored': {
      const { since = at } = state.quarantine ?? {};
      return poll({ ...moved, quarantine: undefined }, postponed(shift.resume, at - since), at);
    }
  }
}

/** Time in quarantine is given back: it was no time at the weight that the phase is about. */
function postponed(phase: Watching, lost: number): Watching {
  const until = phase.until + lost;
  return phase.name === 'dwelling' ? { ...phase, since: phase.since + lost, until } : { ...phase, until };
}

function onJudged(before: RolloutState, judgement: Judgement, at: number): Turn {
  const { phase } = before;
  if (!isWatching(phase)) return stay(before);
  const state = { ...before, judgement, unreadableSince: undefined, holding: undefined };
  if (judgement.verdict === 'fail') return rollBack(state, judgement.reason);
  return isOverdue(state, at) ? concludeAtDeadline(state) : follow(state, phase, at);
}

type Unreadable = Extract<RolloutEvent, { type: 'unreadable' }>;

function onUnreadable(before: RolloutState, { at, problem, next: remedy }: Unreadable): Turn {
  const { phase } = before;
  if (!isWatching(phase)) return stay(before);
  const since = before.unreadableSince ?? at;
  const holding: Holding = { because: 'unreadable', text: `what to judge by cannot be read: ${problem}` };
  const state = { ...before, unreadableSince: since, holding };
  if (at - since >= state.plan.unreadableLimit) {
    return rollBack(state, `what to judge by could not be read for ${formatDuration(at - since)}: ${problem}`, remedy);
  }
  return poll(state, phase, at);
}

function onPromoted(before: RolloutState, at: number): Turn {
  if (before.phase.name !== 'promoting') return stay(before);
  // The deadline may promote out of a quarantine.
  const state = { ...before, weight: 100, quarantine: undefined };
  if (state.plan.bakeTime === 0) return end(state, { result: 'promoted', ...conclusion(state) });
  const until = settledAt({ since: at, over: at + state.plan.bakeTime, finalAge: state.plan.finalAge });
  return poll(state, { name: 'baking', until }, at);
}

function onRolledBack(state: RolloutState): Turn {
  const { phase } = state;
  if (phase.name !== 'rolling-back') return stay(state);
  const { why: reason, remedy } = phase;
  return end({ ...state, weight: 0 }, { result: 'rolled-back', verdict: cutOff(state), reason, remedy });
}

/** A canary that had nothing against it, and is not promoted all the same, did not pass. */
function cutOff({ judgement }: RolloutState): Outcome['verdict'] {
  const { verdict = 'none' } = judgement ?? {};
  return verdict === 'pass' ? 'inconclusive' : verdict;
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
        : rollBack(state, `the alias could not be written: ${problem}`, remedy);
    case 'rolling-back':
      return end(state, {
        result: 'failed',
        verdict,
        reason: `${phase.why}; the rollback failed: ${problem}`,
        // What keeps both the metrics and the alias from us is mended once.
        remedy: [...new Set([remedy, phase.remedy ?? remedy])].join(' '),
      });
    case 'finishing': {
      const left = `The alias' description still holds the marker of this rollout, which the post step takes away: ${problem}.`;
      return end(state, { result: 'promoted', ...conclusion(state), next: left });
    }
    default:
      return stay(state);
  }
}

function onCancelled(state: RolloutState, cause = JOB_CANCELLED): Turn {
  const { phase, plan, weight } = state;
  if (phase.name === 'ended' || phase.name === 'finishing' || phase.name === 'rolling-back') return stay(state);
  const when = phase.name === 'promoting' ? 'was being given all traffic' : `had ${weight}% of the traffic`;
  const why = `${cause} while the canary ${when}`;
  // A canary without traffic has nothing to keep, and what is no wish of a person's is no reason to keep it.
  if (plan.onCancel === 'rollback' || cause !== JOB_CANCELLED || weight === 0) return rollBack(state, why);
  return end(state, { result: 'held', verdict: cutOff(state), reason: `${why}, and keeps it (on-cancel: keep)` });
}
