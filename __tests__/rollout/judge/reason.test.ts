import { describe, expect, test } from '@jest/globals';
import type { TestResult } from '../../../src/model/verdict.ts';
import { failReason, inconclusiveReason, passReason, suspectReason } from '../../../src/rollout/judge/reason.ts';
import type { Facts } from '../../../src/rollout/judge/reason.ts';
import { counts } from './support/builders.ts';

const NONE = counts(0, 0);
const LIMITS = { errorTolerance: 0.001, maxErrorRate: 0.05 };

function aResult(change: Partial<TestResult>): TestResult {
  return {
    test: 'concurrent',
    evidence: Math.log(9.5e13),
    suspicion: Math.log(3.2e20),
    beyondTolerance: true,
    excess: 0.022,
    canary: counts(996, 23),
    reference: counts(8964, 9),
    minutes: 10,
    ...change,
  };
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
    ...change,
  };
}

describe('failReason', () => {
  test.each([
    ['side by side', {}, 'error rate 2.31% vs 0.10% (23/996 vs 9/8964), evidence 1:9e13'],
    [
      'side by side, totals misleading',
      { reference: counts(8964, 900) },
      'error rate 2.31% vs 10.04% (23/996 vs 900/8964), 2.20 points higher minute by minute, evidence 1:9e13',
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
    expect(failReason(aResult(change), LIMITS)).toBe(sentence);
  });

  test('a ceiling that was not given reads as one that nothing exceeds', () => {
    const result = aResult({ test: 'ceiling', reference: undefined });
    expect(failReason(result, { errorTolerance: 0, maxErrorRate: undefined })).toContain('vs max-error-rate 100.00%');
  });
});

test('suspectReason says what one minute carries', () => {
  expect(suspectReason(aResult({ evidence: Math.log(12) }), LIMITS)).toBe(
    'error rate 2.31% vs 0.10% (23/996 vs 9/8964), evidence 1:3e20 but 1:12 without the worst minute: not confirmed',
  );
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
    expect(passReason(facts(change))).toBe(sentence);
  });
});

describe('inconclusiveReason', () => {
  test.each([
    ['nothing ripe', { baseline: NONE, canary: NONE, minutes: 0 }, 'no minute is old enough to be judged yet'],
    ['no traffic at all', { baseline: NONE, canary: NONE }, 'no invocations: neither version had traffic'],
    ['a silent canary', { canary: NONE }, 'no invocations of the canary, 8964 of the baseline'],
    ['nothing final', { finalMinutes: 0, finalCanary: NONE }, 'no minute is final yet: 996 canary invocations so far'],
    ['too few', { finalCanary: counts(12, 0) }, 'too few canary invocations: 12 of 100 in final minutes'],
  ] as const)('%s', (_, change, sentence) => {
    expect(inconclusiveReason(facts(change), 100)).toBe(sentence);
  });
});
