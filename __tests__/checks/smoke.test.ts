import { describe, expect, test } from '@jest/globals';
import type { Call, Invocation } from '../../src/checks/ports.ts';
import { trySmokeTest } from '../../src/checks/smoke.ts';
import { type Hide, environmentHider } from '../../src/model/environment-hider.ts';
import type { ReadyTest } from '../../src/model/smoke.ts';
import { DrivenClock } from '../support/driven-clock.ts';

const SMOKE: ReadyTest = { label: 'the smoke test', payload: '{}', expect: {}, maxDuration: undefined };

/** One smoke test of a function that answers after so many ms; after more than `limit` there is nobody who waits. */
type Answer = Partial<Invocation> & { after: number };
const SHOW_ALL: Hide = (text) => text;

async function tried(
  test: Partial<ReadyTest>,
  answer: Answer,
  { hide }: { hide: Hide | undefined } = { hide: SHOW_ALL },
) {
  const clock = new DrivenClock();
  const calls: Call[] = [];
  const invoker = {
    invoke: async (call: Call): Promise<Invocation | undefined> => {
      calls.push(call);
      await clock.sleep(Math.min(answer.after, call.limit));
      return answer.after > call.limit ? undefined : { text: 'null', hasFailed: false, log: 'logged', ...answer };
    },
  };
  const { signal } = new AbortController();
  const trial = { invoker, clock, signal, version: '8', timeout: 3_000, hide };
  const found = await trySmokeTest({ ...SMOKE, ...test }, trial);
  return { ...found, calls };
}

describe('a smoke test', () => {
  test('that passes', async () => {
    const { calls, ...found } = await tried({ payload: '{"a": 1}' }, { after: 120 });
    expect(found).toEqual({ label: 'the smoke test', took: 120, problems: [], log: 'logged' });
    expect(calls).toEqual([expect.objectContaining({ version: '8', payload: '{"a": 1}', limit: 33_000 })]);
  });

  test('whose answer is not as expected', async () => {
    const found = await tried({ expect: { json: 1 } }, { after: 5, text: '2' });
    expect(found.problems).toEqual(['$: expected 1, got 2']);
  });

  test.each([
    [{ after: 1_001 }, ['expected an answer within 1s, got none'], undefined],
    [{ after: 1_000 }, [], 'logged'],
  ])('that takes %j of 1s', async (answer, problems, log) => {
    expect(await tried({ maxDuration: 1_000 }, answer)).toMatchObject({ problems, log });
  });

  test('whose answer comes when the time is over', async () => {
    const clock = new DrivenClock();
    const invoker = {
      invoke: async () => {
        await clock.sleep(2_500);
        return { text: '1', hasFailed: false, log: '' };
      },
    };
    const { signal } = new AbortController();
    const test: ReadyTest = { ...SMOKE, maxDuration: 2_000, expect: { json: 2 } };
    const trial = { invoker, clock, signal, version: '8', timeout: 1, hide: undefined };
    const { problems } = await trySmokeTest(test, trial);
    expect(problems).toEqual(['$: expected 2, got 1', 'expected an answer within 2s, got one after 2.5s']);
  });
});

describe('what must not be seen', () => {
  const VALUE = 'a-value-nobody-may-see';
  const hide = environmentHider(new Map([['API_KEY', VALUE]]));
  const answer = { after: 5, text: JSON.stringify({ errorMessage: `no ${VALUE}` }), hasFailed: true };

  test('is hidden in problems and in the log', async () => {
    const found = await tried({}, { ...answer, log: `it is ${VALUE}\n` }, { hide });
    expect(found).toMatchObject({ problems: ['expected no error, got no ***'], log: 'it is ***\n' });
  });

  test('is told of by nobody where it is not known', async () => {
    const found = await tried({}, { ...answer, log: VALUE }, { hide: undefined });
    expect(found.log).toBeUndefined();
    expect(found.problems).toEqual([
      expect.stringContaining('the environment variables of the version cannot be read'),
    ]);
  });

  test.each([
    ['a line', 4096, `\n${'y'.repeat(4073)}`],
    ['nothing', 4095, `${VALUE.slice(1)}\n${'y'.repeat(4073)}`],
  ])('a log that was cut in a value loses %s', async (_, bytes, left) => {
    const log = `${VALUE.slice(1)}\n${'y'.repeat(4073)}${'z'.repeat(bytes - 4095)}`;
    expect(Buffer.byteLength(log)).toBe(bytes);
    expect((await tried({}, { ...answer, log })).log).toBe(`${left}${'z'.repeat(bytes - 4095)}`);
  });
});
