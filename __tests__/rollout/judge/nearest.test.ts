import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nearestBaseline } from '../../../src/rollout/judge/noninferiority.ts';
import { nearestByScan } from './support/oracles.ts';

const rate = fc.double({ min: 0.001, max: 0.9, noNaN: true });
const size = fc.integer({ min: 1, max: 5000 });

describe('the nearest pair, by the oracle', () => {
  test('is that of the reverse information projection', () => {
    const x = nearestByScan({ baseline: 900, canary: 100, rates: [0.001, 0.051], margin: 0.005 });
    expect(Math.abs(x - 0.002692889)).toBeLessThan(1e-8);
    const gain = Math.log(0.001 / x) + 899 * Math.log(0.999 / (1 - x));
    const y = x + 0.005;
    expect(Math.abs(gain + 4 * Math.log(0.051 / y) + 96 * Math.log(0.949 / (1 - y)) - 3.816336)).toBeLessThan(1e-6);
  });

  test('mirrors when the versions change places', () => {
    fc.assert(
      fc.property(size, size, rate, rate, fc.double({ min: -0.5, max: 0.5, noNaN: true }), (nb, nc, p, q, margin) => {
        const x = nearestByScan({ baseline: nb, canary: nc, rates: [p, q], margin });
        const y = nearestByScan({ baseline: nc, canary: nb, rates: [q, p], margin: -margin });
        expect(y).toBeCloseTo(x + margin, 5);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('nearestBaseline', () => {
  test('is 0.001829391 for 900 and 100 at 0.2 % and a margin of a point', () => {
    const x = nearestBaseline({ baseline: 900, canary: 100, guess: 0.002, margin: 0.01 });
    expect(Math.abs(x - 0.001829391)).toBeLessThan(1e-9);
  });

  test('is what the oracle finds', () => {
    fc.assert(
      fc.property(
        size,
        size,
        rate,
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (baseline, canary, guess, margin) => {
          fc.pre(guess + margin < 0.99);
          const x = nearestBaseline({ baseline, canary, guess, margin });
          expect(x).toBeCloseTo(nearestByScan({ baseline, canary, rates: [guess, guess], margin }), 5);
        },
      ),
      { seed: 2, numRuns: 300 },
    );
  });

  test('is where the divergence is least, for any counts and rates', () => {
    const many = fc.double({ min: 0, max: 9, noNaN: true }).map((exponent) => Math.ceil(10 ** exponent));
    const small = (least: number, most: number) =>
      fc
        .double({ min: Math.log(least), max: Math.log(most), noNaN: true })
        .map((exponent) => Math.min(most, Math.exp(exponent)));
    fc.assert(
      fc.property(many, many, small(1e-6, 0.9), small(1e-5, 0.999), (baseline, canary, most, margin) => {
        const guess = Math.min(most, (1 - margin) * (1 - 1e-9));
        const x = nearestBaseline({ baseline, canary, guess, margin });
        const slope = (at: number): number => {
          const other = at + margin;
          return (baseline * (at - guess)) / (at * (1 - at)) + (canary * (other - guess)) / (other * (1 - other));
        };
        expect(x > Math.max(0, guess - margin) * (1 - 1e-9) && x <= guess).toBe(true);
        expect(slope(x * (1 - 1e-9))).toBeLessThan(0);
        if (x * (1 + 1e-9) + margin < 1) expect(slope(x * (1 + 1e-9))).toBeGreaterThan(0);
      }),
      { seed: 9, numRuns: 1000 },
    );
  });

  test('mirrors when the versions and failing and succeeding change places', () => {
    fc.assert(
      fc.property(size, size, rate, fc.double({ min: 0.001, max: 0.3, noNaN: true }), (nb, nc, guess, margin) => {
        fc.pre(guess > margin && guess + margin < 1);
        const x = nearestBaseline({ baseline: nb, canary: nc, guess, margin });
        const mirrored = nearestBaseline({ baseline: nc, canary: nb, guess: 1 - guess, margin });
        expect(mirrored).toBeCloseTo(1 - x - margin, 9);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  test('is as near as can be told where the margin is next to nothing', () => {
    const x = nearestBaseline({ baseline: 900, canary: 100, guess: 0.5, margin: 1e-13 });
    expect(x).toBeLessThan(0.5);
    expect(x).toBeGreaterThan(0.5 - 1e-13);
  });

  test.each([
    { guess: 0.02, x: 0.01 },
    { guess: 0.002, x: 0 },
  ])('without a baseline, of $guess is $x', ({ guess, x }) => {
    expect(nearestBaseline({ baseline: 0, canary: 100, guess, margin: 0.01 })).toBeCloseTo(x, 12);
  });
});
