import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DIRECT_LIMIT, imageCode, inlineCode, objectCode, storedCode } from '../../src/release/code.ts';
import type { PackageObject, PackageStore } from '../../src/release/ports.ts';
import { aVersion } from '../support/fake-functions.ts';

/** A bucket that remembers what it was given. */
function aStore() {
  const puts: PackageObject[] = [];
  const store: PackageStore = {
    put: (object) => {
      puts.push(object);
      return Promise.resolve({ stored: true, versionId: 'v1' });
    },
    find: (bucket, key) => Promise.resolve({ versionId: `${bucket}/${key}@v2` }),
  };
  return { puts, store };
}

test('a request has room for what may go with it', () => {
  expect(Math.ceil(DIRECT_LIMIT / 3) * 4).toBeLessThan(69_905_067);
});

describe('a zip that goes with the request', () => {
  test('is read when it is sent', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'code-'));
    const path = join(directory, 'p.zip');
    await writeFile(path, 'PK');
    const code = inlineCode({ path, bytes: 2, sha256: 'new=' });
    expect(await code.locate()).toEqual({ kind: 'inline', zip: Buffer.from('PK') });
    await rm(directory, { recursive: true });
    expect(code.view()).toEqual({ kind: 'zip', sha256: 'new=', bytes: 2, s3Uri: undefined });
  });

  test.each([
    ['new=', true],
    ['old=', false],
  ])('is in a version with the hash %s: %s', (codeSha256, isIn) => {
    const object = { path: '', bytes: 2, sha256: 'new=' };
    expect(inlineCode(object).isIn(aVersion({ codeSha256 }))).toBe(isIn);
    const { store } = aStore();
    expect(
      storedCode({ ...object, bucket: 'b', key: 'k', replaces: false, store }).isIn(aVersion({ codeSha256 })),
    ).toBe(isIn);
  });
});

test('a zip that goes to S3 is stored before it is located', async () => {
  const { puts, store } = aStore();
  const object = { path: '/p.zip', bytes: 2, sha256: 'new=', bucket: 'b', key: 'k.zip', replaces: false };
  const code = storedCode({ ...object, store });
  expect(puts).toEqual([]);
  expect(await code.locate()).toEqual({ kind: 'object', bucket: 'b', key: 'k.zip', versionId: 'v1' });
  expect(puts).toEqual([object]);
  expect(code.view()).toEqual({ kind: 'zip', sha256: 'new=', bytes: 2, s3Uri: 's3://b/k.zip' });
});

test('an object that is there already is only found', async () => {
  const { puts, store } = aStore();
  const code = objectCode({ store, bucket: 'b', key: 'k.zip' });
  expect(code.isIn(aVersion())).toBeUndefined();
  expect(await code.locate()).toEqual({ kind: 'object', bucket: 'b', key: 'k.zip', versionId: 'b/k.zip@v2' });
  expect(code.view()).toEqual({ kind: 'zip', sha256: undefined, bytes: undefined, s3Uri: 's3://b/k.zip' });
  expect(puts).toEqual([]);
});

describe('an image', () => {
  const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
  test.each([
    [`${HOST}/shop:v2`, `${HOST}/shop@sha256:d`],
    [`${HOST}/team/shop`, `${HOST}/team/shop@sha256:d`],
    [`${HOST}/shop@sha256:d`, `${HOST}/shop@sha256:d`],
    [`${HOST}/shop:v2@sha256:d`, `${HOST}/shop@sha256:d`],
    ['localhost:5000/shop:v2', 'localhost:5000/shop@sha256:d'],
    ['localhost:5000/shop', 'localhost:5000/shop@sha256:d'],
  ])('%s is pinned to its digest', async (uri, pinned) => {
    const code = await imageCode({ registry: { digestOf: () => Promise.resolve('sha256:d') }, uri });
    expect(await code.locate()).toEqual({ kind: 'image', uri: pinned });
    expect(code.view()).toEqual({ kind: 'image', uri: pinned, digest: 'sha256:d' });
    expect(code.isIn(aVersion({ imageDigest: 'sha256:d' }))).toBe(true);
    expect(code.isIn(aVersion())).toBe(false);
  });
});
