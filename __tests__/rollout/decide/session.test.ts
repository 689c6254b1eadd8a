import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../../src/model/time.ts';
import type { RolloutPlan } from '../../../src/rollout/decide/plan.ts';
import { beyondUsualSession } from '../../../src/rollout/decide/session.ts';
import { aPlan, anAutoPlan } from '../../support/rollouts.ts';

/** One step; the last minutes are final two minutes after it. */
function stepOf(minutes: number, change: Partial<RolloutPlan> = {}): RolloutPlan {
  return aPlan({ steps: [{ weight: 10, dwell: minutes * MINUTE }], ...change });
}

describe('beyondUsualSession', () => {
  test.each<[string, RolloutPlan, number | undefined]>([
    ['steps of 20 minutes, whatever max-duration is', aPlan({ maxDuration: 300 * MINUTE }), undefined],
    ['50 minutes in all', stepOf(48), undefined],
    ['51 minutes in all', stepOf(49), 51],
    ['a bake counts: 10 and 2, then 40, 2 and 1', stepOf(10, { bakeTime: 40 * MINUTE }), 55],
    ['all at once', aPlan({ steps: [] }), undefined],
    ['all at once with a bake', aPlan({ steps: [], bakeTime: 60 * MINUTE }), 63],
    ['auto, as long as two hours', anAutoPlan(), 120],
    ['auto, as long as an hour', anAutoPlan({ maxDuration: 60 * MINUTE }), undefined],
    ['auto, with a bake that uses up the hour', anAutoPlan({ maxDuration: 60 * MINUTE, bakeTime: 50 * MINUTE }), 57],
  ])('%s', (_, plan, minutes) => {
    expect(beyondUsualSession(plan)).toBe(minutes === undefined ? undefined : minutes * MINUTE);
  });
});
