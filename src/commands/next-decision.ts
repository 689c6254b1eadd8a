import { SECOND, formatDuration } from '../model/time.ts';
import { ENOUGH_FOR_MORE, PATIENCE } from '../rollout/decide/plan.ts';
import { passesSoon } from '../rollout/decide/pace.ts';
import type { Phase, RolloutState } from '../rollout/decide/state.ts';
import { isWatching } from '../rollout/decide/turns.ts';

type Dwelling = Extract<Phase, { name: 'dwelling' }>;

/**
 * What happens next in a rollout that is being watched, and when or on what it waits, at `at` (epoch ms), in words for the log:
 * `25% in 1m30s`, `verdict in 2m`. '' where nothing is waited for.
 */
export function nextDecision(state: RolloutState, at: number): string {
  const { phase, holding, unreadableSince, plan } = state;
  if (!isWatching(phase)) return '';
  if (unreadableSince !== undefined) {
    return `rolled back ${when(unreadableSince + plan.unreadableLimit, at)} unless it can be read`;
  }
  if (holding?.because === 'obstacle') return 'on as soon as nothing stands in the way';
  if (state.quarantine !== undefined || holding !== undefined) return 'on as soon as the suspicion is settled';
  switch (phase.name) {
    case 'dwelling':
      return plan.pace === 'evidence' ? onEvidence(state, phase, at) : onTime(state, phase, at);
    case 'settling':
      return `verdict ${when(phase.until, at)}`;
    case 'baking':
      return `end of the bake ${when(phase.until, at)}`;
  }
}

function when(then: number, at: number): string {
  return then - at < SECOND ? 'at the next poll' : `in ${formatDuration(then - at)}`;
}

function onTime({ plan }: RolloutState, { index, until }: Dwelling, at: number): string {
  const step = plan.steps[index + 1];
  return step === undefined
    ? `verdict ${when(until + plan.finalAge, at).replace('in ', 'in about ')}`
    : `${step.weight}% ${when(until, at)}`;
}

/** `auto` waits for invocations to be judged: enough of them for the next step, or for a pass. */
function onEvidence(state: RolloutState, phase: Dwelling, at: number): string {
  const { plan, judgement, weight } = state;
  const step = plan.steps[phase.index + 1];
  if (step === undefined || (judgement !== undefined && passesSoon(judgement, weight))) return untilPass(state, at);
  const missing = ENOUGH_FOR_MORE - ((judgement?.canary.invocations ?? 0) - phase.seen);
  if (missing <= 0) return `${step.weight}% ${when(phase.until, at)}`;
  const invocations = missing === 1 ? '1 more canary invocation is' : `${missing} more canary invocations are`;
  return `${step.weight}% when ${invocations} judged, or ${when(phase.since + PATIENCE, at)}`;
}

/** A pass may need more traffic than there will be: then max-duration decides. */
function untilPass({ plan, startedAt }: RolloutState, at: number): string {
  return `promoted as soon as it passes; decided ${when(startedAt + plan.maxDuration, at)} at the latest`;
}

/** Where in its plan a rollout is: `step 2/3`, `steps done`, `bake`; '' where it is on its way. */
export function stageOf({ phase, plan }: RolloutState): string {
  switch (phase.name) {
    case 'dwelling':
      return `step ${phase.index + 1}/${plan.steps.length}`;
    case 'settling':
      return 'steps done';
    case 'baking':
      return 'bake';
    default:
      return '';
  }
}
