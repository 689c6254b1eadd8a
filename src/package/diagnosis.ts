import type { FileHandle } from 'node:fs/promises';
import { why } from './text.ts';

/** How other files begin that are taken for zips. */
const OTHERS: readonly (readonly [name: string, signature: Buffer, offset: number])[] = [
  ['a gzip file', Buffer.from([0x1f, 0x8b]), 0],
  ['a 7-Zip file', Buffer.from([0x37, 0x7a, 0xbc, 0xaf]), 0],
  ['an xz file', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]), 0],
  ['a bzip2 file', Buffer.from('BZh'), 0],
  ['a Zstandard file', Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 0],
  ['a RAR file', Buffer.from('Rar!'), 0],
  ['a tar file', Buffer.from('ustar'), 257],
  ['a Linux program', Buffer.from('\x7fELF', 'latin1'), 0],
];

const FIRST_MEMBER = Buffer.from('PK\x03\x04');
const END_RECORD = Buffer.from('PK\x05\x06');
const END_RECORD_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const HEAD_BYTES = 512;

/** Says what a file is that could not be read as a zip. `error` is what the zip reader said. */
export async function diagnose(file: FileHandle, size: number, error: unknown): Promise<string> {
  const head = await readAt(file, 0, Math.min(size, HEAD_BYTES));
  const tailBytes = Math.min(size, END_RECORD_BYTES + LONGEST_COMMENT);
  const tail = await readAt(file, size - tailBytes, tailBytes);
  const end = tail.lastIndexOf(END_RECORD);
  if (end >= 0 && end + END_RECORD_BYTES <= tail.length) {
    return aroundTheZip(tail.subarray(end), size - tailBytes + end) ?? damaged(why(error));
  }
  if (head.indexOf(FIRST_MEMBER) === 0) return 'is cut off: the table of contents that ends a zip is missing';
  const other = OTHERS.find(([, signature, offset]) => head.indexOf(signature, offset) === offset);
  if (other !== undefined) return `is no zip but ${other[0]}`;
  return isText(head) ? 'is no zip but a text file' : 'is no zip';
}

/** What stands before or behind the zip in its file. `end` begins with the end record, which lies at `position`. */
function aroundTheZip(end: Buffer, position: number): string | undefined {
  const behind = end.length - END_RECORD_BYTES - end.readUInt16LE(20);
  if (behind > 0) return `has ${String(behind)} bytes of something else behind the end of the zip`;
  if (behind < 0) return 'is cut off in the comment that ends it';
  const before = position - end.readUInt32LE(12) - end.readUInt32LE(16);
  if (before > 0) return `has ${String(before)} bytes of something else before the zip begins`;
  return before < 0 ? `is damaged: ${String(-before)} bytes are missing` : undefined;
}

export function damaged(how: string): string {
  return `is damaged: ${how}`;
}

function isText(head: Buffer): boolean {
  return head.every((byte) => byte >= 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
