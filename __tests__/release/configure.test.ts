import { beforeEach, describe, expect, test } from '@jest/globals';
import { ActionFailure } from '../../src/model/failure.ts';
import type { SettingsChange, SettingsUpdate } from '../../src/model/settings.ts';
import { inlineCode, keptCode } from '../../src/release/code.ts';
import { isEmpty } from '../../src/release/configured.ts';
import { type FunctionVersion, FunctionExists, RevisionMoved, RoleNotReady } from '../../src/release/ports.ts';
import { publishRelease } from '../../src/release/publish.ts';
import { DrivenClock } from '../support/driven-clock.ts';
import { FakeFunctions, aVersion } from '../support/fake-functions.ts';

const CHANGE: SettingsChange = { fields: { MemorySize: 512 }, variables: new Map([['FEATURE', 'on']]) };
const NOTHING: SettingsChange = { fields: {}, variables: new Map() };
const OLD = at('r1', { MemorySize: 128 }, { FEATURE: 'off', KEPT: 'x' });
const NEW = at('r2', { MemorySize: 512 }, { FEATURE: 'on', KEPT: 'x' });
const MOVED = new RevisionMoved('moved', 'Again.');

let functions: FakeFunctions;
let clock: DrivenClock;
let lines: string[];
let writing: boolean[];

function at(
  revisionId: string,
  fields: FunctionVersion['settings']['fields'],
  variables: Record<string, string>,
  change: Partial<FunctionVersion> = {},
): FunctionVersion {
  return aVersion({ revisionId, settings: { fields, variables: new Map(Object.entries(variables)) }, ...change });
}

beforeEach(() => {
  functions = new FakeFunctions().shows('$LATEST', OLD).shows('8', aVersion({ version: '8' }));
  functions.onConfigure = (update) => {
    functions.shows('$LATEST', NEW);
    return { fields: update.fields, variables: update.variables };
  };
  clock = new DrivenClock();
  lines = [];
  writing = [];
});

interface Asked {
  readonly latest?: FunctionVersion;
  readonly baseline?: FunctionVersion;
  readonly change?: SettingsChange;
  readonly isNew?: boolean;
  readonly hash?: string;
}

/** The code is there already, unless `hash` says otherwise. */
function publish({ latest = OLD, baseline = at('b', {}, {}, { version: '7' }), ...asked }: Asked = {}) {
  const { change = CHANGE, isNew = false, hash = 'old=' } = asked;
  const code = hash === 'old=' ? keptCode(latest) : inlineCode({ path: import.meta.filename, bytes: 1, sha256: hash });
  const info = (line: string): void => void lines.push(line);
  return publishRelease(
    { functions, clock, signal: new AbortController().signal },
    {
      ...{
        code,
        latest,
        baseline,
        change,
        isNew,
        description: 'd',
        onPublished: () => undefined,
        onWriting: (may: boolean) => void writing.push(may),
      },
      log: { info, warn: info, group: <T>(_: string, work: () => Promise<T>) => work() },
    },
  );
}

async function failure(work: Promise<unknown>): Promise<ActionFailure> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof ActionFailure) return error;
  throw new Error('it did not fail');
}

const UPDATE: SettingsUpdate = {
  fields: { MemorySize: 512 },
  variables: new Map([
    ['FEATURE', 'on'],
    ['KEPT', 'x'],
  ]),
};

describe('configuration', () => {
  test('is sent under the revision that was read, and published under the one after', async () => {
    await publish();
    expect(functions.configurations).toEqual([{ update: UPDATE, revisionId: 'r1' }]);
    expect(functions.publications).toEqual([{ codeSha256: 'old=', description: 'd', revisionId: 'r2' }]);
    expect(lines[0]).toBe('The configuration of $LATEST is updated: MemorySize, Environment.');
    expect(writing).toEqual([true]);
  });

  test('of fields alone leaves the variables alone', async () => {
    await publish({ change: { ...NOTHING, fields: CHANGE.fields } });
    expect(functions.configurations).toMatchObject([{ update: { variables: undefined } }]);
    expect(lines[0]).toBe('The configuration of $LATEST is updated: MemorySize.');
  });

  test('is not sent where nothing differs', async () => {
    await publish({ latest: NEW });
    expect(writing).toEqual([]);
    expect(functions.configurations).toEqual([]);
    expect(functions.publications).toMatchObject([{ revisionId: 'r2' }]);
  });

  test('is what the alias serves already, once the code is looked at', async () => {
    expect(await publish({ latest: NEW, baseline: { ...NEW, version: '7' } })).toBeUndefined();
    expect(functions.publications).toEqual([]);
  });

  test('is sent in full, although it shows, when its last update failed', async () => {
    await publish({ latest: at('r1', { MemorySize: 512 }, { FEATURE: 'on' }, { lastUpdateStatus: 'Failed' }) });
    expect(functions.configurations).toMatchObject([{ update: { fields: { MemorySize: 512 } } }]);
  });

  test('is made anew of what somebody else has made of the function', async () => {
    functions.refusals.push(MOVED);
    functions.shows('$LATEST', at('r9', { MemorySize: 128 }, { FEATURE: 'off', KEPT: 'theirs', MORE: 'y' }));
    await publish();
    expect(functions.configurations).toMatchObject([{ revisionId: 'r9' }]);
    expect([...(functions.configurations[0]?.update.variables ?? [])]).toEqual([
      ['FEATURE', 'on'],
      ['KEPT', 'theirs'],
      ['MORE', 'y'],
    ]);
  });

  test('was our own, and its answer lost: nothing is sent again', async () => {
    functions.refusals.push(MOVED);
    functions.shows('$LATEST', NEW);
    await publish();
    expect(functions.configurations).toEqual([]);
    expect(functions.publications).toHaveLength(1);
  });

  test.each([
    ['was refused, and so was not written', true, [true, false]],
    ['was lost, and so may be written', false, [true]],
  ])('%s', async (_, permanent, told) => {
    const refusal = new ActionFailure('no', 'Mend it.', { permanent });
    functions.refusals.push(refusal);
    expect(await failure(publish())).toBe(refusal);
    expect(writing).toEqual(told);
  });

  test('is given up when the function never rests', async () => {
    functions.refusals.push(MOVED, MOVED, MOVED);
    expect(await failure(publish())).toBe(MOVED);
  });

  test.each<[string, Partial<FunctionVersion>]>([
    ['a field', { settings: { fields: {}, variables: NEW.settings.variables } }],
    ['a variable', { settings: { fields: NEW.settings.fields, variables: new Map([['FEATURE', 'x']]) } }],
  ])('is not published when somebody else replaced %s at once', async (_, change) => {
    functions.onConfigure = ({ fields, variables }) => {
      functions.shows('$LATEST', { ...NEW, ...change });
      return { fields, variables };
    };
    expect((await failure(publish())).message).toContain('somebody else updated the function');
    expect(functions.publications).toEqual([]);
  });

  test('of an architecture sends the code again', async () => {
    const change = { fields: { Architectures: ['x86_64'] }, variables: new Map<string, string>() };
    functions.onUpdate = () => functions.shows('$LATEST', at('r3', {}, {}, { codeSha256: 'new=' }));
    await publish({ latest: at('r1', {}, {}, { codeSha256: 'new=' }), change, hash: 'new=' });
    expect(functions.configurations).toEqual([]);
    expect(functions.updates).toMatchObject([{ architectures: ['x86_64'] }]);
  });
});

describe('the code that is kept', () => {
  test('cannot be sent where it is gone', async () => {
    functions.onConfigure = ({ fields, variables }) => {
      functions.shows('$LATEST', { ...NEW, codeSha256: 'theirs=' });
      return { fields, variables };
    };
    expect((await failure(publish())).message).toContain('cannot be published with the code that it had');
  });

  test('of an image is known by its digest', () => {
    const code = keptCode(aVersion({ imageDigest: 'sha256:a' }));
    expect([code.isIn(aVersion({ imageDigest: 'sha256:a', codeSha256: 'x' })), code.isIn(aVersion())]).toEqual([
      true,
      false,
    ]);
    expect(code.view()).toEqual({ kind: 'zip', sha256: 'old=', bytes: undefined, s3Uri: undefined });
  });
});

describe('publication', () => {
  const NEWER = { ...NEW, revisionId: 'r3' };

  test('under the next revision when nothing but that has moved', async () => {
    functions.refusals.push(MOVED);
    functions.shows('$LATEST', NEWER);
    await publish({ latest: NEW });
    expect(functions.publications).toMatchObject([{ revisionId: 'r3' }]);
  });

  test.each<[string, Partial<FunctionVersion>]>([
    ['code', { codeSha256: 'theirs=' }],
    ['configuration', { settings: OLD.settings }],
  ])('never of %s that was not looked at', async (_, change) => {
    functions.refusals.push(MOVED);
    functions.shows('$LATEST', { ...NEWER, ...change });
    expect((await failure(publish({ latest: NEW }))).message).toContain('$LATEST is not what was just sent');
    expect(functions.publications).toEqual([]);
  });

  test.each([
    ['was refused, and so was not written', true, [true, false]],
    ['was lost, and so may be written', false, [true]],
  ])('%s', async (_, permanent, told) => {
    const refusal = new ActionFailure('no', 'Mend it.', { permanent });
    functions.refusals.push(refusal);
    expect(await failure(publish())).toBe(refusal);
    expect(writing).toEqual(told);
  });

  test('is given up when the function never rests', async () => {
    functions.refusals.push(MOVED, MOVED, MOVED);
    functions.shows('$LATEST', NEWER);
    expect(await failure(publish({ latest: NEW }))).toBe(MOVED);
  });
});

describe('a role that Lambda cannot assume', () => {
  const NOT_READY = new RoleNotReady('the role cannot be assumed', 'Wait.');

  test('yet: asked again', async () => {
    functions.refusals.push(NOT_READY, NOT_READY);
    await publish();
    expect(functions.configurations).toHaveLength(1);
    expect(clock.now()).toBeGreaterThanOrEqual(6_000);
  });

  test('at all: given up after half a minute', async () => {
    functions.refusals.push(...Array.from({ length: 50 }, () => NOT_READY));
    const start = clock.now();
    expect(await failure(publish())).toBe(NOT_READY);
    expect(clock.now() - start).toBeLessThan(40_000);
  });
});

describe('a function that is to be created', () => {
  const latest = at('', {}, {}, { codeSha256: '', state: undefined });
  const made = at('r1', { MemorySize: 512 }, { FEATURE: 'on' }, { codeSha256: 'new=' });

  beforeEach(() => {
    functions.shows('$LATEST', undefined);
    functions.onCreate = () => functions.shows('$LATEST', undefined, { ...made, state: 'Pending' }, made);
  });

  test('is created whole, waited for and published', async () => {
    expect(await publish({ latest, isNew: true, hash: 'new=' })).toMatchObject({ version: '8' });
    expect(functions.creations).toMatchObject([
      { code: { kind: 'inline' }, settings: { fields: { MemorySize: 512 }, variables: new Map([['FEATURE', 'on']]) } },
    ]);
    expect(functions.calls.filter((call) => !call.startsWith('describe'))).toEqual(['create', 'publish new= "d"']);
  });

  test('has been created in the meantime: is updated like any other', async () => {
    functions.refusals.push(new FunctionExists('exists', 'Again.'));
    functions.shows('$LATEST', { ...made, state: 'Pending' }, made);
    await publish({ latest, isNew: true, hash: 'new=' });
    expect(functions.creations).toEqual([]);
    expect(functions.calls.filter((call) => !call.startsWith('describe'))).toEqual(['create', 'publish new= "d"']);
  });

  test('cannot be created', async () => {
    functions.refusals.push(new ActionFailure('no', 'Never.'));
    expect((await failure(publish({ latest, isNew: true, hash: 'new=' }))).message).toBe('no');
  });
});

test.each<[SettingsChange, boolean]>([
  [NOTHING, true],
  [{ ...NOTHING, fields: { Timeout: 1 } }, false],
  [{ ...NOTHING, variables: new Map([['A1', null]]) }, false],
])('%j says nothing: %j', (change, empty) => {
  expect(isEmpty(change)).toBe(empty);
});
