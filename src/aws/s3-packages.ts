import { createReadStream } from 'node:fs';
import { HeadObjectCommand, type PutObjectCommandInput, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ActionFailure } from '../model/failure.ts';
import type { PackageObject, PackageStore } from '../release/ports.ts';
import { type Access, UPLOAD, clientConfig } from './clients.ts';
import { callAws, statusOf } from './failures.ts';

const MEBIBYTE = 1024 * 1024;
/** Two parts of 8 MiB are in memory at a time, whatever the size of the package. */
const PART_SIZE = 8 * MEBIBYTE;
const PARTS_AT_ONCE = 2;

/** Packages in S3, under keys that are never overwritten. */
export class S3Packages implements PackageStore {
  #client: S3Client;
  #region: string;
  #ownerAccount: string | undefined;

  /** `ownerAccount`: the account that must own the bucket, so that a bucket name taken over by others gets nothing. */
  constructor(options: Access & { ownerAccount: string | undefined }) {
    this.#client = new S3Client(clientConfig(options, UPLOAD));
    this.#region = options.region;
    this.#ownerAccount = options.ownerAccount;
  }

  async put(object: PackageObject): Promise<{ stored: boolean; versionId: string | undefined }> {
    const present = await this.#lookBeforePut(object);
    const isSame = present !== undefined && (!object.replaces || present.sha256 === object.sha256);
    if (isSame) return { stored: false, versionId: present.versionId };
    try {
      const versionId = await this.#guard('s3:PutObject', object, () => this.#upload(object));
      return { stored: true, versionId };
    } catch (error) {
      // Another run stored the same package between our look and our upload: content-addressed, so it is ours too.
      if (!isTaken(error)) throw error;
      return { stored: false, versionId: (await this.#lookBeforePut(object))?.versionId };
    }
  }

  /** Without s3:ListBucket S3 answers 403 for a key that does not exist: the conditional upload then finds out. */
  async #lookBeforePut({ bucket, key }: PackageObject): Promise<Found | undefined> {
    try {
      return await this.#head(bucket, key);
    } catch (error) {
      if (error instanceof ActionFailure && statusOf(error.cause) === 403) return undefined;
      throw error;
    }
  }

  async find(bucket: string, key: string): Promise<{ versionId: string | undefined }> {
    const present = await this.#head(bucket, key);
    if (present === undefined) {
      throw new ActionFailure(
        `there is no object s3://${bucket}/${key}`,
        'Check s3-bucket and s3-key, or give `artifact` to have the package uploaded there.',
      );
    }
    return present;
  }

  async #head(bucket: string, key: string): Promise<Found | undefined> {
    const command = new HeadObjectCommand({ Bucket: bucket, Key: key, ...this.#owner() });
    return this.#guard('s3:GetObject', { bucket, key }, async () => {
      try {
        const { VersionId: versionId, Metadata: metadata } = await this.#client.send(command);
        return { versionId, sha256: metadata?.['sha256'] };
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });
  }

  async #upload(object: PackageObject): Promise<string | undefined> {
    const params: PutObjectCommandInput = {
      Bucket: object.bucket,
      Key: object.key,
      Body: createReadStream(object.path, { highWaterMark: MEBIBYTE }),
      ContentType: 'application/zip',
      ChecksumAlgorithm: 'CRC32',
      Metadata: { sha256: object.sha256 },
      ...(object.replaces ? {} : { IfNoneMatch: '*' }),
      ...this.#owner(),
    };
    const upload = new Upload({ client: this.#client, params, partSize: PART_SIZE, queueSize: PARTS_AT_ONCE });
    return (await upload.done()).VersionId;
  }

  #owner() {
    return this.#ownerAccount === undefined ? {} : { ExpectedBucketOwner: this.#ownerAccount };
  }

  async #guard<T>(action: string, { bucket, key }: Location, work: () => Promise<T>): Promise<T> {
    const call = { action, subject: `s3://${bucket}/${key}`, region: this.#region };
    try {
      return await callAws(call, () => this.#inOurRegion(bucket, work));
    } catch (error) {
      throw statusOf(causeOf(error)) === 403 ? this.#perhapsOthers(error) : error;
    }
  }

  async #inOurRegion<T>(bucket: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const region = bucketRegionIn(error);
      if (region !== undefined && region !== this.#region)
        throw inOtherRegion({ bucket, region, wanted: this.#region }, error);
      throw error;
    }
  }

  /** S3 answers 403 for other reasons, too: another owner than expected, a missing object where listing is not allowed. */
  #perhapsOthers(error: unknown): unknown {
    if (!(error instanceof ActionFailure) || this.#ownerAccount === undefined) return error;
    const next =
      `${error.next} S3 answers the same when the bucket does not belong to account ${this.#ownerAccount} (then give ` +
      's3-bucket-owner), and for an object that does not exist when s3:ListBucket is not allowed.';
    return new ActionFailure(error.message, next, { cause: error.cause, permanent: error.permanent });
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/** What is at a key. */
interface Found {
  readonly versionId: string | undefined;
  /** As it was noted by the upload of this action; undefined for objects of others. */
  readonly sha256: string | undefined;
}

interface Location {
  readonly bucket: string;
  readonly key: string;
}

function inOtherRegion(found: { bucket: string; region: string; wanted: string }, cause: unknown): ActionFailure {
  const { bucket, region, wanted } = found;
  return new ActionFailure(
    `bucket ${bucket} is in ${region}, but the function is in ${wanted}: Lambda reads packages from its own region only`,
    `Give s3-bucket a bucket in ${wanted}.`,
    { cause, permanent: true },
  );
}

function isTaken(error: unknown): boolean {
  return error instanceof ActionFailure && statusOf(error.cause) === 412;
}

/** S3 names a bucket's region in a header of the answer, also where the answer has no body. */
function bucketRegionIn(error: unknown): string | undefined {
  if (!(error instanceof S3ServiceException)) return undefined;
  const headers: unknown = error.$response?.headers;
  if (typeof headers !== 'object' || headers === null || !('x-amz-bucket-region' in headers)) return undefined;
  const region = headers['x-amz-bucket-region'];
  return typeof region === 'string' ? region : undefined;
}
