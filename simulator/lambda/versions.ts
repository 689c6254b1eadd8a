import { text } from '../http.ts';
import { refuseWhileUpdating, requireRevision } from './code.ts';
import { constraint, invalid } from './errors.ts';
import type { Configuration, LambdaFunction } from './model.ts';
import type { LambdaWorld } from './world.ts';

const DEFAULT_PENDING = 2_000;
const PAGE = 50;

/** The newest published version. */
function newest(fn: LambdaFunction): Configuration | undefined {
  return fn.versions.get(String(fn.nextVersion - 1)) ?? Array.from(fn.versions.values()).at(-1);
}

/** PublishVersion: the version that now stands for `$LATEST`, an existing one when no Update call was made since. */
export function publish(world: LambdaWorld, fn: LambdaFunction, fields: Record<string, unknown>): Configuration {
  const now = world.clock.now();
  refuseWhileUpdating(fn, now);
  requireRevision(fn, fields);
  const expected = text(fields, 'CodeSha256');
  const actual = fn.latest.code.sha256;
  if (expected !== undefined && expected !== '' && expected !== actual) {
    throw invalid(`CodeSHA256 (${expected}) is different from current CodeSHA256 in $LATEST (${actual})`);
  }
  const description = text(fields, 'Description');
  if ((description ?? '').length > 256) {
    throw constraint(description, 'description', 'Member must have length less than or equal to 256');
  }
  const existing = newest(fn);
  if (!fn.changed && existing !== undefined) return existing;
  return create(world, fn, description);
}

function create(world: LambdaWorld, fn: LambdaFunction, description: string | undefined): Configuration {
  const now = world.clock.now();
  const failure = fn.publishFails;
  const version: Configuration = {
    ...fn.latest,
    version: String(fn.nextVersion),
    description: description ?? fn.latest.description,
    modifiedAt: now,
    revisionId: world.newRevision(),
    pendingUntil: now + (fn.spec.pendingMs ?? DEFAULT_PENDING),
    state: failure === undefined ? 'Active' : 'Failed',
    ...(failure === undefined ? {} : { failure }),
  };
  fn.versions.set(version.version, version);
  fn.nextVersion += 1;
  fn.changed = false;
  return version;
}

/** One page: `$LATEST` first, then the versions in rising order. */
export function pageOf<T>(
  items: readonly T[],
  query: URLSearchParams,
  most = PAGE,
): { page: readonly T[]; next?: string } {
  const from = Number(query.get('Marker') ?? 0);
  const size = Math.min(Number(query.get('MaxItems') ?? most), most);
  const page = items.slice(from, from + size);
  return from + size < items.length ? { page, next: String(from + size) } : { page };
}
