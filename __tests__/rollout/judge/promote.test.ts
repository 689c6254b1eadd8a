import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JudgeSettings } from '../../../src/model/verdict.ts';
import {
  missingForPass,
  smallestRuledOut,
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
  test('weighs every metric that has a margin, and names the one that is furthest from its proof', () => {
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
    expect(found.unproven).toMatchObject({ assurance: found.assurances[2], seen: 100 });
    expect(found.missing).toBeGreaterThan(1000);
  });

  test('of several that are not proven tells what the furthest needs', () => {
    const [orders, payments] = [custom('late orders'), custom('failed payments', { margin: 0.002 })];
    const rows = repeat(2, [900, 0, 100, 0] as const);
    const data = new Map([orders, payments].map(({ name }) => [name, exactly(rows)]));
    const assured = (change: Partial<JudgeSettings>) => assure(aWindow(rows, { metrics: data }), settings(change));
    const found = assured({ metrics: [orders, payments] });
    expect(found.assurances.every(({ evidence }) => evidence < LN_20)).toBe(true);
    expect(found.unproven?.assurance.metric).toBe('failed payments');
    expect(found.missing).toBe(assured({ passMargin: 0.002 }).missing);
    const errors = assured({ passMargin: 0.001, metrics: [orders, payments] });
    expect(errors.unproven?.assurance.metric).toBe('error rate');
    expect(errors.missing).toBe(assured({ passMargin: 0.001 }).missing);
    expect(assured({ metrics: [orders] }).missing).toBeLessThan(found.missing);
  });

  test.each([
    { what: 'a tenth of them', part: 0.1 },
    { what: 'every one', part: 1 },
    { what: 'ten things in each', part: 10 },
  ])('tells in canary invocations what a metric needs that counts $what', ({ part }) => {
    const rows = repeat(4, [9000, 0, 1000, 0] as const);
    const few = repeat(4, [900 * part, 0, 100 * part, 0] as const);
    const name = 'failed payments';
    const found = assure(
      aWindow(rows, { metrics: new Map([[name, exactly(few)]]) }),
      settings({ metrics: [custom(name, { margin: 0.0005 })] }),
    );
    const evidence = weighSafetyButOne(minutesOf(few), 0.0005);
    const own = missingForPass(minutesOf(few), { margin: 0.0005, evidence, history: [] });
    expect(own).toBeGreaterThan(0);
    expect(found.unproven).toMatchObject({ assurance: { metric: name, evidence }, seen: 400 * part });
    expect(found.missing).toBe(Math.ceil((own * 10) / part));
  });

  test.each([
    { metric: SLOW, what: 'as much as if it came with every invocation', unit: 1 },
    { metric: custom('failed payments'), what: 'more than if it came with the next', unit: 3000 },
  ])('takes a metric without data for unproven, and needs of $metric.kind $what', ({ metric, unit }) => {
    const found = assure(aWindow(repeat(30, HEALTHY)), settings({ metrics: [metric] }));
    const { name, margin = NaN } = metric;
    expect(found.assurances[1]).toEqual({ metric: name, evidence: expect.closeTo(0, 12), margin });
    const evidence = found.assurances[1]?.evidence ?? NaN;
    expect(found.missing).toBe(unit * missingForPass([], { margin, evidence, history: [] }));
    expect(found.missing).toBeGreaterThan(50);
    expect(found.unproven).toMatchObject({ assurance: found.assurances[1], seen: 0 });
  });

  test.each([
    { what: 'no minute counts', rows: [], others: [] },
    { what: 'the canary was silent', rows: repeat(5, [900, 1, 0, 0] as const), others: [] },
    { what: 'only the metric counted it', rows: [], others: repeat(5, [9e5, 0, 1e5, 0] as const) },
  ])('is never proven, nor near it, while $what', ({ rows, others }) => {
    const data = new Map([['failed payments', exactly(others)]]);
    const found = assure(aWindow(rows, { metrics: data }), settings({ metrics: [custom('failed payments')] }));
    expect(found.unproven?.assurance.evidence).toBeCloseTo(0, 12);
    expect(found.missing).toBeGreaterThan(100);
    expect(found.ruledOut).toBeUndefined();
  });

  test('is proven by every metric or has something missing', () => {
    const rowsOf = (most: number) =>
      fc.array(
        fc.tuple(fc.nat(most), fc.nat(most / 5), fc.nat(3), fc.nat(3)).map(([nb, nc, eb, ec]): CountRow => {
          return [nb, Math.min(eb, nb), nc, Math.min(ec, nc)];
        }),
        { maxLength: 8 },
      );
    const name = 'failed payments';
    const proven = new Set<boolean>();
    fc.assert(
      fc.property(rowsOf(5000), rowsOf(50_000), fc.constantFrom(0.01, 0.1), (rows, others, passMargin) => {
        const data = new Map([[name, exactly(others)]]);
        const metrics = [custom(name, { margin: passMargin })];
        const { missing, unproven, ruledOut, assurances } = assure(
          aWindow(rows, { metrics: data }),
          settings({ passMargin, metrics }),
        );
        const isProven = assurances.every(({ evidence }) => evidence >= LN_20);
        proven.add(isProven);
        expect(Number.isSafeInteger(missing) && missing >= 0).toBe(true);
        expect([missing === 0, unproven === undefined, ruledOut !== undefined]).toEqual(repeat(3, isProven));
      }),
      { seed: 8, numRuns: 200 },
    );
    expect(proven.size).toBe(2);
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

  test('tells the smallest rise that is ruled out, by a canary of which all is proven', () => {
    expect(assure(aWindow(repeat(10, HEALTHY)), settings()).ruledOut).toBe(0.004);
    expect(assure(aWindow(repeat(10, HEALTHY)), settings({ passMargin: 0.3 })).ruledOut).toBe(0.004);
    expect(smallestRuledOut(minutesOf([HEALTHY]), [])).toBeGreaterThan(0.01);
    expect(assure(aWindow([HEALTHY]), settings()).ruledOut).toBeUndefined();
    expect(assure(aWindow(repeat(10, HEALTHY)), settings({ metrics: [SLOW] })).ruledOut).toBeUndefined();
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
    const { missing, unproven, assurances } = alone([]);
    expect(unproven).toEqual({ assurance: assurances[0], seen: 0 });
    expect(alone([[30, 0]], { finalAlone: 1 }).unproven?.seen).toBe(30);
    expect(alone(repeat(2, [30, 0]), { finalAlone: 1 }).unproven?.seen).toBe(30);
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
