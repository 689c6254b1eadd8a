import { describe, expect, test } from '@jest/globals';
import { mixtureTest, zTest } from '../../../bench/peers/sequential.ts';
import { minutesOf, rollsBackAfter, times } from './minutes.ts';

describe('the Gaussian mixture test', () => {
  test('by hand: 900/9 against 100/11 and τ = 0.1', () => {
    // s² = .01·.99/900 + .11·.89/100 = .00099; Λ = √(s²/(s²+τ²))·exp(τ²·.1²/(2·s²·(s²+τ²))) = .3·exp(4.596) = 29.7.
    expect(rollsBackAfter(mixtureTest(0.1), minutesOf([900, 9, 100, 11]))).toBeUndefined();
    // With 14 errors: s² = .001215, Λ = .329·exp(6.2) = 162.
    expect(rollsBackAfter(mixtureTest(0.1), minutesOf([900, 9, 100, 14]))).toBe(1);
  });

  test('an improvement never fires', () => {
    expect(rollsBackAfter(mixtureTest(0.1), minutesOf(...times(5, [900, 500, 100, 1])))).toBeUndefined();
  });

  test('says nothing without errors or without traffic', () => {
    expect(rollsBackAfter(mixtureTest(0.02), minutesOf(...times(5, [900, 0, 100, 0])))).toBeUndefined();
    expect(rollsBackAfter(mixtureTest(0.02), minutesOf(...times(5, [900, 9, 0, 0])))).toBeUndefined();
  });

  test('a smaller τ finds small differences sooner', () => {
    const minutes = minutesOf(...times(60, [9000, 9, 1000, 3]));
    const after = [0.005, 0.1].map((tau) => rollsBackAfter(mixtureTest(tau), minutes) ?? Infinity);
    expect(after[0]).toBeLessThan(after[1] ?? 0);
  });
});

describe('the z-test', () => {
  test.each([
    // Pooled rate 0.015, standard error √(.015·.985·(1/900 + 1/100)) = .01281; 2.326 of them are 2.98 points.
    [[900, 10, 100, 5], 1],
    [[900, 11, 100, 4], undefined],
    [[900, 0, 100, 0], undefined],
    [[900, 900, 100, 100], undefined],
    [[900, 9, 0, 0], undefined],
  ] as const)('%j', (row, expected) => {
    expect(rollsBackAfter(zTest, minutesOf(row))).toBe(expected);
  });
});
