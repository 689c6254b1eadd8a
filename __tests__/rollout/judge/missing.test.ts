import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { missingForPass, weighSafety } from '../../../src/rollout/judge/noninferiority.ts';
import { counts, minutesOf, repeat } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';

const LN_20 = Math.log(20);

describe('missingForPass', () => {
  const row = fc
    .tuple(
      fc.nat(2000),
      fc.nat(500),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    .map(([nb, nc, b, c]): CountRow => [nb, Math.floor(nb * b), nc, Math.floor(nc * c)]);

  test('is 0 where the margin is proven and only there, and a number in any case', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), fc.constantFrom(0.001, 0.01, 0.1, 0.99), (rows, margin) => {
        const minutes = minutesOf(rows);
        const evidence = weighSafety(minutes, margin);
        const missing = missingForPass(minutes, { margin, evidence, history: [] });
        expect(Number.isSafeInteger(missing)).toBe(true);
        expect(missing === 0).toBe(evidence >= LN_20);
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  test.each([
    { nb: 900, nc: 100, rate: 0.001, margin: 0.01 },
    { nb: 500, nc: 500, rate: 0.002, margin: 0.01 },
    { nb: 90, nc: 10, rate: 0, margin: 0.01 },
    { nb: 950, nc: 50, rate: 0.02, margin: 0.02 },
    { nb: 9000, nc: 1000, rate: 0.0005, margin: 0.001 },
  ])('is about right: $nb and $nc at $rate, a margin of $margin', ({ nb, nc, rate, margin }) => {
    const minutes = (count: number) => minutesOf(repeat(count, [nb, nb * rate, nc, nc * rate] as const));
    const history = [counts(2000, 2000 * rate)];
    const weighed = (count: number): number => weighSafety(minutes(count), margin, history);
    const needed = Array.from({ length: 400 }, (_, index) => index + 1).find((count) => weighed(count) >= LN_20) ?? NaN;
    for (const part of [0, 0.25, 0.5]) {
      const before = Math.floor(needed * part);
      const missing = missingForPass(minutes(before), { margin, evidence: weighed(before), history });
      const left = (needed - before) * nc;
      expect(missing).toBeLessThanOrEqual(2 * left);
      expect(missing + nc).toBeGreaterThanOrEqual(left / 2);
    }
  });
});
