import { glob, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { InputIssue } from '../model/failure.ts';
import { parseJson, whereNoJson } from '../model/json.ts';
import { MOST_SMOKE_TESTS, type ReadyTest, type SmokeTest } from '../model/smoke.ts';
import { quote } from '../model/text.ts';

/** Largest request of a synchronous invocation, bytes (Lambda developer guide, "Lambda quotas"). */
const LARGEST_PAYLOAD = 6 * 1024 * 1024;

/** Every smoke test with its payload, or all that is wrong with the files, before AWS is asked anything. */
export type Payloads =
  | { readonly ok: true; readonly tests: readonly ReadyTest[] }
  | { readonly ok: false; readonly issues: readonly InputIssue[] };

/** Reads the payloads from the disk; paths are relative to the working directory. A glob makes a test of each file, by name. */
export async function readPayloads(tests: readonly SmokeTest[]): Promise<Payloads> {
  const found = await Promise.all(tests.map((test, index) => readTest(test, { index, isOnly: tests.length === 1 })));
  const ready = found.flatMap((one) => one.tests);
  const tooMany =
    ready.length > MOST_SMOKE_TESTS ? [issue(`names ${ready.length} payloads`, `at most ${MOST_SMOKE_TESTS}`)] : [];
  const issues = [...found.flatMap((one) => one.issues), ...tooMany];
  return issues.length > 0 ? { ok: false, issues } : { ok: true, tests: ready };
}

interface Read {
  readonly tests: readonly ReadyTest[];
  readonly issues: readonly InputIssue[];
}

interface Place {
  readonly index: number;
  readonly isOnly: boolean;
}

async function readTest({ name, payload, expect, maxDuration }: SmokeTest, { index, isOnly }: Place): Promise<Read> {
  const own = { expect, maxDuration };
  if ('text' in payload) {
    const label = name === undefined ? (isOnly ? 'the smoke test' : `smoke test ${index + 1}`) : labelOf(name);
    const problem = sizeProblem(payload.text);
    if (problem !== undefined) return refused(`${label} ${problem.problem}`, problem.expected);
    return { tests: [{ ...own, label, payload: payload.text }], issues: [] };
  }
  const paths = await pathsOf(payload.files);
  if (!Array.isArray(paths)) return paths;
  // A glob that means the whole disk is not read to its end.
  if (paths.length > MOST_SMOKE_TESTS) {
    return refused(`${quote(payload.files)} matches ${paths.length} files`, `at most ${MOST_SMOKE_TESTS}`);
  }
  const read = await Promise.all(paths.map(readJson));
  const labels = paths.map((path) => labelOf(name === undefined ? path : paths.length > 1 ? `${name}: ${path}` : name));
  return {
    tests: read.flatMap((one, at) => ('text' in one ? [{ ...own, label: labels[at] ?? '', payload: one.text }] : [])),
    issues: read.flatMap((one) => ('text' in one ? [] : [one])),
  };
}

function labelOf(name: string): string {
  return `smoke test ${quote(name)}`;
}

function issue(problem: string, expected: string): InputIssue {
  return { input: 'smoke-test', problem, expected };
}

function refused(problem: string, expected: string): Read {
  return { tests: [], issues: [issue(problem, expected)] };
}

const A_FILE = 'JSON, or the path or glob of JSON files; a text as a payload has quotes of its own';

/** A path that exists is no glob, whatever its name. */
async function pathsOf(files: string): Promise<string[] | Read> {
  if (await isThere(files)) return [files];
  if (!/[*?[{]/.test(files)) return refused(`${quote(files)} does not exist`, A_FILE);
  const paths: string[] = [];
  for await (const entry of glob(files, { withFileTypes: true })) {
    if (!entry.isDirectory()) paths.push(relative('', join(entry.parentPath, entry.name)));
  }
  return paths.length > 0
    ? paths.toSorted()
    : refused(`${quote(files)} matches no file`, 'a glob of JSON files such as tests/events/*.json');
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

async function readJson(path: string): Promise<{ readonly text: string } | InputIssue> {
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    return issue(`${quote(path)} cannot be read: ${codeOf(error)}`, 'a JSON file');
  }
  const size = sizeProblem(text);
  if (size !== undefined) return issue(`${quote(path)} ${size.problem}`, size.expected);
  // The parser's own message quotes the text, which may hold what nobody should read.
  return parseJson(text) === undefined
    ? issue(`${quote(path)} is not JSON${whereNoJson(text)}`, 'a JSON file')
    : { text };
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}

function sizeProblem(text: string): { problem: string; expected: string } | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes <= LARGEST_PAYLOAD) return undefined;
  return { problem: `has ${bytes} bytes`, expected: `at most ${LARGEST_PAYLOAD}, as Lambda takes no more` };
}
