import type { ApiResponse } from '../http.ts';
import { ApiError, json } from '../http.ts';
import { conflict, constraint, invalid } from './errors.ts';
import type { Alias, LambdaFunction, ProvisionedConcurrency } from './model.ts';
import { pageOf } from './versions.ts';
import type { LambdaWorld } from './world.ts';

/** How long a version's own takes to be ready, ms, unless the scenario says otherwise. */
const DEFAULT_READY = 90_000;

function isVersion(qualifier: string): boolean {
  return /^\d+$/.test(qualifier);
}

function shape({ requested, readyAt, failure }: ProvisionedConcurrency, now: number): Record<string, unknown> {
  const isOver = now >= readyAt;
  const allocated = isOver && failure === undefined ? requested : 0;
  return {
    RequestedProvisionedConcurrentExecutions: requested,
    AvailableProvisionedConcurrentExecutions: allocated,
    AllocatedProvisionedConcurrentExecutions: allocated,
    Status: isOver ? (failure === undefined ? 'READY' : 'FAILED') : 'IN_PROGRESS',
    ...(isOver && failure !== undefined ? { StatusReason: failure } : {}),
  };
}

/** GetProvisionedConcurrencyConfig. */
export function getProvisioned(fn: LambdaFunction, qualifier: string | undefined, now: number): ApiResponse {
  const found = fn.provisioned.get(qualifier ?? '');
  if (found !== undefined) return json(shape(found, now));
  const sentence = 'No Provisioned Concurrency Config found for this function';
  throw new ApiError(404, 'ProvisionedConcurrencyConfigNotFoundException', sentence);
}

/** ListProvisionedConcurrencyConfigs. */
export function listProvisioned(fn: LambdaFunction, query: URLSearchParams, now: number): ApiResponse {
  const { page, next } = pageOf([...fn.provisioned], query);
  return json({
    ProvisionedConcurrencyConfigs: page.map(([qualifier, found]) => ({
      FunctionArn: `${fn.arn}:${qualifier}`,
      ...shape(found, now),
    })),
    ...(next === undefined ? {} : { NextMarker: next }),
  });
}

/**
 * PutProvisionedConcurrencyConfig. Not on a weighted alias, and a version has it either of its own or by an alias that points
 * to it (the sentences as others have met them: hashicorp/terraform#24957, LocalStack's tests against AWS).
 */
export function putProvisioned(
  world: LambdaWorld,
  fn: LambdaFunction,
  { qualifier = '$LATEST', amount }: { readonly qualifier: string | undefined; readonly amount: unknown },
): ApiResponse {
  if (typeof amount !== 'number' || amount < 1) {
    throw constraint(amount, 'provisionedConcurrentExecutions', 'Member must have value greater than or equal to 1');
  }
  if (qualifier === '$LATEST') {
    throw invalid('Provisioned Concurrency Configs cannot be applied to unpublished function versions.');
  }
  const now = world.clock.now();
  const configuration = world.configuration(fn, qualifier);
  if (isVersion(qualifier)) requireUnpointed(fn, qualifier);
  else requireUnweighted(fn, world.alias(fn, qualifier));
  if (now < configuration.pendingUntil || configuration.state !== 'Active') {
    throw conflict(
      'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    );
  }
  const { readyMs = DEFAULT_READY, fails: failure } = fn.spec.provisioning ?? {};
  fn.provisioned.set(qualifier, { requested: amount, moveMs: readyMs, readyAt: now + readyMs, failure });
  return json(shape({ requested: amount, readyAt: Infinity, moveMs: readyMs, failure: undefined }, now), 202);
}

function requireUnpointed(fn: LambdaFunction, version: string): void {
  const pointing = [...fn.aliases.values()].filter(
    ({ name, functionVersion, weights }) =>
      fn.provisioned.has(name) && (functionVersion === version || version in weights),
  );
  if (pointing.length > 0) throw conflict('Version is pointed by a Provisioned Concurrency alias');
}

function requireUnweighted(fn: LambdaFunction, { functionVersion, weights }: Alias): void {
  if (Object.keys(weights).length > 0) throw invalid('Alias with weights can not be used with Provisioned Concurrency');
  requireUnprovisioned(fn, functionVersion);
}

function requireUnprovisioned(fn: LambdaFunction, version: string): void {
  if (!fn.provisioned.has(version)) return;
  const sentence = "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version";
  throw conflict(sentence);
}

/** DeleteProvisionedConcurrencyConfig: the same answer whether there was one or not. */
export function deleteProvisioned(fn: LambdaFunction, qualifier: string | undefined): ApiResponse {
  fn.provisioned.delete(qualifier ?? '');
  return { status: 204 };
}

/**
 * UpdateAlias of an alias that has it. Pointing it wholly at a version that has its own is taken to be refused, as putting
 * it there is; whether a split with such a version is, nobody says: the scenario decides.
 */
export function requireFreeVersions(fn: LambdaFunction, written: Omit<Alias, 'revisionId'>): void {
  if (!fn.provisioned.has(written.name)) return;
  requireUnprovisioned(fn, written.functionVersion);
  if (fn.spec.provisioning?.splits === 'refused') {
    for (const version of Object.keys(written.weights)) requireUnprovisioned(fn, version);
  }
}
