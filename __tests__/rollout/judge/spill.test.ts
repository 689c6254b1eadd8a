import { describe, expect, test } from '@jest/globals';
import { probeWeight } from '../../../src/rollout/judge/probe.ts';
import { spillOverProblem } from '../../../src/rollout/judge/spill.ts';
import fc from 'fast-check';
import { aResult, minutesOf, repeat } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';

describe('spillOverProblem', () => {
  test('is a canary that runs on cold environments which the baseline does not have', () => {
    const minutes = minutesOf(repeat(4, [900, 0, 100, 60] as const));
    expect(spillOverProblem(minutes)).toBe(
      "60.00% of the canary's invocations found no provisioned concurrency free, 0.00% of the baseline's: raise it, or let it move first",
    );
  });

  test.each<{ what: string; rows: CountRow[] }>([
    { what: 'nothing was read', rows: [] },
    { what: 'nobody has provisioned concurrency', rows: repeat(10, [900, 0, 100, 0] as const) },
    { what: 'both spill over alike', rows: repeat(10, [900, 450, 100, 50] as const) },
    { what: 'less than five points', rows: repeat(60, [9000, 0, 1000, 45] as const) },
    { what: 'one minute only', rows: [[900, 0, 100, 100]] },
  ])('none: $what', ({ rows }) => {
    expect(spillOverProblem(minutesOf(rows))).toBeUndefined();
  });
});

describe('probeWeight', () => {
  test.each([
    { rpm: 1000, excess: 1, weight: 1 },
    { rpm: 1000, excess: 0.05, weight: 2 },
    { rpm: 100, excess: 0.05, weight: 20 },
    { rpm: 10, excess: 0.05, weight: 100 },
    { rpm: 1e9, excess: 1e-3, weight: 1 },
    { rpm: 1000, excess: 0, weight: 100 },
    { rpm: 1000, excess: -0.2, weight: 100 },
    { rpm: 0, excess: 1, weight: 100 },
  ])('at $rpm requests per minute and $excess more errors is $weight', ({ rpm, excess, weight }) => {
    const rows = repeat(8, [rpm * 0.9, 0, rpm * 0.1, 0] as const);
    expect(probeWeight(aResult({ excess }), minutesOf(rows))).toBe(weight);
  });

  test.each([
    { what: 'nobody is suspected', suspect: undefined },
    { what: 'the canary is above a ceiling', suspect: aResult({ test: 'ceiling', excess: 0.5, reference: undefined }) },
    { what: 'the canary is above the past', suspect: aResult({ test: 'past', excess: 0.5 }) },
  ])('is any weight where less traffic settles nothing: $what', ({ suspect }) => {
    expect(probeWeight(suspect, minutesOf(repeat(5, [900, 0, 100, 0] as const)))).toBe(100);
  });

  test('goes by the last minutes', () => {
    const rows: CountRow[] = [...repeat(30, [9000, 0, 1000, 0] as const), ...repeat(5, [90, 0, 10, 0] as const)];
    expect(probeWeight(aResult({ excess: 0.1 }), minutesOf(rows))).toBe(10);
    expect(probeWeight(aResult({ excess: 0.1 }), [])).toBe(100);
  });

  test('is a weight, and the least at which the difference shows once a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 1e-4, max: 1, noNaN: true }), (rpm, excess) => {
        const weight = probeWeight(aResult({ excess }), minutesOf(repeat(5, [rpm, 0, 0, 0] as const)));
        const shown = (at: number): number => (rpm * excess * at) / 100;
        expect(Number.isInteger(weight) && weight >= 1 && weight <= 100).toBe(true);
        if (weight < 100) expect(shown(weight)).toBeGreaterThan(1 - 1e-6);
        if (weight > 1) expect(shown(weight - 1)).toBeLessThan(1 + 1e-6);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
