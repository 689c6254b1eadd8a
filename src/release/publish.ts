import { ActionFailure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import type { NewCode } from './code.ts';
import type { FunctionVersion } from './ports.ts';
import { type Waiting, untilActive, untilSettled, untilUpdated, whenIdle } from './wait.ts';

interface Release {
  readonly code: NewCode;
  readonly latest: FunctionVersion;
  /** What the alias serves; undefined on a first deployment. */
  readonly baseline: FunctionVersion | undefined;
  readonly description: string;
  readonly log: Log;
  /** Told the number as soon as there is one, long before the version can take traffic. */
  readonly onPublished: (version: string) => void;
}

/**
 * From code to a version that can take traffic: `$LATEST` is updated unless it has the code already, then published under
 * the guard of its hash, then waited for. Resolves with undefined when the alias turns out to serve that code already.
 */
export async function publishRelease(waiting: Waiting, release: Release): Promise<FunctionVersion | undefined> {
  const { baseline, description, log, onPublished } = release;
  const latest = await updateLatest(waiting, release);
  if (baseline !== undefined && hasSameCode(latest, baseline)) return undefined;
  const version = await whenIdle(waiting, () =>
    waiting.functions.publish({ codeSha256: latest.codeSha256, description }),
  );
  onPublished(version);
  const published = await untilActive(waiting, version);
  log.info(`Version ${version} is published and ${published.state ?? 'ready'}.`);
  return published;
}

async function updateLatest(waiting: Waiting, { code, latest, log }: Release): Promise<FunctionVersion> {
  const settled = await untilSettled(waiting, latest);
  if (code.isIn(settled) === true && settled.lastUpdateStatus !== 'Failed') {
    log.info('$LATEST has this code already; nothing is sent.');
    return settled;
  }
  const location = await code.locate();
  if (settled.storedByReference) requireVersionedObject(location);
  const update = { code: location, architectures: settled.architectures, byReference: settled.storedByReference };
  await whenIdle(waiting, () => waiting.functions.updateCode(update));
  const updated = await untilUpdated(waiting);
  if (updated.packageType === 'Zip' && code.isIn(updated) === false) throw replacedByOthers();
  log.info(`$LATEST is updated (CodeSha256 ${updated.codeSha256}).`);
  return updated;
}

/** Without this the guard of the hash would vouch for whatever somebody else has sent in between. */
function replacedByOthers(): ActionFailure {
  return new ActionFailure(
    '$LATEST does not have the code that was just sent: somebody else updated the function at the same time, or the object in S3 is another',
    'Let one workflow at a time deploy this function (`concurrency:`), then deploy again. The alias was not touched.',
  );
}

function hasSameCode(a: FunctionVersion, b: FunctionVersion): boolean {
  return a.packageType === 'Image' && a.imageDigest !== undefined
    ? a.imageDigest === b.imageDigest
    : a.codeSha256 === b.codeSha256;
}

/**
 * A function whose code stays in the user's bucket would be turned into one with a copy by an update that does not say
 * otherwise, and the mode wants a version of the object (Lambda developer guide, self-managed code storage).
 */
function requireVersionedObject(location: { kind: string; versionId?: string | undefined }): void {
  if (location.kind === 'object' && location.versionId !== undefined) return;
  throw new ActionFailure(
    'the function keeps its code in S3 by reference, which needs an object in a bucket with versioning',
    'Give s3-bucket a bucket that has versioning on and that Lambda may read.',
  );
}
