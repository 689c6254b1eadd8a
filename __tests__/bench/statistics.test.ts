import { describe, expect, test } from '@jest/globals';
import { mean, quantile, wilson } from '../../bench/statistics.ts';

describe("Wilson's interval", () => {
  test.each([
    // No false rollback in 381 runs is what it takes to say "at most 1 %".
    [0, 381, 0, 0.00998],
    [0, 380, 0, 0.01001],
    [10, 1000, 0.005442, 0.01831],
    [50, 100, 0.403832, 0.596168],
    [100, 100, 0.963007, 1],
  ])('of %d in %d', (hits, runs, low, high) => {
    expect(wilson(hits, runs).low).toBeCloseTo(low, 5);
    expect(wilson(hits, runs).high).toBeCloseTo(high, 5);
  });

  test('without runs it is everything', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe('quantiles', () => {
  test.each([
    [[3, 1, 2], 0.5, 2],
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9, 9],
    [[1, Infinity, Infinity], 0.5, Infinity],
    [[7], 0.9, 7],
    [[], 0.5, NaN],
  ])('of %j at %d', (values, part, expected) => {
    expect(quantile(values, part)).toBe(expected);
  });
});

test('mean', () => {
  expect(mean([1, 2, 6])).toBe(3);
});
