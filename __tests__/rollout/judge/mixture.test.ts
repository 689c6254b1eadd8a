import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { logAdd, weigh } from '../../../src/rollout/judge/mixture.ts';
import type { Tally } from '../../../src/rollout/judge/mixture.ts';
import { binomialMasses, weighPlainly } from './support/oracles.ts';
import { binomial, seeded } from './support/random.ts';

const CHECKS = { seed: 7, numRuns: 200 };

const tally = fc
  .record({ hits: fc.nat(8), more: fc.nat(40), chance: fc.double({ min: 0.001, max: 0.9, noNaN: true }) })
  .map(({ hits, more, chance }): Tally => ({ hits, draws: hits + more, chance }));
const tallies = fc.array(tally, { maxLength: 12 });

describe('weigh', () => {
  test('says nothing without minutes', () => {
    expect(weigh([])).toEqual({ plain: 0, robust: 0 });
  });

  test('is what its definition sums up to, for the plain and the robust value', () => {
    fc.assert(
      fc.property(tallies, (list) => {
        const [fast, slow] = [weigh(list), weighPlainly(list)];
        expect(fast.plain).toBeCloseTo(slow.plain, 9);
        expect(fast.robust).toBeCloseTo(slow.robust, 9);
      }),
      CHECKS,
    );
  });

  test('never lets the robust value exceed the plain one', () => {
    fc.assert(
      fc.property(tallies, (list) => {
        const { plain, robust } = weigh(list);
        expect(robust).toBeLessThanOrEqual(plain);
      }),
      CHECKS,
    );
  });

  test('appending a minute without draws changes nothing', () => {
    fc.assert(
      fc.property(tallies, (list) => {
        const [before, after] = [weigh(list), weigh([...list, { hits: 0, draws: 0, chance: 0.1 }])];
        expect(after.plain).toBeCloseTo(before.plain, 9);
        expect(after.robust).toBeCloseTo(before.robust, 9);
      }),
      CHECKS,
    );
  });

  test.each([
    [30, 0.05, 0.05],
    [30, 0.05, 0.02],
    [12, 0.3, 0.3],
    [25, 0.001, 0.001],
  ])(
    'expects at most 1 of %d invocations under a limit of %d that fail with %d, over two minutes',
    (n, limit, rate) => {
      const masses = binomialMasses(n, rate);
      let expected = 0;
      masses.forEach((first, a) => {
        masses.forEach((second, b) => {
          const minutes = [a, b].map((hits) => ({ hits, draws: n, chance: limit }));
          expected += first * second * Math.exp(weigh(minutes).plain);
        });
      });
      expect(expected).toBeLessThanOrEqual(1 + 1e-9);
      expect(expected).toBeGreaterThan(0.3);
    },
  );

  test('is fooled at most as often as alpha says, looking after every one of 60 minutes', () => {
    const random = seeded(11);
    const [runs, looks, alpha] = [160, 60, 0.2];
    let fired = 0;
    for (let run = 0; run < runs; run += 1) {
      const draws = run % 2 === 0 ? 4 : 30;
      const series = Array.from({ length: looks }, () => ({ hits: binomial(random, draws, 0.1), draws, chance: 0.1 }));
      const reached = series.some((_, look) => weigh(series.slice(0, look + 1)).plain >= -Math.log(alpha));
      fired += reached ? 1 : 0;
    }
    expect(fired / runs).toBeLessThanOrEqual(alpha * 0.8);
    expect(fired).toBeGreaterThan(0);
  });
});

describe('logAdd', () => {
  test.each([
    [-Infinity, -Infinity, -Infinity],
    [-Infinity, 3, 3],
    [0, 0, Math.LN2],
    [1000, -1000, 1000],
    [1e15, 1e15, 1e15 + Math.LN2],
  ])('ln(e^%d + e^%d) = %d', (a, b, sum) => {
    expect(logAdd(a, b)).toBeCloseTo(sum, 9);
    expect(logAdd(b, a)).toBeCloseTo(sum, 9);
  });
});
