import type { Evidence } from './mixture.ts';

/** Below this nobody asks for an excuse, and above it without the worst minute there is none. */
const NOTABLE = Math.log(5);

/** Whether all suspicion rests on one minute. If those after it clear the canary, it is excused. */
export function restsOnOneMinute({ plain, withoutWorst }: Evidence): boolean {
  return plain >= NOTABLE && withoutWorst < NOTABLE;
}
