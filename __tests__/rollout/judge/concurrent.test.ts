import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareVersions, weighSplit } from '../../../src/rollout/judge/concurrent.ts';
import { minutesOf, repeat } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';
import { splitMasses } from './support/oracles.ts';

const CHECKS = { seed: 21, numRuns: 200 };
const LN_2 = Math.LN2;

interface Golden {
  readonly id: string;
  readonly odds?: number;
  readonly rows: readonly CountRow[];
  /** Plain value after each minute, then the robust one. */
  readonly plain: readonly number[];
  readonly robust: readonly number[];
}

const FALLING = [-0.568972, -0.910618, -1.156441, -1.348882, -1.507201];
const GOLDEN: readonly Golden[] = [
  { id: 'V1', rows: [[900, 0, 100, 3]], plain: [5.581062], robust: [0] },
  {
    id: 'V2',
    rows: [
      [900, 1, 100, 2],
      [900, 0, 100, 2],
      [880, 2, 120, 5],
    ],
    plain: [1.404838, 5.245445, 11.208477],
    robust: [0, 1.404838, 5.245445],
  },
  { id: 'V3', rows: repeat(5, [900, 9, 100, 1] as const), plain: FALLING, robust: FALLING },
  {
    id: 'V4',
    odds: 1.25,
    rows: repeat(2, [900, 0, 100, 3] as const),
    plain: [5.040252, 11.149648],
    robust: [0, 5.040252],
  },
  {
    id: 'V5 late onset',
    rows: [...repeat(3, [900, 0, 100, 0] as const), ...repeat(2, [900, 0, 100, 3] as const)],
    plain: [0, 0, 0, 6.049651, 12.744875],
    robust: [0, 0, 0, 0, 6.049651],
  },
  {
    id: 'V6 weights change',
    rows: [
      [950, 1, 50, 1],
      [750, 1, 250, 4],
      [500, 2, 500, 9],
    ],
    plain: [0.584737, 3.188266, 4.745106],
    robust: [0, 0.584737, 1.815484],
  },
  {
    id: 'V7 silent canary',
    rows: [
      [900, 5, 0, 0],
      [900, 0, 100, 3],
    ],
    plain: [0, 5.867801],
    robust: [0, 0],
  },
  { id: 'V8 all fail', rows: [[900, 0, 100, 100]], plain: [227.188793], robust: [0] },
  { id: 'V9 huge', rows: [[9e8, 9e5, 1e8, 1e5]], plain: [-LN_2], robust: [-LN_2] },
];

describe('weighSplit', () => {
  test.each(GOLDEN)('$id after each minute', ({ odds = 1, rows, plain, robust }) => {
    const minutes = minutesOf(rows);
    const values = rows.map((_, index) => weighSplit(minutes.slice(0, index + 1), odds));
    values.forEach((value, index) => {
      expect(Math.abs(value.plain - Number(plain[index]))).toBeLessThan(1e-6);
      expect(Math.abs(value.robust - Number(robust[index]))).toBeLessThan(1e-6);
    });
  });

  const row = fc
    .tuple(fc.integer({ min: 60, max: 2000 }), fc.nat(20), fc.integer({ min: 40, max: 400 }), fc.nat(20))
    .map((values): CountRow => values);
  const rows = fc.array(row, { minLength: 1, maxLength: 12 });

  test('rises with canary errors and falls with baseline errors', () => {
    fc.assert(
      fc.property(rows, fc.nat(11), (list, pick) => {
        const chosen = pick % list.length;
        const change = (baseline: number, canary: number): CountRow[] =>
          list.map(([nb, eb, nc, ec], i) => (i === chosen ? [nb, eb + baseline, nc, ec + canary] : [nb, eb, nc, ec]));
        const [now, worse, better] = [change(0, 0), change(0, 1), change(1, 0)].map((l) => weighSplit(minutesOf(l), 1));
        for (const value of ['plain', 'robust'] as const) {
          expect(worse?.[value]).toBeGreaterThanOrEqual(Number(now?.[value]) - 1e-9);
          expect(better?.[value]).toBeLessThanOrEqual(Number(now?.[value]) + 1e-9);
        }
      }),
      CHECKS,
    );
  });

  test('stays at 1:1 or below, robustly, while only one minute has canary errors', () => {
    fc.assert(
      fc.property(rows, fc.nat(11), (list, pick) => {
        const one = list.map(([nb, eb, nc, ec], i): CountRow => [nb, eb, nc, i === pick % list.length ? ec : 0]);
        expect(weighSplit(minutesOf(one), 1).robust).toBeLessThanOrEqual(1e-12);
      }),
      CHECKS,
    );
  });

  test('does not change when a minute without errors is appended', () => {
    fc.assert(
      fc.property(rows, fc.nat(5000), fc.nat(5000), (list, nb, nc) => {
        const [before, after] = [list, [...list, [nb, 0, nc, 0] as const]].map((l) => weighSplit(minutesOf(l), 1));
        expect(after?.plain).toBeCloseTo(Number(before?.plain), 9);
        expect(after?.robust).toBeCloseTo(Number(before?.robust), 9);
      }),
      CHECKS,
    );
  });

  test('depends on the split of the traffic, not on its size', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 2, max: 1000 }), (list, factor) => {
        const scaled = list.map(([nb, eb, nc, ec]): CountRow => [nb * factor, eb, nc * factor, ec]);
        const [small, large] = [list, scaled].map((l) => weighSplit(minutesOf(l), 1));
        expect(large?.plain).toBeCloseTo(Number(small?.plain), 9);
        expect(large?.robust).toBeCloseTo(Number(small?.robust), 9);
      }),
      CHECKS,
    );
  });

  test.each<CountRow>([
    [1e9, 1e9, 1e9, 1e9],
    [1e9, 0, 1e9, 1e9],
    [1, 0, 1e9, 1e9],
    [1e9, 1e9, 1, 0],
  ])('stays finite for %d/%d and %d/%d', (...extreme) => {
    const { plain, robust } = weighSplit(minutesOf(repeat(240, extreme)), 1);
    expect(Number.isFinite(plain)).toBe(true);
    expect(Number.isFinite(robust)).toBe(true);
  });

  const splits = [
    [90, 10],
    [50, 50],
    [20, 2],
    [900, 100],
    [3, 4],
  ] as const;
  test.each(splits.flatMap(([nb, nc]) => [1, 1.25, 2].map((odds) => ({ nb, nc, odds }))))(
    'expects at most 1 of an innocent split: $nb and $nc at odds $odds',
    ({ nb, nc, odds }) => {
      for (let errors = 0; errors <= Math.min(40, nb + nc); errors += 1) {
        const expected = splitMasses(nb, nc, errors, odds).reduce((sum, [hits, mass]) => {
          const minute = minutesOf([[nb, errors - hits, nc, hits]]);
          return sum + mass * Math.exp(weighSplit(minute, odds).plain);
        }, 0);
        expect(expected).toBeLessThanOrEqual(1 + 1e-9);
        expect(expected).toBeGreaterThanOrEqual(0.5);
      }
    },
  );
});

describe('compareVersions', () => {
  test('reports both versions and the difference that it saw', () => {
    const result = compareVersions(minutesOf(repeat(2, [900, 9, 100, 5] as const)), 0.03);
    expect(result).toMatchObject({
      test: 'concurrent',
      beyondTolerance: true,
      canary: { invocations: 200, errors: 10 },
      reference: { invocations: 1800, errors: 18 },
    });
    expect(result.excess).toBeCloseTo(0.04, 12);
    expect(result.suspicion).toBeGreaterThan(result.evidence);
  });

  test.each([
    { tolerance: 0.039, beyond: true },
    { tolerance: 0.041, beyond: false },
  ])('a rise of 4 points is beyond $tolerance: $beyond', ({ tolerance, beyond }) => {
    expect(compareVersions(minutesOf([[900, 9, 100, 5]]), tolerance).beyondTolerance).toBe(beyond);
  });

  test('is not misled by an incident that both shared while the weight was low', () => {
    const rows: CountRow[] = [[950, 285, 50, 15], ...repeat(3, [500, 0, 500, 10] as const)];
    const result = compareVersions(minutesOf(rows), 0.001);
    expect(15 / 50).toBe(285 / 950);
    expect(result.excess).toBeGreaterThan(0.01);
    expect(result.beyondTolerance).toBe(true);
  });

  test('sees no difference between versions that never served in the same minute', () => {
    const rows: CountRow[] = [
      [900, 0, 0, 0],
      [0, 0, 100, 100],
      [0, 0, 0, 0],
    ];
    expect(compareVersions(minutesOf(rows), 0.001)).toMatchObject({ excess: 0, beyondTolerance: false });
  });
});
