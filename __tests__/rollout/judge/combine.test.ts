import { describe, expect, test } from '@jest/globals';
import { combine, deciding, missOfPast, sharesOf } from '../../../src/rollout/judge/combine.ts';
import type { Weighted } from '../../../src/rollout/judge/combine.ts';
import { counts, settings } from './support/builders.ts';

function found(evidence: number, beyondTolerance: boolean, weight: number): Weighted {
  const totals = { canary: counts(1, 1), reference: undefined, minutes: 1, excess: 0 };
  return { weight, result: { test: 'ceiling', evidence, suspicion: evidence + 1, beyondTolerance, ...totals } };
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

  test('no test says nothing', () => {
    expect(combine([], 'evidence')).toBe(0);
    expect(deciding([], 'evidence')).toBeUndefined();
  });

  test('the culprit is the test that speaks loudest, not the one that exaggerates within the tolerance', () => {
    const [quiet, loud] = [found(50, false, 0.6), found(9, true, 0.2)];
    expect(deciding([quiet, loud], 'evidence')).toBe(loud.result);
  });
});
