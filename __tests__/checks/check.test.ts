import { describe, expect, test } from '@jest/globals';
import { runCheck } from '../../src/checks/check.ts';
import type { Script, ScriptEnd } from '../../src/checks/ports.ts';
import { MINUTE } from '../../src/model/time.ts';

/** One run of a check that writes lines and ends as given, and what stood in the log by then. */
async function checked(end: ScriptEnd, { weight = 10, lines = ['a line'], isFirst = false } = {}) {
  const told: string[] = [];
  const scripts: Script[] = [];
  let seen: readonly string[] = [];
  const log = {
    info: (line: string) => void told.push(line),
    warn: (line: string) => void told.push(`warning: ${line}`),
    group: async <T>(title: string, work: () => Promise<T>): Promise<T> => {
      told.push(`[${title}`);
      const result = await work();
      told.push(']');
      return result;
    },
  };
  const shell = (script: Script): Promise<ScriptEnd> => {
    scripts.push(script);
    for (const line of lines) script.onLine(line);
    seen = [...told];
    return Promise.resolve(end);
  };
  const context = { functionName: 'shop', alias: 'live', version: '8', previous: isFirst ? undefined : '7' };
  const { signal } = new AbortController();
  const problem = await runCheck({ script: './probe', limit: 2 * MINUTE, context, shell, log }, weight, signal);
  return { problem, told, seen, scripts };
}

describe('how a check ends', () => {
  test.each<[ScriptEnd, string | undefined, string]>([
    [{ code: 0 }, undefined, 'The check passed.'],
    [{ code: 3 }, 'exit code 3', 'The check failed: exit code 3.'],
    [{ signal: 'SIGSEGV' }, 'it was ended by SIGSEGV', 'The check failed: it was ended by SIGSEGV.'],
    [{ stopped: 'late' }, 'it took longer than 2m', 'The check failed: it took longer than 2m.'],
    [{ problem: 'ENOENT' }, 'it could not be started (ENOENT)', 'The check failed: it could not be started (ENOENT).'],
    [{ stopped: 'cancelled' }, undefined, 'The check was stopped: nobody waits for it any more.'],
  ])('%j', async (end, problem, line) => {
    const found = await checked(end);
    expect(found.problem).toBe(problem);
    expect(found.told).toEqual(['[Check at 10%', 'a line', line, ']']);
  });
});

test('it is told what it is about', async () => {
  const { scripts } = await checked({ code: 0 }, { weight: 25 });
  const env = {
    FUNCTION_NAME: 'shop',
    FUNCTION_ALIAS: 'live',
    FUNCTION_VERSION: '8',
    PREVIOUS_VERSION: '7',
    CANARY_WEIGHT: '25',
  };
  expect(scripts).toEqual([expect.objectContaining({ text: './probe', env, limit: 2 * MINUTE })]);
});

test('before a first deployment there is no version', async () => {
  const { scripts } = await checked({ code: 0 }, { weight: 0, isFirst: true });
  expect(scripts[0]?.env).toMatchObject({ PREVIOUS_VERSION: '', CANARY_WEIGHT: '0' });
});

describe('its output', () => {
  test('is shown as it comes while nothing else is told', async () => {
    const { seen, told } = await checked({ code: 0 }, { weight: 0, lines: ['1', '2'] });
    expect(seen).toEqual(['[Check before the first shift', '1', '2']);
    expect(told.slice(3)).toEqual(['The check passed.', ']']);
  });

  test('is kept together while polls are told', async () => {
    const { seen, told } = await checked({ code: 0 }, { lines: ['1', '2'] });
    expect(seen).toEqual([]);
    expect(told).toEqual(['[Check at 10%', '1', '2', 'The check passed.', ']']);
  });

  test('is its end when there is too much of it', async () => {
    const lines = Array.from({ length: 5_500 }, (_, index) => String(index));
    const { told } = await checked({ code: 1 }, { lines });
    expect(told.slice(1, -2)).toEqual(lines.slice(-1_000));
  });
});
