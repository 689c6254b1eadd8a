import type { Evidence } from './mixture.ts';

/** Below this nobody asks for an excuse. */
const NOTABLE = Math.log(5);

/**
 * Whether there is suspicion that one minute brought about: without it there is next to none, or that minute is worth more
 * than proof by itself. If the minutes after it clear the canary, it is excused, and it stays so when another error comes.
 *
 * @param proof ln(1/alpha)
 */
export function restsOnOneMinute({ plain, withoutWorst }: Evidence, proof: number): boolean {
  return plain >= NOTABLE && (withoutWorst < NOTABLE || plain - withoutWorst >= proof);
}
