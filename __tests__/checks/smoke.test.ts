import { describe, expect, test } from '@jest/globals';
import type { Call, Invocation } from '../../src/checks/ports.ts';
import { trySmokeTest } from '../../src/checks/smoke.ts';
import type { ReadyTest } from '../../src/model/smoke.ts';
import { DrivenClock } from '../support/driven-clock.ts';

const SMOKE: ReadyTest = { label: 'the smoke test', payload: '{}', expect: {}, maxDuration: undefined };

/** One smoke test of a function that answers after so many ms; after more than `limit` there is nobody who waits. */
async function tried(test: Partial<ReadyTest>, answer: Partial<Invocation> & { after: number }) {
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
  const found = await trySmokeTest({ ...SMOKE, ...test }, { invoker, clock, signal, version: '8', timeout: 3_000 });
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
    const { problems } = await trySmokeTest(test, { invoker, clock, signal, version: '8', timeout: 1 });
    expect(problems).toEqual(['$: expected 2, got 1', 'expected an answer within 2s, got one after 2.5s']);
  });
});
