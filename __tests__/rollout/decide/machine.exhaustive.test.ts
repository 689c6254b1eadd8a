import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../../src/model/time.ts';
import { begin, next } from '../../../src/rollout/decide/machine.ts';
import type { RolloutPlan } from '../../../src/rollout/decide/plan.ts';
import type { Turn } from '../../../src/rollout/decide/state.ts';
import { aPlan } from '../../support/rollouts.ts';
import { broken, isOverdue, reachesBaseline } from './invariants.ts';
import { ALL, START, eventOf, timeOf } from './walk.ts';

interface Node {
  readonly turn: Turn;
  readonly now: number;
  /** What was to be judged by could not be read when the time was over. */
  readonly isBlind: boolean;
}

interface Found {
  readonly problems: string[];
  readonly ends: Set<string>;
  /** Times of the last ends: of those that could read to the end, and of those that could not. */
  latest: { seeing: number; blind: number };
  states: number;
}

/** How far off a pass is means nothing to steps that have their time: to them these are `inconclusive` once more. */
const FOR_FIXED = ALL.filter((happening) => happening !== 'soon' && happening !== 'unproven');

/** Follows everything that may happen, from every state there is, until nothing is left that has not ended. */
function explore(plan: RolloutPlan): Found {
  const found: Found = { problems: [], ends: new Set(), latest: { seeing: 0, blind: 0 }, states: 0 };
  const known = new Set<string>();
  let frontier: readonly Node[] = [{ turn: begin(plan, START), now: START, isBlind: false }];
  while (frontier.length > 0) {
    frontier = frontier.flatMap((node) => branches(node, found)).filter((node) => isNew(node, known));
    found.states += frontier.length;
  }
  return found;
}

function branches({ turn, now, isBlind }: Node, found: Found): Node[] {
  if (turn.command.do === 'end') {
    found.ends.add(`${turn.command.outcome.result} (${turn.command.outcome.verdict})`);
    const kind = isBlind ? 'blind' : 'seeing';
    found.latest[kind] = Math.max(found.latest[kind], now);
    return [];
  }
  const at = timeOf(turn.command, now);
  if (!reachesBaseline(turn, at)) found.problems.push(`cannot get back: ${JSON.stringify(turn)}`);
  return (turn.state.plan.pace === 'fixed' ? FOR_FIXED : ALL).flatMap((happening) => {
    const event = eventOf(happening, turn.command, at);
    if (event === undefined) return [];
    const after = next(turn.state, event);
    found.problems.push(...broken({ before: turn, event, after }));
    // What changes nothing leads nowhere new.
    if (after.state === turn.state) return [];
    return [{ turn: after, now: at, isBlind: isBlind || (event.type === 'unreadable' && isOverdue(turn.state, at)) }];
  });
}

/** By all that a state and the time are made of. */
function isNew({ turn, now, isBlind }: Node, known: Set<string>): boolean {
  const { judgement } = turn.state;
  const said = `${judgement?.reason} ${judgement?.canary.invocations}`;
  const key = `${now} ${isBlind} ${JSON.stringify({ ...turn.state, plan: undefined, judgement: said })}`;
  if (known.has(key)) return false;
  known.add(key);
  return true;
}

describe('every story there is', () => {
  const brief = { interval: 2 * MINUTE, finalAge: MINUTE, unreadableLimit: 3 * MINUTE, maxDuration: 9 * MINUTE };
  const policies = ['promote', 'rollback', 'hold'] as const;
  const steps = [
    { weight: 5, dwell: MINUTE },
    { weight: 50, dwell: MINUTE },
  ];
  const shapes: readonly (Partial<RolloutPlan> & { name: string; least: number })[] = [
    { name: 'two steps', least: 1000, steps },
    { name: 'a step and a bake', least: 1000, steps: steps.slice(0, 1), bakeTime: MINUTE },
    { name: 'all at once', least: 2, steps: [] },
    { name: 'all at once and a bake', least: 100, steps: [], bakeTime: 2 * MINUTE },
    {
      name: 'a step and a bake, kept when cancelled',
      least: 1000,
      steps: steps.slice(1),
      bakeTime: MINUTE,
      onCancel: 'keep',
    },
    { name: 'auto', least: 1000, steps, pace: 'evidence' },
    { name: 'auto and a bake', least: 1000, steps: steps.slice(1), pace: 'evidence', bakeTime: MINUTE },
  ];
  test.each(shapes.flatMap((shape) => policies.map((policy) => ({ ...shape, policy }))))(
    '$name, on-inconclusive $policy',
    ({ least, policy, ...change }) => {
      const plan = aPlan({ ...brief, ...change, onInconclusive: policy });
      const { problems, ends, latest, states } = explore(plan);
      expect(problems.slice(0, 3)).toEqual([]);
      expect(states).toBeGreaterThan(least);
      // One poll past the deadline for a bake that begins there, and the writes.
      expect(latest.seeing - START).toBeLessThanOrEqual(plan.maxDuration + plan.interval + MINUTE);
      expect(latest.blind > 0).toBe(plan.steps.length + plan.bakeTime > 0);
      const patience = plan.unreadableLimit + plan.interval;
      expect(latest.blind - START).toBeLessThanOrEqual(plan.maxDuration + patience + plan.interval + MINUTE);
      expect([...ends]).toEqual(expect.arrayContaining(['rolled-back (none)']));
      expect([...ends].some((end) => end.startsWith('held'))).toBe(
        plan.onCancel === 'keep' || (policy === 'hold' && plan.steps.length + plan.bakeTime > 0),
      );
    },
  );
});
