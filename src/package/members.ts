import { type Entry, getFileNameLowLevel, type ZipFile } from 'yauzl';

const MADE_ON_UNIX = 3;
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/** A line of the table of contents of a ready archive. */
export interface ZipMember {
  readonly kind: 'file' | 'link' | 'folder';
  /** As it stands in the archive; a folder's ends with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly encrypted: boolean;
  readonly entry: Entry;
}

/** Reads the table of contents. Fails with the reader's error when it is damaged. */
export async function readMembers(zip: ZipFile): Promise<ZipMember[]> {
  const members: ZipMember[] = [];
  for await (const entry of zip.eachEntry()) members.push(describe(entry));
  return members;
}

function describe(entry: Entry): ZipMember {
  // Strict: backslashes stay, so that they can be warned of.
  const path = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
  return { kind: kindOf(path, entry), path, bytes: entry.uncompressedSize, encrypted: entry.isEncrypted(), entry };
}

function kindOf(path: string, { versionMadeBy, externalFileAttributes }: Entry): ZipMember['kind'] {
  if (path.endsWith('/')) return 'folder';
  const isLink = versionMadeBy >> 8 === MADE_ON_UNIX && ((externalFileAttributes >>> 16) & FILE_TYPE) === SYMBOLIC_LINK;
  return isLink ? 'link' : 'file';
}

/** What is wrong with a name in an archive; such names would be unpacked somewhere else. */
export function nameProblem(path: string): string | undefined {
  if (path === '') return 'has no name';
  if (path.includes('\0')) return 'has a zero byte in its name';
  if (/^([a-z]:)?[\\/]/i.test(path)) return 'has an absolute path';
  return path.split(/[\\/]/).includes('..') ? 'leaves the archive' : undefined;
}
