import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { logAdd } from '../../../src/rollout/judge/logs.ts';
import { weigh } from '../../../src/rollout/judge/mixture.ts';
import type { Tally } from '../../../src/rollout/judge/mixture.ts';
import { binomialMasses, weighPlainly } from './support/oracles.ts';
import { binomial, seeded } from './support/random.ts';

const CHECKS = { seed: 7, numRuns: 200 };

const tally = fc
  .record({ hits: fc.nat(8), more: fc.nat(40), chance: fc.double({ min: 0.001, max: 0.9, noNaN: true }) })
  .map(({ hits, more, chance }): Tally => ({ hits, draws: hits + more, chance }));
const tallies = fc.array(tally, { maxLength: 12 });

const PROOF = Math.log(100);
const WAYS = ['plain', 'clipped', 'withoutWorst'] as const;

describe('weigh', () => {
  test('says nothing without minutes', () => {
    expect(weigh([], { proof: PROOF })).toEqual({ plain: 0, clipped: 0, withoutWorst: 0, worst: undefined });
  });

  test.each([1, 60])('says nothing of %d silent minutes', (length) => {
    const silent = Array.from({ length }, (): Tally => ({ hits: 0, draws: 0, chance: 0.1 }));
    expect(weigh(silent, { proof: PROOF })).toEqual({ plain: 0, clipped: 0, withoutWorst: 0, worst: undefined });
    expect(weighPlainly(silent, PROOF).plain).toBeCloseTo(0, 12);
  });

  test('is what its definition sums up to, plain, clipped and without the worst minute', () => {
    fc.assert(
      fc.property(tallies, fc.constantFrom(0.1, 0.01, 0.001), (list, alpha) => {
        const proof = -Math.log(alpha);
        const [fast, slow] = [weigh(list, { proof }), weighPlainly(list, proof)];
        expect(fast.plain).toBeCloseTo(slow.plain, 9);
        expect(fast.clipped).toBeCloseTo(slow.clipped, 9);
        expect(fast.withoutWorst).toBeCloseTo(slow.without, 9);
      }),
      { ...CHECKS, numRuns: 100 },
    );
  });

  test('names the minute without which least remains', () => {
    const list = [1, 0, 7, 2].map((hits): Tally => ({ hits, draws: 10, chance: 0.1 }));
    expect(weigh(list, { proof: PROOF }).worst).toBe(2);
    const silent = list.map((one): Tally => ({ ...one, hits: 0 }));
    const found = weigh(silent, { proof: PROOF });
    expect(found).toMatchObject({ worst: undefined, withoutWorst: found.plain, clipped: found.plain });
  });

  test('neither clips nor leaves out to say more than the plain value', () => {
    fc.assert(
      fc.property(tallies, (list) => {
        const { plain, clipped, withoutWorst } = weigh(list, { proof: PROOF });
        expect(clipped).toBeLessThanOrEqual(plain + 1e-12);
        expect(withoutWorst).toBeLessThanOrEqual(plain);
      }),
      CHECKS,
    );
  });

  test('appending a minute without draws changes nothing', () => {
    fc.assert(
      fc.property(tallies, (list) => {
        const [before, after] = [list, [...list, { hits: 0, draws: 0, chance: 0.1 }]].map((l) =>
          weigh(l, { proof: PROOF }),
        );
        for (const way of WAYS) expect(after?.[way]).toBeCloseTo(Number(before?.[way]), 9);
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
      const expected = { plain: 0, clipped: 0 };
      masses.forEach((first, a) => {
        masses.forEach((second, b) => {
          const minutes = [a, b].map((hits) => ({ hits, draws: n, chance: limit }));
          // So mild a proof that the caps, too, take away from what is enumerated.
          const { plain, clipped } = weigh(minutes, { proof: Math.LN2 });
          expected.plain += first * second * Math.exp(plain);
          expected.clipped += first * second * Math.exp(clipped);
        });
      });
      expect(expected.plain).toBeLessThanOrEqual(1 + 1e-9);
      expect(expected.clipped).toBeLessThan(expected.plain);
      expect(expected.clipped).toBeGreaterThan(0.3);
    },
  );

  test('is fooled at most as often as alpha says, looking after every one of 60 minutes', () => {
    const random = seeded(11);
    const [runs, looks, alpha] = [100, 60, 0.2];
    let fired = 0;
    for (let run = 0; run < runs; run += 1) {
      const draws = run % 2 === 0 ? 4 : 30;
      const series = Array.from({ length: looks }, () => ({ hits: binomial(random, draws, 0.1), draws, chance: 0.1 }));
      const reached = series.some(
        (_, look) => weigh(series.slice(0, look + 1), { proof: PROOF }).plain >= -Math.log(alpha),
      );
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
