import { notFound } from './errors.ts';
import type { LambdaFunction } from './model.ts';

function qualified(fn: LambdaFunction, qualifier: string | undefined): string {
  return qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`;
}

/** Those on exactly what was asked for (assumed: whether the bare name also finds what is on qualifiers, AWS does not say). */
export function eventSourceMappings(fn: LambdaFunction, qualifier: string | undefined): readonly object[] {
  const { eventSources = [] } = fn.spec.callers ?? {};
  return eventSources
    .map((source, index) => ({ ...source, id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` }))
    .filter((source) => source.qualifier === qualifier)
    .map(({ arn, id, state = 'Enabled' }) => ({
      UUID: id,
      FunctionArn: qualified(fn, qualifier),
      ...(arn === undefined ? { SelfManagedEventSource: { Endpoints: {} } } : { EventSourceArn: arn }),
      State: state,
    }));
}

/** FunctionUrlConfig, of the function and of its aliases. */
export function functionUrls(fn: LambdaFunction): readonly object[] {
  return (fn.spec.callers?.urls ?? []).map(({ qualifier }, index) => ({
    FunctionArn: qualified(fn, qualifier),
    FunctionUrl: `https://${fn.name}${index}.lambda-url.eu-west-1.on.aws/`,
    AuthType: 'NONE',
    CreationTime: '2026-01-01T00:00:00Z',
    LastModifiedTime: '2026-01-01T00:00:00Z',
  }));
}

/** The policy of the function, of a version or of an alias, each its own. Throws ResourceNotFound where there is none. */
export function resourcePolicy(fn: LambdaFunction, qualifier: string | undefined): string {
  const policy = fn.spec.callers?.policies?.[qualifier ?? ''];
  if (policy === undefined) throw notFound('The resource you requested does not exist.');
  if (typeof policy === 'string') return policy;
  const Resource = qualified(fn, qualifier);
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'default',
    Statement: policy.map((statement, index) => ({ Sid: `s${index}`, Effect: 'Allow', Resource, ...statement })),
  });
}
