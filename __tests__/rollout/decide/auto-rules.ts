import { MINUTE } from '../../../src/model/time.ts';
import type { Judgement } from '../../../src/model/verdict.ts';
import { SUSPICION_GATE } from '../../../src/model/verdict.ts';
import { ENOUGH_FOR_MORE, PATIENCE } from '../../../src/rollout/decide/plan.ts';
import type { Phase, RolloutState, Turn } from '../../../src/rollout/decide/state.ts';
import type { Move } from './walk.ts';

type Dwelling = Extract<Phase, { name: 'dwelling' }>;

/** What has to hold of `auto` in every single move: it neither hurries nor dawdles. */
export function autoRules(move: Move, isOverdue: boolean): [string, boolean][] {
  const { before, event, after } = move;
  const { plan, phase, weight } = before.state;
  if (plan.pace !== 'evidence' || phase.name !== 'dwelling' || event.type !== 'judged') return [];
  const isStep = isNextStep(after);
  const mayStep = !isNear(event.judgement, weight) && isShown(event.judgement, phase, event.at);
  const isFree = !isOverdue && isHarmless(event.judgement) && before.state.quarantine === undefined;
  return [
    ['auto gives more traffic to what has shown enough, and is not about to pass', !isStep || mayStep],
    ['auto gives more traffic as soon as it may', !(isFree && mayStep && isOver(move, phase)) || isStep],
    ['auto promotes what passes as soon as it was seen', !isFree || isPromoted(move) === isProven(move)],
  ];
}

function isNextStep({ command }: Turn): boolean {
  return command.do === 'set-weight' && command.shift.to === 'step';
}

/** The least time at the weight is over, and there is another one. */
function isOver({ before, event }: Move, { index, until }: Dwelling): boolean {
  return event.at >= until && index + 1 < before.state.plan.steps.length;
}

/** A minute of the clock has passed at the weight that the canary has, and has become old enough to be judged. */
export function wasSeen({ phase }: RolloutState, at: number): boolean {
  if (phase.name !== 'dwelling') return false;
  const lastJudged = Math.floor(at / MINUTE) - 2;
  return lastJudged * MINUTE >= phase.since;
}

function isProven({ before, event }: Move): boolean {
  return event.type === 'judged' && event.judgement.verdict === 'pass' && wasSeen(before.state, event.at);
}

function isPromoted({ after }: Move): boolean {
  return after.command.do === 'promote';
}

function isHarmless({ verdict, suspicion, obstacle }: Judgement): boolean {
  return verdict !== 'fail' && suspicion < SUSPICION_GATE && obstacle === undefined;
}

/** Three minutes of what it has bring in what is missing. */
function isNear({ verdict, missing, traffic }: Judgement, weight: number): boolean {
  return verdict === 'pass' || (missing > 0 && 100 * missing <= 3 * traffic * weight);
}

function isShown({ canary }: Judgement, { seen, since }: Dwelling, at: number): boolean {
  return canary.invocations - seen >= ENOUGH_FOR_MORE || at - since >= PATIENCE;
}
