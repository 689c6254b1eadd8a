import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { periodAround } from '../../src/aws/duration-period.ts';
import { MINUTE } from '../../src/model/time.ts';

const NOON = Date.UTC(2026, 0, 15, 12);
const DAY = 24 * 60 * MINUTE;

describe('the period that holds a span', () => {
  // Minutes since noon, which is a multiple of each of these lengths but for the seven minutes.
  test.each<[string, [number, number], [number, number] | undefined]>([
    ['a minute is a period', [7, 8], [7, 8]],
    ['a span that begins at a multiple of its length', [10, 15], [10, 15]],
    ['one that does not: a little more', [1, 4], [0, 4]],
    ['at the end, too', [5, 9], [5, 10]],
    ['a whole day', [-720, 720], [-720, 720]],
    ['a day that begins at noon', [0, 1440], undefined],
    ['more than a day', [-720, 721], undefined],
    ['no time at all', [3, 3], undefined],
  ])('%s', (_, [start, end], found) => {
    expect(periodAround({ start: NOON + start * MINUTE, end: NOON + end * MINUTE })).toEqual(
      found === undefined ? undefined : { start: NOON + found[0] * MINUTE, end: NOON + found[1] * MINUTE },
    );
  });

  test('begins at a multiple of itself, and is less than twice as long and some minutes', () => {
    const minute = fc.integer({ min: NOON / MINUTE, max: (NOON + 400 * DAY) / MINUTE });
    fc.assert(
      fc.property(minute, fc.integer({ min: 1, max: 360 }), (first, length) => {
        const span = { start: first * MINUTE, end: (first + length) * MINUTE };
        const { start, end } = periodAround(span) ?? { start: NaN, end: NaN };
        expect([start % (end - start), (end - start) % MINUTE]).toEqual([0, 0]);
        expect(start <= span.start && end >= span.end).toBe(true);
        expect((end - start) / MINUTE).toBeLessThanOrEqual(2 * length + 20);
      }),
      { seed: 5, numRuns: 2_000 },
    );
  });
});
