import { describe, expect, test } from '@jest/globals';
import { compareWithPast, lowerBound } from '../../../src/rollout/judge/past.ts';
import type { PastComparison } from '../../../src/rollout/judge/past.ts';
import { counts, repeat } from './support/builders.ts';
import { binomialMasses } from './support/oracles.ts';
import { binomial, seeded } from './support/random.ts';

const LN_100 = Math.log(100);
const QUIET = repeat(30, counts(1000, 1));

function compare(change: Partial<PastComparison>): ReturnType<typeof compareWithPast> {
  return compareWithPast({
    alone: repeat(5, counts(1000, 50)),
    past: QUIET,
    tolerance: 0.001,
    miss: 2e-4,
    proof: LN_100,
    ...change,
  });
}

describe('compareWithPast', () => {
  test('proves a rate far above the past', () => {
    const result = compare({});
    expect(result).toMatchObject({
      test: 'past',
      beyondTolerance: true,
      canary: counts(5000, 250),
      reference: counts(30_000, 30),
      minutes: 5,
    });
    expect(result.excess).toBeCloseTo(0.049, 12);
    expect(result.evidence).toBeGreaterThan(LN_100);
  });

  test.each([
    { what: 'no past', past: [] },
    { what: 'four minutes of traffic', past: [...repeat(4, counts(1000, 1)), ...repeat(60, counts(0, 0))] },
    { what: 'a past that failed always', past: repeat(30, counts(1000, 1000)) },
  ])('says nothing with $what', ({ past }) => {
    expect(compare({ past })).toMatchObject({ evidence: 0, suspicion: 0, beyondTolerance: false });
  });

  test.each([
    { what: 'its own minutes', alone: [] },
    { what: 'traffic', alone: repeat(3, counts(0, 0)) },
  ])('says nothing of a canary without $what', ({ alone }) => {
    const { evidence, beyondTolerance } = compare({ alone });
    expect(evidence).toBeCloseTo(0, 12);
    expect(beyondTolerance).toBe(false);
  });

  test('a rise within the tolerance is never beyond it', () => {
    expect(compare({ tolerance: 0.06 }).beyondTolerance).toBe(false);
    expect(compare({ tolerance: 0.06 }).evidence).toBeLessThan(0);
  });

  test('a short past proves less than a long one of the same rate', () => {
    const [short, long] = [6, 60].map((minutes) => compare({ past: repeat(minutes, counts(100, 1)) }));
    expect(short?.evidence).toBeLessThan(Number(long?.evidence));
  });

  test('a past without any error is still no proof of perfection', () => {
    const past = repeat(10, counts(10, 0));
    expect(compare({ past, alone: repeat(5, counts(10, 1)) }).evidence).toBeLessThan(LN_100);
    expect(compare({ past, alone: repeat(5, counts(10, 10)) }).evidence).toBeGreaterThan(LN_100);
  });

  test('an incident in the past makes it slower, a total failure is still seen', () => {
    const past = [...repeat(29, counts(1000, 1)), counts(1000, 300)];
    expect(compare({ past }).evidence).toBeLessThan(compare({}).evidence);
    expect(compare({ past, alone: repeat(3, counts(1000, 1000)) }).evidence).toBeGreaterThan(LN_100);
  });

  test('rarely blames a canary that does as its past did, incidents included', () => {
    const random = seeded(3);
    const minute = () => counts(200, binomial(random, 200, random() < 0.05 ? 0.2 : 0.01));
    let blamed = 0;
    for (let run = 0; run < 300; run += 1) {
      const past = Array.from({ length: 60 }, minute);
      blamed += compare({ past, alone: Array.from({ length: 10 }, minute) }).evidence >= LN_100 ? 1 : 0;
    }
    expect(blamed).toBeLessThanOrEqual(3);
  });
});

describe('lowerBound', () => {
  test.each([
    { observed: 0, invocations: 1000, bound: 0 },
    { observed: 1, invocations: 100, bound: 0.025 ** (1 / 100) },
    { observed: 0.5, invocations: 0, bound: 0 },
  ])('of $observed in $invocations is $bound', ({ observed, invocations, bound }) => {
    expect(lowerBound(observed, { invocations, miss: 0.025 })).toBeCloseTo(bound, 9);
  });

  test('is missed at most as often as it says, and comes closer with more', () => {
    const masses = binomialMasses(200, 0.05);
    const missed = masses.reduce(
      (sum, mass, errors) => (lowerBound(errors / 200, { invocations: 200, miss: 0.025 }) > 0.05 ? sum + mass : sum),
      0,
    );
    expect(missed).toBeGreaterThan(0);
    expect(missed).toBeLessThanOrEqual(0.025);
    const [few, many] = [200, 20_000].map((invocations) => lowerBound(0.05, { invocations, miss: 0.025 }));
    expect(few).toBeLessThan(Number(many));
    expect(many).toBeLessThan(0.05);
  });
});
