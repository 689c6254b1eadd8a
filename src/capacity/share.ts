import type { Step } from '../model/strategy.ts';

/**
 * How much of an alias' provisioned concurrency its canary needs of its own: as much as its highest share of the traffic.
 * 0: none, since a rollout without steps gives the canary everything at once, and Lambda moves the alias' own then.
 *
 * @param requested what the alias has
 */
export function shareOf(requested: number, steps: readonly Step[]): number {
  const highest = Math.max(0, ...steps.map(({ weight }) => weight));
  return Math.ceil((requested * highest) / 100);
}
