import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { combine, deciding, isProvenAlone, missOfPast, sharesOf } from '../../../src/rollout/judge/combine.ts';
import type { Weighted } from '../../../src/rollout/judge/combine.ts';
import { SLOW, THROTTLED, aResult, custom, settings } from './support/builders.ts';

function found(evidence: number, beyondTolerance: boolean, weight: number): Weighted {
  return { weight, result: aResult({ evidence, suspicion: evidence + 1, withoutWorst: evidence, beyondTolerance }) };
}

describe('sharesOf', () => {
  test.each([
    { splits: true, bakes: false, maxErrorRate: undefined, shares: { concurrent: 1 } },
    { splits: true, bakes: false, maxErrorRate: 0.05, shares: { concurrent: 0.75, ceiling: 0.25 } },
    { splits: true, bakes: true, maxErrorRate: undefined, shares: { concurrent: 0.75, past: 0.25 } },
    { splits: true, bakes: true, maxErrorRate: 0.05, shares: { concurrent: 0.6, ceiling: 0.2, past: 0.2 } },
    { splits: false, bakes: true, maxErrorRate: undefined, shares: { past: 1 } },
    { splits: false, bakes: false, maxErrorRate: 0.05, shares: { ceiling: 1 } },
    { splits: false, bakes: false, maxErrorRate: undefined, shares: {} },
  ])('splits $splits, bakes $bakes, ceiling $maxErrorRate', ({ shares, ...configured }) => {
    const found = sharesOf(settings(configured));
    expect(Object.fromEntries(found.map(({ test: name, share }) => [name, Number(share.toFixed(12))]))).toEqual(shares);
  });

  test('the metrics share by their kind, and those of the user the part of one', () => {
    const metrics = [SLOW, THROTTLED, custom('a'), custom('b')];
    const shares = sharesOf(settings({ metrics }));
    expect(shares.map((share) => (share.test === 'concurrent' ? share.metric.name : share.test))).toEqual([
      'error rate',
      SLOW.name,
      'throttle rate',
      'a',
      'b',
    ]);
    [0.6, 0.2, 0.1, 0.05, 0.05].forEach((share, index) => {
      expect(shares[index]?.share).toBeCloseTo(share, 12);
    });
  });

  test('nothing is compared side by side where there are no steps', () => {
    expect(sharesOf(settings({ splits: false, metrics: [SLOW, custom('a')], bakes: true }))).toHaveLength(1);
  });

  test('always sum to 1, and none earns more than its share', () => {
    const kinds = fc.subarray([SLOW, THROTTLED, custom('a'), custom('b'), custom('c')]);
    fc.assert(
      fc.property(
        kinds,
        fc.boolean(),
        fc.option(fc.constant(0.05), { nil: undefined }),
        (metrics, bakes, maxErrorRate) => {
          const shares = sharesOf(settings({ metrics, bakes, maxErrorRate }));
          expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
          expect(shares.every(({ share, weight }) => weight > 0 && weight <= share)).toBe(true);
        },
      ),
      { seed: 6, numRuns: 100 },
    );
  });

  test('what the past does not earn pays for its bound, and all of it stays within alpha', () => {
    const alpha = 0.01;
    const shares = sharesOf(settings({ alpha, bakes: true, maxErrorRate: 0.05 }));
    const earned = shares.reduce((sum, { weight }) => sum + weight * alpha, 0);
    const paid = shares.reduce((sum, share) => sum + missOfPast(share, alpha), 0);
    expect(paid).toBeCloseTo(alpha * 0.02, 12);
    expect(earned + paid).toBeCloseTo(alpha, 12);
  });
});

describe('combine', () => {
  test('is the log of the weighted sum', () => {
    const tests = [found(3, true, 0.75), found(5, true, 0.25)];
    expect(combine(tests, 'evidence')).toBeCloseTo(Math.log(0.75 * Math.exp(3) + 0.25 * Math.exp(5)), 12);
    expect(combine(tests, 'suspicion')).toBeCloseTo(combine(tests, 'evidence') + 1, 12);
  });

  test('a test within the tolerance counts for 1 at most', () => {
    expect(combine([found(50, false, 0.75), found(0, false, 0.25)], 'evidence')).toBeCloseTo(0, 12);
    expect(combine([found(-2, false, 1)], 'evidence')).toBe(-2);
  });

  test.each([
    { evidence: 3, withoutWorst: 1, counts: { evidence: 1, suspicion: 1 } },
    { evidence: 3, withoutWorst: 8, counts: { evidence: 3, suspicion: 8 } },
    { evidence: -1, withoutWorst: -2, counts: { evidence: -2, suspicion: -2 } },
  ])('an excused minute counts for nothing: $evidence, $withoutWorst without it', ({ counts: expected, ...change }) => {
    const result = aResult({ ...change, suspicion: 40, isExcused: true });
    for (const statistic of ['evidence', 'suspicion'] as const) {
      expect(combine([{ weight: 1, result }], statistic)).toBe(expected[statistic]);
      const within = { ...result, beyondTolerance: false };
      expect(combine([{ weight: 1, result: within }], statistic)).toBe(Math.min(0, expected[statistic]));
      const blamed = { ...result, isExcused: false };
      expect(combine([{ weight: 1, result: blamed }], statistic)).toBe(blamed[statistic]);
    }
  });

  test('the culprit is not the test whose bad minute was excused', () => {
    const excused = aResult({ evidence: 9, suspicion: 40, withoutWorst: 1, isExcused: true });
    const loud = found(4, true, 0.2);
    for (const statistic of ['evidence', 'suspicion'] as const) {
      expect(deciding([{ weight: 0.6, result: excused }, loud], statistic)).toBe(loud.result);
    }
  });

  test('no test says nothing', () => {
    expect(combine([], 'evidence')).toBe(0);
    expect(deciding([], 'evidence')).toBeUndefined();
  });

  test('the culprit is the test that speaks loudest, not the one that exaggerates within the tolerance', () => {
    const [quiet, loud] = [found(50, false, 0.6), found(9, true, 0.2)];
    expect(deciding([quiet, loud], 'evidence')).toBe(loud.result);
  });
});

describe('isProvenAlone', () => {
  const evidence = fc.oneof(fc.double({ min: -3, max: 8, noNaN: true }), fc.constantFrom(0, 700, 5000));
  const tests = fc.array(fc.record({ evidence, beyond: fc.boolean() }), { minLength: 1, maxLength: 6 });

  test('is that it reaches 1/alpha on average with any of the others', () => {
    fc.assert(
      fc.property(tests, fc.constantFrom(0.05, 0.01), (list, alpha) => {
        const [first, ...others] = list.map((one) => found(one.evidence, one.beyond, 1 / list.length));
        if (first === undefined) return;
        const worth = ({ result }: Weighted): number => Math.min(result.evidence, result.beyondTolerance ? 600 : 0);
        const values = others.map(worth);
        const subsets = values.reduce<number[][]>((all, value) => [...all, ...all.map((set) => [...set, value])], [[]]);
        const own = worth(first);
        const expected = subsets.every((set) => {
          const sum = [own, ...set].reduce((total, value) => total + Math.exp(value), 0);
          return sum / (set.length + 1) >= 1 / alpha;
        });
        expect(isProvenAlone([first, ...others], first.result, -Math.log(alpha))).toBe(expected);
      }),
      { seed: 8, numRuns: 500 },
    );
  });

  test.each([
    { own: Math.log(101), other: 0, alone: false },
    { own: Math.log(200), other: 0, alone: true },
    { own: Math.log(150), other: Math.log(60), alone: true },
    { own: Math.log(101), other: 9000, alone: true },
  ])('$own beside $other: $alone', ({ own, other, alone }) => {
    const tests = [found(own, true, 0.6), found(other, true, 0.4)] as const;
    expect(isProvenAlone(tests, tests[0].result, Math.log(100))).toBe(alone);
  });

  test('by what it counts for without its excused minute', () => {
    const result = aResult({ evidence: 9, suspicion: 40, withoutWorst: Math.log(150), isExcused: true });
    const tests = [{ weight: 0.6, result }, found(0, true, 0.4)];
    expect(isProvenAlone(tests, result, Math.log(100))).toBe(false);
    expect(isProvenAlone(tests.slice(0, 1), result, Math.log(100))).toBe(true);
    const blamed = { ...result, isExcused: false };
    expect(isProvenAlone([{ weight: 0.6, result: blamed }, found(0, true, 0.4)], blamed, Math.log(100))).toBe(true);
  });
});
