import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import { startSimulator } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { EcrImages } from '../../src/aws/ecr-images.ts';
import { S3Packages } from '../../src/aws/s3-packages.ts';
import { failureOf, pointEnvironmentAt } from './adapters.ts';

jest.setTimeout(20_000);

const folder = mkdtempSync(join(tmpdir(), 's3-packages-'));
const region = 'eu-west-1';
const OWNER = '123456789012';

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(bytes: Buffer) {
  const path = join(folder, createHash('md5').update(bytes).digest('hex'));
  writeFileSync(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('base64');
  return { path, bytes: bytes.length, sha256, bucket: NAMES.bucket, key: 'lambda/f/x.zip', replaces: false };
}

const SMALL = file(Buffer.from('PK small'));

async function withStore(
  change: Partial<Scenario>,
  work: (store: S3Packages, simulator: Simulator) => Promise<void>,
): Promise<void> {
  const simulator = await startSimulator({ ...scenarios.healthy(), ...change });
  pointEnvironmentAt(simulator.url);
  try {
    await work(new S3Packages({ region, ownerAccount: OWNER }), simulator);
  } finally {
    await simulator.close();
  }
}

function actions({ calls }: Simulator): readonly string[] {
  return calls.map(({ action, status }) => `${action} ${status}`);
}

describe('S3Packages.put', () => {
  test('stores once; the second time it is there', async () => {
    await withStore({}, async (store, simulator) => {
      const first = await store.put(SMALL);
      const second = await store.put(SMALL);
      const held = simulator.objects.bucket(NAMES.bucket)?.get(SMALL.key);
      expect(first).toEqual({ stored: true, versionId: held?.versionId });
      expect(second).toEqual({ stored: false, versionId: held?.versionId });
      expect(held).toMatchObject({ sha256: SMALL.sha256, size: SMALL.bytes });
      expect(actions(simulator)).toEqual(['HeadObject 404', 'PutObject 200', 'HeadObject 200']);
    });
  });

  test('under a key of the user another package is replaced, the same one is not sent again', async () => {
    const first = { ...SMALL, key: 'app.zip', replaces: true };
    const second = { ...file(Buffer.from('PK other')), key: 'app.zip', replaces: true };
    await withStore({}, async (store, simulator) => {
      const stored = [];
      for (const object of [first, first, second, second]) stored.push((await store.put(object)).stored);
      expect(stored).toEqual([true, false, true, false]);
      expect(simulator.objects.bucket(NAMES.bucket)?.get('app.zip')).toMatchObject({ sha256: second.sha256 });
    });
  });

  test('larger than a part, and a part fails: nothing is left of it', async () => {
    await withStore({}, async (store, simulator) => {
      simulator.faults.add({ action: 'UploadPart', from: 2, effect: 'access-denied' });
      const failure = await failureOf(store.put(file(randomBytes(17 * 1024 * 1024))));
      expect(failure.message).toContain('s3:PutObject');
      expect(actions(simulator)).toContain('AbortMultipartUpload 204');
      expect(simulator.objects.bucket(NAMES.bucket)?.uploads.size).toBe(0);
    });
  });

  test('larger than a part: in parts, whole in the end', async () => {
    const large = file(Buffer.concat([Buffer.from('PK'), randomBytes(17 * 1024 * 1024)]));
    await withStore({}, async (store, simulator) => {
      expect(await store.put(large)).toMatchObject({ stored: true });
      const held = simulator.objects.bucket(NAMES.bucket)?.get(large.key);
      expect(held).toMatchObject({ sha256: large.sha256, size: large.bytes });
      const parts = actions(simulator).filter((action) => action === 'UploadPart 200');
      expect(parts).toHaveLength(3);
      const last = simulator.calls.find(({ action }) => action === 'CompleteMultipartUpload');
      expect(last?.request).toMatchObject({ IfNoneMatch: '*' });
    });
  });

  test('another run stored it between the look and the upload', async () => {
    await withStore({}, async (store, simulator) => {
      const { versionId } = simulator.objects.putObject(NAMES.bucket, SMALL.key, 'PK small') ?? {};
      simulator.faults.add({
        action: 'HeadObject',
        nth: 1,
        effect: () => ({ status: 404, headers: {}, body: '' }),
      });
      expect(await store.put(SMALL)).toEqual({ stored: false, versionId });
      expect(actions(simulator)).toEqual(['HeadObject 0', 'PutObject 412', 'HeadObject 200']);
    });
  });

  test('without permission to list, a missing object looks like a forbidden one: uploaded all the same', async () => {
    await withStore({ deny: ['s3:ListBucket'] }, async (store, simulator) => {
      expect(await store.put(SMALL)).toMatchObject({ stored: true });
      expect(actions(simulator)).toEqual(['HeadObject 403', 'PutObject 200']);
    });
  });

  test.each<[string, Partial<Scenario>, RegExp, RegExp]>([
    [
      'a bucket in another region',
      { buckets: [{ name: NAMES.bucket, region: 'us-east-1' }] },
      /is in us-east-1, but the function is in eu-west-1/,
      /a bucket in eu-west-1/,
    ],
    [
      'a bucket of another account',
      { buckets: [{ name: NAMES.bucket, owner: '210987654321' }] },
      /not allowed to s3:PutObject/,
      /account 123456789012 \(then give s3-bucket-owner\)/,
    ],
    ['no bucket', { buckets: [] }, /NoSuchBucket/, /./],
    ['no permission to write', { deny: ['s3:PutObject'] }, /not allowed to s3:PutObject/, /"s3:PutObject"/],
  ])('%s', async (_, change, problem, next) => {
    await withStore(change, async (store) => {
      const failure = await failureOf(store.put(SMALL));
      expect(failure.message).toMatch(problem);
      expect(failure.next).toMatch(next);
      expect(failure.permanent).toBe(true);
    });
  });
});

describe('S3Packages.find', () => {
  test('the version of what is there; a sentence for what is not', async () => {
    await withStore({}, async (store, simulator) => {
      const { versionId } = simulator.objects.putObject(NAMES.bucket, 'a.zip', 'PK') ?? {};
      expect(await store.find(NAMES.bucket, 'a.zip')).toEqual({ versionId });
      const failure = await failureOf(store.find(NAMES.bucket, 'b.zip'));
      expect(failure.message).toBe('there is no object s3://releases/b.zip');
    });
  });

  test('forbidden, or missing where listing is not allowed: all reasons are named', async () => {
    await withStore({ deny: ['s3:ListBucket'] }, async (store) => {
      const failure = await failureOf(store.find(NAMES.bucket, 'b.zip'));
      expect(failure.message).toContain('not allowed to s3:GetObject for s3://releases/b.zip');
      expect(failure.next).toMatch(/"s3:GetObject".*s3-bucket-owner.*s3:ListBucket/s);
    });
  });
});

describe('EcrImages', () => {
  const repository = `${OWNER}.dkr.ecr.eu-west-1.amazonaws.com/${NAMES.function}`;

  test('a tag is resolved, a digest is taken as it is', async () => {
    const simulator = await startSimulator(scenarios.image());
    pointEnvironmentAt(simulator.url);
    const images = new EcrImages();
    expect(await images.digestOf(`${repository}:next`)).toBe(`sha256:${'b2'.repeat(32)}`);
    expect(await images.digestOf(`${repository}@sha256:${'c3'.repeat(32)}`)).toBe(`sha256:${'c3'.repeat(32)}`);
    expect(simulator.calls).toHaveLength(1);
    const missing = await failureOf(images.digestOf(`${repository}:nowhere`));
    expect(missing.message).toContain(`${repository}:nowhere`);
    const elsewhere = await failureOf(images.digestOf('docker.io/library/node:24'));
    expect(elsewhere.next).toContain('<account>.dkr.ecr.<region>.amazonaws.com');
    await simulator.close();
  });
});
