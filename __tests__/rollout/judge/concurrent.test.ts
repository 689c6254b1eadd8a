import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Minute } from '../../../src/model/traffic.ts';
import type { TestResult } from '../../../src/model/verdict.ts';
import { compareVersions } from '../../../src/rollout/judge/concurrent.ts';
import { rulesOut } from '../../../src/rollout/judge/noninferiority.ts';
import { minutesOf, repeat } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';
import { binomial, seeded } from './support/random.ts';

function compare(rows: readonly CountRow[], tolerance = 0.001): TestResult {
  return compareMinutes(minutesOf(rows), tolerance);
}

function compareMinutes(minutes: readonly Minute[], tolerance = 0.001): TestResult {
  return compareVersions(minutes, { name: 'error rate', tolerance, oddsRatio: 1, proof: Math.log(100) });
}

function worthOfWorst(result: TestResult | undefined): number {
  return Number(result?.suspicion) - Number(result?.withoutWorst);
}

describe('compareVersions', () => {
  test('reports both versions and the difference that it saw', () => {
    const result = compare(repeat(2, [900, 9, 100, 5] as const), 0.03);
    expect(result).toMatchObject({
      test: 'concurrent',
      metric: 'error rate',
      beyondTolerance: true,
      canary: { invocations: 200, errors: 10 },
      reference: { invocations: 1800, errors: 18 },
      minutes: 2,
    });
    expect(result.excess).toBeCloseTo(0.04, 12);
    expect(result.suspicion).toBeGreaterThan(result.withoutWorst);
  });

  test.each([
    { tolerance: 0.039, beyond: true },
    { tolerance: 0.041, beyond: false },
  ])('a rise of 4 points is beyond $tolerance: $beyond', ({ tolerance, beyond }) => {
    expect(compare([[900, 9, 100, 5]], tolerance).beyondTolerance).toBe(beyond);
  });

  test('is not misled by an incident that both shared while the weight was low', () => {
    const result = compare([[950, 285, 50, 15], ...repeat(3, [500, 0, 500, 10] as const)]);
    expect(15 / 50).toBe(285 / 950);
    expect(result.excess).toBeGreaterThan(0.01);
    expect(result.beyondTolerance).toBe(true);
  });

  test('sees no difference between versions that never served in the same minute', () => {
    const apart: CountRow[] = [
      [900, 0, 0, 0],
      [0, 0, 100, 100],
      [0, 0, 0, 0],
    ];
    const result = compare(apart);
    expect(result).toMatchObject({ excess: 0, beyondTolerance: false });
    expect(result.suspicion).toBeCloseTo(0, 12);
  });
});

describe('the excuse', () => {
  const HEALTHY: CountRow = [900, 1, 100, 0];
  const BURST: CountRow = [900, 1, 100, 40];
  const ODD: CountRow = [900, 0, 100, 1];
  const BAD: CountRow = [900, 0, 100, 5];

  test.each([
    { what: 'a burst, then long enough healthy', rows: [BURST, ...repeat(10, HEALTHY)], excused: true },
    { what: 'healthy, a burst, healthy', rows: [...repeat(5, HEALTHY), BURST, ...repeat(5, HEALTHY)], excused: true },
    { what: 'a burst, and nothing after it yet', rows: [BURST], excused: false },
    { what: 'trouble that may have begun late', rows: [...repeat(20, HEALTHY), BURST], excused: false },
    { what: 'a burst, and silence after it', rows: [BURST, ...repeat(10, [900, 1, 0, 0] as const)], excused: false },
    { what: 'two bursts', rows: [BURST, ...repeat(10, HEALTHY), BURST], excused: false },
    { what: 'a burst, and one more error long after', rows: [BURST, ...repeat(10, HEALTHY), ODD], excused: true },
    { what: 'a burst, and errors that count without it', rows: [BURST, ...repeat(10, HEALTHY), BAD], excused: true },
    {
      what: 'a burst, and then half as bad on',
      rows: [BURST, ...repeat(10, [900, 1, 100, 20] as const)],
      excused: false,
    },
    {
      what: 'the worst minute of a canary that is bad, but far from that bad, in all others',
      rows: [BAD, BURST, ...repeat(10, BAD)],
      excused: true,
    },
    { what: 'nothing to excuse', rows: repeat(10, HEALTHY), excused: false },
  ])('$what: $excused', ({ rows, excused }) => {
    expect(compare(rows).isExcused).toBe(excused);
  });

  test('is by minutes within which the weight did not change', () => {
    const minutes = minutesOf([BURST, ...repeat(10, HEALTHY)]);
    const changed = (from: number): Minute[] =>
      minutes.map((minute, index) => (index >= from ? { ...minute, peakWeight: 10 } : minute));
    expect(compareMinutes(changed(11)).isExcused).toBe(true);
    expect(compareMinutes(changed(9)).isExcused).toBe(true);
    expect(compareMinutes(changed(1)).isExcused).toBe(false);
  });

  test('is not for what several minutes suggest, none of which is proof by itself', () => {
    const [slight, heavy] = [2, 3].map((errors) => {
      const minutes = minutesOf([
        ...repeat(4, [900, 0, 100, errors] as const),
        ...repeat(8, [900, 0, 100, 0] as const),
      ]);
      expect(rulesOut(minutes.slice(4), errors / 200)).toBe(true);
      return compareMinutes(minutes);
    });
    for (const result of [slight, heavy]) expect(result?.withoutWorst).toBeGreaterThan(Math.log(1e5));
    expect(worthOfWorst(slight)).toBeLessThan(Math.log(100));
    expect(slight?.isExcused).toBe(false);
    expect(worthOfWorst(heavy)).toBeGreaterThan(Math.log(100));
    expect(heavy?.isExcused).toBe(true);
  });

  test('is worth what remains without the worst minute, which is little', () => {
    const { suspicion, withoutWorst } = compare([BURST, ...repeat(10, HEALTHY)]);
    expect(suspicion).toBeGreaterThan(Math.log(1e6));
    expect(withoutWorst).toBeLessThan(Math.log(5));
  });

  test('is never for a canary that is at least half as bad in every other minute', () => {
    const minute = fc
      .tuple(
        fc.integer({ min: 100, max: 5000 }),
        fc.integer({ min: 20, max: 2000 }),
        fc.double({ min: 0, max: 0.05, noNaN: true }),
      )
      .map(([nb, nc, share]) => ({ nb, nc, eb: Math.floor(nb * share) }));
    fc.assert(
      fc.property(
        fc.array(minute, { minLength: 1, maxLength: 20 }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (list, excess) => {
          const rows = list.map(({ nb, nc, eb }): CountRow => [
            nb,
            eb,
            nc,
            Math.ceil(nc * Math.min(1, eb / nb + excess)),
          ]);
          const [, eb, nc] = rows[0] ?? HEALTHY;
          const worst: CountRow = [
            rows[0]?.[0] ?? 900,
            eb,
            nc,
            Math.floor(nc * Math.min(1, eb / (rows[0]?.[0] ?? 900) + 2 * excess)),
          ];
          expect(compare([worst, ...rows]).isExcused).toBe(false);
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });

  test('hardly ever is for a steady regression of 5 points at random', () => {
    const random = seeded(31);
    const excused = repeat(200, 0).filter(() => {
      const rows = repeat(8, 0).map((): CountRow => [
        900,
        binomial(random, 900, 0.001),
        100,
        binomial(random, 100, 0.051),
      ]);
      return compare(rows).isExcused;
    });
    expect(excused.length).toBeLessThanOrEqual(2);
  });
});
