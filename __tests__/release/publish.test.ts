import { beforeEach, describe, expect, test } from '@jest/globals';
import type { NewCode } from '../../src/release/code.ts';
import { ActionFailure } from '../../src/model/failure.ts';
import { type CodeLocation, FunctionBusy, type FunctionVersion } from '../../src/release/ports.ts';
import { publishRelease } from '../../src/release/publish.ts';
import { DrivenClock } from '../support/driven-clock.ts';
import { FakeFunctions, aVersion } from '../support/fake-functions.ts';

const OLD = aVersion();
const NEW = aVersion({ codeSha256: 'new=' });
const INLINE: CodeLocation = { kind: 'inline', zip: new Uint8Array([80, 75]) };

let functions: FakeFunctions;
let clock: DrivenClock;
let lines: string[];

beforeEach(() => {
  functions = new FakeFunctions().shows('$LATEST', OLD).shows('8', aVersion({ version: '8', codeSha256: 'new=' }));
  functions.onUpdate = () => functions.shows('$LATEST', NEW);
  clock = new DrivenClock();
  lines = [];
});

/** Code with the hash `new=`, unless said otherwise. */
function someCode(
  location: CodeLocation = INLINE,
  isIn: NewCode['isIn'] = ({ codeSha256 }) => codeSha256 === 'new=',
): NewCode {
  return {
    isIn,
    locate: () => Promise.resolve(location),
    view: () => ({ kind: 'zip', sha256: 'new=', bytes: 2, s3Uri: undefined }),
  };
}

interface Asked {
  readonly latest?: FunctionVersion;
  readonly baseline?: FunctionVersion | undefined;
  readonly code?: NewCode;
}

function publish({ latest = OLD, baseline = aVersion({ version: '7' }), code = someCode() }: Asked = {}) {
  const log = {
    info: (line: string) => void lines.push(line),
    warn: (line: string) => void lines.push(line),
    group: <T>(_: string, work: () => Promise<T>) => work(),
  };
  return publishRelease(
    { functions, clock, signal: new AbortController().signal },
    {
      ...{ code, latest, baseline, log, isNew: false, change: { fields: {}, variables: new Map() } },
      ...{ description: 'by run 1', onPublished: () => undefined, onWriting: () => undefined },
    },
  );
}

describe('publishRelease', () => {
  test('updates, publishes under the guard of the hash, and waits for the version', async () => {
    functions.onUpdate = () => functions.shows('$LATEST', aVersion({ lastUpdateStatus: 'InProgress' }), NEW);
    functions.shows('8', aVersion({ version: '8', state: 'Pending' }), aVersion({ version: '8' }));
    expect(await publish()).toMatchObject({ version: '8', state: 'Active' });
    expect(functions.calls).toEqual([
      'update',
      'describe $LATEST',
      'describe $LATEST',
      'publish new= "by run 1"',
      'describe 8',
      'describe 8',
    ]);
    expect(functions.updates).toEqual([{ code: INLINE, architectures: ['arm64'], byReference: false }]);
    expect(lines).toEqual(['$LATEST is updated (CodeSha256 new=).', 'Version 8 is published and Active.']);
  });

  test('sends nothing that is there already', async () => {
    expect(await publish({ latest: NEW })).toMatchObject({ version: '8' });
    expect(functions.calls).toEqual(['publish new= "by run 1"', 'describe 8']);
  });

  test('sends again what Lambda failed to take', async () => {
    await publish({ latest: aVersion({ codeSha256: 'new=', lastUpdateStatus: 'Failed' }) });
    expect(functions.updates).toHaveLength(1);
  });

  test.each(['InProgress', 'Failed'])('an earlier update that is %s is no obstacle', async (lastUpdateStatus) => {
    expect(await publish({ latest: aVersion({ lastUpdateStatus }) })).toMatchObject({ version: '8' });
    expect(functions.updates).toHaveLength(1);
  });

  test('fails with the reason when Lambda cannot take the code', async () => {
    functions.onUpdate = () =>
      functions.shows('$LATEST', aVersion({ lastUpdateStatus: 'Failed', lastUpdateReason: 'no access' }));
    await expect(publish()).rejects.toThrow('Lambda could not update the function: no access');
  });

  test('sends the same again while the function is busy', async () => {
    functions.refusals.push(new FunctionBusy('busy', 'Wait.'), new FunctionBusy('busy', 'Wait.'));
    await publish();
    expect(functions.calls.filter((call) => call === 'update')).toHaveLength(3);
    expect(functions.updates).toHaveLength(1);
  });

  test('does not publish what somebody else has sent meanwhile', async () => {
    functions.onUpdate = () => functions.shows('$LATEST', aVersion({ codeSha256: 'theirs=' }));
    const failure = await publish().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ActionFailure);
    expect(failure).toMatchObject({ message: expect.stringContaining('somebody else updated the function') });
    expect(functions.calls.filter((call) => call.startsWith('publish'))).toEqual([]);
  });

  test('a version without a state is ready', async () => {
    functions.shows('8', aVersion({ version: '8', state: undefined }));
    await publish();
    expect(lines).toContain('Version 8 is published and ready.');
  });
});

describe('code that the alias serves already', () => {
  test.each<[string, FunctionVersion, FunctionVersion, boolean]>([
    ['the same zip', NEW, aVersion({ version: '7', codeSha256: 'new=' }), true],
    ['another zip', NEW, aVersion({ version: '7' }), false],
    ['the same image', image('sha256:a', 'x='), image('sha256:a', 'y='), true],
    ['another image', image('sha256:a', 'x='), image('sha256:b', 'x='), false],
    ['an image whose digest is not told, same hash', image(undefined, 'x='), image('sha256:a', 'x='), true],
  ])('%s', async (_, latest, baseline, isSame) => {
    const code = someCode({ kind: 'image', uri: 'repo@sha256:a' }, () => undefined);
    functions.onUpdate = () => functions.shows('$LATEST', latest);
    const published = await publish({ baseline, code });
    expect(published === undefined).toBe(isSame);
    expect(functions.calls.some((call) => call.startsWith('publish'))).toBe(!isSame);
  });

  test('cannot be without an alias', async () => {
    expect(await publish({ latest: NEW, baseline: undefined })).toMatchObject({ version: '8' });
  });
});

function image(imageDigest: string | undefined, codeSha256: string): FunctionVersion {
  return aVersion({ packageType: 'Image', imageDigest, codeSha256 });
}

describe('a function that keeps its code by reference', () => {
  const latest = aVersion({ storedByReference: true });
  const inBucket = (versionId: string | undefined): CodeLocation => ({
    kind: 'object',
    bucket: 'b',
    key: 'k',
    versionId,
  });

  test('stays so', async () => {
    await publish({ latest, code: someCode(inBucket('v1')) });
    expect(functions.updates).toEqual([{ code: inBucket('v1'), architectures: ['arm64'], byReference: true }]);
  });

  test.each([
    ['a zip in the request', INLINE],
    ['an object without a version', inBucket(undefined)],
  ])('cannot take %s', async (_, location) => {
    await expect(publish({ latest, code: someCode(location) })).rejects.toThrow('a bucket with versioning');
    expect(functions.updates).toEqual([]);
  });
});
