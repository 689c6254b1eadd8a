import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { probeWeight, trafficOf } from '../../../src/rollout/judge/probe.ts';
import { aResult, minutesOf, repeat } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';

describe('trafficOf', () => {
  const BUSY = repeat(30, [9000, 9, 1000, 1] as const);
  test.each<{ what: string; rows: CountRow[]; traffic: number }>([
    { what: 'nothing without minutes', rows: [], traffic: 0 },
    { what: 'both versions together', rows: [[90, 0, 10, 0]], traffic: 100 },
    { what: 'the mean', rows: [...repeat(4, [90, 0, 10, 0] as const), [180, 0, 20, 0]], traffic: 120 },
    { what: 'the last five minutes only', rows: [...BUSY, ...repeat(5, [90, 0, 10, 0] as const)], traffic: 100 },
    { what: 'less when it falls silent', rows: [...BUSY, ...repeat(4, [0, 0, 0, 0] as const)], traffic: 2000 },
    { what: 'nothing after five silent minutes', rows: [...BUSY, ...repeat(5, [0, 0, 0, 0] as const)], traffic: 0 },
  ])('is $what', ({ rows, traffic }) => {
    expect(trafficOf(minutesOf(rows))).toBe(traffic);
  });
});

describe('probeWeight', () => {
  test.each([
    { rpm: 1000, excess: 1, weight: 1 },
    { rpm: 1000, excess: 0.05, weight: 2 },
    { rpm: 100, excess: 0.05, weight: 20 },
    { rpm: 10, excess: 0.05, weight: 100 },
    { rpm: 1e9, excess: 1e-3, weight: 1 },
    { rpm: 1000, excess: 0, weight: undefined },
    { rpm: 1000, excess: -0.2, weight: undefined },
    { rpm: 0, excess: 1, weight: undefined },
  ])('at $rpm requests per minute and $excess more errors is $weight', ({ rpm, excess, weight }) => {
    expect(probeWeight(aResult({ excess }), rpm)).toBe(weight);
  });

  test.each([
    { what: 'nobody is suspected', suspect: undefined },
    { what: 'the canary is above a ceiling', suspect: aResult({ test: 'ceiling', excess: 0.5, reference: undefined }) },
    { what: 'the canary is above the past', suspect: aResult({ test: 'past', excess: 0.5 }) },
  ])('is none where less traffic settles nothing: $what', ({ suspect }) => {
    expect(probeWeight(suspect, 1000)).toBeUndefined();
  });

  test('is a weight, and the least at which the difference shows once a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 1e-4, max: 1, noNaN: true }), (rpm, excess) => {
        const weight = probeWeight(aResult({ excess }), rpm) ?? NaN;
        const shown = (at: number): number => (rpm * excess * at) / 100;
        expect(Number.isInteger(weight) && weight >= 1 && weight <= 100).toBe(true);
        if (weight < 100) expect(shown(weight)).toBeGreaterThan(1 - 1e-6);
        if (weight > 1) expect(shown(weight - 1)).toBeLessThan(1 + 1e-6);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
