import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Random } from '../random.ts';
import type { BucketSpec, Frame } from '../scenario.ts';

/** A stored body: on disk, so that large packages do not fill memory. Hashes are base64, `md5` is hex. */
export interface StoredBody {
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  readonly crc32: string;
  readonly md5: string;
}

export interface StoredObject extends StoredBody {
  readonly key: string;
  readonly versionId: string | undefined;
  readonly etag: string;
  readonly modifiedAt: number;
  /** As the client sent them: `CRC32` → base64. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE';
  readonly headers: Readonly<Record<string, string>>;
}

export interface Part extends StoredBody {
  readonly checksums: Readonly<Record<string, string>>;
}

export interface MultipartUpload {
  readonly key: string;
  readonly algorithm: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Part>;
}

export class Bucket {
  readonly name: string;
  readonly region: string;
  readonly owner: string;
  readonly versioned: boolean;
  readonly uploads = new Map<string, MultipartUpload>();
  readonly #objects = new Map<string, StoredObject[]>();
  readonly #random: Random;

  constructor(spec: BucketSpec, frame: Frame, random: Random) {
    this.name = spec.name;
    this.region = spec.region ?? frame.region;
    this.owner = spec.owner ?? frame.accountId;
    this.versioned = spec.versioned ?? false;
    this.#random = random;
  }

  get(key: string, versionId?: string): StoredObject | undefined {
    const versions = this.#objects.get(key) ?? [];
    return versionId === undefined ? versions.at(-1) : versions.find((object) => object.versionId === versionId);
  }

  put(object: Omit<StoredObject, 'versionId'>): StoredObject {
    const versionId = this.versioned ? this.newId() : undefined;
    const stored = { ...object, versionId };
    const before = this.versioned ? (this.#objects.get(object.key) ?? []) : [];
    this.#objects.set(object.key, [...before, stored]);
    return stored;
  }

  /** Removes a key with all its versions. */
  delete(key: string): void {
    this.#objects.delete(key);
  }

  keys(): string[] {
    return Array.from(this.#objects.keys());
  }

  newId(): string {
    return this.#random.uuid().replaceAll('-', '');
  }
}

/** The checksum as S3 writes it: 32 bits, big-endian, base64. */
export function crc32Base64(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString('base64');
}

/** All buckets, and the folder their bodies are in. */
export class S3Store {
  readonly frame: Frame;
  readonly #buckets: Map<string, Bucket>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'simulator-s3-'));
  #files = 0;

  constructor(specs: readonly BucketSpec[], frame: Frame, random: Random) {
    this.frame = frame;
    this.#buckets = new Map(specs.map((spec) => [spec.name, new Bucket(spec, frame, random)]));
    for (const spec of specs) {
      for (const [key, bytes] of Object.entries(spec.objects ?? {})) this.putObject(spec.name, key, bytes);
    }
  }

  bucket(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  newFile(): string {
    this.#files += 1;
    return join(this.#folder, String(this.#files));
  }

  /** Puts an object there behind the API's back. */
  putObject(bucket: string, key: string, bytes: Uint8Array | string): StoredObject | undefined {
    const file = this.newFile();
    writeFileSync(file, bytes);
    const body = Buffer.from(bytes);
    const md5 = createHash('md5').update(body).digest('hex');
    const stored: StoredBody = {
      file,
      size: body.length,
      sha256: createHash('sha256').update(body).digest('base64'),
      crc32: crc32Base64(crc32(body)),
      md5,
    };
    return this.bucket(bucket)?.put({
      ...stored,
      key,
      etag: md5,
      modifiedAt: this.frame.start,
      checksums: { CRC32: stored.crc32 },
      checksumType: 'FULL_OBJECT',
      headers: {},
    });
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
