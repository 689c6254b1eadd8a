import { readdir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { InputIssue } from '../model/failure.ts';
import { quote } from '../model/text.ts';
import { examineArchive } from './archive.ts';
import { examineDirectory } from './directory.ts';
import type { Examination } from './package.ts';
import { quoteSome, why } from './text.ts';

const EXPECTED = 'a directory, or a .zip or .jar file';

/**
 * Looks at the artifact before anything is sent: a directory that will be zipped (without what `exclude` names), or a
 * ready zip or jar. Reports everything that is wrong with it at once. A path that is a symbolic link is followed.
 */
export async function examineArtifact(path: string, exclude: readonly string[]): Promise<Examination> {
  const stats = await stat(path).catch((error: unknown) => whyAbsent(path, error));
  if (typeof stats === 'string') return refuse(stats);
  if (stats.isDirectory()) return examineDirectory(path, exclude);
  if (!stats.isFile()) return refuse(`${quote(path)} is neither a file nor a directory`);
  const examined = await examineArchive(path);
  if (!examined.ok || exclude.length === 0) return examined;
  const unheeded = `exclude has no effect: ${quote(path)} is a ready archive and is sent as it is.`;
  return { ...examined, warnings: [...examined.warnings, unheeded] };
}

function refuse(problem: string): Examination {
  const issue: InputIssue = { input: 'artifact', problem, expected: EXPECTED };
  return { ok: false, issues: [issue] };
}

/** Says what does exist, so that a slip of the pen is seen at once. */
async function whyAbsent(path: string, error: unknown): Promise<string> {
  const code = why(error);
  if (code !== 'ENOENT' && code !== 'ENOTDIR') return `${quote(path)} cannot be read: ${code}`;
  const parent = await nearestFolder(dirname(path));
  if (parent === undefined) return `${quote(path)} does not exist`;
  const { folder, names } = parent;
  const where = folder === '.' ? 'the working directory' : quote(folder);
  if (names.length === 0) return `${quote(path)} does not exist, and ${where} is empty`;
  return `${quote(path)} does not exist; ${where} holds ${quoteSome(bySimilarity(names, basename(path)), 5)}`;
}

/** The closest folder above that exists, with what it holds. */
async function nearestFolder(folder: string): Promise<{ folder: string; names: string[] } | undefined> {
  const names = await readdir(folder).catch(() => undefined);
  if (names !== undefined) return { folder, names };
  const above = dirname(folder);
  return above === folder ? undefined : nearestFolder(above);
}

/** The names that begin most like the wanted one first, otherwise alphabetical. */
function bySimilarity(names: readonly string[], wanted: string): string[] {
  const likeness = (name: string): number => {
    const [a, b] = [name.toLowerCase(), wanted.toLowerCase()];
    let same = 0;
    while (same < a.length && a[same] === b[same]) same++;
    return same;
  };
  return names.toSorted((a, b) => likeness(b) - likeness(a) || (a < b ? -1 : 1));
}
