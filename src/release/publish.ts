import { ActionFailure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import type { SettingsChange } from '../model/settings.ts';
import type { NewCode } from './code.ts';
import { ATTEMPTS, type OnWriting, configureLatest, requireOwnSettings } from './configure.ts';
import { configured } from './configured.ts';
import { createFunction } from './create.ts';
import { type FunctionVersion, RevisionMoved } from './ports.ts';
import { sameSettings } from './settings.ts';
import { type Waiting, untilActive, untilSettled, untilUpdated, whenIdle } from './wait.ts';

interface Release {
  readonly code: NewCode;
  readonly latest: FunctionVersion;
  /** `latest` is only imagined: the function is to be created. */
  readonly isNew: boolean;
  readonly change: SettingsChange;
  /** What the alias serves; undefined on a first deployment. */
  readonly baseline: FunctionVersion | undefined;
  readonly description: string;
  readonly log: Log;
  readonly onWriting: OnWriting;
  /** Told the number as soon as there is one, long before the version can take traffic. */
  readonly onPublished: (version: string) => void;
}

/**
 * From code and configuration to one version that can take traffic: `$LATEST` is created, or updated in what differs, the
 * configuration first (Lambda refuses more of it than of code), each waited for; then it is published under the guard of its
 * hash and its revision, and waited for. Resolves with undefined when the alias turns out to serve just that already.
 */
export async function publishRelease(waiting: Waiting, release: Release): Promise<FunctionVersion | undefined> {
  const { baseline, log, onPublished } = release;
  const latest = await makeLatest(waiting, release);
  if (baseline !== undefined && isServed(latest, baseline)) return undefined;
  const version = await publishGuarded(waiting, latest, release);
  onPublished(version);
  const published = await untilActive(waiting, version);
  log.info(`Version ${version} is published and ${published.state ?? 'ready'}.`);
  return published;
}

/** Whether a version has the code and the configuration that another has. */
export function isServed(wanted: FunctionVersion, served: FunctionVersion): boolean {
  return hasSameCode(wanted, served) && sameSettings(wanted.settings, served.settings);
}

async function makeLatest(waiting: Waiting, release: Release): Promise<FunctionVersion> {
  const { latest, isNew, code, change, log } = release;
  if (!isNew) return updateLatest(waiting, release, await untilSettled(waiting, latest));
  const created = await createFunction(waiting, { code, target: configured(latest, change), log });
  return created ?? updateLatest(waiting, release, await untilSettled(waiting));
}

/** Publishes what was looked at, and nothing that came after: a revision that has moved is looked at again. */
async function publishGuarded(
  waiting: Waiting,
  latest: FunctionVersion,
  { description }: Pick<Release, 'description'>,
): Promise<string> {
  const { codeSha256 } = latest;
  for (let known = latest, attempt = 1; ; attempt += 1) {
    const { revisionId } = known;
    try {
      return await whenIdle(waiting, () => waiting.functions.publish({ codeSha256, description, revisionId }));
    } catch (error) {
      if (!(error instanceof RevisionMoved) || attempt === ATTEMPTS) throw error;
      known = await untilSettled(waiting);
      if (!isServed(latest, known)) throw replacedByOthers();
    }
  }
}

async function updateLatest(
  waiting: Waiting,
  { code, change, log, onWriting }: Release,
  settled: FunctionVersion,
): Promise<FunctionVersion> {
  const hadFailed = settled.lastUpdateStatus === 'Failed';
  const architectures = configured(settled, change).architectures;
  const { latest, taken } = await configureLatest(waiting, { latest: settled, change, log, onWriting });
  const isWhole = code.isKept === true ? latest.lastUpdateStatus !== 'Failed' : !hadFailed;
  const isThere = code.isIn(latest) === true && isWhole && isSame(latest.architectures, architectures);
  if (isThere) log.info('$LATEST has this code already; nothing is sent.');
  const updated = isThere ? latest : await updateCode(waiting, { code, latest, architectures, log });
  if (taken !== undefined) requireOwnSettings(updated, taken, change);
  return updated;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.join() === b.join();
}

interface CodeChange extends Pick<Release, 'code' | 'latest' | 'log'> {
  readonly architectures: readonly string[];
}

async function updateCode(
  waiting: Waiting,
  { code, latest, architectures, log }: CodeChange,
): Promise<FunctionVersion> {
  const location = await code.locate();
  const byReference = latest.storedByReference;
  if (byReference) requireVersionedObject(location);
  await whenIdle(waiting, () => waiting.functions.updateCode({ code: location, architectures, byReference }));
  const updated = await untilUpdated(waiting);
  if (updated.packageType === 'Zip' && code.isIn(updated) === false) throw replacedByOthers();
  log.info(`$LATEST is updated (CodeSha256 ${updated.codeSha256}).`);
  return updated;
}

/** Without this the guard of the hash would vouch for whatever somebody else has sent in between. */
function replacedByOthers(): ActionFailure {
  return new ActionFailure(
    '$LATEST is not what was just sent: somebody else updated the function at the same time, or the object in S3 is another',
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
