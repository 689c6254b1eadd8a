import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { weighSplit } from '../../../src/rollout/judge/concurrent.ts';
import type { Evidence } from '../../../src/rollout/judge/mixture.ts';
import { minutesOf, repeat } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';
import { binomialMasses, splitMasses } from './support/oracles.ts';

const CHECKS = { seed: 21, numRuns: 200 };
const WAYS = ['plain', 'clipped', 'withoutWorst'] as const;

function weighRows(rows: readonly CountRow[], { odds = 1, alpha = 0.01 } = {}): Evidence {
  return weighSplit(minutesOf(rows), { oddsRatio: odds, proof: -Math.log(alpha) });
}

const row = fc
  .tuple(fc.integer({ min: 60, max: 2000 }), fc.nat(20), fc.integer({ min: 40, max: 400 }), fc.nat(20))
  .map((values): CountRow => values);
const rows = fc.array(row, { minLength: 1, maxLength: 12 });

describe('weighSplit', () => {
  test('rises with canary errors and falls with baseline errors', () => {
    fc.assert(
      fc.property(rows, fc.nat(11), (list, pick) => {
        const chosen = pick % list.length;
        const change = (baseline: number, canary: number): Evidence =>
          weighRows(
            list.map(([nb, eb, nc, ec], i) => (i === chosen ? [nb, eb + baseline, nc, ec + canary] : [nb, eb, nc, ec])),
          );
        const [now, worse, better] = [change(0, 0), change(0, 1), change(1, 0)];
        for (const way of WAYS) {
          expect(worse[way]).toBeGreaterThanOrEqual(now[way] - 1e-9);
          expect(better[way]).toBeLessThanOrEqual(now[way] + 1e-9);
        }
      }),
      CHECKS,
    );
  });

  test('neither clips nor leaves out to say more than the plain value', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const { plain, clipped, withoutWorst } = weighRows(list);
        expect(clipped).toBeLessThanOrEqual(plain + 1e-12);
        expect(withoutWorst).toBeLessThanOrEqual(plain);
      }),
      CHECKS,
    );
  });

  test('stays at 1:1 or below without the worst minute, while only one minute has canary errors', () => {
    fc.assert(
      fc.property(rows, fc.nat(11), (list, pick) => {
        const one = list.map(([nb, eb, nc, ec], i): CountRow => [nb, eb, nc, i === pick % list.length ? ec : 0]);
        expect(weighRows(one).withoutWorst).toBeLessThanOrEqual(1e-12);
      }),
      CHECKS,
    );
  });

  test('does not change when a minute without errors is appended', () => {
    fc.assert(
      fc.property(rows, fc.nat(5000), fc.nat(5000), (list, nb, nc) => {
        const [before, after] = [weighRows(list), weighRows([...list, [nb, 0, nc, 0]])];
        for (const way of WAYS) expect(after[way]).toBeCloseTo(before[way], 9);
      }),
      CHECKS,
    );
  });

  test('depends on the split of the traffic, not on its size', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 1000 }), (list, factor) => {
        const scaled = list.map(([nb, eb, nc, ec]): CountRow => [nb * factor, eb, nc * factor, ec]);
        const [small, large] = [weighRows(list), weighRows(scaled)];
        for (const way of WAYS) expect(large[way]).toBeCloseTo(small[way], 9);
      }),
      CHECKS,
    );
  });

  test('an earlier minute that is split in two is judged anew: it began in another minute then', () => {
    const late: CountRow[] = [
      [900, 5, 0, 0],
      [900, 0, 100, 3],
    ];
    expect(weighRows(late).plain).toBeCloseTo(5.867801, 6);
    expect(weighRows([[900, 5, 0, 0], ...late]).plain).toBeCloseTo(5.98527, 6);
  });

  test.each<CountRow>([
    [1e9, 1e9, 1e9, 1e9],
    [1e9, 0, 1e9, 1e9],
    [1, 0, 1e9, 1e9],
    [1e9, 1e9, 1, 0],
  ])('stays finite for %d/%d and %d/%d', (...extreme) => {
    const found = weighRows(repeat(240, extreme));
    for (const way of WAYS) expect(Number.isFinite(found[way])).toBe(true);
  });

  test('takes the highest weight of a minute in which it changed for the whole of it', () => {
    const [minute] = minutesOf([[900, 3, 100, 3]]);
    const weights = [undefined, 5, 10, 50, 100].map((peakWeight) => {
      const changed = minute === undefined ? [] : [peakWeight === undefined ? minute : { ...minute, peakWeight }];
      return weighSplit(changed, { oddsRatio: 1, proof: Math.log(100) }).plain;
    });
    const [steady = 0, lower, same, higher = 0, all = 0] = weights;
    expect([lower, same]).toEqual([steady, steady]);
    expect(higher).toBeLessThan(steady);
    expect(all).toBeLessThan(0);
  });
});

describe('an innocent split', () => {
  const splits = [
    [90, 10],
    [50, 50],
    [20, 2],
    [900, 100],
    [3, 4],
  ] as const;
  test.each(splits.flatMap(([nb, nc]) => [1, 1.25, 2].map((odds) => ({ nb, nc, odds }))))(
    'is expected to bring at most 1: $nb and $nc at odds $odds',
    ({ nb, nc, odds }) => {
      for (let errors = 0; errors <= Math.min(40, nb + nc); errors += 1) {
        const expected = { plain: 0, clipped: 0 };
        for (const [hits, mass] of splitMasses(nb, nc, errors, odds)) {
          const { plain, clipped } = weighRows([[nb, errors - hits, nc, hits]], { odds });
          expected.plain += mass * Math.exp(plain);
          expected.clipped += mass * Math.exp(clipped);
        }
        expect(expected.plain).toBeLessThanOrEqual(1 + 1e-9);
        expect(expected.clipped).toBeLessThanOrEqual(expected.plain + 1e-12);
        expect(expected.clipped).toBeGreaterThanOrEqual(0.5);
      }
    },
  );

  test.each([
    { n: [18, 2], rates: [0.2, 0.2] },
    { n: [10, 10], rates: [0.1, 0.4] },
    { n: [9, 3], rates: [0.02, 0.6] },
  ] as const)('is expected to bring at most 1 in two minutes whose rates are $rates', ({ n: [nb, nc], rates }) => {
    const outcomes = rates.map((rate) => outcomesOf({ nb, nc, rate }));
    const expected = { plain: 0, clipped: 0 };
    for (const first of outcomes[0] ?? []) {
      for (const second of outcomes[1] ?? []) {
        const { plain, clipped } = weighRows([first.row, second.row], { alpha: 0.5 });
        expected.plain += first.mass * second.mass * Math.exp(plain);
        expected.clipped += first.mass * second.mass * Math.exp(clipped);
      }
    }
    expect(expected.plain).toBeLessThanOrEqual(1 + 1e-9);
    expect(expected.clipped).toBeLessThan(expected.plain);
    expect(expected.clipped).toBeGreaterThan(0.3);
  });
});

interface Outcome {
  readonly row: CountRow;
  readonly mass: number;
}

function outcomesOf({ nb, nc, rate }: { nb: number; nc: number; rate: number }): Outcome[] {
  return binomialMasses(nb, rate).flatMap((first, eb) =>
    binomialMasses(nc, rate).map((second, ec): Outcome => ({ row: [nb, eb, nc, ec], mass: first * second })),
  );
}
