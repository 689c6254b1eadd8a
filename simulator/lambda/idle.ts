import { ApiError } from '../http.ts';
import type { LambdaFunction } from './model.ts';
import type { LambdaWorld } from './world.ts';

const DEFAULT_WAKE = 60_000;

/**
 * An invocation of a version that was put away is refused, and gets it ready (developer guide, "Lambda function states").
 * The kind DryRun does neither.
 */
export function refuseIdle(
  world: LambdaWorld,
  fn: LambdaFunction,
  { qualifier, type }: { readonly qualifier: string | undefined; readonly type: string | undefined },
): void {
  if (type === 'DryRun') return;
  const found = world.configuration(fn, qualifier);
  if (found.state === 'Active' || found.state === 'Pending') return;
  const now = world.clock.now();
  const wakes = found.state === 'Inactive' && fn.spec.wakeMs !== 'never';
  if (wakes) {
    const { wakeMs = DEFAULT_WAKE } = fn.spec;
    fn.versions.set(found.version, { ...found, state: 'Active', pendingUntil: now + Number(wakeMs) });
  }
  const name = fn.spec.snapStart === true ? 'SnapStartNotReadyException' : 'ResourceNotReadyException';
  throw new ApiError(
    fn.spec.snapStart === true ? 409 : 502,
    name,
    'The function is inactive. Wait until it is active.',
  );
}
