import { constants, type Dirent, type Stats } from 'node:fs';
import { access, lstat, readdir, readlink } from 'node:fs/promises';
import { quote } from '../model/text.ts';
import type { Exclusion } from './exclude.ts';
import { sortByPath } from './order.ts';
import type { DirectoryEntry } from './package.ts';
import { why } from './text.ts';

/** What a directory holds, after what is left out. */
export interface Findings {
  /** Sorted by the bytes of the UTF-8 path. */
  readonly entries: readonly DirectoryEntry[];
  /** What cannot be packaged, in the order of the entries: `"run/app.sock" is a socket`. */
  readonly problems: readonly string[];
  /** Whether anything was left out. */
  readonly leftOut: boolean;
}

interface Problem {
  readonly path: string;
  readonly problem: string;
}

interface Notes {
  readonly entries: DirectoryEntry[];
  readonly problems: Problem[];
  leftOut: boolean;
}

/**
 * Reads a directory and everything below it. Symbolic links are noted, not followed, so a circle of links cannot hang
 * it. Folders are not entries: an empty folder is not part of a package, as it is not part of a git repository.
 */
export async function walkDirectory(root: string, exclusion: Exclusion): Promise<Findings> {
  const notes: Notes = { entries: [], problems: [], leftOut: false };
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    folders.push(...(await readFolder({ root, folder, exclusion, notes })));
  }
  const { leftOut } = notes;
  const problems = sortByPath(notes.problems).map(({ problem }) => problem);
  return { entries: sortByPath(notes.entries), problems, leftOut };
}

interface FolderToRead {
  readonly root: string;
  readonly folder: string;
  readonly exclusion: Exclusion;
  readonly notes: Notes;
}

/** Notes what lies directly in a folder; returns the folders in it. */
async function readFolder({ root, folder, exclusion, notes }: FolderToRead): Promise<string[]> {
  const children = await readdir(`${root}/${folder}`, { withFileTypes: true }).catch((error: unknown) => {
    notes.problems.push({ path: folder, problem: `the folder ${quote(folder || root)} cannot be read: ${why(error)}` });
    return [];
  });
  const below: string[] = [];
  const leaves: Promise<DirectoryEntry | Problem>[] = [];
  for (const child of children) {
    const path = folder === '' ? child.name : `${folder}/${child.name}`;
    if (exclusion.leavesOut(path, child.isDirectory())) notes.leftOut = true;
    else if (child.isDirectory()) below.push(path);
    else leaves.push(readLeaf(root, path, child));
  }
  for (const leaf of await Promise.all(leaves)) {
    if ('problem' in leaf) notes.problems.push(leaf);
    else notes.entries.push(leaf);
  }
  return below;
}

async function readLeaf(root: string, path: string, child: Dirent): Promise<DirectoryEntry | Problem> {
  const problem = problemOfName(path) ?? problemOfType(path, child);
  if (problem !== undefined) return { path, problem };
  const source = `${root}/${path}`;
  try {
    if (child.isSymbolicLink()) return { kind: 'link', path, target: await readlink(source) };
    return await readFileEntry(source, path, await lstat(source));
  } catch (error) {
    const notUtf8 = path.includes('\uFFFD') && why(error) === 'ENOENT';
    return {
      path,
      problem: `${quote(path)} ${notUtf8 ? 'has a name that is not UTF-8' : `cannot be read: ${why(error)}`}`,
    };
  }
}

async function readFileEntry(source: string, path: string, stats: Stats): Promise<DirectoryEntry> {
  // What everybody may read needs no question to the kernel; that is nearly every file.
  if ((stats.mode & 0o004) === 0) await access(source, constants.R_OK);
  return { kind: 'file', path, mode: (stats.mode & 0o100) === 0 ? 0o644 : 0o755, bytes: stats.size };
}

/** Names that a zip cannot carry to Linux unharmed: unzip takes `\` for a separator. */
function problemOfName(path: string): string | undefined {
  return path.includes('\\') ? `${quote(path)} has a backslash in its name` : undefined;
}

function problemOfType(path: string, child: Dirent): string | undefined {
  if (child.isFile() || child.isSymbolicLink()) return undefined;
  const type = child.isSocket() ? 'a socket' : child.isFIFO() ? 'a named pipe' : 'a device';
  return `${quote(path)} is ${type}`;
}
