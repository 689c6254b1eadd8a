import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { openPromise } from 'yauzl';
import { formatIssue } from '../../src/model/failure.ts';
import { buildPackage } from '../../src/package/build.ts';
import { examineArtifact } from '../../src/package/examine.ts';
import type { ExaminedArtifact } from '../../src/package/package.ts';
import { directoryRecord, endRecord, localHeader, type Member, STORED } from './raw-zip.ts';

/** A file's content (`run` makes it executable) or a link's target. */
export type Node = string | Buffer | { readonly run: string } | { readonly link: string };

/** A folder of its own below the system's temporary one. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'package-test-'));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Writes files and links, in the order given. */
export function writeTree(root: string, nodes: Readonly<Record<string, Node>>): void {
  mkdirSync(root, { recursive: true });
  for (const [path, node] of Object.entries(nodes)) {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    if (typeof node === 'string' || Buffer.isBuffer(node)) writeFileSync(full, node);
    else if ('link' in node) symlinkSync(node.link, full);
    else {
      writeFileSync(full, node.run);
      chmodSync(full, 0o755);
    }
  }
}

/** The artifact, or a failed test that shows the issues. */
export async function examined(path: string, exclude: readonly string[] = []): Promise<ExaminedArtifact> {
  const examination = await examineArtifact(path, exclude);
  if (!examination.ok) throw new Error(examination.issues.map(formatIssue).join('\n'));
  return examination.artifact;
}

/** What an examination says: its issues as the user reads them, or its warnings. */
export async function saidOf(path: string, exclude: readonly string[] = []): Promise<readonly string[]> {
  const examination = await examineArtifact(path, exclude);
  return examination.ok ? examination.warnings : examination.issues.map(formatIssue);
}

/** The bytes of the package of a directory. */
export async function packed(path: string, work: string, exclude: readonly string[] = []): Promise<Buffer> {
  const code = await buildPackage(await examined(path, exclude), work);
  const bytes = await readFile(code.path);
  await code.dispose();
  return bytes;
}

interface Unzipped {
  readonly name: string;
  readonly mode: number;
  readonly content: string;
}

/** Reads a zip with an independent reader. */
export async function unzip(path: string): Promise<Unzipped[]> {
  const zip = await openPromise(path, { autoClose: false });
  const found: Unzipped[] = [];
  for await (const entry of zip.eachEntry()) {
    const content = await buffer(await zip.openReadStreamPromise(entry));
    if (crc32(content) !== entry.crc32) throw new Error(`checksum of ${entry.fileName}`);
    found.push({
      name: entry.fileName,
      mode: entry.externalFileAttributes >>> 16,
      content: content.toString('latin1'),
    });
  }
  zip.close();
  return found;
}

/** A member for `zipOf`; `patch` changes what its headers say. */
interface TestMember {
  readonly name: string;
  readonly content?: string;
  readonly mode?: number;
  readonly bytes?: number;
  readonly method?: number;
  readonly encrypted?: boolean;
}

/** A zip with anything in it, also what no tool would write. */
export function zipOf(members: readonly TestMember[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { described, data } = memberOf(member);
    const header = patched(localHeader(described), 6, member);
    directory.push(patched(directoryRecord(described, offset), 8, member));
    pieces.push(header, data);
    offset += header.length + data.length;
  }
  const table = Buffer.concat(directory);
  return Buffer.concat([...pieces, table, endRecord({ entries: members.length, offset, bytes: table.length })]);
}

function memberOf({ name, content = '', mode = 0o100644, bytes, encrypted }: TestMember): {
  described: Member;
  data: Buffer;
} {
  const data = Buffer.from(content);
  const sizes = {
    crc: crc32(data),
    bytes: bytes ?? data.length,
    packedBytes: encrypted === true ? data.length : (bytes ?? data.length),
  };
  return { described: { name: Buffer.from(name), mode, method: STORED, sizes, sizesFollow: false }, data };
}

/** Sets the encryption bit and the method; both lie together, at `flags`. */
function patched(record: Buffer, flags: number, { encrypted, method }: TestMember): Buffer {
  if (encrypted === true) record.writeUInt16LE(record.readUInt16LE(flags) | 1, flags);
  if (method !== undefined) record.writeUInt16LE(method, flags + 2);
  return record;
}
