import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../bench/random.ts';
import type { Conditions } from '../../../bench/worlds/conditions.ts';
import { slowShares, USUAL_SLOW } from '../../../bench/worlds/latency.ts';
import { calm, raisedBy } from '../../../bench/worlds/shapes.ts';
import { World } from '../../../bench/worlds/world.ts';
import type { Served, Truth } from '../../../bench/worlds/world.ts';

function minutesOf(conditions: Conditions, weights: readonly number[], run = 0): Truth[] {
  const world = new World(conditions, new Random(), { cell: 42, run });
  return weights.map((weight, minute) => world.step(minute, weight));
}

/** The canary's totals over so many runs of half an hour at 10 %. */
function totals(conditions: Conditions, runs: number): Record<'baseline' | 'canary', Served> {
  const sum = { baseline: zero(), canary: zero() };
  for (let run = 0; run < runs; run += 1) {
    for (const truth of minutesOf(conditions, Array<number>(30).fill(10), run)) {
      add(sum.baseline, truth.baseline);
      add(sum.canary, truth.canary);
    }
  }
  return sum;
}

const zero = () => ({ invocations: 0, errors: 0, slow: 0, verySlow: 0, refused: 0 });

function add(sum: ReturnType<typeof zero>, served: Served): void {
  for (const key of ['invocations', 'errors', 'slow', 'verySlow', 'refused'] as const) sum[key] += served[key];
}

describe('common random numbers', () => {
  test('the same weights see the same world', () => {
    const conditions = { ...calm(500, 0.03), retries: true, poison: { size: 60, chance: 0.3 } };
    const weights = [10, 10, 1, 1, 10, 50];
    expect(minutesOf(conditions, weights)).toEqual(minutesOf(conditions, weights));
    expect(minutesOf(conditions, weights, 1)).not.toEqual(minutesOf(conditions, weights));
  });

  test('a minute is what its own weight makes it, whatever came before', () => {
    const before = minutesOf(calm(500, 0.03), [10, 10, 10, 10]);
    const after = minutesOf(calm(500, 0.03), [10, 1, 0, 10]);
    expect(after[3]).toEqual(before[3]);
    expect(after[1]).not.toEqual(before[1]);
  });

  test('all traffic is served, however it is split', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 2000 }), (weight, rpm) => {
        const [truth] = minutesOf({ ...calm(rpm, 0.1), exact: true }, [weight]);
        expect((truth?.baseline.invocations ?? 0) + (truth?.canary.invocations ?? 0)).toBe(rpm);
        for (const { invocations, errors } of [truth?.baseline, truth?.canary].filter((one) => one !== undefined)) {
          expect(errors).toBeLessThanOrEqual(invocations);
        }
      }),
    );
  });
});

describe('what a world is made of', () => {
  test('weight, base rate and regression', () => {
    const { baseline, canary } = totals({ ...calm(1000, 0), failing: raisedBy(0.01, 0.04, 15) }, 40);
    expect(canary.invocations / (canary.invocations + baseline.invocations)).toBeCloseTo(0.1, 2);
    expect(baseline.errors / baseline.invocations).toBeCloseTo(0.01, 3);
    expect(canary.errors / canary.invocations).toBeCloseTo(0.03, 2);
  });

  test('a mismatched split', () => {
    const { baseline, canary } = totals({ ...calm(1000, 0), share: 0.5 }, 20);
    expect(canary.invocations / (canary.invocations + baseline.invocations)).toBeCloseTo(0.05, 2);
  });

  test('refused requests are neither invocations nor errors', () => {
    const { canary } = totals({ ...calm(1000, 0.1), refused: 0.5 }, 20);
    expect(canary.refused / (canary.refused + canary.invocations)).toBeCloseTo(0.5, 2);
    expect(canary.errors / canary.invocations).toBeCloseTo(0.1, 1);
  });

  test('a bad environment takes a share of its version with it, as often as it should', () => {
    const bursts = { capacity: 300, chance: 0.01 };
    const { baseline, canary } = totals({ ...calm(1000, 0), bursts }, 400);
    expect(baseline.errors / baseline.invocations / 0.01).toBeCloseTo(1, 0);
    expect(canary.errors / canary.invocations / 0.01).toBeCloseTo(1, 0);
    // The canary's 100 requests run in a single environment: all or nothing.
    const runs = Array.from({ length: 200 }, (_, run) => minutesOf({ ...calm(1000, 0), bursts }, [10], run));
    for (const [truth] of runs) expect([0, truth?.canary.invocations]).toContain(truth?.canary.errors);
  });

  test('what fails comes back after one minute and after three, and then no more', () => {
    const all = { baseline: 1, canary: 1 };
    const none = { baseline: 0, canary: 0 };
    const failing = (minute: number) => (minute <= 3 ? all : none);
    const traffic = (minute: number): number => (minute === 0 ? 100 : 0);
    const truths = minutesOf({ traffic, exact: true, failing, retries: true }, [10, 10, 10, 10, 10, 10]);
    const served = truths.map(({ baseline, canary }) => baseline.invocations + canary.invocations);
    expect(served).toEqual([100, 100, 0, 100, 0, 0]);
  });

  test('poisonous requests fail on both versions', () => {
    const poison = { size: 60, chance: 1 };
    const truths = minutesOf({ ...calm(0, 0), poison, retries: true }, [50, 50, 50]);
    const served = truths.map(({ baseline, canary }) => baseline.invocations + canary.invocations);
    expect(served).toEqual([60, 120, 120]);
    for (const { invocations, errors } of truths.flatMap(({ baseline, canary }) => [baseline, canary])) {
      expect(errors).toBe(invocations);
    }
  });

  test('slow ones, and cold environments for the first two minutes after each rise', () => {
    const cold = { ...calm(100_000, 0), latency: { factor: 1, cold: 2 } };
    const shares = minutesOf(cold, [10, 10, 10, 20, 20, 20]).map(({ canary }) => canary.slow / canary.invocations);
    const hot = slowShares(1, 1).slow;
    const half = slowShares(1, 0.5).slow;
    for (const [minute, share] of [hot, hot, USUAL_SLOW, half, half, USUAL_SLOW].entries()) {
      expect(shares[minute]).toBeCloseTo(share, 1);
    }
    expect(half).toBeCloseTo((hot + USUAL_SLOW) / 2, 6);
  });
});
