/** Standard normal quantile of a two-sided 95 % interval. */
const QUANTILE = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's 95 % interval of a share (Journal of the American Statistical Association 22, 1927); everything without data. */
export function wilson(hits: number, runs: number): Interval {
  if (runs === 0) return { low: 0, high: 1 };
  const share = hits / runs;
  const z = QUANTILE * QUANTILE;
  const centre = share + z / (2 * runs);
  const reach = QUANTILE * Math.sqrt((share * (1 - share)) / runs + z / (4 * runs * runs));
  const scale = 1 + z / runs;
  return { low: Math.max(0, (centre - reach) / scale), high: Math.min(1, (centre + reach) / scale) };
}

/** The value that so large a part of all is at most as large as; the values may be infinite. NaN without any. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(part * sorted.length) - 1))] ?? NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
