import type { InputIssue } from '../model/failure.ts';
import { formatBytes } from '../model/format.ts';
import { quote } from '../model/text.ts';
import { MAX_UNZIPPED_BYTES } from './package.ts';
import { count } from './text.ts';

/** More problems than this are only counted: a wrong artifact can have thousands. */
const MOST_PROBLEMS = 20;

export function artifactIssue(problem: string, expected: string): InputIssue {
  return { input: 'artifact', problem, expected };
}

/** The first problems, and how many more there are. */
export function shorten(issues: readonly InputIssue[]): InputIssue[] {
  if (issues.length <= MOST_PROBLEMS) return [...issues];
  const rest = `${count(issues.length - MOST_PROBLEMS, 'more file')} cannot be packaged`;
  return [...issues.slice(0, MOST_PROBLEMS), artifactIssue(rest, 'the built code and what it needs')];
}

/** What is wrong with the unzipped size, if anything. `largest` names what takes most of it. */
export function sizeIssues(path: string, bytes: number, largest: ReadonlyMap<string, number>): InputIssue[] {
  if (bytes <= MAX_UNZIPPED_BYTES) return [];
  const parts = [...largest].sort(([, a], [, b]) => b - a).slice(0, 3);
  const most = parts.map(([name, size]) => `${quote(name)} (${formatBytes(size)})`).join(', ');
  const limit = `${formatBytes(MAX_UNZIPPED_BYTES)} (${String(MAX_UNZIPPED_BYTES)} bytes, which AWS writes as 250 MB)`;
  return [
    artifactIssue(
      `${quote(path)} has ${formatBytes(bytes)} (${String(bytes)} bytes) unzipped, most of it in ${most}`,
      `at most ${limit}, Lambda's limit for a function together with its layers`,
    ),
  ];
}

/** Bytes by the first part of the path. */
export function sumByTop(files: Iterable<{ readonly path: string; readonly bytes: number }>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { path, bytes } of files) {
    const top = path.split('/', 1)[0] ?? path;
    sums.set(top, (sums.get(top) ?? 0) + bytes);
  }
  return sums;
}
