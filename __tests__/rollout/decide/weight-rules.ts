import { SUSPICION_GATE } from '../../../src/model/verdict.ts';
import type { RolloutCommand, RolloutState, Turn } from '../../../src/rollout/decide/state.ts';
import type { Move } from './walk.ts';

type SetWeight = Extract<RolloutCommand, { do: 'set-weight' }>;

/** What has to hold of the canary's weight in every single move. */
export function weightRules(move: Move, isOverdue: boolean): [string, boolean][] {
  const { before, after } = move;
  return [
    ['the weight is what the last confirmed write made it', isAsWritten(move)],
    ['no weight is above the highest of the plan, but for a promotion', isWithinPlan(after)],
    ['a canary in quarantine has less than it had', isLess(after.state)],
    ['a quarantine answers doubt, and only takes', !isShift(move, 'quarantine') || isQuarantine(move)],
    ['doubt is answered at once', !needsQuarantine(move) || isOverdue || isShift(move, 'quarantine')],
    ['a restore answers the end of the doubt, and gives what there was', !isShift(move, 'restored') || isRestore(move)],
    [
      'in quarantine there is no step, and no promotion before the deadline',
      before.state.quarantine === undefined || isOverdue || !isForward(move),
    ],
    ['a quarantine that begins keeps the phase', !isConfirmed(move, 'quarantine') || isIsolated(move)],
    ['a quarantine that ends gives its time back', !isConfirmed(move, 'restored') || isResumed(move)],
    ['nothing but these moves in or out of quarantine', isSameQuarantine(move)],
  ];
}

function highest({ plan }: RolloutState): number {
  return Math.max(0, ...plan.steps.map(({ weight }) => weight));
}

function isAsWritten({ before, event, after }: Move): boolean {
  const was = before.state.weight;
  const { pending } = before.state;
  switch (after.state.weight) {
    case was:
      return true;
    case 100:
      return event.type === 'promoted' && pending.do === 'promote';
    case 0:
      return event.type === 'rolled-back' && pending.do === 'roll-back';
    default:
      return event.type === 'weight-set' && pending.do === 'set-weight' && after.state.weight === pending.weight;
  }
}

function isWithinPlan({ state, command }: Turn): boolean {
  const most = highest(state);
  const isSet = command.do !== 'set-weight' || (command.weight >= 1 && command.weight <= most);
  return isSet && (state.weight <= most || state.weight === 100);
}

function isLess({ quarantine, weight, phase }: RolloutState): boolean {
  const isOver = weight === 0 && phase.name === 'ended';
  return quarantine === undefined || isOver || (weight >= 1 && weight < quarantine.weight);
}

/** The shift that a move decides on. */
function shiftOf({ before, after: { command } }: Move): SetWeight | undefined {
  return command.do === 'set-weight' && command !== before.command ? command : undefined;
}

function isShift(move: Move, to: SetWeight['shift']['to']): boolean {
  return shiftOf(move)?.shift.to === to;
}

function isQuarantine(move: Move): boolean {
  const { before, event } = move;
  const { weight = Infinity } = shiftOf(move) ?? {};
  if (event.type !== 'judged' || before.state.quarantine !== undefined) return false;
  const { suspicion, probeWeight } = event.judgement;
  return (
    suspicion >= SUSPICION_GATE && weight < before.state.weight && weight === leastOf(probeWeight, before.state.weight)
  );
}

/** As much as the difference shows at, but no more than half of what it has, and never nothing. */
function leastOf(probeWeight: number | undefined, weight: number): number | undefined {
  if (probeWeight === undefined || weight < 2) return undefined;
  const half = (weight + (weight % 2)) / 2;
  return probeWeight < half ? Math.max(1, probeWeight) : half;
}

/** A canary in doubt that has more than it takes to settle that, while there is time. */
function needsQuarantine({ before, event }: Move): boolean {
  const { phase, quarantine, weight } = before.state;
  const isOpen = quarantine === undefined && (phase.name === 'dwelling' || phase.name === 'settling');
  if (!isOpen || event.type !== 'judged') return false;
  const { verdict, suspicion, probeWeight } = event.judgement;
  return verdict !== 'fail' && suspicion >= SUSPICION_GATE && leastOf(probeWeight, weight) !== undefined;
}

function isRestore(move: Move): boolean {
  const { before, event } = move;
  const isCleared =
    event.type === 'judged' && event.judgement.suspicion < SUSPICION_GATE && event.judgement.obstacle === undefined;
  return isCleared && shiftOf(move)?.weight === before.state.quarantine?.weight;
}

function isForward(move: Move): boolean {
  const { before, after } = move;
  const isPromotion = after.command.do === 'promote' && after.command !== before.command;
  return isPromotion || isShift(move, 'step') || after.state.weight > (before.state.quarantine?.weight ?? 0);
}

/** The write of such a shift is confirmed. */
function isConfirmed({ before, event }: Move, to: SetWeight['shift']['to']): boolean {
  const { phase } = before.state;
  return event.type === 'weight-set' && phase.name === 'setting-weight' && phase.shift.to === to;
}

function isIsolated({ before, event, after }: Move): boolean {
  const { phase, weight } = before.state;
  const { quarantine } = after.state;
  if (phase.name !== 'setting-weight' || phase.shift.to === 'step') return false;
  const isNoted = quarantine?.weight === weight && quarantine.since === event.at;
  return isNoted && after.state.phase === phase.shift.resume;
}

function isResumed({ before, event, after }: Move): boolean {
  const { phase, quarantine } = before.state;
  const resumed = after.state.phase;
  if (phase.name !== 'setting-weight' || phase.shift.to === 'step' || quarantine === undefined) return false;
  const { resume } = phase.shift;
  const lost = event.at - quarantine.since;
  const isSame = resumed.name === resume.name && resumed.until === resume.until + lost;
  const isDwell = resumed.name !== 'dwelling' || resume.name !== 'dwelling' || resumed.since === resume.since + lost;
  return isSame && isDwell && after.state.quarantine === undefined;
}

function isSameQuarantine(move: Move): boolean {
  const isShifted = isConfirmed(move, 'quarantine') || isConfirmed(move, 'restored');
  const { quarantine, weight } = move.after.state;
  return isShifted || quarantine === move.before.state.quarantine || (weight === 100 && quarantine === undefined);
}
