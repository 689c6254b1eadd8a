import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { ApiError } from '../http.ts';
import { spool } from './body.ts';
import { crc32Base64 } from './store.ts';
import type { Bucket, MultipartUpload, Part, S3Store, StoredObject } from './store.ts';

/** S3: every part but the last has at least 5 MiB. */
const MIN_PART = 5 * 1024 * 1024;

export function findUpload(bucket: Bucket, id: string): MultipartUpload {
  const upload = bucket.uploads.get(id);
  if (upload !== undefined) return upload;
  throw new ApiError(404, 'NoSuchUpload', 'The specified upload does not exist.');
}

/** The parts that the request lists, checked against what was uploaded. */
function listedParts(upload: MultipartUpload, document: string): Part[] {
  const listed = Array.from(document.matchAll(/<Part>(.*?)<\/Part>/gs), ([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
    etag: /<ETag>(?:"|&quot;|&#34;)?([0-9a-f]+)/.exec(part)?.[1],
  }));
  return listed.map(({ number, etag }, index) => {
    const part = upload.parts.get(number);
    if (part === undefined || part.md5 !== etag) {
      throw new ApiError(400, 'InvalidPart', 'One or more of the specified parts could not be found.');
    }
    if (index < listed.length - 1 && part.size < MIN_PART) {
      throw new ApiError(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    }
    return part;
  });
}

async function* concatenated(parts: readonly Part[]): AsyncGenerator<Buffer> {
  for (const part of parts) for await (const chunk of createReadStream(part.file)) yield chunk as Buffer;
}

/** The checksum of the parts' checksums, as S3 forms it: `base64-parts`. */
function composite(algorithm: string, parts: readonly Part[]): string | undefined {
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part.checksums[algorithm] ?? '', 'base64')));
  if (algorithm === 'CRC32') return `${crc32Base64(crc32(joined))}-${parts.length}`;
  if (algorithm !== 'SHA256' && algorithm !== 'SHA1') return undefined;
  return `${createHash(algorithm.toLowerCase()).update(joined).digest('base64')}-${parts.length}`;
}

/** CompleteMultipartUpload: the parts become one object. */
export async function complete(
  store: S3Store,
  bucket: Bucket,
  request: { readonly uploadId: string; readonly document: string; readonly now: number },
): Promise<StoredObject> {
  const upload = findUpload(bucket, request.uploadId);
  const parts = listedParts(upload, request.document);
  if (parts.length === 0) throw new ApiError(400, 'MalformedXML', 'You must specify at least one part');
  const body = await spool(Readable.from(concatenated(parts)), store.newFile());
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part.md5, 'hex')));
  const checksum = upload.algorithm === undefined ? undefined : composite(upload.algorithm, parts);
  bucket.uploads.delete(request.uploadId);
  return bucket.put({
    ...body,
    key: upload.key,
    etag: `${createHash('md5').update(digests).digest('hex')}-${parts.length}`,
    modifiedAt: request.now,
    checksums: upload.algorithm === undefined || checksum === undefined ? {} : { [upload.algorithm]: checksum },
    checksumType: 'COMPOSITE',
    headers: upload.headers,
  });
}
