import type { MetricStore, Point, Selection } from './metrics.ts';
import type { Scenario } from './scenario.ts';

/** Log-normal durations of one version: median in ms and the deviation of the logarithm. */
interface Shape {
  readonly median: number;
  readonly sigma: number;
}

/** Standard normal distribution function, by the approximation 26.2.17 of Abramowitz and Stegun (error below 1e-7). */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const tail = series.reduce((sum, c, i) => sum + c * t ** (i + 1), 0) * Math.exp((-z * z) / 2) * 0.3989422804014327;
  return z >= 0 ? 1 - tail : tail;
}

function shareUpTo({ median, sigma }: Shape, ms: number): number {
  return ms <= 0 ? 0 : normalCdf(Math.log(ms / median) / sigma);
}

/** By bisection: quantiles are asked for rarely. */
function quantile(shape: Shape, share: number): number {
  let [low, high] = [0, shape.median * 1000];
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (shareUpTo(shape, middle) < share) low = middle;
    else high = middle;
  }
  return high;
}

function shapeOf(scenario: Scenario, name: string, version: string | undefined): Shape {
  const spec = (scenario.traffic ?? []).find((traffic) => traffic.function === name);
  const medians = spec?.durationMs;
  return { median: medians?.[version ?? ''] ?? medians?.['default'] ?? 100, sigma: spec?.durationSigma ?? 0.5 };
}

/** `TC(low:high)` and `PR(low:high)`; either end may be missing. */
const RANGE = /^(TC|PR)\(([\d.]*):([\d.]*)\)$/;

function inRange(shape: Shape, low: string, high: string): number {
  return (high === '' ? 1 : shareUpTo(shape, Number(high))) - (low === '' ? 0 : shareUpTo(shape, Number(low)));
}

/** Is this a statistic of durations that the simulator knows? */
export function isDurationStatistic(stat: string): boolean {
  return /^(Sum|Average|SampleCount|Minimum|Maximum|p\d{1,2}(\.\d+)?)$/.test(stat) || RANGE.test(stat);
}

/** One version's statistic; expected values, without noise. */
function statistic(stat: string, shape: Shape, count: number): number {
  const mean = shape.median * Math.exp(shape.sigma ** 2 / 2);
  const range = RANGE.exec(stat);
  if (range !== null) {
    const share = inRange(shape, range[2] ?? '', range[3] ?? '');
    return range[1] === 'PR' ? 100 * share : Math.round(share * count);
  }
  if (stat.startsWith('p')) return quantile(shape, Number(stat.slice(1)) / 100);
  if (stat === 'Minimum') return quantile(shape, 1 / (count + 1));
  if (stat === 'Maximum') return quantile(shape, count / (count + 1));
  if (stat === 'Average') return mean;
  return stat === 'Sum' ? mean * count : count;
}

/**
 * Minute → the statistic of Duration. Over several versions, counts and sums are added; the others are the mean by
 * traffic, which for percentiles is a simplification.
 */
export function readDurations(
  { store, scenario }: { readonly store: MetricStore; readonly scenario: Scenario },
  selection: Selection,
  stat: string,
  span: { readonly from: number; readonly to: number; readonly now: number },
): Map<number, number> {
  const totals = store.read(selection, span);
  const sums = new Map<number, number>();
  for (const version of store.versions(selection)) {
    const shape = shapeOf(scenario, selection.function, version);
    const own: Map<number, Point> = store.read({ ...selection, only: version ?? null }, span);
    for (const [minute, { invocations }] of own) {
      if (invocations === 0) continue;
      const adds = stat === 'Sum' || stat === 'SampleCount' || stat.startsWith('TC');
      const part = adds ? 1 : invocations / (totals.get(minute)?.invocations ?? invocations);
      sums.set(minute, (sums.get(minute) ?? 0) + part * statistic(stat, shape, invocations));
    }
  }
  return sums;
}
