import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ActionFailure, Cancelled } from '../../src/model/failure.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { FunctionBusy } from '../../src/release/ports.ts';
import { untilActive, untilSettled, untilUpdated, whenIdle } from '../../src/release/wait.ts';
import { DrivenClock } from '../support/driven-clock.ts';
import { FakeFunctions, aVersion } from '../support/fake-functions.ts';

const BUSY = aVersion({ lastUpdateStatus: 'InProgress' });
const BAD = aVersion({ lastUpdateStatus: 'Failed', lastUpdateReason: 'the image is gone' });

function setUp() {
  const functions = new FakeFunctions();
  const clock = new DrivenClock();
  const cancellation = new AbortController();
  return { functions, clock, signal: cancellation.signal, cancellation, start: clock.now() };
}

describe('waiting for $LATEST', () => {
  test('what is known to be done is not asked for', async () => {
    const { functions, clock, signal } = setUp();
    expect(await untilSettled({ functions, clock, signal }, aVersion())).toEqual(aVersion());
    expect([functions.calls, clock.sleeps]).toEqual([[], []]);
  });

  test('what is known to be under way is looked at after half a second', async () => {
    const { functions, clock, signal } = setUp();
    functions.shows('$LATEST', aVersion());
    await untilSettled({ functions, clock, signal }, BUSY);
    expect([functions.calls, clock.sleeps]).toEqual([['describe $LATEST'], [500]]);
  });

  test('pauses grow to less than two seconds', async () => {
    const { functions, clock, signal } = setUp();
    functions.shows('$LATEST', BUSY, BUSY, BUSY, BUSY, BUSY, aVersion());
    await untilUpdated({ functions, clock, signal });
    expect(clock.sleeps).toEqual([500, 1000, 1750, 1750, 1750]);
  });

  test('sees the end of any update within two seconds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 15 * 60 }).map((count) => count * SECOND),
        async (takes) => {
          const { functions, clock, signal, start } = setUp();
          functions.shows('$LATEST', BUSY);
          clock.plan(takes, () => functions.shows('$LATEST', aVersion()));
          await untilUpdated({ functions, clock, signal });
          expect(clock.now() - start - takes).toBeLessThanOrEqual(2 * SECOND);
        },
      ),
      { seed: 1, numRuns: 50 },
    );
  });

  test.each([
    ['a failed update is an error', untilUpdated, 'Lambda could not update the function: the image is gone'],
    ['an update that failed earlier is none', untilSettled, undefined],
  ])('%s', async (_, wait, message) => {
    const { functions, clock, signal } = setUp();
    functions.shows('$LATEST', BUSY, BAD);
    const found = await wait({ functions, clock, signal }).catch((error: unknown) => error);
    expect(found instanceof ActionFailure ? found.message : undefined).toBe(message);
  });

  test('says so when Lambda gives no reason', async () => {
    const { functions, clock, signal } = setUp();
    functions.shows('$LATEST', aVersion({ lastUpdateStatus: 'Failed' }));
    await expect(untilUpdated({ functions, clock, signal })).rejects.toThrow('no reason given');
  });

  test('ends after sixteen minutes', async () => {
    const { functions, clock, signal, start } = setUp();
    functions.shows('$LATEST', BUSY);
    await expect(untilUpdated({ functions, clock, signal })).rejects.toThrow(
      'the update of the function was not ready after 16m',
    );
    expect(clock.now() - start).toBeLessThanOrEqual(16 * MINUTE + 2 * SECOND);
  });
});

describe('waiting for a version', () => {
  const pending = aVersion({ version: '8', state: 'Pending' });

  test.each(['Active', 'Inactive', undefined])('%s can take traffic', async (state) => {
    const { functions, clock, signal } = setUp();
    functions.shows('8', undefined, pending, aVersion({ version: '8', state }));
    expect(await untilActive({ functions, clock, signal }, '8')).toMatchObject({ version: '8', state });
    expect(clock.sleeps).toEqual([500, 1000]);
  });

  test.each([
    ['The role is gone', 'version 8 failed to start: The role is gone'],
    [undefined, 'version 8 failed to start: no reason given'],
  ])('Failed ends it with the reason of Lambda', async (stateReason, message) => {
    const { functions, clock, signal } = setUp();
    functions.shows('8', pending, aVersion({ version: '8', state: 'Failed', stateReason }));
    await expect(untilActive({ functions, clock, signal }, '8')).rejects.toThrow(message);
  });

  test('that never starts is named', async () => {
    const { functions, clock, signal } = setUp();
    functions.shows('8', pending);
    await expect(untilActive({ functions, clock, signal }, '8')).rejects.toThrow('version 8 was not ready after 16m');
  });
});

describe('whenIdle', () => {
  const busy = new FunctionBusy('busy', 'Wait.');

  test.each([0, 1, 5])('tries again after each of %d refusals, less than two seconds later', async (refusals) => {
    const { functions, clock, signal } = setUp();
    functions.shows('$LATEST', aVersion());
    functions.refusals.push(...Array.from({ length: refusals }, () => busy));
    expect(
      await whenIdle({ functions, clock, signal }, () => functions.publish({ codeSha256: 'x', description: '' })),
    ).toBe('8');
    expect(clock.sleeps).toEqual(Array.from({ length: refusals }, () => 1.75 * SECOND));
    expect(functions.calls.filter((call) => call.startsWith('publish'))).toHaveLength(refusals + 1);
  });

  test('is not stopped by the failure of somebody else’s update', async () => {
    const { functions, clock, signal } = setUp();
    functions.shows('$LATEST', BUSY, BAD);
    functions.refusals.push(busy);
    expect(
      await whenIdle({ functions, clock, signal }, () => functions.publish({ codeSha256: 'x', description: '' })),
    ).toBe('8');
  });

  test('passes every other error on', async () => {
    const { functions, clock, signal } = setUp();
    const denied = new ActionFailure('denied', 'Allow it.');
    functions.refusals.push(denied);
    await expect(
      whenIdle({ functions, clock, signal }, () => functions.publish({ codeSha256: 'x', description: '' })),
    ).rejects.toBe(denied);
    expect(clock.sleeps).toEqual([]);
  });

  test('gives up after sixteen minutes of it', async () => {
    const { functions, clock, signal, start } = setUp();
    functions.shows('$LATEST', aVersion());
    await expect(whenIdle({ functions, clock, signal }, () => Promise.reject(busy))).rejects.toBe(busy);
    expect(clock.now() - start).toBeGreaterThan(16 * MINUTE);
    expect(clock.now() - start).toBeLessThanOrEqual(16 * MINUTE + 2 * SECOND);
  });
});

test('a cancelled job waits no longer', async () => {
  const { functions, clock, signal, cancellation } = setUp();
  functions.shows('8', aVersion({ state: 'Pending' }));
  clock.plan(MINUTE, () => {
    cancellation.abort();
  });
  await expect(untilActive({ functions, clock, signal }, '8')).rejects.toThrow(Cancelled);
  expect(clock.sleeps.length).toBeLessThan(40);
});

describe('SnapStart', () => {
  const pending = aVersion({ version: '8', state: 'Pending', snapshot: 'missing' });
  const active = aVersion({ version: '8', state: 'Active', snapshot: 'missing' });
  const ready = aVersion({ version: '8', state: 'Active', snapshot: 'ready' });

  test('a version is waited for until its snapshot is there, and the wait is told', async () => {
    const { functions, clock, signal, start } = setUp();
    functions.shows('8', pending);
    clock.plan(3 * MINUTE, () => functions.shows('8', active));
    clock.plan(4 * MINUTE, () => functions.shows('8', ready));
    const lines: string[] = [];
    expect(await untilActive({ functions, clock, signal, onWait: (line) => lines.push(line) }, '8')).toEqual(ready);
    expect(clock.now() - start).toBeGreaterThanOrEqual(4 * MINUTE);
    expect(lines[0]).toMatch(/^Version 8 is not ready after 3\ds: Lambda takes its snapshot \(SnapStart\)/);
    expect(lines.length).toBeGreaterThanOrEqual(5);
    expect(lines.length).toBeLessThanOrEqual(6);
  });

  test('an Active version without its snapshot holds nobody up for long', async () => {
    const { functions, clock, signal, start } = setUp();
    functions.shows('8', active);
    expect(await untilActive({ functions, clock, signal }, '8')).toEqual(active);
    expect(clock.now() - start).toBeGreaterThanOrEqual(2 * MINUTE);
    expect(clock.now() - start).toBeLessThan(3 * MINUTE);
  });

  test('one that is deleted meanwhile stays as it was last seen', async () => {
    const { functions, clock, signal } = setUp();
    functions.shows('8', active, undefined);
    expect(await untilActive({ functions, clock, signal }, '8')).toEqual(active);
  });

  test('a long update of the function is told, too', async () => {
    const { functions, clock, signal } = setUp();
    functions.shows('$LATEST', BUSY);
    clock.plan(40 * SECOND, () => functions.shows('$LATEST', aVersion()));
    const lines: string[] = [];
    await untilUpdated({ functions, clock, signal, onWait: (line) => lines.push(line) });
    expect(lines).toEqual([expect.stringMatching(/^The update of the function is still under way after 3\ds\.$/)]);
  });

  test('a version without SnapStart that takes long', async () => {
    const { functions, clock, signal } = setUp();
    functions.shows('8', aVersion({ version: '8', state: 'Pending' }));
    clock.plan(40 * SECOND, () => functions.shows('8', aVersion({ version: '8' })));
    const lines: string[] = [];
    await untilActive({ functions, clock, signal, onWait: (line) => lines.push(line) }, '8');
    expect(lines).toEqual([expect.stringMatching(/^Version 8 is not ready after 3\ds\.$/)]);
  });
});
