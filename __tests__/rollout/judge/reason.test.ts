import { describe, expect, test } from '@jest/globals';
import type { TestResult } from '../../../src/model/verdict.ts';
import { failReason, inconclusiveReason, passReason, suspectReason } from '../../../src/rollout/judge/reason.ts';
import type { Facts } from '../../../src/rollout/judge/reason.ts';
import { aResult, counts } from './support/builders.ts';

const NONE = counts(0, 0);
const LIMITS = { maxErrorRate: 0.05, together: undefined };

function found(change: Partial<TestResult> = {}): TestResult {
  return aResult({
    evidence: Math.log(9.5e13),
    suspicion: Math.log(3.2e20),
    withoutWorst: Math.log(3.2e20),
    excess: 0.022,
    canary: counts(996, 23),
    reference: counts(8964, 9),
    ...change,
  });
}

function facts(change: Partial<Facts>): Facts {
  return {
    baseline: counts(8964, 9),
    canary: counts(996, 1),
    alone: NONE,
    past: undefined,
    finalCanary: counts(996, 1),
    finalMinutes: 10,
    minutes: 10,
    evidence: 0,
    excused: [],
    ...change,
  };
}

describe('failReason', () => {
  test.each([
    ['side by side', {}, 'error rate 2.31% vs 0.10% (23/996 vs 9/8964), evidence 1:9e13'],
    [
      'side by side, totals misleading',
      { reference: counts(8964, 900) },
      'error rate 2.31% vs 10.04% (23/996 vs 900/8964), 2.2 points higher minute by minute, evidence 1:9e13',
    ],
    [
      'above the ceiling',
      { test: 'ceiling', reference: undefined, canary: counts(1000, 71), minutes: 1 },
      'error rate 7.10% vs max-error-rate 5.00% (71/1000 in the last minute), evidence 1:9e13',
    ],
    [
      'against the past',
      { test: 'past' },
      "error rate 2.31% vs 0.10% in the baseline's past (23/996 in the last 10 minutes vs 9/8964), evidence 1:9e13",
    ],
  ] as const)('%s', (_, change, sentence) => {
    const result = found(change);
    expect(failReason(result, { ...LIMITS, evidence: result.evidence, isAlone: true })).toBe(sentence);
  });

  test('a ceiling that was not given reads as one that nothing exceeds', () => {
    const result = found({ test: 'ceiling', reference: undefined });
    expect(failReason(result, { maxErrorRate: undefined, evidence: 5, isAlone: true })).toContain(
      'vs max-error-rate 100.00%',
    );
  });

  test('says so where it took all metrics together', () => {
    const result = found({ metric: 'failed payments', evidence: Math.log(88) });
    expect(failReason(result, { ...LIMITS, evidence: Math.log(130), isAlone: false })).toBe(
      'failed payments 2.31% vs 0.10% (23/996 vs 9/8964), evidence 1:130 with all metrics together',
    );
  });
});

describe('suspectReason', () => {
  test.each([
    [
      'one minute carries it',
      { withoutWorst: Math.log(12) },
      'error rate 2.31% vs 0.10% (23/996 vs 9/8964), suspicion 1:3e20, 1:12 without the worst minute: not confirmed',
    ],
    [
      'there is nothing to leave out',
      { suspicion: Math.log(50), withoutWorst: Math.log(50) },
      'error rate 2.31% vs 0.10% (23/996 vs 9/8964), suspicion 1:50: not confirmed',
    ],
  ])('%s', (_, change, sentence) => {
    expect(suspectReason(found(change), LIMITS)).toBe(sentence);
  });
});

describe('passReason', () => {
  test.each([
    ['nothing against it', {}, 'error rate 0.10% vs 0.10% (1/996 vs 9/8964), no evidence against the canary'],
    [
      'some evidence',
      { canary: counts(996, 4), evidence: Math.log(7.9) },
      'error rate 0.40% vs 0.10% (4/996 vs 9/8964), evidence 1:7',
    ],
    [
      'a silent baseline',
      { baseline: NONE, canary: counts(10, 0) },
      'error rate 0.00% vs no invocations (0/10 vs 0/0), no evidence against the canary',
    ],
    [
      'after a bake',
      { canary: counts(996, 4), alone: counts(5000, 6) },
      'error rate 0.40% vs 0.10% (4/996 vs 9/8964), then 0.12% alone (6/5000), no evidence against the canary',
    ],
    [
      'an excused minute',
      { canary: counts(996, 40), excused: ['error rate'] },
      'error rate 4.02% vs 0.10% (40/996 vs 9/8964), one bad minute of the error rate excused, no evidence against the canary',
    ],
    [
      'an excused minute of several metrics',
      { excused: ['error rate', 'throttle rate'] },
      'error rate 0.10% vs 0.10% (1/996 vs 9/8964), one bad minute of the error rate and the throttle rate excused, no evidence against the canary',
    ],
    [
      'only a bake',
      { baseline: NONE, canary: NONE, alone: counts(5000, 6) },
      'error rate 0.12% (6/5000), no evidence against the canary',
    ],
    [
      'only a bake, with a past',
      { baseline: NONE, canary: NONE, alone: counts(5000, 6), past: counts(10_000, 30) },
      "error rate 0.12% vs 0.30% in the baseline's past (6/5000 vs 30/10000), no evidence against the canary",
    ],
  ] as const)('%s', (_, change, sentence) => {
    expect(passReason(facts(change), { ruledOut: undefined })).toBe(sentence);
  });
});

test.each([
  [0.004, '0.4 points'],
  [0.01, '1 point'],
  [0.0125, '1.25 points'],
  [0.0001, '0.01 points'],
  [0.5, '50 points'],
])('passReason is sure of %d in words', (ruledOut, words) => {
  expect(passReason(facts({}), { ruledOut })).toBe(
    `error rate 0.10% vs 0.10% (1/996 vs 9/8964), no evidence against the canary, 95% sure that it rose by less than ${words}`,
  );
});

describe('inconclusiveReason', () => {
  test.each([
    ['nothing ripe', { baseline: NONE, canary: NONE, minutes: 0 }, 'no minute is old enough to be judged yet'],
    ['no traffic at all', { baseline: NONE, canary: NONE }, 'no invocations: neither version had traffic'],
    ['a silent canary', { canary: NONE }, 'no invocations of the canary, 8964 of the baseline'],
    ['nothing final', { finalMinutes: 0, finalCanary: NONE }, 'no minute is final yet: 996 canary invocations so far'],
    ['too few', { finalCanary: counts(12, 0) }, 'too few canary invocations: 12 of 100 in final minutes'],
  ] as const)('%s', (_, change, sentence) => {
    const safety = { missing: 7, unproven: undefined };
    expect(inconclusiveReason(facts(change), { needed: 100, safety })).toBe(sentence);
  });

  const ERRORS = { metric: 'error rate', evidence: 1, margin: 0.01 };
  const PAYMENTS = { metric: 'failed payments', evidence: 1, margin: 0.005 };
  test.each([
    {
      unproven: { assurance: ERRORS, seen: 996 },
      what: 'about 210 more canary invocations are needed to rule out a rise of the error rate by 1 point',
    },
    {
      unproven: { assurance: PAYMENTS, seen: 3 },
      what: 'about 210 more canary invocations are needed to rule out a rise of the failed payments by 0.5 points',
    },
    {
      unproven: { assurance: PAYMENTS, seen: 0 },
      what: 'no minute has counted yet for the failed payments, so nothing rules out a rise of the failed payments by 0.5 points',
    },
    { unproven: undefined, what: 'there is nothing to compare with' },
  ])('enough, but no proof yet: $what', ({ unproven, what }) => {
    expect(inconclusiveReason(facts({}), { needed: 100, safety: { missing: 210, unproven } })).toBe(
      `error rate 0.10% vs 0.10% (1/996 vs 9/8964), but too little for a pass: ${what}`,
    );
  });
});
