import type { Step } from '../../model/strategy.ts';
import { MINUTE } from '../../model/time.ts';

/** What a rollout will do, settled before its first write. Durations are ms. */
export interface RolloutPlan {
  readonly steps: readonly Step[];
  readonly bakeTime: number;
  readonly interval: number;
  /** Age at which a minute's metrics are final, counted from its end. */
  readonly finalAge: number;
  readonly maxDuration: number;
  readonly onInconclusive: 'promote' | 'rollback' | 'hold';
  /** How long metrics may stay unreadable before the canary is rolled back. */
  readonly unreadableLimit: number;
  /** Natural log of the evidence that proves a regression: ln(1/alpha). */
  readonly proof: number;
}

/** Metrics that stay unreadable for this long end a rollout: ten polls at the default interval. */
export const UNREADABLE_LIMIT = 5 * MINUTE;

/**
 * Suspicion from which a rollout waits instead of raising the weight: odds of 5 to 1, well before proof. Healthy canaries
 * reach it at most once in five rollouts and leave it again as traffic comes in.
 */
export const SUSPICION_GATE = Math.log(5);

/** Time (ms) from the first shift to the end when nothing holds the rollout: the last minutes of a watch have to become final. */
export function expectedDuration({ steps, bakeTime, finalAge }: RolloutPlan): number {
  const dwelling = steps.reduce((sum, { dwell }) => sum + dwell, 0);
  const settling = steps.length > 0 ? finalAge : 0;
  const baking = bakeTime > 0 ? bakeTime + finalAge : 0;
  return dwelling + settling + baking;
}
