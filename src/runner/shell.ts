import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Script, ScriptEnd, Shell } from '../checks/ports.ts';
import { SECOND } from '../model/time.ts';

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** How GitHub starts a `run` step with `shell: bash` (GitHub docs, "Workflow syntax"), and what is there when bash is not. */
const SHELLS: readonly (readonly [command: string, ...options: string[]])[] = [
  ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', '-c'],
  ['sh', '-e', '-c'],
];

/** From SIGTERM to SIGKILL for a script that took too long, ms. Processes take real time, whatever the clock says. */
const GRACE = 2 * SECOND;
/** How long output may come after the script has ended, from what left its process group, ms. */
const DRAIN = SECOND;

/**
 * Runs a script with the environment of the job, as the leader of a process group, so that it can be ended with all it has
 * started; it does not outlive this process.
 */
export const runShell: Shell = async (script) => {
  const started = await start(script.text, { ...jobEnvironment(process.env), ...script.env });
  if ('problem' in started) return started;
  const { child } = started;
  const reap = (): void => {
    kill(child, 'SIGKILL');
  };
  process.once('exit', reap);
  child.on('exit', () => {
    process.off('exit', reap);
  });
  return follow(child, script);
};

/** What is this step's own: its inputs and state, the files that say what it has come to, the tokens of the runner. */
const OWN = /^(?:INPUT_.*|STATE_.*|GITHUB_(?:OUTPUT|STATE)|ACTIONS_(?:RUNTIME|RESULTS|CACHE)_.*)$/i;

function jobEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OWN.test(name)));
}

async function start(text: string, env: NodeJS.ProcessEnv): Promise<Started> {
  let found: Started = { problem: 'no shell' };
  for (const [command, ...options] of SHELLS) {
    found = await spawned(command, [...options, text], env);
    if ('child' in found) break;
  }
  return found;
}

type Started = { readonly child: Child } | { readonly problem: string };

async function spawned(command: string, options: readonly string[], env: NodeJS.ProcessEnv): Promise<Started> {
  try {
    const child = spawn(command, options, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    return await new Promise((resolve) => {
      child.on('spawn', () => {
        resolve({ child });
      });
      child.on('error', ({ message }) => {
        resolve({ problem: message });
      });
    });
  } catch (error) {
    // A script that is too long, or holds a NUL.
    return { problem: String(error) };
  }
}

/** The whole process group; one that is gone already is fine. */
function kill(child: Child, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

/** Until it ends by itself, or is ended because it is late or nobody waits any more; then it is not waited for. */
async function follow(child: Child, script: Script): Promise<ScriptEnd> {
  let isOver = false;
  const passOn = (line: string): void => {
    if (!isOver) tell(line, script);
  };
  const rest = [splitLines(child.stdout, passOn), splitLines(child.stderr, passOn)];
  const end = await Promise.race([ended(child, rest), cutShort(script)]);
  isOver = true;
  if (!('stopped' in end)) return end;
  kill(child, 'SIGTERM');
  void after(GRACE).then(() => {
    if (isAlive(child)) kill(child, 'SIGKILL');
  });
  return end;
}

async function cutShort({ limit, signal }: Script): Promise<ScriptEnd> {
  const { promise, resolve } = Promise.withResolvers<ScriptEnd>();
  const cancel = (): void => {
    resolve({ stopped: 'cancelled' });
  };
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  void after(limit).then(() => {
    signal.removeEventListener('abort', cancel);
    resolve({ stopped: 'late' });
  });
  return promise;
}

/** Keeps no process from its end. */
function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    AbortSignal.timeout(ms).addEventListener('abort', () => {
      resolve();
    });
  });
}

function isAlive({ exitCode, signalCode }: Child): boolean {
  return exitCode === null && signalCode === null;
}

/**
 * Resolves when the output has come to its end, too; `rest` hands on what is left of last lines. What the script leaves
 * running would only pile up.
 */
function ended(child: Child, rest: readonly (() => void)[]): Promise<ScriptEnd> {
  return new Promise((resolve) => {
    child.on('exit', () => {
      kill(child, 'SIGKILL');
      void after(DRAIN).then(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      });
    });
    child.on('close', (code, signal) => {
      for (const flush of rest) flush();
      resolve(code === null ? { signal: signal ?? 'a signal' } : { code });
    });
  });
}

/** Longest line that is passed on whole, characters. */
const LONGEST_LINE = 16_000;

/** Returns how to pass on a last line that has no end. */
function splitLines(stream: Readable, onLine: (line: string) => void): () => void {
  let open = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (open + text).split(/\r?\n/);
    open = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (open.length <= LONGEST_LINE) return;
    onLine(open);
    open = '';
  });
  return () => {
    if (open !== '') onLine(open);
    open = '';
  };
}

/** The script is the workflow's own: a value that it wants masked must not be shown instead. */
function tell(line: string, { onLine }: Script): void {
  // Whatever the runner takes for the end of a line would begin another command.
  const [mask] = /^\s*::add-mask::\P{Cc}+/u.exec(line) ?? [];
  if (mask === undefined) onLine(line);
  else process.stdout.write(`${mask.trim()}\n`);
}
