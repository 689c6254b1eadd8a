import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../src/model/time.ts';
import { NOON } from '../support/driven-clock.ts';
import { halfFails, roll, writesOf } from '../support/rollout-lab.ts';
import { anAutoPlan } from '../support/rollouts.ts';

const WEIGHTS = [1, 5, 20, 50];
const AUTO = anAutoPlan({ steps: WEIGHTS.map((weight) => ({ weight, dwell: MINUTE })) });

/** The weights that the canary was given, 100 for all. */
function weightsOf({ port }: ReturnType<typeof roll>): number[] {
  return port.writes.map(({ functionVersion, weights }) => (functionVersion === '8' ? 100 : (weights['8'] ?? 0)));
}

describe('auto', () => {
  test('promotes a healthy canary on its pass, having raised its weight step by step', async () => {
    const run = roll({ plan: AUTO });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
    const given = weightsOf(run);
    expect(given.length).toBeGreaterThan(2);
    expect(given.slice(0, -1)).toEqual(WEIGHTS.slice(0, given.length - 1));
    expect(given.at(-1)).toBe(100);
    // No slower than one step of 10 % for ten minutes, whose last minute has to become final.
    expect(run.clock.now() - NOON).toBeLessThanOrEqual(12 * MINUTE);
  });

  test('is in no hurry without traffic, and leaves it to the policy at max-duration', async () => {
    const run = roll({ plan: { ...AUTO, maxDuration: 30 * MINUTE, onInconclusive: 'hold' }, rate: 0 });
    expect(await run.outcome).toMatchObject({ result: 'held', verdict: 'inconclusive' });
    expect(weightsOf(run)).toEqual(WEIGHTS);
    expect(run.clock.now() - NOON).toBe(30 * MINUTE);
    const reached = run.polls.filter(({ weight }, index) => weight !== run.polls[index - 1]?.weight);
    expect(reached.map(({ at }) => Math.floor((at - NOON) / MINUTE))).toEqual([0, 5, 10, 15]);
  });

  test('rolls a broken canary back before it gets far', async () => {
    const run = roll({ plan: AUTO, canaryErrors: halfFails() });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(Math.max(...weightsOf(run))).toBeLessThanOrEqual(5);
    expect(writesOf(run).at(-1)).toBe('7 the shop');
  });

  test('isolates a canary that breaks later, and never gives it more again', async () => {
    const run = roll({ plan: AUTO, rate: 100, canaryErrors: halfFails(10) });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    const given = weightsOf(run);
    const peak = given.indexOf(Math.max(...given));
    const later = given.slice(peak);
    expect(later).toEqual(later.toSorted((a, b) => b - a));
  });
});
