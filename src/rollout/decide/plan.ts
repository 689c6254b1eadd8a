import type { Pace, Step } from '../../model/strategy.ts';
import { MINUTE } from '../../model/time.ts';

/** What a rollout will do, settled before its first write. Durations are ms. */
export interface RolloutPlan {
  readonly steps: readonly Step[];
  readonly pace: Pace;
  readonly bakeTime: number;
  readonly interval: number;
  /** Age at which a minute's metrics are final, counted from its end. */
  readonly finalAge: number;
  readonly maxDuration: number;
  readonly onInconclusive: 'promote' | 'rollback' | 'hold';
  /** What becomes of a canary that has traffic when the job is cancelled. */
  readonly onCancel: 'rollback' | 'keep';
  /** How long metrics may stay unreadable before the canary is rolled back. */
  readonly unreadableLimit: number;
}

/** Metrics that stay unreadable for this long end a rollout: ten polls at the default interval. */
export const UNREADABLE_LIMIT = 5 * MINUTE;

/** Canary invocations, judged and found harmless since the last step, after which `auto` goes on to the next. */
export const ENOUGH_FOR_MORE = 20;

/** How long `auto` waits for them: where there is so little traffic, more of it can do little harm. */
export const PATIENCE = 5 * MINUTE;

/** Whether anything is judged: all at once without a bake is not. */
export function isWatched({ steps, bakeTime }: Pick<RolloutPlan, 'steps' | 'bakeTime'>): boolean {
  return steps.length > 0 || bakeTime > 0;
}

/** Time (ms) that a bake takes at most: until the minute in which it ends is final. */
export function timeOfBake({ bakeTime, finalAge }: RolloutPlan): number {
  return bakeTime === 0 ? 0 : bakeTime + finalAge + MINUTE;
}

/** Time (ms) from the first shift to the end when nothing holds the rollout: the last minutes of a watch have to become final. */
export function expectedDuration(plan: RolloutPlan): number {
  const { steps, pace, finalAge } = plan;
  // Paced by evidence it may be over after a single minute.
  const dwelling = pace === 'fixed' ? steps.reduce((sum, { dwell }) => sum + dwell, 0) : 2 * MINUTE;
  const settling = steps.length > 0 ? finalAge : 0;
  return dwelling + settling + timeOfBake(plan);
}
