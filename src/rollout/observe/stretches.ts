import { MINUTE } from '../../model/time.ts';
import { totalOf } from '../../model/traffic.ts';
import type { Minute, Stretch } from '../../model/traffic.ts';
import { PROPAGATION, type WeightChange } from './observe.ts';

/** How many minutes tell how the traffic is split now: a split that was wrong for a while and is mended counts as mended. */
export const RECENT = 10;

/**
 * How the traffic was split under each weight: over the last minutes that lie wholly between two changes.
 *
 * @param minutes final ones of both versions side by side
 */
export function stretchesOf(minutes: readonly Minute[], changes: readonly WeightChange[]): readonly Stretch[] {
  return changes
    .map(({ weight, doneAt }, index) => {
      const until = changes[index + 1]?.begunAt ?? Infinity;
      const inside = minutes
        .filter(({ start }) => start >= doneAt + PROPAGATION && start + MINUTE <= until)
        .slice(-RECENT);
      return {
        weight,
        baseline: totalOf(inside, 'baseline').invocations,
        canary: totalOf(inside, 'canary').invocations,
      };
    })
    .filter(({ weight, baseline, canary }) => weight > 0 && weight < 100 && baseline + canary > 0);
}
