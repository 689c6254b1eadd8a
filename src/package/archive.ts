import { type FileHandle, open } from 'node:fs/promises';
import { openPromise, type ZipFile } from 'yauzl';
import type { InputIssue } from '../model/failure.ts';
import { quote } from '../model/text.ts';
import { contentsOf, type Contents } from './contents.ts';
import { damaged, diagnose } from './diagnosis.ts';
import { artifactIssue, shorten, sizeIssues, sumByTop } from './issues.ts';
import { danglingWarning, type Link, showLink, sortOutLinks } from './links.ts';
import { nameProblem, type ZipMember, readMembers } from './members.ts';
import type { Examination, ExaminedArchive } from './package.ts';
import { count, quoteSome, why } from './text.ts';
import { type LinkedTree, linkedTree } from './tree.ts';

const WHOLE_ZIP = 'a whole .zip or .jar file; build it again and see that nothing changed it on its way here';

/**
 * Looks at a ready zip or jar: its table of contents, then all of its contents against their checksums, so that a file
 * that was cut off or damaged on its way is noticed before Lambda is asked.
 */
export async function examineArchive(path: string): Promise<Examination<ExaminedArchive>> {
  const file = await open(path, 'r').catch((error: unknown) => why(error));
  if (typeof file === 'string') return refuse(path, `cannot be read: ${file}`);
  try {
    return await examineFile(path, file);
  } finally {
    await file.close();
  }
}

function refuse(path: string, problem: string): Examination<ExaminedArchive> {
  return { ok: false, issues: [artifactIssue(`${quote(path)} ${problem}`, WHOLE_ZIP)] };
}

async function examineFile(path: string, file: FileHandle): Promise<Examination<ExaminedArchive>> {
  const { size } = await file.stat();
  if (size === 0) return refuse(path, 'is empty (0 bytes)');
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(path, { autoClose: false, decodeStrings: false });
    return await examineZip({ path, bytes: size, zip, members: await readMembers(zip) });
  } catch (error) {
    return refuse(path, await diagnose(file, size, error));
  } finally {
    zip?.close();
  }
}

interface OpenArchive {
  readonly path: string;
  readonly bytes: number;
  readonly zip: ZipFile;
  readonly members: readonly ZipMember[];
}

async function examineZip({ path, bytes, zip, members }: OpenArchive): Promise<Examination<ExaminedArchive>> {
  const files = members.filter((member) => member.kind !== 'folder');
  if (files.length === 0) return refuse(path, 'holds no files');
  const unzippedBytes = files.reduce((sum, member) => sum + member.bytes, 0);
  const issues = [
    ...sizeIssues(path, unzippedBytes, sumByTop(files)),
    ...shorten(members.flatMap((member) => problemOf(path, member))),
  ];
  if (issues.length > 0) return { ok: false, issues };
  const contents = await contentsOf(zip, files);
  if (contents.damaged.length > 0) {
    return refuse(path, damaged(`the content of ${quoteSome(contents.damaged)} does not match its checksum`));
  }
  const tree = linkedTree(
    files.map((member) => member.path),
    contents.links,
  );
  const warnings = warningsOn({ path, files, contents, tree });
  return { ok: true, artifact: { kind: 'archive', path, bytes, unzippedBytes, tree }, warnings };
}

function problemOf(archive: string, member: ZipMember): InputIssue[] {
  const problem = nameProblem(member.path) ?? (member.encrypted ? 'is encrypted' : undefined);
  if (problem === undefined) return [];
  const expected = 'a zip without a password whose names stay inside it';
  return [artifactIssue(`${quote(member.path)} in ${quote(archive)} ${problem}`, expected)];
}

/** An archive that can be sent. */
interface Whole {
  readonly path: string;
  readonly files: readonly ZipMember[];
  readonly contents: Contents;
  readonly tree: LinkedTree;
}

function warningsOn({ path, files, contents, tree }: Whole): string[] {
  const links = Array.from(contents.links, ([link, target]) => ({ path: link, target }));
  const { outside, dangling } = sortOutLinks(links, tree);
  const warnings = [
    twiceWarning(path, files),
    backslashWarning(path, files),
    unreadWarning(path, contents.unread),
    outsideWarning(path, outside),
    danglingWarning(dangling),
  ];
  return warnings.filter((warning) => warning !== undefined);
}

function twiceWarning(path: string, files: readonly ZipMember[]): string | undefined {
  const seen = new Set<string>();
  const twice = new Set(files.map((file) => file.path).filter((name) => seen.size === seen.add(name).size));
  if (twice.size === 0) return undefined;
  return `${quote(path)} holds more than one file named ${quoteSome([...twice])}; which of them Lambda keeps is not defined.`;
}

function backslashWarning(path: string, files: readonly ZipMember[]): string | undefined {
  const names = files.map((file) => file.path).filter((name) => name.includes('\\'));
  if (names.length === 0) return undefined;
  return `${quote(path)} has names with backslashes, such as ${quoteSome(names, 1)}, which are no folders on Linux; zip it with a tool that writes "/".`;
}

function unreadWarning(path: string, unread: readonly string[]): string | undefined {
  if (unread.length === 0) return undefined;
  return `${quoteSome(unread)} in ${quote(path)} could not be checked: neither stored nor deflated, which Lambda may be unable to unpack.`;
}

function outsideWarning(path: string, outside: readonly Link[]): string | undefined {
  if (outside.length === 0) return undefined;
  const shown = outside.slice(0, 3).map(showLink).join(', ');
  return `${quote(path)} has ${count(outside.length, 'symbolic link')} out of the package: ${shown}.`;
}
