import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { weighSplit } from '../../../src/rollout/judge/concurrent.ts';
import { compareWithLimit } from '../../../src/rollout/judge/rate.ts';
import { counts, minutesOf, repeat } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';

const CHECKS = { seed: 5, numRuns: 300 };
const ALPHAS = [0.05, 0.01, 0.001];
const alpha = fc.constantFrom(...ALPHAS);
const SILENT: CountRow = [900, 0, 100, 0];
const AWFUL: CountRow = [900, 0, 100, 100];

function clippedOf(rows: readonly CountRow[], confidence: number): number {
  return weighSplit(minutesOf(rows), { oddsRatio: 1, proof: -Math.log(confidence) }).clipped;
}

const size = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1e9 }));
const minute = fc
  .tuple(size, size, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([nb, nc, b, c]): CountRow => [nb, Math.floor(nb * b), nc, Math.floor(nc * c)]);

describe('one bad minute alone', () => {
  test('is never proof, whatever its counts and whenever it comes', () => {
    fc.assert(
      fc.property(minute, fc.nat(240), fc.nat(5), alpha, (bad, before, after, level) => {
        const rows = [...repeat(before, SILENT), bad, ...repeat(after, SILENT)];
        expect(clippedOf(rows, level)).toBeLessThan(-Math.log(level));
      }),
      CHECKS,
    );
  });

  test.each(ALPHAS)('not even after 2,000 silent minutes, at alpha %d', (level) => {
    const rows = [...repeat(2000, SILENT), [900, 0, 1e9, 1e9] as const];
    expect(clippedOf(rows, level)).toBeLessThan(-Math.log(level));
  });

  test('nor against a limit', () => {
    fc.assert(
      fc.property(size, fc.nat(120), fc.constantFrom(0, 0.001, 0.5), alpha, (n, before, limit, level) => {
        const proof = -Math.log(level);
        const window = [...repeat(before, counts(100, 0)), counts(n, n)];
        expect(compareWithLimit(window, { limit, scale: 1, proof }).evidence).toBeLessThan(proof);
      }),
      CHECKS,
    );
  });
});

describe('more than one', () => {
  test('three identical awful minutes are proof, wherever they are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(119), { minLength: 3, maxLength: 3 }), alpha, (bad, level) => {
        const rows = repeat(120, SILENT).map((row, index) => (bad.includes(index) ? AWFUL : row));
        expect(clippedOf(rows, level)).toBeGreaterThanOrEqual(-Math.log(level));
      }),
      CHECKS,
    );
  });

  test.each(ALPHAS)('two are proof at the start, at alpha %d', (level) => {
    expect(clippedOf([AWFUL, AWFUL], level)).toBeGreaterThanOrEqual(-Math.log(level));
  });

  test('what stays below the cap is not touched', () => {
    const rows = repeat(6, [900, 1, 100, 2] as const);
    const { plain, clipped } = weighSplit(minutesOf(rows), { oddsRatio: 1, proof: Math.log(100) });
    expect(clipped).toBe(plain);
    expect(clipped).toBeGreaterThan(Math.log(100));
  });
});
