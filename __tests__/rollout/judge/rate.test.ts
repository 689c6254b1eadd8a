import { describe, expect, test } from '@jest/globals';
import { compareWithCeiling } from '../../../src/rollout/judge/ceiling.ts';
import { compareWithLimit, divergence } from '../../../src/rollout/judge/rate.ts';
import { weighBelow } from '../../../src/rollout/judge/noninferiority.ts';
import { counts, repeat } from './support/builders.ts';
import { closedForm } from './support/closed-form.ts';
import { binomialMasses } from './support/oracles.ts';

const LN_100 = Math.log(100);

describe('closed form, the oracle', () => {
  test.each([
    { prior: [1, 9], hits: 3, misses: 0, limit: 0.1, value: 2.436401 },
    { prior: [1, 9], hits: 5, misses: 2, limit: 0.1, value: 4.085858 },
    { prior: [1, 1], hits: 5, misses: 5, limit: 0.5, value: -0.995853 },
    { prior: [1, 19], hits: 8, misses: 52, limit: 0.05, value: 2.287455 },
  ] as const)('$prior with $hits hits and $misses misses at $limit is $value', ({ value, ...form }) => {
    expect(Math.abs(closedForm(form) - value)).toBeLessThan(1e-6);
  });
});

describe('compareWithLimit', () => {
  test.each([
    { n: 100, errors: 10, limit: 0.05, minutes: 10 },
    { n: 1000, errors: 20, limit: 0.01, minutes: 6 },
    { n: 10, errors: 3, limit: 0.05, minutes: 20 },
    { n: 1e6, errors: 11_000, limit: 0.01, minutes: 2 },
  ])('is near the closed form when trouble is there from the start: $n, $errors', ({ n, errors, limit, minutes }) => {
    const exact = closedForm({
      prior: [1, 1 / limit - 1],
      hits: errors * minutes,
      misses: (n - errors) * minutes,
      limit,
    });
    const { suspicion } = compareWithLimit(repeat(minutes, counts(n, errors)), { limit, scale: 1, proof: LN_100 });
    expect(suspicion).toBeGreaterThan(exact * 0.75 - 2);
    expect(suspicion).toBeLessThan(exact + 3);
  });

  test('sees trouble that begins late, where the closed form is still blind', () => {
    const window = [...repeat(60, counts(100, 0)), ...repeat(3, counts(100, 40))];
    const finding = compareWithLimit(window, { limit: 0.05, scale: 1, proof: LN_100 });
    expect(closedForm({ prior: [1, 19], hits: 120, misses: 6180, limit: 0.05 })).toBeLessThan(0);
    expect(finding.evidence).toBeGreaterThan(LN_100);
    expect(finding).toMatchObject({ beyondTolerance: true, canary: counts(300, 120), minutes: 3 });
  });

  test.each([
    [40, 0.05, 1],
    [40, 0.05, 3],
    [8, 0.4, 1],
  ])('expects at most 1 of %d invocations at the limit %d, scaled by %d', (n, limit, scale) => {
    const expected = binomialMasses(n, limit).reduce((sum, mass, errors) => {
      return sum + mass * Math.exp(compareWithLimit([counts(n, errors)], { limit, scale, proof: LN_100 }).suspicion);
    }, 0);
    expect(expected).toBeLessThanOrEqual(1 + 1e-9);
    expect(expected).toBeGreaterThan(0.5);
  });

  test('does not prove anything by errors in one minute only, whatever their number', () => {
    const finding = compareWithLimit([counts(1000, 0), counts(1000, 1000)], { limit: 0.05, scale: 1, proof: LN_100 });
    expect(finding.suspicion).toBeGreaterThan(LN_100);
    expect(finding.evidence).toBeLessThan(LN_100);
    expect(finding.withoutWorst).toBeLessThanOrEqual(0);
  });

  test.each([
    { what: 'a burst, then long enough within the limit', after: repeat(5, counts(1000, 5)), excused: true },
    { what: 'a burst, and nothing after it yet', after: [], excused: false },
    { what: 'a burst, and too little after it', after: repeat(5, counts(1, 0)), excused: false },
    { what: 'a burst, and then no better', after: repeat(5, counts(1000, 600)), excused: false },
    {
      what: 'a burst, and a bad minute later',
      after: [...repeat(5, counts(1000, 5)), counts(1000, 90)],
      excused: true,
    },
    { what: 'a burst, and then above the limit on', after: repeat(9, counts(1000, 90)), excused: true },
    { what: 'a burst, and then half as bad on', after: repeat(9, counts(1000, 350)), excused: false },
  ])('excuses one bad minute: $what is $excused', ({ after, excused }) => {
    const window = [...repeat(5, counts(1000, 5)), counts(1000, 600), ...after];
    expect(compareWithLimit(window, { limit: 0.05, scale: 1, proof: LN_100 }).isExcused).toBe(excused);
  });

  test.each([
    { what: 'little', bad: [counts(100, 9)], after: repeat(12, counts(100, 3)), notable: false },
    { what: 'much, but by several', bad: repeat(6, counts(100, 14)), after: repeat(8, counts(100, 4)), notable: true },
  ])('has nothing to excuse where one minute suggested $what', ({ bad, after, notable }) => {
    const { errors, invocations } = bad[0] ?? counts(1, 1);
    expect(weighBelow(after, (0.05 + errors / invocations) / 2, [])).toBeGreaterThan(Math.log(20));
    const finding = compareWithLimit([...bad, ...after], { limit: 0.05, scale: 1, proof: LN_100 });
    expect(finding.suspicion > Math.log(5)).toBe(notable);
    expect(finding.withoutWorst > Math.log(5)).toBe(notable);
    expect(finding.isExcused).toBe(false);
  });

  test('an excused burst is proof by itself, and what remains without it may be as well', () => {
    const [twice, on] = [2, 9].map((times) =>
      compareWithLimit([counts(1000, 600), ...repeat(times, counts(1000, 90))], {
        limit: 0.05,
        scale: 1,
        proof: LN_100,
      }),
    );
    for (const finding of [twice, on]) {
      expect(finding?.isExcused).toBe(true);
      expect(Number(finding?.suspicion) - Number(finding?.withoutWorst)).toBeGreaterThan(LN_100);
      expect(finding?.withoutWorst).toBeGreaterThan(Math.log(5));
    }
    expect(on?.withoutWorst).toBeGreaterThan(LN_100);
    const { suspicion, withoutWorst, isExcused } = compareWithLimit(repeat(9, counts(1000, 70)), {
      limit: 0.05,
      scale: 1,
      proof: LN_100,
    });
    expect([withoutWorst > LN_100, suspicion - withoutWorst < LN_100, isExcused]).toEqual([true, true, false]);
  });

  test('takes a clump for fewer errors than it has', () => {
    const window = repeat(4, counts(100, 12));
    const [single, clumped] = [1, 6].map(
      (scale) => compareWithLimit(window, { limit: 0.05, scale, proof: LN_100 }).evidence,
    );
    expect(clumped).toBeLessThan(Number(single));
  });

  test('says nothing against a limit that nothing can exceed', () => {
    const finding = compareWithLimit(repeat(2, counts(10, 10)), { limit: 1, scale: 1, proof: LN_100 });
    expect(finding).toMatchObject({ evidence: 0, suspicion: 0, beyondTolerance: false, minutes: 2 });
  });

  test.each([0, 0.01, 0.999])('stays finite for counts of 1e9 at the limit %d', (limit) => {
    for (const errors of [0, 1, 1e7, 1e9]) {
      const { evidence, suspicion } = compareWithLimit(repeat(240, counts(1e9, errors)), {
        limit,
        scale: 1,
        proof: LN_100,
      });
      expect(Number.isFinite(evidence) && Number.isFinite(suspicion)).toBe(true);
    }
  });
});

describe('compareWithCeiling', () => {
  test('proves a rate above the ceiling', () => {
    const result = compareWithCeiling(repeat(5, counts(100, 20)), { limit: 0.05, proof: LN_100 });
    expect(result).toMatchObject({ test: 'ceiling', beyondTolerance: true, reference: undefined });
    expect(result.canary).toEqual(counts(500, 100));
    expect(result.excess).toBeCloseTo(0.15, 12);
    expect(result.evidence).toBeGreaterThan(LN_100);
  });

  test('a ceiling of 0 % does not stand three minutes with an error', () => {
    expect(compareWithCeiling(repeat(3, counts(100, 1)), { limit: 0, proof: LN_100 }).evidence).toBeGreaterThan(LN_100);
    expect(compareWithCeiling(repeat(2, counts(100, 0)), { limit: 0, proof: LN_100 }).beyondTolerance).toBe(false);
  });

  test('a rate at the ceiling is not beyond it', () => {
    expect(compareWithCeiling(repeat(9, counts(100, 5)), { limit: 0.05, proof: LN_100 })).toMatchObject({
      beyondTolerance: false,
      minutes: 9,
    });
  });
});

describe('divergence', () => {
  test.each([
    [0.2, 0.2, 0],
    [0, 0.5, Math.LN2],
    [1, 0.25, Math.log(4)],
    [0.5, 1, Infinity],
  ])('of %d from %d is %d', (p, q, value) => {
    expect(divergence(p, q)).toBeCloseTo(value, 12);
  });
});
