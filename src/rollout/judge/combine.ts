import type { JudgeSettings, TestName, TestResult } from '../../model/verdict.ts';
import { logAdd } from './mixture.ts';

/**
 * How the error budget alpha is divided between the tests that can ever speak. Fixed before the first shift: a share
 * chosen by what was seen would void alpha. The comparison side by side gets most because most is decided there; a test
 * with share v needs ln(1/v) more evidence than alone, 0.3 or 1.6.
 */
const SHARES: Readonly<Record<TestName, number>> = { concurrent: 0.6, ceiling: 0.2, past: 0.2 };

/** The part of the past's share that pays for its upper bound being too low, and therefore earns no evidence. */
const PAST_BOUND_PART = 0.1;

/** One test's part in the sum of e-values. */
export interface Share {
  readonly test: TestName;
  /** Share of alpha, over all tests together 1. */
  readonly share: number;
  /** What its e-value is multiplied with, at most `share`. */
  readonly weight: number;
}

export function sharesOf({ splits, bakes, maxErrorRate }: JudgeSettings): readonly Share[] {
  const configured: Readonly<Record<TestName, boolean>> = {
    concurrent: splits,
    ceiling: maxErrorRate !== undefined,
    past: bakes,
  };
  const tests = (['concurrent', 'ceiling', 'past'] as const).filter((test) => configured[test]);
  const sum = tests.reduce((total, test) => total + SHARES[test], 0);
  return tests.map((test) => {
    const share = SHARES[test] / sum;
    return { test, share, weight: test === 'past' ? share * (1 - PAST_BOUND_PART) : share };
  });
}

/** Probability with which the bound on the baseline's past may miss, so that all of it stays within alpha. */
export function missOfPast(share: Share, alpha: number): number {
  return alpha * (share.share - share.weight);
}

/** A test and its part in the sum. */
export interface Weighted {
  readonly result: TestResult;
  readonly weight: number;
}

/**
 * Log of Σ weight·E: an e-process without any assumption on how the tests depend on each other (Vovk & Wang 2021), and
 * never less than what Bonferroni's correction would allow. A test whose difference is within the tolerance counts for
 * 1 at most and so cannot roll back.
 */
export function combine(tests: readonly Weighted[], statistic: 'evidence' | 'suspicion'): number {
  if (tests.length === 0) return 0;
  return tests.reduce((sum, test) => logAdd(sum, contribution(test, statistic)), -Infinity);
}

/** The test that speaks loudest in the sum. */
export function deciding(tests: readonly Weighted[], statistic: 'evidence' | 'suspicion'): TestResult | undefined {
  return tests.toSorted((a, b) => contribution(b, statistic) - contribution(a, statistic))[0]?.result;
}

function contribution({ result, weight }: Weighted, statistic: 'evidence' | 'suspicion'): number {
  const value = result[statistic];
  return Math.log(weight) + (result.beyondTolerance ? value : Math.min(0, value));
}
