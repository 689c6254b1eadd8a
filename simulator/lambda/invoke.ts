import type { ApiResponse } from '../http.ts';
import { json } from '../http.ts';
import type { Traffic } from '../traffic.ts';
import type { LambdaFunction } from './model.ts';
import type { LambdaWorld } from './world.ts';

/** Invoke: one request, routed as the alias says at this moment and counted in the metrics. The answer has no content. */
export function invoke(
  world: LambdaWorld,
  traffic: Traffic,
  fn: LambdaFunction,
  { qualifier, type }: { readonly qualifier: string | undefined; readonly type: string | undefined },
): ApiResponse {
  if (type === 'DryRun') return { status: 204 };
  world.configuration(fn, qualifier);
  const { version, failed } = traffic.invokeOnce(fn, qualifier);
  const headers = { 'x-amz-executed-version': version };
  if (type === 'Event') return { status: 202, headers };
  if (!failed) return json(null, 200, headers);
  const error = { errorType: 'Error', errorMessage: 'simulated failure' };
  return json(error, 200, { ...headers, 'x-amz-function-error': 'Unhandled' });
}
