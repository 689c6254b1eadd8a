import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  missingForPass,
  weighBelow,
  weighSafety,
  weighSafetyButOne,
} from '../../../src/rollout/judge/noninferiority.ts';
import { lowerBound } from '../../../src/rollout/judge/past.ts';
import { assure } from '../../../src/rollout/judge/promote.ts';
import {
  SLOW,
  THROTTLED,
  aWindow,
  aloneOf,
  counts,
  custom,
  exactly,
  minutesOf,
  repeat,
  settings,
} from './support/builders.ts';
import type { CountRow } from './support/builders.ts';

const LN_20 = Math.log(20);
const HEALTHY: CountRow = [900, 1, 100, 0];

describe('assure', () => {
  test('weighs every metric that has a margin, and names the first that is not proven', () => {
    const metrics = [SLOW, THROTTLED, custom('failed payments', { margin: 0.002 })];
    const data = new Map([
      [SLOW.name, exactly(repeat(10, [900, 90, 100, 10] as const))],
      [THROTTLED.name, exactly(repeat(10, [900, 0, 100, 50] as const))],
      ['failed payments', exactly(repeat(10, [90, 0, 10, 0] as const))],
    ]);
    const found = assure(aWindow(repeat(10, HEALTHY), { metrics: data }), settings({ metrics }));
    expect(found.assurances.map(({ metric, margin }) => [metric, margin])).toEqual([
      ['error rate', 0.01],
      [SLOW.name, 0.05],
      ['failed payments', 0.002],
    ]);
    expect(found.assurances.slice(0, 2).every(({ evidence }) => evidence >= LN_20)).toBe(true);
    expect(found.unproven?.metric).toBe('failed payments');
    expect(found.missing).toBeGreaterThan(1000);
  });

  test('takes a metric without data for unproven', () => {
    const found = assure(aWindow(repeat(30, HEALTHY)), settings({ metrics: [custom('failed payments')] }));
    expect(found.assurances[1]).toEqual({ metric: 'failed payments', evidence: expect.closeTo(0, 12), margin: 0.01 });
    expect(found.missing).toBeGreaterThan(100);
  });

  test('a single bad minute does not take hours of good traffic to outweigh', () => {
    const rows: CountRow[] = [...repeat(2, HEALTHY), [900, 1, 100, 60], ...repeat(15, HEALTHY)];
    expect(weighSafety(minutesOf(rows), 0.01)).toBeLessThan(0);
    expect(assure(aWindow(rows), settings()).missing).toBe(0);
    expect(assure(aWindow([...rows, [900, 1, 100, 60]]), settings()).missing).toBeGreaterThan(100);
  });

  test('by what speaks most against the canary', () => {
    const [lenient, strict] = [0, 60].map((slow) => minutesOf(repeat(10, [900, 0, 100, slow] as const)));
    const data = new Map([[SLOW.name, { lenient: lenient ?? [], strict: strict ?? [] }]]);
    const found = assure(aWindow(repeat(10, HEALTHY), { metrics: data }), settings({ metrics: [SLOW] }));
    expect(found.assurances[1]?.evidence).toBeLessThan(0);
  });

  test('by final minutes only, and none within which the weight changed', () => {
    const window = aWindow(repeat(10, HEALTHY));
    const evidenceOf = (change: object): number =>
      assure({ ...window, ...change }, settings()).assurances[0]?.evidence ?? NaN;
    expect(evidenceOf({ finalMinutes: 1 })).toBe(weighSafetyButOne(window.concurrent.slice(0, 1), 0.01));
    const changed = window.concurrent.map((minute, index) => (index < 9 ? { ...minute, peakWeight: 10 } : minute));
    expect(evidenceOf({ concurrent: changed })).toBe(weighSafetyButOne(window.concurrent.slice(9), 0.01));
  });

  test('tells the smallest rise that is ruled out', () => {
    expect(assure(aWindow(repeat(10, HEALTHY)), settings()).ruledOut).toBe(0.004);
    expect(assure(aWindow([HEALTHY]), settings()).ruledOut).toBeGreaterThan(0.01);
    expect(assure(aWindow([]), settings()).ruledOut).toBeUndefined();
  });
});

describe('assure without a baseline beside it', () => {
  const past = repeat(30, counts(1000, 1));
  const alone = (rows: readonly (readonly [number, number])[], change = {}) =>
    assure(aWindow([], { alone: aloneOf(rows), past, ...change }), settings({ splits: false, bakes: true }));

  test('holds the canary against the past', () => {
    const found = alone(repeat(3, [1000, 1]));
    expect(found.missing).toBe(0);
    expect(found.assurances[0]?.evidence).toBeGreaterThanOrEqual(LN_20);
    expect(found.ruledOut).toBeUndefined();
  });

  test('by final minutes only', () => {
    expect(alone(repeat(3, [1000, 1]), { finalAlone: 0 }).missing).toBeGreaterThan(0);
  });

  test('pays for the bound on the past with half of its 5 %', () => {
    const limit = lowerBound(0.001, { invocations: 30_000, miss: 0.025 }) + 0.01;
    const evidence = weighBelow([counts(400, 0)], limit, past) - Math.LN2;
    expect(alone([[400, 0]]).assurances).toEqual([
      { metric: 'error rate', evidence: expect.closeTo(evidence, 9), margin: 0.01 },
    ]);
  });

  test('needs about as many invocations as it says', () => {
    const { missing, unproven } = alone([]);
    expect(unproven?.metric).toBe('error rate');
    expect(alone([[2 * missing, 0]]).missing).toBe(0);
    expect(alone([[Math.floor(missing / 2), 0]]).missing).toBeGreaterThan(0);
  });

  test('a canary that fails more often than the margin allows needs more than one that has only begun', () => {
    expect(alone(repeat(3, [1000, 30])).missing).toBeGreaterThan(alone([]).missing);
  });

  test.each([
    { what: 'no past', past: [] },
    { what: 'a past of four minutes', past: repeat(4, counts(1000, 1)) },
    { what: 'a past that scatters beyond the margin', past: repeat(6, counts(10, 2)) },
  ])('has nothing to compare with: $what', ({ past: short }) => {
    const found = alone(repeat(9, [1000, 200]), { past: short });
    expect(found.unproven).toBeUndefined();
    expect(Number.isFinite(found.missing) && found.missing > 0).toBe(true);
  });

  test('a past that failed always is undercut by whoever does not', () => {
    const failing = repeat(30, counts(1000, 1000));
    expect(alone(repeat(3, [1000, 1]), { past: failing }).missing).toBe(0);
    const { missing, assurances } = alone(repeat(3, [1000, 1000]), { past: failing });
    expect(missing).toBeGreaterThan(0);
    expect(assurances[0]?.evidence).toBeLessThanOrEqual(0);
  });

  test('is finite for any counts', () => {
    const pair = fc.tuple(fc.nat(5000), fc.double({ min: 0, max: 1, noNaN: true }));
    const list = fc.array(
      pair.map(([n, share]): [number, number] => [n, Math.floor(n * share)]),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(list, list, fc.constantFrom(0.001, 0.01, 0.5, 0.99), (rows, earlier, passMargin) => {
        const window = aWindow([], { alone: aloneOf(rows), past: earlier.map(([n, e]) => counts(n, e)) });
        const { missing, assurances } = assure(window, settings({ splits: false, bakes: true, passMargin }));
        expect(Number.isInteger(missing)).toBe(true);
        expect(missing === 0).toBe(Number(assurances[0]?.evidence) >= LN_20);
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});

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
