import { randomBytes } from 'node:crypto';
import * as core from '@actions/core';
import type { Log } from '../model/log.ts';
import type { RunContext } from '../model/record.ts';
import { INPUT_NAMES } from '../model/names.ts';

/** Every input as the workflow gave it; '' where it did not. */
export function readRawInputs(): Record<string, string> {
  return Object.fromEntries(INPUT_NAMES.map((name) => [name, core.getInput(name)]));
}

/**
 * The job's log. Text from outside could hold workflow commands: `::…` at the start of a line, `##[…` anywhere in it
 * (actions/runner, ActionCommand). Line breaks are shown as spaces, and a zero-width space takes a command its meaning.
 */
export const runnerLog: Log = {
  info: (line) => {
    core.info(harmless(line));
  },
  warn: (line) => {
    core.warning(harmless(line));
  },
  group: (title, work) => core.group(harmless(title), work),
};

/** Controls: line breaks, carriage returns, the escape that begins a terminal's sequences. */
const CONTROLS = /\p{Cc}+/gu;

function harmless(text: string): string {
  return text
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

/** Fails the step with one annotation: title, message, and nothing else said twice. */
export function failStep({ title, message }: { title: string; message: string }): void {
  core.error(message, { title });
  process.exitCode = core.ExitCode.Failure;
}
