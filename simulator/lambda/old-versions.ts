import type { ApiResponse } from '../http.ts';
import { json } from '../http.ts';
import { conflict, notFound } from './errors.ts';
import type { LambdaFunction } from './model.ts';
import { pageOf } from './versions.ts';

/** DeleteFunction of one version. The function itself is not for anybody to delete here. */
export function deleteVersion(fn: LambdaFunction, qualifier: string | undefined): ApiResponse {
  if (qualifier === undefined || !/^\d+$/.test(qualifier)) {
    throw conflict('The simulator deletes published versions only');
  }
  if (!fn.versions.has(qualifier)) throw notFound(`Function not found: ${fn.arn}:${qualifier}`);
  const referring = [...fn.aliases.values()].filter(
    ({ functionVersion, weights }) => functionVersion === qualifier || qualifier in weights,
  );
  if (referring.length > 0) {
    const names = referring.map(({ name }) => name).join(', ');
    throw conflict(`Unable to delete version because the following aliases reference it: [${names}]`);
  }
  fn.versions.delete(qualifier);
  return { status: 204 };
}

/** ListDurableExecutionsByFunction: those of one version that are running, as many as the scenario says. */
export function listExecutions(fn: LambdaFunction, qualifier: string | undefined, query: URLSearchParams): ApiResponse {
  const running = fn.versions.get(qualifier ?? '')?.running ?? 0;
  const all = Array.from({ length: running }, (_, index) => ({
    DurableExecutionArn: `${fn.arn}:${qualifier ?? ''}/durable-execution/run-${index}/${index}`,
    DurableExecutionName: `run-${index}`,
    FunctionArn: `${fn.arn}:${qualifier ?? ''}`,
    Status: 'RUNNING',
    StartTimestamp: 1,
  }));
  const { page, next } = pageOf(all, query);
  return json({ DurableExecutions: page, ...(next === undefined ? {} : { NextMarker: next }) });
}
