import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  rulesOut,
  safetyGain,
  smallestRuledOut,
  weighBelow,
  weighSafety,
  weighSafetyButOne,
} from '../../../src/rollout/judge/noninferiority.ts';
import { counts, minutesOf, repeat } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';
import { binomialMasses } from './support/oracles.ts';

const LN_20 = Math.log(20);

describe('weighSafety', () => {
  test('one guess, and the mean of three', () => {
    const [minute] = minutesOf([[900, 2, 100, 0]]);
    const gains = [0.5, 1, 2].map((factor) => (minute === undefined ? NaN : safetyGain(minute, 0.002 * factor, 0.01)));
    expect(Math.abs(Number(gains[1]) - 1.014619)).toBeLessThan(1e-6);
    const mean = Math.log(gains.reduce((sum, gain) => sum + Math.exp(gain), 0) / 3);
    expect(Math.abs(mean - 1.001205)).toBeLessThan(1e-6);
  });

  test('with what was learned minute by minute', () => {
    const minutes = minutesOf([
      [900, 1, 100, 0],
      [900, 0, 100, 0],
      [900, 1, 100, 1],
    ]);
    [0.876069, 1.763978, 0.070107].forEach((value, index) => {
      expect(Math.abs(weighSafety(minutes.slice(0, index + 1), 0.01) - value)).toBeLessThan(1e-6);
    });
  });

  test('learns from what was before, though no more than today is worth', () => {
    const minutes = minutesOf(repeat(3, [900, 45, 100, 5] as const));
    const [none, some, much, more] = [[], [counts(1000, 50)], [counts(1e4, 500)], [counts(1e9, 5e7)]].map((history) =>
      weighSafety(minutes, 0.05, history),
    );
    expect(some).toBeGreaterThan(Number(none));
    expect(more).toBeCloseTo(Number(much), 9);
  });

  const row = fc
    .tuple(
      fc.nat(3000),
      fc.nat(1000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
    )
    .map(([nb, nc, share, worse]) => ({ nb, nc, eb: Math.floor(nb * share), worse }));
  const margins = fc.constantFrom(1e-4, 0.001, 0.01, 0.1, 0.5, 0.99);

  test('proves nothing without invocations of the canary', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 9 }), margins, (list, margin) => {
        const minutes = minutesOf(list.map(({ nb, eb }): CountRow => [nb, eb, 0, 0]));
        expect(weighSafety(minutes, margin)).toBeCloseTo(0, 12);
        expect(weighSafetyButOne(minutes, margin)).toBeCloseTo(0, 12);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  test('proves nothing while the canary is worse by the margin in every minute', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 9 }), margins, (list, margin) => {
        const rows = list.map(({ nb, nc, eb, worse }): CountRow => {
          const usual = nb === 0 ? 0 : eb / nb;
          return [nb, eb, nc, Math.min(nc, Math.ceil(nc * (usual + margin + worse)))];
        });
        fc.pre(rows.every(([nb, eb, nc, ec]) => nc === 0 || ec / nc - (nb === 0 ? 0 : eb / nb) >= margin));
        expect(weighSafety(minutesOf(rows), margin)).toBeLessThanOrEqual(1e-9);
        expect(weighSafetyButOne(minutesOf(rows), margin)).toBeLessThanOrEqual(1e-9);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  test.each([
    [1e9, 1e9, 1e9, 1e9],
    [1e9, 0, 1e9, 0],
    [1e9, 0, 1e9, 1e9],
    [0, 0, 1e9, 1],
    [1e9, 1e9, 1, 0],
  ] as const)('stays finite for %d/%d and %d/%d', (...extreme) => {
    for (const margin of [1e-4, 0.01, 0.99]) {
      const minutes = minutesOf(repeat(60, extreme));
      expect(Number.isFinite(weighSafety(minutes, margin))).toBe(true);
      expect(Number.isFinite(weighSafetyButOne(minutes, margin))).toBe(true);
    }
  });
});

describe('the expected evidence while the canary is worse by the margin', () => {
  test.each([
    { n: [40, 8], base: [0.05, 0.05], margin: 0.1, more: 0 },
    { n: [40, 8], base: [0.01, 0.3], margin: 0.1, more: 0 },
    { n: [15, 15], base: [0.02, 0.02], margin: 0.1, more: 0.02 },
    { n: [0, 30], base: [0.001, 0.001], margin: 0.05, more: 0 },
    { n: [30, 5], base: [0.001, 0.001], margin: 0.05, more: 0.01 },
  ] as const)('is at most 1: $n at $base and $margin, and $more above it', ({ n: [nb, nc], base, margin, more }) => {
    const [first = [], second = []] = base.map((usual) =>
      binomialMasses(nb, usual).flatMap((b, eb) =>
        binomialMasses(nc, usual + margin + more).map((c, ec) => ({ row: [nb, eb, nc, ec] as const, mass: b * c })),
      ),
    );
    const likely = (outcome: { mass: number }): boolean => outcome.mass > 1e-9;
    const expected = { all: 0, butOne: 0 };
    for (const one of first.filter(likely)) {
      for (const two of second.filter(({ mass }) => one.mass * mass > 1e-7)) {
        const minutes = minutesOf([one.row, two.row]);
        expected.all += one.mass * two.mass * Math.exp(weighSafety(minutes, margin));
        expected.butOne += one.mass * two.mass * Math.exp(weighSafetyButOne(minutes, margin));
      }
    }
    for (const value of [expected.all, expected.butOne]) {
      expect(value).toBeLessThanOrEqual(1 + 1e-9);
      expect(value).toBeGreaterThan(0.001);
    }
  });

  test.each([
    [40, 0.1, 0],
    [40, 0.1, 0.05],
    [300, 0.011, 0],
  ])('against the past: %d invocations at the limit %d, and %d above it', (n, limit, more) => {
    const expected = binomialMasses(n, limit + more).reduce(
      (sum, mass, errors) => sum + mass * Math.exp(weighBelow([counts(n, errors)], limit, [])),
      0,
    );
    expect(expected).toBeLessThanOrEqual(1 + 1e-9);
    expect(expected).toBeGreaterThan(0.01);
  });
});

describe('what is ruled out', () => {
  const row = fc
    .tuple(
      fc.integer({ min: 100, max: 20_000 }),
      fc.integer({ min: 20, max: 5000 }),
      fc.double({ min: 0, max: 0.2, noNaN: true }),
    )
    .map(([nb, nc, share]): CountRow => [nb, Math.floor(nb * share), nc, Math.floor(nc * share)]);

  test('is proven, and with it everything above', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 10 }), (rows) => {
        const minutes = minutesOf(rows);
        const found = smallestRuledOut(minutes, []) ?? Infinity;
        for (const margin of [0.01, 0.03, 0.1, 0.3].filter((one) => one >= found)) {
          expect(weighSafetyButOne(minutes, margin)).toBeGreaterThanOrEqual(LN_20);
        }
        for (const margin of [1e-4, 0.001, 0.01, 0.1].filter((one) => one < found)) {
          expect(weighSafetyButOne(minutes, margin)).toBeLessThan(LN_20);
        }
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  test.each<{ what: string; rows: CountRow[]; found: number | undefined }>([
    { what: 'nothing by silence', rows: [], found: undefined },
    { what: 'nothing by a canary that always fails', rows: repeat(9, [900, 0, 100, 100] as const), found: undefined },
    { what: 'a little less than a point by 400 invocations', rows: repeat(4, [900, 0, 100, 0] as const), found: 0.009 },
    { what: 'the least that is ever told', rows: repeat(60, [9e6, 9, 1e6, 1] as const), found: 1e-4 },
  ])('$what', ({ rows, found }) => {
    expect(smallestRuledOut(minutesOf(rows), [])).toBe(found);
  });

  test('of the excuse is what all minutes say, a bad one included', () => {
    const minutes = minutesOf([...repeat(9, [900, 1, 100, 0] as const), [900, 1, 100, 60]]);
    expect(rulesOut(minutes, 0.02)).toBe(false);
    expect(rulesOut(minutes.slice(0, 9), 0.02)).toBe(true);
  });

  test('is never a fall', () => {
    expect(rulesOut(minutesOf(repeat(60, [9e6, 9, 1e6, 1] as const)), 0)).toBe(false);
    expect(rulesOut([], -0.1)).toBe(false);
  });
});
