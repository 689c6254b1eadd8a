import { formatDuration } from '../../model/time.ts';
import { timeOfBake } from './plan.ts';
import type { Outcome, Turn } from './state.ts';
import { type Ground, type JudgedState, end, finish, isCautious, isHeld, promote, rollBack } from './turns.ts';

export function promoteOrApplyPolicy(state: JudgedState): Turn {
  const { judgement } = state;
  if (judgement.verdict === 'pass' && !isHeld(state)) return promote(state, judgement.reason);
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
export function concludeBake(state: JudgedState): Turn {
  const undecided = state.plan.steps.length === 0 && state.judgement.verdict === 'inconclusive';
  return undecided && state.plan.onInconclusive !== 'promote' ? applyPolicy(state) : finish(state);
}

export function concludeAtDeadline(state: JudgedState): Turn {
  const { judgement, weight } = state;
  const limit = limitOf(state);
  if (isCautious(state)) {
    return rollBack(state, `still under suspicion after the max-duration of ${limit}: ${judgement.reason}`);
  }
  if (weight === 100) return concludeBake(state);
  // What was never judged as it should be is not promoted, whatever the policy says of too little traffic.
  if (judgement.obstacle !== undefined) {
    return rollBack(state, `still not fit to be judged after the max-duration of ${limit}: ${judgement.obstacle}`);
  }
  return promoteOrApplyPolicy(cutShort(state));
}

/** How long a rollout may take, and how much of that is kept free for the bake: the deadline before it comes so much sooner. */
function limitOf({ plan, weight }: JudgedState): string {
  const [limit, baking] = [formatDuration(plan.maxDuration), timeOfBake(plan)];
  return weight === 100 || baking === 0 ? limit : `${limit} (${formatDuration(baking)} of it for the bake)`;
}

/** What is decided at the deadline says so: steps may have been skipped. */
function cutShort(state: JudgedState): JudgedState {
  const { weight, judgement } = state;
  const reason = `${judgement.reason}; max-duration of ${limitOf(state)} reached at ${weight}%`;
  return { ...state, judgement: { ...judgement, reason } };
}

/** The last word of the judge, or that there was none. */
export function conclusion(ground: Ground): Pick<Outcome, 'verdict' | 'reason'> {
  const { judgement } = ground;
  if (judgement === undefined)
    return { verdict: 'none', reason: 'all traffic was shifted at once; nothing was judged' };
  return { verdict: judgement.verdict, reason: judgement.reason };
}
