import { randomBytes } from 'node:crypto';
import * as core from '@actions/core';
import type { Annotation, RememberingLog, Tone } from '../model/log.ts';
import type { RunContext } from '../model/record.ts';
import { INPUT_NAMES } from '../model/names.ts';
import { secrets } from './secrets.ts';

/** Every input as the workflow gave it; '' where it did not. */
export function readRawInputs(): Record<string, string> {
  return Object.fromEntries(INPUT_NAMES.map((name) => [name, core.getInput(name)]));
}

/**
 * The job's log. Text from outside could hold workflow commands: `::…` at the start of a line, `##[…` anywhere in it
 * (actions/runner, ActionCommand). Line breaks are shown as spaces, and a zero-width space takes a command its meaning.
 */
export function makeRunnerLog(env: NodeJS.ProcessEnv): RememberingLog {
  const warnings = new Set<string>();
  const paint = painter(env);
  return {
    info: (line, tone) => {
      core.info(paint(harmless(line), tone));
    },
    warn: (line) => {
      if (!warnings.has(line)) core.info(paint(`Warning: ${harmless(line)}`, 'caution'));
      warnings.add(line);
    },
    group: (title, work) => core.group(harmless(title), work),
    get warnings() {
      return [...warnings];
    },
  };
}

/** SGR parameters (ECMA-48) of the colours that the runner's page shows: bold, green, yellow, red, grey. */
const COLOURS: Readonly<Record<Tone, string>> = { strong: '1', good: '1;32', caution: '33', bad: '1;31', quiet: '90' };

/** Colours a line, unless NO_COLOR says otherwise (no-color.org: whatever its value, if it has one). */
function painter({ NO_COLOR: refusal = '' }: NodeJS.ProcessEnv): (line: string, tone: Tone | undefined) => string {
  if (refusal !== '') return (line) => line;
  return (line, tone) => (tone === undefined ? line : `\u001b[${COLOURS[tone]}m${line}\u001b[0m`);
}

/** Controls: line breaks, carriage returns, the escape that begins a terminal's sequences. */
const CONTROLS = /\p{Cc}+/gu;

function harmless(text: string): string {
  return secrets
    .conceal(text)
    .replace(CONTROLS, ' ')
    .replace(/^(\s*)::/, '$1\u200b::')
    .replaceAll('##[', '##\u200b[');
}

/** Where this run can be found; undefined outside of GitHub Actions. */
export function readRunContext(env: NodeJS.ProcessEnv): RunContext | undefined {
  const repository = env['GITHUB_REPOSITORY'];
  const runId = Number(env['GITHUB_RUN_ID']);
  if (repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return undefined;
  if (!Number.isSafeInteger(runId) || runId <= 0) return undefined;
  const given = env['GITHUB_SERVER_URL'] ?? '';
  const server = given === '' ? 'https://github.com' : given;
  return {
    repository,
    runId,
    attempt: Number(env['GITHUB_RUN_ATTEMPT'] ?? '1') || 1,
    sha: env['GITHUB_SHA'] ?? '',
    url: `${server}/${repository}/actions/runs/${runId}`,
  };
}

/** Six random hexadecimal digits. */
export function makeNonce(): string {
  return randomBytes(3).toString('hex');
}

/** One annotation of a step that succeeded, for what its reader should know. */
export function remark({ title, message }: Annotation): void {
  core.warning(secrets.conceal(message), { title: secrets.conceal(title) });
}

/** Fails the step with one annotation: title, message, and nothing else said twice. */
export function failStep({ title, message }: Annotation): void {
  core.error(secrets.conceal(message), { title: secrets.conceal(title) });
  process.exitCode = core.ExitCode.Failure;
}
