/**
 * Judges a recorded rollout again, minute by minute: would it have been rolled back under other settings, and when?
 *
 *   node scripts/replay.ts report.json --confidence 99.9%
 *   node scripts/replay.ts < minutes.jsonl
 */
import { readFileSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { didYouMean } from '../src/inputs/words.ts';
import { quote } from '../src/model/text.ts';
import { readLines } from './replay/lines.ts';
import { OPTION_NAMES, type OptionName, type Options, override, readOptions, settingsOf } from './replay/options.ts';
import type { Reading } from './replay/recording.ts';
import { MOST_MINUTES } from './replay/recording.ts';
import { type Look, rejudge } from './replay/rejudge.ts';
import { renderJsonLine, renderReplay } from './replay/render.ts';
import { readReport } from './replay/report.ts';

export const HELP = `Judges a rollout again, minute by minute, by the present judge.

  npm run replay -- report.json [options]        the report file of a deployment: a table, and the answer at the end
  npm run -s replay -- [options] < minutes.jsonl lines of JSON, one a minute in any order; a line of JSON for each minute

A line: {"minute": 0, "baseline": {"invocations": 900, "errors": 1}, "canary": {"invocations": 100, "errors": 3}}
Minutes count from the first shift; those without a line had no traffic. At most ${MOST_MINUTES} minutes are judged.

Options, as the inputs of the action; without them a report is judged by the settings that it holds, lines by the defaults:
${OPTION_NAMES.map((name) => `  --${name}`).join('\n')}
  --help`;

/** Where the command line reads from. */
export interface Sources {
  /** The text of a file; throws when it cannot be read. */
  readonly readFile: (path: string) => string;
  /** Standard input; undefined when that is a terminal, at which nobody types minutes. */
  readonly readInput: (() => Promise<string>) | undefined;
}

export interface Printed {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

interface Command {
  readonly file: string | undefined;
  readonly help: boolean;
  readonly options: Options;
}

/** Every problem of the command line at once, before anything is read. */
function readCommand(args: readonly string[]): Reading<Command> {
  const options = Object.fromEntries(OPTION_NAMES.map((name) => [name, { type: 'string' }] as const));
  const { positionals, values, tokens } = parseArgs({
    args: [...args],
    options: { ...options, help: { type: 'boolean' } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = tokens.filter((token) => token.kind === 'option');
  const known = [...OPTION_NAMES, 'help'].map((name) => `--${name}`);
  const problems = given.flatMap(({ rawName, name, value }) => {
    if (!known.includes(rawName)) return [`${quote(rawName)} is unknown${didYouMean(rawName, known)}.`];
    return name !== 'help' && value === undefined ? [`${rawName}: is given without a value.`] : [];
  });
  if (positionals.length > 1) problems.push(`One report at a time: ${positionals.map(quote).join(', ')}.`);
  const texts = new Map(OPTION_NAMES.flatMap((name) => textOf(name, values[name])));
  const parsed = readOptions(texts);
  if ('problems' in parsed) problems.push(...parsed.problems);
  if (problems.length > 0 || 'problems' in parsed) return { problems };
  return { value: { file: positionals[0], help: values.help === true, options: parsed.value } };
}

function textOf(name: OptionName, value: unknown): [OptionName, string][] {
  return typeof value === 'string' ? [[name, value]] : [];
}

function replayReport(content: string, options: Options): Printed {
  const report = readReport(content);
  if ('problems' in report) return { ok: false, lines: report.problems };
  const { recording } = report.value;
  const told = { ...report.value, recording: { ...recording, settings: override(recording.settings, options) } };
  return { ok: true, lines: renderReplay(told, untilRolledBack(rejudge(told.recording))) };
}

/** What came after a rollback would not have been. */
function untilRolledBack(looks: Iterable<Look>): readonly Look[] {
  const seen: Look[] = [];
  for (const look of looks) {
    seen.push(look);
    if (look.judgement.verdict === 'fail') break;
  }
  return seen;
}

function replayLines(content: string, options: Options): Printed {
  const recording = readLines(content, settingsOf(options));
  return 'problems' in recording
    ? { ok: false, lines: shortened(recording.problems) }
    : { ok: true, lines: [...rejudge(recording.value)].map(renderJsonLine) };
}

/** Problems that are told one by one. */
const MOST_PROBLEMS = 20;

function shortened(problems: readonly string[]): readonly string[] {
  const left = problems.length - MOST_PROBLEMS;
  return left > 0 ? [...problems.slice(0, MOST_PROBLEMS), `There are ${left} more problems.`] : problems;
}

/** What the command line does; returns what is printed and whether the input could be used. */
export async function run(args: readonly string[], { readFile, readInput }: Sources): Promise<Printed> {
  const command = readCommand(args);
  if ('problems' in command) return { ok: false, lines: [...command.problems, 'See --help.'] };
  const { file, help, options } = command.value;
  if (help) return { ok: true, lines: [HELP] };
  if (file === undefined || file === '-') {
    return readInput === undefined ? { ok: false, lines: [HELP] } : replayLines(await readInput(), options);
  }
  const content = contentOf(file, readFile);
  return 'problems' in content ? { ok: false, lines: content.problems } : replayReport(content.value, options);
}

function contentOf(file: string, readFile: Sources['readFile']): Reading<string> {
  try {
    return { value: readFile(file) };
  } catch (error) {
    return { problems: [`${quote(file)} cannot be read: ${error instanceof Error ? error.message : String(error)}.`] };
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { ok, lines } = await run(process.argv.slice(2), {
    readFile: (path) => readFileSync(path, 'utf8'),
    readInput: process.stdin.isTTY ? undefined : () => readAll(process.stdin),
  });
  for (const line of lines) (ok ? console.log : console.error)(line);
  process.exitCode = ok ? 0 : 1;
}
