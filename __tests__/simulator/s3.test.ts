import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Scenario } from '../../simulator/index.ts';
import { withBench } from './bench.ts';

const BODY = Buffer.from('PK a package');
const SHA256 = createHash('sha256').update(BODY).digest('base64');
const PLACE = { Bucket: 'releases', Key: 'lambda/f/a b+c.zip' };
const MIB = 1024 * 1024;

const scenario: Scenario = {
  functions: [],
  buckets: [
    { name: 'releases', versioned: true },
    { name: 'plain' },
    { name: 'far', region: 'us-east-1' },
    { name: 'theirs', owner: '999999999999' },
  ],
};

/** A package of 12 MiB in which no two parts are alike. */
function largeBody(): Buffer {
  const body = Buffer.alloc(12 * MIB);
  for (let i = 0; i < body.length; i += 4096) body.writeUInt32BE(i, i);
  return body;
}

describe('objects', () => {
  test('come back as they were put, with their checksum and version', async () => {
    await withBench(scenario, async ({ s3, simulator }) => {
      const put = await s3.send(new PutObjectCommand({ ...PLACE, Body: BODY, ChecksumSHA256: SHA256 }));
      expect(put.ETag).toBe(`"${createHash('md5').update(BODY).digest('hex')}"`);
      const head = await s3.send(new HeadObjectCommand({ ...PLACE, ChecksumMode: 'ENABLED' }));
      expect(head).toMatchObject({ ContentLength: BODY.length, ChecksumSHA256: SHA256, VersionId: put.VersionId });
      const { Body } = await s3.send(new GetObjectCommand(PLACE));
      expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(BODY)).toBe(true);
      expect(simulator.calls.map(({ action }) => action)).toEqual(['PutObject', 'HeadObject', 'GetObject']);
    });
  });

  test('a stream arrives in chunks with its checksum behind it', async () => {
    await withBench(scenario, async ({ s3, simulator }) => {
      const body = largeBody();
      const Body = Readable.from([body.subarray(0, 7 * MIB), body.subarray(7 * MIB)]);
      await s3.send(new PutObjectCommand({ ...PLACE, Body, ContentLength: body.length, ChecksumAlgorithm: 'SHA256' }));
      const stored = simulator.objects.bucket('releases')?.get(PLACE.Key);
      const sha256 = createHash('sha256').update(body).digest('base64');
      expect(stored).toMatchObject({ size: body.length, sha256, checksums: { SHA256: sha256 } });
    });
  });

  test('are written once with If-None-Match, and every time without', async () => {
    await withBench(scenario, async ({ s3 }) => {
      const put = (more: { IfNoneMatch?: string }) => s3.send(new PutObjectCommand({ ...PLACE, Body: BODY, ...more }));
      const first = await put({ IfNoneMatch: '*' });
      await expect(put({ IfNoneMatch: '*' })).rejects.toMatchObject({
        name: 'PreconditionFailed',
        $metadata: { httpStatusCode: 412 },
      });
      expect((await put({})).VersionId).not.toBe(first.VersionId);
    });
  });

  test('a body that is not what its checksum says is refused', async () => {
    await withBench(scenario, async ({ s3, simulator }) => {
      const ChecksumSHA256 = createHash('sha256').update('another').digest('base64');
      const put = s3.send(new PutObjectCommand({ ...PLACE, Body: BODY, ChecksumSHA256 }));
      await expect(put).rejects.toMatchObject({ name: 'BadDigest' });
      expect(simulator.objects.bucket('releases')?.keys()).toEqual([]);
    });
  });

  test('a bucket without versions keeps the last object and tells no version', async () => {
    await withBench(scenario, async ({ s3 }) => {
      const put = await s3.send(new PutObjectCommand({ Bucket: 'plain', Key: 'k', Body: BODY }));
      expect(put.VersionId).toBeUndefined();
      const missing = s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'other' }));
      await expect(missing).rejects.toMatchObject({ name: 'NotFound', $metadata: { httpStatusCode: 404 } });
    });
  });

  test('without permission to list, a missing key looks forbidden', async () => {
    await withBench({ ...scenario, deny: ['s3:ListBucket'] }, async ({ s3 }) => {
      const head = s3.send(new HeadObjectCommand(PLACE));
      await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    });
  });
});

describe('buckets', () => {
  test.each([
    ['none', 404],
    ['far', 301],
    ['theirs', 403],
  ])('HeadBucket of %s answers %d', async (Bucket, httpStatusCode) => {
    await withBench(scenario, async ({ s3 }) => {
      const head = s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: '123456789012' }));
      await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode } });
    });
  });

  test('HeadBucket tells the Region', async () => {
    await withBench(scenario, async ({ s3 }) => {
      expect((await s3.send(new HeadBucketCommand({ Bucket: 'plain' }))).BucketRegion).toBe('eu-west-1');
    });
  });

  test.each([
    ['none', 'NoSuchBucket'],
    ['far', 'PermanentRedirect'],
    ['theirs', 'AccessDenied'],
  ])('PutObject into %s fails with %s', async (Bucket, name) => {
    await withBench(scenario, async ({ s3 }) => {
      const put = { Bucket, Key: 'k', Body: BODY, ExpectedBucketOwner: '123456789012' };
      await expect(s3.send(new PutObjectCommand(put))).rejects.toMatchObject({ name });
    });
  });
});

describe('multipart uploads', () => {
  test('lib-storage sends a stream of unknown length', async () => {
    await withBench(scenario, async ({ s3, simulator }) => {
      const body = largeBody();
      const Body = Readable.from([body.subarray(0, 6 * MIB), body.subarray(6 * MIB)]);
      const done = await new Upload({ client: s3, params: { ...PLACE, Body, IfNoneMatch: '*' } }).done();
      expect(done.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
      const stored = simulator.objects.bucket('releases')?.get(PLACE.Key);
      expect(stored?.sha256).toBe(createHash('sha256').update(body).digest('base64'));
      expect(stored?.checksums['CRC32']).toMatch(/-3$/);
      const again = new Upload({ client: s3, params: { ...PLACE, Body: largeBody(), IfNoneMatch: '*' } });
      await expect(again.done()).rejects.toMatchObject({ name: 'PreconditionFailed' });
    });
  });

  test('refuses small parts, unknown parts and unknown uploads', async () => {
    await withBench(scenario, async ({ s3 }) => {
      const { UploadId = '' } = await s3.send(new CreateMultipartUploadCommand(PLACE));
      const part = async (PartNumber: number) => {
        const { ETag } = await s3.send(new UploadPartCommand({ ...PLACE, UploadId, PartNumber, Body: BODY }));
        return { PartNumber, ETag };
      };
      const complete = (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
        s3.send(new CompleteMultipartUploadCommand({ ...PLACE, UploadId, MultipartUpload: { Parts } }));
      const parts = [await part(1), await part(2)];
      await expect(complete(parts)).rejects.toMatchObject({ name: 'EntityTooSmall' });
      await expect(complete([{ PartNumber: 3, ETag: '"00"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
      await s3.send(new AbortMultipartUploadCommand({ ...PLACE, UploadId }));
      await expect(complete(parts)).rejects.toMatchObject({ name: 'NoSuchUpload' });
    });
  });
});
