/** Difference between two samples, canary minus baseline. */
export interface Shift {
  /** Lower end of the two-sided confidence interval. */
  readonly low: number;
  /** Hodges and Lehmann's estimate: the median of all differences. */
  readonly estimate: number;
}

/**
 * The confidence interval of the Mann-Whitney test by the normal approximation with correction for continuity and ties, as R's
 * `wilcox.test(conf.int = TRUE, exact = FALSE)` computes it. That searches for the shift at which the statistic crosses its
 * quantile; as the statistic only changes where a pair of observations is level, the answer is one of the differences.
 *
 * @param quantile of the standard normal distribution: 2.326 for 98 %
 */
export function shiftOf(canary: readonly number[], baseline: readonly number[], quantile: number): Shift {
  const differences = new Float64Array(canary.length * baseline.length);
  let filled = 0;
  for (const value of canary) {
    for (const other of baseline) {
      differences[filled] = value - other;
      filled += 1;
    }
  }
  differences.sort();
  const low = differences[filled - pairsAbove(canary, baseline, quantile)];
  return { low: low ?? NaN, estimate: median(differences) };
}

/** Whether the interval can lie above 0 at all: cheap, and false for almost every healthy canary. */
export function mayBeHigher(canary: readonly number[], baseline: readonly number[], quantile: number): boolean {
  let higher = 0;
  for (const value of canary) {
    for (const other of baseline) if (value > other) higher += 1;
  }
  return higher >= pairsAbove(canary, baseline, quantile);
}

/** So many of the differences, the largest, have to be above a shift for it to be too small to be in the interval. */
function pairsAbove(canary: readonly number[], baseline: readonly number[], quantile: number): number {
  const pairs = canary.length * baseline.length;
  const size = canary.length + baseline.length;
  // Only ties inside each sample: a shift between two differences makes no others.
  const ties = tiesIn(canary) + tiesIn(baseline);
  const deviation = Math.sqrt((pairs / 12) * (size + 1 - ties / (size * (size - 1))));
  return Math.min(pairs, Math.floor(pairs / 2 + 0.5 + quantile * deviation) + 1);
}

/** Σ t³ − t over groups of t equal values. */
function tiesIn(values: readonly number[]): number {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  let ties = 0;
  for (const size of sizes.values()) ties += size ** 3 - size;
  return ties;
}

function median(sorted: Float64Array): number {
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
