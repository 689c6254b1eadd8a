import type { Metric } from '../../model/metric.ts';
import type { JudgeSettings, TestName, TestResult } from '../../model/verdict.ts';
import { logAdd } from './logs.ts';
import { comparedMetrics } from './metrics.ts';

/**
 * How the error budget alpha is divided between the tests that can ever speak. Fixed before the first shift: a share
 * chosen by what was seen would void alpha. The comparison of errors side by side gets most because most is decided there;
 * a test with share v needs ln(1/v) more evidence than alone, 0.5 or 2.3. Metrics of the user's share theirs.
 */
const METRIC_SHARES: Readonly<Record<Metric['kind'], number>> = {
  errors: 0.6,
  latency: 0.2,
  throttles: 0.1,
  custom: 0.1,
};
const SINGLE_SHARES = { ceiling: 0.2, past: 0.2 } as const;

/** The part of the past's share that pays for its upper bound being too low, and therefore earns no evidence. */
const PAST_BOUND_PART = 0.1;

/** What is tested: a metric side by side, or the error rate of the canary alone. */
export type Tested =
  { readonly test: 'concurrent'; readonly metric: Metric } | { readonly test: Exclude<TestName, 'concurrent'> };

/** One test's part in the sum of e-values. */
export type Share = Tested & {
  /** Share of alpha, over all tests together 1. */
  readonly share: number;
  /** What its e-value is multiplied with, at most `share`. */
  readonly weight: number;
};

export function sharesOf(settings: JudgeSettings): readonly Share[] {
  const metrics = settings.splits ? comparedMetrics(settings) : [];
  const customs = metrics.filter(({ kind }) => kind === 'custom').length;
  const parts: readonly (Tested & { readonly part: number })[] = [
    ...metrics.map((metric) => {
      const part = METRIC_SHARES[metric.kind] / (metric.kind === 'custom' ? customs : 1);
      return { test: 'concurrent', metric, part } as const;
    }),
    ...(settings.maxErrorRate === undefined ? [] : [{ test: 'ceiling', part: SINGLE_SHARES.ceiling } as const]),
    ...(settings.bakes ? [{ test: 'past', part: SINGLE_SHARES.past } as const] : []),
  ];
  const sum = parts.reduce((total, { part }) => total + part, 0);
  return parts.map(({ part, ...tested }) => {
    const share = part / sum;
    return { ...tested, share, weight: tested.test === 'past' ? share * (1 - PAST_BOUND_PART) : share };
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
export function combine(tests: readonly Weighted[], statistic: Statistic): number {
  if (tests.length === 0) return 0;
  return tests.reduce((sum, test) => logAdd(sum, contribution(test, statistic)), -Infinity);
}

/** The test that speaks loudest in the sum. */
export function deciding(tests: readonly Weighted[], statistic: Statistic): TestResult | undefined {
  return tests.toSorted((a, b) => contribution(b, statistic) - contribution(a, statistic))[0]?.result;
}

/**
 * Whether it is this test that is proven and not merely the sum (closed testing, Vovk & Wang 2021): it must reach 1/alpha
 * on average with any of the others, the weakest ones that can be chosen included.
 */
export function isProvenAlone(tests: readonly Weighted[], test: TestResult, proof: number): boolean {
  const others = tests
    .filter(({ result }) => result !== test)
    .map((other) => worth(other.result))
    .toSorted((a, b) => a - b);
  let sum = 0;
  return [worth(test), ...others].every((value, index) => {
    sum += value;
    return sum / (index + 1) >= Math.exp(proof);
  });
}

/** The e-value that a test adds to the sum, finite. */
function worth(result: TestResult): number {
  return Math.exp(Math.min(700, effective(result, 'evidence')));
}

type Statistic = 'evidence' | 'suspicion';

function contribution({ result, weight }: Weighted, statistic: Statistic): number {
  return Math.log(weight) + effective(result, statistic);
}

/** What a test counts for: nothing above 1 within the tolerance, and an excused minute not at all. */
function effective(result: TestResult, statistic: Statistic): number {
  const value = result.isExcused ? Math.min(result[statistic], result.withoutWorst) : result[statistic];
  return result.beyondTolerance ? value : Math.min(0, value);
}
