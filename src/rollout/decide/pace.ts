import { formatDuration } from '../../model/time.ts';
import type { Judgement } from '../../model/verdict.ts';
import { ENOUGH_FOR_MORE, PATIENCE } from './plan.ts';

/** How long `auto` rather waits for a pass at its present weight than risk more traffic for it, minutes. */
const SOON = 3;

/**
 * Whether what is missing for a pass comes in at the present weight (percent) soon enough. Where the proof is complete and
 * there is no pass all the same, for want of `min-invocations` or of a metric's value, nobody can tell.
 */
export function passesSoon({ verdict, missing, traffic }: Judgement, weight: number): boolean {
  if (verdict === 'pass') return true;
  return missing > 0 && missing <= (SOON * traffic * weight) / 100;
}

/**
 * Why `auto` may give a canary that is under no suspicion more traffic, in words for the log; undefined while it has to
 * wait.
 *
 * @param judged canary invocations that have become old enough to be judged since it has its present weight; they may
 *   have come before that
 * @param now `waited`: ms at that weight; `weight` percent
 */
export function mayGrow(judged: number, { waited, weight }: { waited: number; weight: number }): string | undefined {
  if (judged >= ENOUGH_FOR_MORE) return `${judged} more invocations judged and nothing against the canary`;
  if (waited < PATIENCE) return undefined;
  return `only ${judged} invocations in ${formatDuration(waited)} at ${weight}%: more of so little can do little harm`;
}
