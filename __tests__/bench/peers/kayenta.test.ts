import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classify, kayenta } from '../../../bench/peers/kayenta.ts';
import { mayBeHigher, shiftOf } from '../../../bench/peers/mann-whitney.ts';
import { minutesOf, rollsBackAfter, times } from './minutes.ts';

const QUANTILE = 2.3263478740408408;
const ones = (count: number): number[] => Array.from({ length: count }, () => 1);
const hundreds = (count: number): number[] => [...Array.from({ length: count }, () => 100), ...ones(10 - count)];

describe('the classifier, on examples from its issues', () => {
  test.each([
    ['kayenta#426: a few errors where there were none', [0, 1, 2, 1, 0, 0], [0, 0, 0, 0, 0, 0], 'Pass'],
    ['spinnaker#6278 (kayenta#780): seven hundreds in ten', hundreds(7), ones(10), 'Pass'],
    ['spinnaker#6278: eight', hundreds(8), ones(10), 'High'],
    [
      'kayenta#780, case 1: more variable',
      [10.0, 10.1, 10.2, 10.3, 10.4, 10.5, 10.6, 17.0, 17.1, 17.2, 17.3, 17.4, 17.5, 17.6, 17.7],
      [1, 100, 4, 101, 5, 102, 6, 103, 7, 104, 8, 105, 9, 106, 17],
      'Pass',
    ],
    ['identical data', [0, 3, 0, 5], [0, 3, 0, 5], 'Pass'],
    ['a single value everywhere', [2, 2, 2], [2, 2, 2], 'Pass'],
    ['lower is no increase', [1, 1, 2, 1, 1, 2], [9, 8, 9, 8, 9, 9], 'Pass'],
    ['no data', [], [1, 2], 'Nodata'],
  ] as const)('%s', (_, canary, baseline, expected) => {
    expect(classify(canary, baseline)).toBe(expected);
  });

  test('the interval of spinnaker#6278 is the published one', () => {
    const { low, estimate } = shiftOf(hundreds(7), ones(10), QUANTILE);
    expect(low).toBeCloseTo(0, 3);
    expect(estimate).toBeCloseTo(99, 3);
  });

  test('the interval follows a shift of the canary', () => {
    const value = fc.double({ min: 0, max: 10, noNaN: true }).map((number) => Math.round(number * 8) / 8);
    const sample = fc.array(value, { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: 1, max: 8 }), (canary, baseline, more) => {
        const before = shiftOf(canary, baseline, QUANTILE);
        const after = shiftOf(
          canary.map((number) => number + more),
          baseline,
          QUANTILE,
        );
        expect(after.low).toBe(before.low + more);
        expect(after.estimate).toBe(before.estimate + more);
        expect(mayBeHigher(canary, baseline, QUANTILE)).toBe(before.low > 0);
      }),
    );
  });
});

describe('the judge', () => {
  const worse = minutesOf(...Array.from({ length: 35 }, (_, index) => [900, index % 2, 100, 3 + (index % 3)] as const));

  test('by default looks once, when the lifetime is over', () => {
    expect(rollsBackAfter(kayenta({ every: undefined }), worse)).toBe(30);
  });

  test('or every ten minutes', () => {
    expect(rollsBackAfter(kayenta({ every: 10 }), worse)).toBe(10);
  });

  test('one minute is one point, whatever its traffic', () => {
    const rows = [...times(5, [900, 1, 100, 0]), [900, 1, 100_000, 100_000], ...times(24, [900, 1, 100, 0])] as const;
    expect(rollsBackAfter(kayenta({ every: 10 }), minutesOf(...rows))).toBeUndefined();
  });

  test('without a request to the canary the score is 0', () => {
    expect(rollsBackAfter(kayenta({ every: undefined }), minutesOf(...times(30, [9, 0, 0, 0])))).toBe(30);
  });
});
