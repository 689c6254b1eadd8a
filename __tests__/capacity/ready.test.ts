import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Provisioned } from '../../src/capacity/ports.ts';
import { failsToStart, untilReady } from '../../src/capacity/ready.ts';
import { shareOf } from '../../src/capacity/share.ts';
import { Cancelled } from '../../src/model/failure.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { DrivenClock } from '../support/driven-clock.ts';
import { FakeCapacity } from './fake-capacity.ts';

function standing(change: Partial<Provisioned> = {}): Provisioned {
  return { requested: 6, allocated: 0, status: 'IN_PROGRESS', reason: undefined, ...change };
}

function setUp(first: Provisioned | undefined) {
  const port = new FakeCapacity();
  if (first !== undefined) port.configurations.set('8', first);
  const clock = new DrivenClock();
  const cancellation = new AbortController();
  const told: string[] = [];
  const onProgress = (line: string): void => {
    told.push(line);
  };
  const wait = { port, clock, signal: cancellation.signal, qualifier: '8', limit: 15 * MINUTE, onProgress };
  return { wait, port, clock, cancellation, told, start: clock.now() };
}

describe('waiting for it', () => {
  test('until it is ready, with a line every half minute', async () => {
    const { wait, port, clock, told, start } = setUp(standing());
    clock.plan(40 * SECOND, () => port.configurations.set('8', standing({ allocated: 4 })));
    clock.plan(72 * SECOND, () => port.configurations.set('8', standing({ allocated: 6, status: 'READY' })));
    expect(await untilReady(wait)).toMatchObject({ status: 'READY' });
    expect(clock.now() - start).toBe(75 * SECOND);
    expect(told).toEqual(['0 of 6 ready after 30s', '4 of 6 ready after 1m']);
  });

  test.each([
    ['it fails', standing({ status: 'FAILED', reason: 'FUNCTION_ERROR_INIT_FAILURE' })],
    ['it is gone', undefined],
    ['it was ready already', standing({ status: 'READY' })],
  ])('no longer when %s', async (_, first) => {
    const { wait, clock } = setUp(first);
    expect(await untilReady(wait)).toEqual(first);
    expect(clock.sleeps).toEqual([]);
  });

  test('no longer than allowed', async () => {
    const { wait, clock, start } = setUp(standing());
    expect(await untilReady({ ...wait, limit: 63 * SECOND })).toEqual(standing());
    expect(clock.now() - start).toBe(63 * SECOND);
  });

  test('no longer once the job is cancelled', async () => {
    const { wait, clock, cancellation } = setUp(standing());
    clock.plan(12 * SECOND, () => {
      cancellation.abort();
    });
    await expect(untilReady(wait)).rejects.toThrow(Cancelled);
  });
});

test.each<[Partial<Provisioned>, boolean]>([
  [{ status: 'FAILED', reason: 'FUNCTION_ERROR_INIT_FAILURE' }, true],
  [{ status: 'FAILED', reason: 'not enough capacity' }, false],
  [{ status: 'FAILED' }, false],
  [{ reason: 'FUNCTION_ERROR_INIT_FAILURE' }, false],
])('%j says that the code fails while it starts: %s', (change, expected) => {
  expect(failsToStart(standing(change))).toBe(expected);
});

describe('how much', () => {
  test.each([
    ['its highest share', 20, [5, 30], 6],
    ['rounded up', 5, [10], 1],
    ['nothing without steps', 20, [], 0],
    ['nothing where there is none', 0, [50], 0],
  ])('%s', (_, requested, weights, expected) => {
    expect(
      shareOf(
        requested,
        weights.map((weight) => ({ weight, dwell: MINUTE })),
      ),
    ).toBe(expected);
  });

  test('never more than the alias has, never none where there is a step', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), weights, (requested, list) => {
        const share = shareOf(
          requested,
          list.map((weight) => ({ weight, dwell: MINUTE })),
        );
        expect(share).toBeGreaterThanOrEqual(1);
        expect(share).toBeLessThanOrEqual(requested);
      }),
      { seed: 1 },
    );
  });
});
