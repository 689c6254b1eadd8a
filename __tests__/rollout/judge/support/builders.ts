import type { JudgedMinutes } from '../../../../src/rollout/judge/judge.ts';
import { MINUTE } from '../../../../src/model/time.ts';
import type { Counts, Minute } from '../../../../src/model/traffic.ts';
import type { Metric, MetricMinutes } from '../../../../src/model/metric.ts';
import type { JudgeSettings, TestResult } from '../../../../src/model/verdict.ts';

/** Baseline invocations, baseline errors, canary invocations, canary errors. */
export type CountRow = readonly [number, number, number, number];

export function minutesOf(rows: readonly CountRow[]): Minute[] {
  return rows.map(([nb, eb, nc, ec], index) => ({
    start: index * MINUTE,
    baseline: counts(nb, eb),
    canary: counts(nc, ec),
  }));
}

export function repeat<T>(times: number, value: T): T[] {
  return Array.from({ length: times }, () => value);
}

export function counts(invocations: number, errors: number): Counts {
  return { invocations, errors };
}

/** Minutes in which the canary had all traffic. */
export function aloneOf(rows: readonly (readonly [number, number])[]): Minute[] {
  return minutesOf(rows.map(([invocations, errors]) => [0, 0, invocations, errors]));
}

/** A window of final minutes side by side, unless said otherwise. */
export function aWindow(rows: readonly CountRow[], change: Partial<JudgedMinutes> = {}): JudgedMinutes {
  const concurrent = minutesOf(rows);
  const alone = change.alone ?? [];
  return {
    concurrent,
    finalMinutes: concurrent.length,
    alone,
    finalAlone: alone.length,
    past: [],
    metrics: new Map(),
    spillOver: [],
    stretches: [],
    vetoes: [],
    unknown: [],
    ...change,
  };
}

/** The inputs' defaults with a stepped strategy and no bake. */
export function settings(change: Partial<JudgeSettings> = {}): JudgeSettings {
  return {
    alpha: 0.01,
    errorTolerance: 0.001,
    maxErrorRate: undefined,
    passMargin: 0.01,
    metrics: [],
    minInvocations: 1,
    splits: true,
    bakes: false,
    ...change,
  };
}

/** The share of slow invocations, with the tolerance of the inputs. */
export const SLOW: Metric = {
  kind: 'latency',
  name: 'share of invocations slower than 300ms',
  tolerance: 0.05,
  oddsRatio: 1.25,
  margin: 0.05,
};

/** What nobody gave a margin does not stand in the way of a pass. */
export const THROTTLED: Metric = {
  kind: 'throttles',
  name: 'throttle rate',
  tolerance: 0.001,
  oddsRatio: 1,
  margin: undefined,
};

/** A metric of the user's. */
export function custom(name: string, change: Partial<Metric> = {}): Metric {
  return { kind: 'custom', name, tolerance: 0.001, oddsRatio: 1, margin: 0.01, ...change };
}

/** Exact counts of one metric. */
export function exactly(rows: readonly CountRow[]): MetricMinutes {
  const minutes = minutesOf(rows);
  return { lenient: minutes, strict: minutes };
}

/** What a test found, without a word against the canary unless said otherwise. */
export function aResult(change: Partial<TestResult> = {}): TestResult {
  return {
    test: 'concurrent',
    metric: 'error rate',
    evidence: 0,
    suspicion: 0,
    withoutWorst: 0,
    isExcused: false,
    beyondTolerance: true,
    excess: 0,
    minutes: 10,
    canary: counts(0, 0),
    reference: counts(0, 0),
    ...change,
  };
}
