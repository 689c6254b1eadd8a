import type { InputIssue } from '../model/failure.ts';
import { quote } from '../model/text.ts';
import { compileExclusion } from './exclude.ts';
import { danglingWarning, type Link, sortOutLinks } from './links.ts';
import { artifactIssue, shorten, sizeIssues, sumByTop } from './issues.ts';
import type { DirectoryEntry, Examination, ExaminedDirectory } from './package.ts';
import { quoteSome } from './text.ts';
import { linkedTree } from './tree.ts';
import { type Findings, walkDirectory } from './walk.ts';

/** Looks at a directory that is to be zipped: what goes in, and whether Lambda could take it. */
export async function examineDirectory(
  path: string,
  exclude: readonly string[],
): Promise<Examination<ExaminedDirectory>> {
  const compiled = compileExclusion(exclude);
  const exclusion = compiled.ok ? compiled.exclusion : { leavesOut: () => false, unused: () => [] };
  const findings = await walkDirectory(path, exclusion);
  const { entries } = findings;
  const links = entries.filter((entry) => entry.kind === 'link');
  const tree = linkedTree(
    entries.map((entry) => entry.path),
    new Map(links.map((link) => [link.path, link.target])),
  );
  const { outside, dangling } = sortOutLinks(links, tree);
  const sizes = entries.map((entry) => ({ path: entry.path, bytes: bytesOf(entry) }));
  const unzippedBytes = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const issues = [
    ...(compiled.ok ? [] : compiled.issues),
    ...nothingLeft(path, findings),
    ...shorten([...findings.problems.map(unpackable), ...outside.map(leaving)]),
    ...tooMany(path, entries.length),
    ...sizeIssues(path, unzippedBytes, sumByTop(sizes)),
  ];
  if (issues.length > 0) return { ok: false, issues };
  const warnings = [danglingWarning(dangling), ...unusedPatterns(path, exclusion.unused()), onlyAZip(path, entries)];
  const artifact: ExaminedDirectory = { kind: 'directory', path, entries, unzippedBytes, tree };
  return { ok: true, artifact, warnings: warnings.filter((warning) => warning !== undefined) };
}

function bytesOf(entry: DirectoryEntry): number {
  return entry.kind === 'file' ? entry.bytes : Buffer.byteLength(entry.target);
}

function nothingLeft(path: string, { entries, problems, leftOut }: Findings): InputIssue[] {
  if (entries.length > 0 || problems.length > 0) return [];
  return leftOut
    ? [{ input: 'exclude', problem: `the patterns leave nothing of ${quote(path)}`, expected: 'a file to remain' }]
    : [artifactIssue(`${quote(path)} holds no files`, 'a directory with the built code')];
}

/** More than the plain zip format can count (PKWARE APPNOTE 4.4.22). */
const MOST_ENTRIES = 65_535;

function tooMany(path: string, entries: number): InputIssue[] {
  if (entries <= MOST_ENTRIES) return [];
  return [
    artifactIssue(
      `${quote(path)} holds ${entries} files`,
      `at most ${MOST_ENTRIES}; name what the function does not need in exclude`,
    ),
  ];
}

function unpackable(problem: string): InputIssue {
  return artifactIssue(
    problem,
    'readable files and symbolic links; name it in exclude if the function does not need it',
  );
}

function leaving({ path, target }: Link): InputIssue {
  const problem = target.startsWith('/')
    ? `the symbolic link ${quote(path)} has an absolute target, ${quote(target)}`
    : `the symbolic link ${quote(path)} leaves the directory, to ${quote(target)}`;
  return artifactIssue(problem, 'links that stay inside the directory; put a copy in its place, or name it in exclude');
}

function unusedPatterns(path: string, unused: readonly string[]): string[] {
  if (unused.length === 0) return [];
  return [
    `exclude: ${quoteSome(unused, 5)} matched nothing in ${quote(path)}; patterns are relative to that directory.`,
  ];
}

function onlyAZip(path: string, entries: readonly DirectoryEntry[]): string | undefined {
  const [only, second] = entries;
  if (only === undefined || second !== undefined || !/\.(zip|jar)$/i.test(only.path)) return undefined;
  return `${quote(path)} holds nothing but ${quote(only.path)}, which Lambda will not unpack; did you mean artifact: ${path}/${only.path}?`;
}
