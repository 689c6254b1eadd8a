import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { constants, crc32, createDeflateRaw, deflateRaw } from 'node:zlib';
import { Zip, type ZipInputFile } from 'fflate';
import { startAhead } from './order.ts';
import type { DirectoryEntry } from './package.ts';

/** Level 6: what `zip` uses by default. */
const LEVEL = 6;
/** Files up to this size are read whole and deflated ahead of their turn, several at once; larger ones are streamed. */
const SMALL_BYTES = 256 * 1024;
/** How many small files may be under way: as many as libuv has threads. */
const AHEAD = 4;
const CHUNK_BYTES = 64 * 1024;
const REGULAR_FILE = 0o100000;
const SYMBOLIC_LINK = 0o120777;
/** Made on Unix, so that the mode in the external attributes counts. */
const UNIX = 3;
const DEFLATED = 8;
const NOTHING = new Uint8Array(0);

const deflate = promisify<Buffer<ArrayBuffer>, { level: number; chunkSize: number }, Buffer<ArrayBuffer>>(deflateRaw);

/** An entry whose bytes are at hand, or one that has to be streamed from its file when its turn comes. */
type Ready =
  | { readonly member: Member; readonly data: Buffer<ArrayBuffer> }
  | { readonly member: Member; readonly large: { readonly source: string; readonly bytes: number } };

/** A file is not what it was when the directory was examined. */
export class FileChanged extends Error {
  override readonly name = 'FileChanged';
  readonly file: string;

  constructor(file: string, cause?: unknown) {
    super(`${file} changed`, { cause });
    this.file = file;
  }
}

/**
 * One file of the archive, as the zip library takes it from those who compress themselves: Node's zlib is several times
 * faster than JavaScript. The date is the first that the format knows, in local time, which is how the format counts.
 */
class Member implements ZipInputFile {
  readonly filename: string;
  readonly attrs: number;
  readonly compression: number;
  readonly os = UNIX;
  readonly mtime = new Date(1980, 0, 1);
  /** Checksum and size of the content: known at the latest with the last chunk. */
  crc = 0;
  size = 0;
  /** Set by the library when the member is added. */
  ondata: NonNullable<ZipInputFile['ondata']> = () => undefined;

  constructor({ path, mode, compression }: { path: string; mode: number; compression: number }) {
    this.filename = path;
    // The upper half holds the Unix mode; unsigned, or the file type's top bit makes it negative.
    this.attrs = (mode << 16) >>> 0;
    this.compression = compression;
  }

  write(chunk: Uint8Array<ArrayBuffer>, isLast: boolean): void {
    this.ondata(null, chunk, isLast);
  }
}

/**
 * The bytes of the zip of a directory, in pieces. They depend on the paths, contents, executable bits and link targets
 * alone: entries come in the order given, dates are fixed, and what is compressed ahead does not change the outcome.
 */
export async function* zipDirectory(
  root: string,
  entries: readonly DirectoryEntry[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    pieces.push(piece);
  });
  for await (const ready of startAhead(entries, AHEAD, (entry) => prepare(root, entry))) {
    zip.add(ready.member);
    if ('data' in ready) {
      ready.member.write(ready.data, true);
    } else {
      for await (const chunk of deflatedChunks(ready.member, ready.large)) {
        ready.member.write(chunk, false);
        yield* pieces.splice(0);
      }
      ready.member.write(NOTHING, true);
    }
    yield* pieces.splice(0);
  }
  zip.end();
  yield* pieces;
}

async function prepare(root: string, entry: DirectoryEntry): Promise<Ready> {
  const { path } = entry;
  if (entry.kind === 'link') {
    const target = Buffer.from(entry.target);
    return whole(new Member({ path, mode: SYMBOLIC_LINK, compression: 0 }), { content: target, data: target });
  }
  const source = `${root}/${path}`;
  const mode = REGULAR_FILE | entry.mode;
  if (entry.bytes <= SMALL_BYTES) return smallFile({ path, mode }, source, entry.bytes);
  return { member: new Member({ path, mode, compression: DEFLATED }), large: { source, bytes: entry.bytes } };
}

function whole(member: Member, { content, data }: { content: Buffer<ArrayBuffer>; data: Buffer<ArrayBuffer> }): Ready {
  member.crc = crc32(content);
  member.size = content.length;
  return { member, data };
}

async function smallFile(as: { path: string; mode: number }, source: string, bytes: number): Promise<Ready> {
  const content = await readFile(source).catch((error: unknown) => {
    throw new FileChanged(source, error);
  });
  if (content.length !== bytes) throw new FileChanged(source);
  // Room for the whole answer, so that each file is one trip to a worker thread.
  const chunkSize = Math.max(constants.Z_MIN_CHUNK, content.length + 64);
  const data = await deflate(content, { level: LEVEL, chunkSize });
  const isSmaller = data.length < content.length;
  const member = new Member({ ...as, compression: isSmaller ? DEFLATED : 0 });
  return whole(member, { content, data: isSmaller ? data : content });
}

/** Yields the deflated content of a file, counting it into `member` on the way. */
async function* deflatedChunks(
  member: Member,
  { source, bytes }: { source: string; bytes: number },
): AsyncGenerator<Buffer<ArrayBuffer>, void, undefined> {
  const counted = async function* (
    chunks: AsyncIterable<Buffer<ArrayBuffer>>,
  ): AsyncGenerator<Buffer<ArrayBuffer>, void, undefined> {
    for await (const chunk of chunks) {
      member.crc = crc32(chunk, member.crc);
      member.size += chunk.length;
      yield chunk;
    }
  };
  const file = createReadStream(source, { highWaterMark: CHUNK_BYTES });
  // An error anywhere destroys the last stream with it, and so ends the loop below.
  const deflated = pipeline(file, counted, createDeflateRaw({ level: LEVEL, chunkSize: CHUNK_BYTES }), () => undefined);
  try {
    yield* deflated as AsyncIterable<Buffer<ArrayBuffer>>;
  } catch (error) {
    throw new FileChanged(source, error);
  }
  if (member.size !== bytes) throw new FileChanged(source);
}
