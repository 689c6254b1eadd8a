import { MINUTE } from '../../model/time.ts';
import { type RolloutPlan, expectedDuration } from './plan.ts';

/** What a session lasts where no other length was asked for (`role-duration-seconds` of aws-actions/configure-aws-credentials), ms. */
const USUAL_SESSION = 60 * MINUTE;
/** What the steps before this one have used of it, and what a rollback takes at its end, ms. */
const USED = 10 * MINUTE;

/**
 * How long (ms) a rollout takes that may outlast a session of the usual length: the time it is planned for, or, where the
 * evidence sets the pace, the longest that it may take. undefined: such a session will do.
 */
export function beyondUsualSession(plan: RolloutPlan): number | undefined {
  if (plan.pace !== 'fixed' && plan.maxDuration > USUAL_SESSION) return plan.maxDuration;
  const needed = expectedDuration(plan);
  return needed > USUAL_SESSION - USED ? needed : undefined;
}
