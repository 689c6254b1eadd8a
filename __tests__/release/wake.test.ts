import { describe, expect, test } from '@jest/globals';
import { ActionFailure, Cancelled } from '../../src/model/failure.ts';
import type { Log } from '../../src/model/log.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { type Waker, awaken } from '../../src/release/wake.ts';
import { DrivenClock } from '../support/driven-clock.ts';
import { FakeFunctions, aVersion } from '../support/fake-functions.ts';

const IDLE = aVersion({ version: '7', state: 'Inactive' });
const PENDING = aVersion({ version: '7', state: 'Pending' });
const ACTIVE = aVersion({ version: '7', state: 'Active' });

function setUp(wake: Waker['wake'] = () => Promise.resolve()) {
  const functions = new FakeFunctions().shows('7', IDLE);
  const clock = new DrivenClock();
  const cancellation = new AbortController();
  const told: string[] = [];
  const log: Log = {
    info: (line) => told.push(line),
    warn: (line) => told.push(`! ${line}`),
    group: (_, work) => work(),
  };
  const waking = { waker: () => Promise.resolve({ wake }), log, patience: { limit: 15 * MINUTE, asleep: 20 * SECOND } };
  return { functions, clock, signal: cancellation.signal, cancellation, told, waking };
}

describe('a version that was put away', () => {
  test('is woken and waited for', async () => {
    const woken: string[] = [];
    const { functions, clock, signal, told, waking } = setUp((version) => {
      woken.push(version);
      functions.shows('7', PENDING);
      return Promise.resolve();
    });
    const start = clock.now();
    clock.plan(70 * SECOND, () => functions.shows('7', ACTIVE));
    await awaken({ functions, clock, signal }, { ...waking, found: IDLE });
    expect(woken).toEqual(['7']);
    expect(clock.now() - start).toBeGreaterThanOrEqual(70 * SECOND);
    expect(clock.now() - start).toBeLessThan(75 * SECOND);
    expect(told).toEqual([
      expect.stringContaining('Version 7 was idle for so long'),
      'Version 7 is still Pending after 30s.',
      'Version 7 is still Pending after 1m.',
      'Version 7 is Active again.',
    ]);
  });

  test.each([
    ['is not woken where it is Active', ACTIVE],
    ['nor where it is Failed', aVersion({ version: '7', state: 'Failed' })],
  ])('%s', async (_, found) => {
    const { functions, clock, signal, told, waking } = setUp(() => Promise.reject(new Error('not to be called')));
    await awaken({ functions, clock, signal }, { ...waking, found });
    expect([told, functions.calls]).toEqual([[], []]);
  });

  test.each([
    ['stays Inactive', IDLE, '! Version 7 is Inactive after an attempt to wake it. The first'],
    ['fails', aVersion({ version: '7', state: 'Failed' }), '! Version 7 is Failed after an attempt to wake it.'],
    ['is deleted', undefined, '! Version 7 is gone after an attempt to wake it.'],
  ])('that %s is warned about, and no more', async (_, shown, sentence) => {
    const { functions, clock, signal, told, waking } = setUp();
    functions.shows('7', shown);
    await awaken({ functions, clock, signal }, { ...waking, found: IDLE });
    expect(told.at(-1)).toContain(sentence);
    expect(clock.now()).toBeLessThanOrEqual(new DrivenClock().now() + 15 * MINUTE + 5 * SECOND);
  });

  test('is asked for again when a call was lost, and while it stays Inactive', async () => {
    const at: number[] = [];
    const { functions, clock, signal, told, waking } = setUp(() => {
      at.push(clock.now() - start);
      return at.length === 1 ? Promise.reject(new ActionFailure('throttled', 'Wait.')) : Promise.resolve();
    });
    const start = clock.now();
    await awaken({ functions, clock, signal }, { ...waking, found: IDLE });
    expect(at).toEqual([0, 1 * SECOND, 12 * SECOND]);
    expect(clock.now() - start).toBe(21 * SECOND);
    expect(told.at(-1)).toBe(
      '! Version 7 is Inactive after an attempt to wake it. The first invocations of it will fail, until Lambda has it ready.',
    );
  });

  test('that every call is lost for says so', async () => {
    const { functions, clock, signal, told, waking } = setUp(() =>
      Promise.reject(new ActionFailure('AWS kept throttling', 'Wait.')),
    );
    await awaken({ functions, clock, signal }, { ...waking, found: IDLE });
    expect(told.at(-1)).toContain(
      '! Version 7 is Inactive after an attempt to wake it (AWS kept throttling). The first',
    );
  });

  test('without the permission: one line that names it', async () => {
    const { functions, clock, signal, told, waking } = setUp(() =>
      Promise.reject(new ActionFailure('not allowed to lambda:InvokeFunction', 'Add it.', { permanent: true })),
    );
    await awaken({ functions, clock, signal }, { ...waking, found: IDLE });
    expect(told.at(-1)).toContain(
      '! Version 7 is Inactive and could not be woken: not allowed to lambda:InvokeFunction',
    );
    expect(functions.calls).toEqual([]);
  });

  test('a cancelled job waits no longer', async () => {
    const { functions, clock, signal, cancellation, waking } = setUp();
    clock.plan(10 * SECOND, () => {
      cancellation.abort();
    });
    await expect(awaken({ functions, clock, signal }, { ...waking, found: IDLE })).rejects.toThrow(Cancelled);
  });

  test('a fault of this action is no matter of AWS', async () => {
    const { functions, clock, signal, waking } = setUp(() => Promise.reject(new TypeError('boom')));
    await expect(awaken({ functions, clock, signal }, { ...waking, found: IDLE })).rejects.toThrow('boom');
  });
});
