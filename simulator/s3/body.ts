import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { ApiError } from '../http.ts';
import { crc32Base64 } from './store.ts';
import type { StoredBody } from './store.ts';

/** Checksum headers and trailers, by the name the XML uses. */
const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

type Fields = Record<string, string>;

/**
 * Takes the `aws-chunked` framing off: `size[;signature]\r\n data \r\n`, …, a chunk of size 0, trailers, an empty line.
 * Signatures are not checked.
 */
class ChunkedDecoder extends Transform {
  readonly trailers: Fields = {};
  #buffer = Buffer.alloc(0);
  /** Bytes of the present chunk that are still to come; 'header' and 'trailer' read lines. */
  #state: number | 'header' | 'end-of-chunk' | 'trailer' = 'header';

  override _transform(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    while (this.#step());
    done();
  }

  override _flush(done: () => void): void {
    if (this.#state === 'trailer') this.#trailer(this.#buffer.toString('latin1'));
    done();
  }

  #step(): boolean {
    if (typeof this.#state === 'number') return this.#data(this.#state);
    const end = this.#buffer.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.#buffer.subarray(0, end).toString('latin1');
    this.#buffer = this.#buffer.subarray(end + 2);
    if (this.#state === 'header') {
      const size = Number.parseInt(line, 16);
      this.#state = size === 0 ? 'trailer' : size;
    } else if (this.#state === 'end-of-chunk') this.#state = 'header';
    else this.#trailer(line);
    return true;
  }

  #data(left: number): boolean {
    if (this.#buffer.length === 0) return false;
    const piece = this.#buffer.subarray(0, left);
    this.push(piece);
    this.#buffer = this.#buffer.subarray(piece.length);
    this.#state = piece.length === left ? 'end-of-chunk' : left - piece.length;
    return true;
  }

  #trailer(line: string): void {
    const colon = line.indexOf(':');
    if (colon > 0) this.trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
}

class Digests extends Transform {
  size = 0;
  readonly sha256 = createHash('sha256');
  readonly sha1 = createHash('sha1');
  readonly md5 = createHash('md5');
  crc32 = 0;

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.size += chunk.length;
    for (const digest of [this.sha256, this.sha1, this.md5]) digest.update(chunk);
    this.crc32 = crc32(chunk, this.crc32);
    done(null, chunk);
  }
}

function sentChecksums(headers: IncomingHttpHeaders, trailers: Fields): Fields {
  const found = ALGORITHMS.flatMap((name): [string, string][] => {
    const field = `x-amz-checksum-${name.toLowerCase()}`;
    const value = trailers[field] ?? headers[field];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return Object.fromEntries(found);
}

/** CRC32C and CRC64NVME are taken as sent. */
function verify(sent: Fields, headers: IncomingHttpHeaders, actual: Fields): void {
  for (const [name, value] of Object.entries(sent)) {
    if ((actual[name] ?? value) !== value) {
      throw new ApiError(400, 'BadDigest', `The ${name} you specified did not match the calculated checksum.`);
    }
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && md5 !== actual['MD5']) {
    throw new ApiError(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  const content = headers['x-amz-content-sha256'];
  if (typeof content === 'string' && /^[0-9a-f]{64}$/.test(content) && content !== actual['SHA256_HEX']) {
    const sentence = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    throw new ApiError(400, 'XAmzContentSHA256Mismatch', sentence);
  }
}

/** A body on its way to `file`, hashed while it passes. */
export async function spool(source: Readable, file: string): Promise<StoredBody & { sha1: string; sha256Hex: string }> {
  const digests = new Digests();
  await pipeline(source, digests, createWriteStream(file));
  const sha256 = digests.sha256.digest();
  return {
    file,
    size: digests.size,
    sha256: sha256.toString('base64'),
    sha256Hex: sha256.toString('hex'),
    sha1: digests.sha1.digest('base64'),
    crc32: crc32Base64(digests.crc32),
    md5: digests.md5.digest('hex'),
  };
}

/** Stores a request's body, whatever its framing, and holds it against every checksum that came with it. */
export async function receive(
  stream: Readable,
  headers: IncomingHttpHeaders,
  file: string,
): Promise<StoredBody & { readonly checksums: Fields }> {
  const framed = headers['content-encoding']?.includes('aws-chunked') === true;
  const decoder = framed ? new ChunkedDecoder() : undefined;
  const source = decoder === undefined ? stream : stream.pipe(decoder);
  const body = await spool(source, file);
  const sent = sentChecksums(headers, decoder?.trailers ?? {});
  verify(sent, headers, {
    CRC32: body.crc32,
    SHA1: body.sha1,
    SHA256: body.sha256,
    SHA256_HEX: body.sha256Hex,
    MD5: Buffer.from(body.md5, 'hex').toString('base64'),
  });
  return { ...body, checksums: sent };
}
