import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  MINUTE,
  SECOND,
  ceilMinute,
  floorMinute,
  formatDuration,
  formatElapsed,
  formatLatency,
} from '../../src/model/time.ts';

describe('minutes', () => {
  test.each([
    [0, 0, 0],
    [1, 0, MINUTE],
    [MINUTE, MINUTE, MINUTE],
    [MINUTE + 0.5, MINUTE, 2 * MINUTE],
    [2 * MINUTE - 1, MINUTE, 2 * MINUTE],
  ])('around %d', (at, floor, ceil) => {
    expect([floorMinute(at), ceilMinute(at)]).toEqual([floor, ceil]);
  });

  test('enclose every moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (at) => {
        const [floor, ceil] = [floorMinute(at), ceilMinute(at)];
        expect([floor % MINUTE, ceil % MINUTE]).toEqual([0, 0]);
        expect(floor <= at && at <= ceil && ceil - floor === (at % MINUTE === 0 ? 0 : MINUTE)).toBe(true);
      }),
      { seed: 1 },
    );
  });
});

describe('formatDuration', () => {
  test.each([
    [0, '0s'],
    [499, '0s'],
    [500, '1s'],
    [90 * SECOND, '1m30s'],
    [5 * MINUTE, '5m'],
    [90 * MINUTE, '1h30m'],
    [3600 * SECOND, '1h'],
    [3661 * SECOND, '1h1m1s'],
    [48 * 60 * MINUTE, '48h'],
    [59_999, '1m'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatLatency', () => {
  test.each([
    [0, '0ms'],
    [0.04, '0ms'],
    [2.34, '2.3ms'],
    [9.99, '10ms'],
    [99.51, '100ms'],
    [999, '999ms'],
    [999.6, '1s'],
    [1_000, '1s'],
    [1_500, '1.5s'],
    [9_999, '10s'],
    [33_000, '33s'],
    [90_000, '1m30s'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatLatency(ms)).toBe(text);
  });
});

describe('formatElapsed', () => {
  test.each([
    [0, '+00:00'],
    [-5, '+00:00'],
    [999, '+00:00'],
    [210 * SECOND, '+03:30'],
    [59 * MINUTE + 59 * SECOND, '+59:59'],
    [3810 * SECOND, '+1:03:30'],
    [25 * 60 * MINUTE, '+25:00:00'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatElapsed(ms)).toBe(text);
  });
});
