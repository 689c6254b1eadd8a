import { formatDuration } from '../../model/time.ts';
import { ENOUGH_FOR_MORE, PATIENCE } from './plan.ts';

/**
 * Why `auto` may give a canary that is under no suspicion more traffic, in words for the log; undefined while it has to
 * wait.
 *
 * @param judged canary invocations that have become old enough to be judged since it has its present weight
 * @param now `waited`: ms at that weight; `weight` percent
 */
export function mayGrow(judged: number, { waited, weight }: { waited: number; weight: number }): string | undefined {
  if (judged >= ENOUGH_FOR_MORE) return `${judged} more invocations judged and nothing against the canary`;
  if (waited < PATIENCE) return undefined;
  return `only ${judged} invocations in ${formatDuration(waited)} at ${weight}%: more of so little can do little harm`;
}
