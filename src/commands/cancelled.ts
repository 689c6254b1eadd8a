import { unlessAborted } from '../model/abort.ts';
import { Cancelled } from '../model/failure.ts';
import { reasonOf } from '../rollout/rollout.ts';
import type { World } from './world.ts';

/**
 * Work before the first shift: it is left where it is as soon as the job is cancelled, whatever it waits for, since the
 * alias needs nothing then. Throws {@link Cancelled}.
 */
export function untilCancelled<T>({ signal }: Pick<World, 'signal'>, work: () => Promise<T>): Promise<T> {
  return unlessAborted(work, signal, () => new Cancelled(reasonOf(signal)));
}
