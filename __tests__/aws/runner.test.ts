import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { parseKeyValues } from '../../simulator/runner-files.ts';
import { makeRunnerLog, readRunContext, remark } from '../../src/runner/runner.ts';
import { cancellation } from '../../src/runner/signals.ts';
import { loadRollout, saveRollout } from '../../src/runner/state.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

const runnerLog = makeRunnerLog({ NO_COLOR: '1' });

function written(work: () => void): string {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  work();
  return write.mock.calls.map(([text]) => String(text)).join('');
}

describe('a line of the log never is a workflow command', () => {
  test.each([
    ['::error::no', '\u200b::error::no\n'],
    ['  ::set-output name=a::b', '  \u200b::set-output name=a::b\n'],
    ['##[group]x', '##\u200b[group]x\n'],
    ['a file ##[add-mask]x', 'a file ##\u200b[add-mask]x\n'],
    ['a\n::stop-commands::t\r\nb', 'a ::stop-commands::t b\n'],
    ['\u001b[31mred\u0000', ' [31mred \n'],
    ['+00:30  10 %  canary 2/311', '+00:30  10 %  canary 2/311\n'],
  ])('%j', (line, expected) => {
    const shown = written(() => {
      runnerLog.info(line);
    });
    expect(shown).toBe(expected);
  });

  test('a warning is a line like others, told once and remembered', () => {
    const log = makeRunnerLog({ NO_COLOR: '1' });
    const shown = written(() => {
      for (const line of ['50 %\n::error::no', 'b', 'b']) log.warn(line);
    });
    expect(shown).toBe('Warning: 50 % ::error::no\nWarning: b\n');
    expect(log.warnings).toEqual(['50 %\n::error::no', 'b']);
  });
});

describe('colours', () => {
  test.each([
    [{}, 'good', '\u001b[1;32ma\u001b[0m\n'],
    [{ NO_COLOR: '' }, 'bad', '\u001b[1;31ma\u001b[0m\n'],
    [{}, 'quiet', '\u001b[90ma\u001b[0m\n'],
    [{}, undefined, 'a\n'],
    [{ NO_COLOR: '1' }, 'good', 'a\n'],
    [{ NO_COLOR: 'false' }, 'strong', 'a\n'],
  ] as const)('%j %s', (env, tone, expected) => {
    const log = makeRunnerLog(env);
    const shown = written(() => {
      log.info('a', tone);
    });
    expect(shown).toBe(expected);
  });

  test('come from nobody else: a line has lost its own by then', () => {
    const shown = written(() => {
      makeRunnerLog({}).info('\u001b[32mgreen::error::\u001b[0m', 'bad');
    });
    expect(shown).toBe('\u001b[1;31m [32mgreen::error:: [0m\u001b[0m\n');
  });
});

test('an annotation is one workflow command with a title', () => {
  const shown = written(() => {
    remark({ title: 'Promoted: a, b', message: '50 %\nsecond' });
  });
  expect(shown).toBe('::warning title=Promoted%3A a%2C b::50 %25%0Asecond\n');
});

describe('the run', () => {
  const env = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '1001' };

  test.each([
    [env, { attempt: 1, sha: '', url: 'https://github.com/acme/shop/actions/runs/1001' }],
    [
      { ...env, GITHUB_RUN_ATTEMPT: '3', GITHUB_SHA: 'abc', GITHUB_SERVER_URL: 'https://ghe.example' },
      { attempt: 3, sha: 'abc', url: 'https://ghe.example/acme/shop/actions/runs/1001' },
    ],
  ])('%j', (given, expected) => {
    expect(readRunContext(given)).toEqual({ repository: 'acme/shop', runId: 1001, ...expected });
  });

  test.each([{}, { GITHUB_RUN_ID: '1' }, { ...env, GITHUB_RUN_ID: 'x' }, { ...env, GITHUB_REPOSITORY: '' }])(
    'none: %j',
    (given) => {
      expect(readRunContext(given)).toBeUndefined();
    },
  );
});

describe('what main leaves for post', () => {
  const rollout = {
    functionId: 'checkout',
    alias: 'live',
    region: 'eu-west-1',
    repository: 'acme/shop',
    runId: 1001,
    attempt: 1,
    canary: '4',
    description: 'callers use this',
    nonce: 'k3f9a2',
    isBaked: false,
  };

  function saved(...rollouts: (typeof rollout | undefined)[]) {
    const folder = mkdtempSync(join(tmpdir(), 'state-'));
    const file = join(folder, 'state');
    writeFileSync(file, '');
    process.env['GITHUB_STATE'] = file;
    rollouts.forEach(saveRollout);
    const state = parseKeyValues(readFileSync(file, 'utf8'))['rollout'];
    rmSync(folder, { recursive: true });
    return state;
  }

  function loaded(state: string | undefined) {
    process.env['STATE_rollout'] = state ?? '';
    return loadRollout();
  }

  test('comes back as it was; the last word counts', () => {
    expect(loaded(saved(rollout))).toEqual(rollout);
    expect(loaded(saved(rollout, undefined))).toBeUndefined();
  });

  test.each([undefined, '{', '[]', '{"alias":"live"}', JSON.stringify({ ...rollout, runId: 'x' })])(
    'what cannot be read is nothing: %j',
    (state) => {
      expect(loaded(state)).toBeUndefined();
    },
  );
});

/** A process without signals, faults or output of its own, and the lines that were logged. */
function listening() {
  const process = Object.assign(new EventEmitter(), { stdout: new EventEmitter() });
  const lines: string[] = [];
  const log = { ...runnerLog, info: (line: string) => lines.push(line) };
  return { process, lines, signal: cancellation(process, log) };
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels, once', (name) => {
  const { process, lines, signal } = listening();
  expect(signal.aborted).toBe(false);
  process.emit(name);
  process.emit('SIGTERM');
  expect(signal.aborted).toBe(true);
  expect(lines).toEqual([`${name}: the job is being cancelled.`]);
});

test('a fault is told once, however often it comes', () => {
  const { process, lines, signal } = listening();
  for (let times = 0; times < 3; times++) process.emit('uncaughtException', 'boom');
  process.emit('unhandledRejection', 'another');
  expect(lines).toEqual(['boom']);
  expect(signal.reason).toBe('this action had a fault of its own (boom)');
});

test('a log that takes no more stops the step without a word', () => {
  const { process, lines, signal } = listening();
  for (let times = 0; times < 3; times++) process.stdout.emit('error', new Error('write EPIPE'));
  expect(lines).toEqual([]);
  expect(signal.reason).toBe('the log of this step could no longer be written');
});
