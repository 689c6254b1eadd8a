import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Script, ScriptEnd } from '../../src/checks/ports.ts';
import { runShell } from '../../src/runner/shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'shell-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  jest.restoreAllMocks();
});

interface Run {
  readonly controller: AbortController;
  readonly lines: string[];
  readonly end: Promise<ScriptEnd>;
}

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly limit?: number;
  /** Happens at each line that the script writes. */
  readonly onLine?: (line: string, run: Run) => void;
}

function start(text: string, { env = {}, limit = 60_000, onLine }: Given = {}): Run {
  const [controller, lines]: [AbortController, string[]] = [new AbortController(), []];
  const script: Script = {
    text,
    env,
    limit,
    signal: controller.signal,
    onLine: (line) => {
      lines.push(line);
      onLine?.(line, run);
    },
  };
  const run: Run = { controller, lines, end: runShell(script) };
  return run;
}

async function ran(text: string, env: Record<string, string> = {}) {
  const { end, lines } = start(text, { env });
  return { end: await end, lines };
}

/** Whether a process runs: one that nobody has waited for yet does not. */
function runs(pid: string): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

describe('a script', () => {
  test.each([
    ['true', { code: 0 }],
    ['exit 3', { code: 3 }],
    // As in a `run` step of GitHub.
    ['false; exit 0', { code: 1 }],
    ['false | true', { code: 1 }],
    ['no-such-command-here', { code: 127 }],
    ['kill -SEGV $$', { signal: 'SIGSEGV' }],
    ['[[ -n "$BASH_VERSION" ]]', { code: 0 }],
  ])('%s', async (text, end) => {
    expect((await ran(text)).end).toEqual(end);
  });

  test('writes lines of all kinds', async () => {
    const { lines } = await ran("printf 'one\\ntwo\\r\\n\\nünï'; printf 'no end'; printf 'err\\n' >&2; exit 1");
    expect(lines.toSorted()).toEqual(['', 'err', 'one', 'two', 'ünïno end']);
  });

  test('writes a line without an end in pieces', async () => {
    const { lines } = await ran("head -c 100000 /dev/zero | tr '\\0' x");
    expect(lines.join('')).toBe('x'.repeat(100_000));
    expect(lines.length).toBeGreaterThan(1);
  });

  test('that nobody can start is said', async () => {
    expect((await ran('a\0b')).end).toEqual({ problem: expect.stringContaining('null bytes') });
    expect((await ran('true', { PATH: folder })).end).toEqual({ problem: expect.stringContaining('ENOENT') });
  });

  test('has no input', async () => {
    expect((await ran('cat')).end).toEqual({ code: 0 });
  });
});

describe('its environment', () => {
  const planted = {
    'INPUT_GITHUB-TOKEN': 's1',
    STATE_ROLLOUT: 's2',
    ACTIONS_RUNTIME_TOKEN: 's3',
    GITHUB_OUTPUT: 's4',
    GITHUB_STATE: 's5',
    GITHUB_SHA: 'kept1',
    AWS_REGION: 'kept2',
  };
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test('is that of the job without what is this step’s own', async () => {
    process.env = { ...before, ...planted };
    const { lines } = await ran('env', { CANARY_WEIGHT: '10', GITHUB_SHA: 'ours' });
    const of = (name: string): readonly string[] => lines.filter((line) => line.startsWith(`${name}=`));
    expect(Object.keys(planted).map((name) => of(name)[0])).toEqual([
      ...Array.from({ length: 5 }),
      'GITHUB_SHA=ours',
      'AWS_REGION=kept2',
    ]);
    expect(of('CANARY_WEIGHT')).toEqual(['CANARY_WEIGHT=10']);
  });
});

describe('what it wants masked', () => {
  test('is masked and not shown; what could follow it is no command', async () => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const text =
      'echo ::add-mask::hush; printf "::add-mask::a\\r::error::b\\n"; echo ::error::no; echo "  ::add-mask::"';
    const { lines } = await ran(text);
    expect(write.mock.calls.map(([line]) => line)).toEqual(['::add-mask::hush\n', '::add-mask::a\n']);
    expect(lines).toEqual(['::error::no', '  ::add-mask::']);
  });
});

/** Whether none of the processes is left after a while, which is short as a rule. */
async function areGone(pids: readonly string[]): Promise<boolean> {
  for (let tries = 0; tries < 100 && pids.some(runs); tries += 1) await ran('sleep 0.05');
  return !pids.some(runs);
}

describe('is ended', () => {
  /** Tells its own number and that of a child, and waits. */
  const WAITING = 'sleep 1000 & echo $$ $!; wait';
  const DEAF = 'trap "" TERM; echo $$; while :; do sleep 0.05; done';

  test.each([
    ['when it is late', 'late', { limit: 500 }],
    [
      'when it is cancelled',
      'cancelled',
      {
        onLine: (_: string, { controller }: Run) => {
          controller.abort();
        },
      },
    ],
  ] as const)('%s, with its children', async (_, stopped, given) => {
    const run = start(WAITING, given);
    expect(await run.end).toEqual({ stopped });
    const pids = (run.lines[0] ?? '').split(' ');
    expect(pids).toHaveLength(2);
    expect(await areGone(pids)).toBe(true);
  });

  test('by force, when it does not listen; that is not waited for', async () => {
    const run = start(DEAF, { limit: 500 });
    expect(await run.end).toEqual({ stopped: 'late' });
    expect(run.lines.map(runs)).toEqual([true]);
    expect(await areGone(run.lines)).toBe(true);
  });

  test('before it begins', async () => {
    const run = start('sleep 1000');
    run.controller.abort();
    expect(await run.end).toEqual({ stopped: 'cancelled' });
  });

  test('and says nothing any more', async () => {
    const run = start('trap "echo trapped" TERM; echo up; sleep 1000 & wait', {
      onLine: (_, { controller }) => {
        controller.abort();
      },
    });
    await run.end;
    await ran('sleep 0.2');
    expect(run.lines).toEqual(['up']);
  });

  test('what it leaves behind goes, and is not waited for', async () => {
    const { end, lines } = await ran('sleep 1000 & echo $!');
    expect(end).toEqual({ code: 0 });
    expect(await areGone(lines)).toBe(true);
  });

  test('together with this process', async () => {
    const module = fileURLToPath(new URL('../../src/runner/shell.ts', import.meta.url));
    const pid = join(folder, 'pid');
    const program = `
      const { runShell } = await import(${JSON.stringify(module)});
      const text = 'echo $$ > ${pid}; ${DEAF}';
      const onLine = () => process.exit(7);
      await runShell({ text, env: {}, limit: 60_000, signal: new AbortController().signal, onLine });`;
    const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect(status).toBe(7);
    expect(existsSync(pid)).toBe(true);
    expect(await areGone([readFileSync(pid, 'utf8').trim()])).toBe(true);
  });
});
