import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitProblem, weighSplitOf } from '../../../src/rollout/judge/split.ts';
import { binomialMasses } from './support/oracles.ts';
import { binomial, seeded } from './support/random.ts';

const CAUSES = 'look for throttling, provisioned concurrency that spills over, or a version without metrics';

describe('weighSplitOf', () => {
  test.each([
    { canary: 50, baseline: 950, value: 7.319076 },
    { canary: 0, baseline: 100, value: 0.514291 },
    { canary: 0, baseline: 400, value: 6.965452 },
    { canary: 100, baseline: 900, value: -0.346995 },
  ])('of $canary and $baseline at 10 % is $value', ({ value, ...counts }) => {
    expect(Math.abs(weighSplitOf({ weight: 10, ...counts }) - value)).toBeLessThan(1e-6);
  });

  test.each([1, 10, 50, 90])('expects exactly 1 where the split is as asked for: %d %', (weight) => {
    const expected = binomialMasses(60, weight / 100).reduce(
      (sum, mass, canary) => sum + mass * Math.exp(weighSplitOf({ weight, canary, baseline: 60 - canary })),
      0,
    );
    expect(expected).toBeCloseTo(1, 9);
  });

  test('stays finite for 1e9 invocations', () => {
    const counts = fc.record({ canary: fc.nat(1e9), baseline: fc.nat(1e9), weight: fc.integer({ min: 1, max: 99 }) });
    fc.assert(
      fc.property(counts, (stretch) => {
        expect(Number.isFinite(weighSplitOf(stretch))).toBe(true);
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});

describe('splitProblem', () => {
  test.each([
    { weight: 10, silent: 65, problem: 66 },
    { weight: 5, silent: 134, problem: 135 },
  ])('a silent canary at $weight % is a problem from $problem invocations on', ({ weight, silent, problem }) => {
    expect(splitProblem([{ weight, canary: 0, baseline: silent }])).toBeUndefined();
    expect(splitProblem([{ weight, canary: 0, baseline: problem }])).toBe(
      `the canary got none of ${problem} invocations at a weight of ${weight}%: ${CAUSES}`,
    );
  });

  test('says what share it got instead', () => {
    expect(splitProblem([{ weight: 10, canary: 50, baseline: 950 }])).toBe(
      `the canary got 5.00% of 1000 invocations at a weight of 10%: ${CAUSES}`,
    );
  });

  test.each([
    { what: 'no stretch', stretches: [] },
    { what: 'no traffic', stretches: [{ weight: 10, canary: 0, baseline: 0 }] },
    { what: 'as asked for', stretches: [{ weight: 10, canary: 100, baseline: 900 }] },
    { what: 'off by less than a tenth, however sure', stretches: [{ weight: 10, canary: 9.2e6, baseline: 90.8e6 }] },
    { what: 'off by more, but not surely', stretches: [{ weight: 10, canary: 15, baseline: 85 }] },
  ])('none: $what', ({ stretches }) => {
    expect(splitProblem(stretches)).toBeUndefined();
  });

  test('is that of the present weight: what was wrong before has been mended', () => {
    const stretches = [
      { weight: 5, canary: 0, baseline: 500 },
      { weight: 10, canary: 20, baseline: 980 },
      { weight: 25, canary: 250, baseline: 750 },
    ];
    expect(splitProblem(stretches)).toBeUndefined();
    const wrong = stretches.slice(0, 2);
    expect(splitProblem(wrong)).toMatch(/^the canary got 2\.00% of 1000 invocations at a weight of 10%/);
  });

  test('hardly ever is one where the routing is right', () => {
    const random = seeded(12);
    let problems = 0;
    for (let run = 0; run < 200; run += 1) {
      let [canary, total] = [0, 0];
      for (let minute = 0; minute < 30; minute += 1) {
        total += 100;
        canary += binomial(random, 100, 0.1);
        problems += splitProblem([{ weight: 10, canary, baseline: total - canary }]) === undefined ? 0 : 1;
      }
    }
    expect(problems).toBe(0);
  });

  test('finds half the share within ten minutes at 100 requests per minute, mostly', () => {
    const random = seeded(13);
    const found = Array.from({ length: 100 }, () => {
      const canary = binomial(random, 1000, 0.05);
      return splitProblem([{ weight: 10, canary, baseline: 1000 - canary }]);
    }).filter((problem) => problem !== undefined);
    expect(found.length).toBeGreaterThan(45);
  });
});
