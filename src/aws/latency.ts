import type { LatencyStatistic, SlowCount, WatchList } from '../rollout/ports.ts';

/** `threshold` in ms. */
type Latency = NonNullable<WatchList['latency']>;

/** The value of a statistic in one minute; undefined where CloudWatch has none. */
type StatisticOf = (stat: string) => number | undefined;

/** Start of a minute → value of the statistic. */
type Series = ReadonlyMap<number, number>;

/** Percentiles by their rank in thousandths; the least and the greatest duration are the outermost. */
const PERCENTILES = [
  { stat: 'Minimum', rank: 0 },
  ...[500, 750, 900, 950, 980, 990, 999].map((rank) => ({ stat: `p${rank / 10}`, rank })),
  { stat: 'Maximum', rank: 1000 },
];

/**
 * How many invocations took up to `threshold` ms, and which percentage (CloudWatch user guide, "CloudWatch statistics
 * definitions": the upper bound is inclusive).
 */
export const trimmedCount = (threshold: number): string => `TC(:${threshold})`;
export const percentileRank = (threshold: number): string => `PR(:${threshold})`;

/** The statistics of Duration that {@link slowCount} needs. */
export function statisticsFor({ threshold, statistic }: Latency): readonly string[] {
  switch (statistic) {
    case 'trimmed-count':
      return ['SampleCount', 'Minimum', trimmedCount(threshold)];
    case 'percentile-rank':
      return ['SampleCount', 'Minimum', percentileRank(threshold)];
    case 'percentiles':
      return ['SampleCount', ...PERCENTILES.map(({ stat }) => stat)];
  }
}

/** How many invocations of one minute were slower than the threshold; undefined when nothing tells. */
export function slowCount({ threshold, statistic }: Latency, valueOf: StatisticOf): SlowCount | undefined {
  const samples = Math.round(valueOf('SampleCount') ?? 0);
  if (samples <= 0) return undefined;
  if (statistic === 'percentiles') return bracket(samples, threshold, valueOf);
  const isCount = statistic === 'trimmed-count';
  const value = valueOf(isCount ? trimmedCount(threshold) : percentileRank(threshold));
  if (value !== undefined) return around(samples, isCount ? samples - value : (samples * (100 - value)) / 100);
  // Of a minute with nothing up to the threshold CloudWatch may have no point at all.
  return (valueOf('Minimum') ?? 0) > threshold ? { samples, least: samples, most: samples } : undefined;
}

/** A count that CloudWatch may have interpolated. What doubles add to a whole number is no interpolation. */
function around(samples: number, slow: number): SlowCount {
  const whole = Math.round(slow);
  const isWhole = Math.abs(slow - whole) < 1e-6;
  const [least, most] = isWhole ? [whole, whole] : [Math.floor(slow), Math.ceil(slow)];
  return { samples, least: clamp(least, samples), most: clamp(most, samples) };
}

function clamp(count: number, samples: number): number {
  return Math.min(samples, Math.max(0, count));
}

/**
 * Of N invocations, at most ⌈N(1 − q)⌉ are slower than a threshold that the percentile of rank q does not exceed, and at
 * least ⌊N(1 − q)⌋ when it does. That holds for all nine definitions of sample quantiles of Hyndman and Fan ("Sample
 * quantiles in statistical packages", 1996), with and without interpolation, because each lies between the order
 * statistics ⌊qN⌋ and ⌈qN⌉ + 1. Which one CloudWatch uses is not documented.
 */
function bracket(samples: number, threshold: number, valueOf: StatisticOf): SlowCount | undefined {
  const known = PERCENTILES.flatMap(({ stat, rank }) => {
    const value = valueOf(stat);
    return value === undefined ? [] : [{ rank, isSlow: value > threshold }];
  });
  if (known.length === 0) return undefined;
  const fast = known.findLast(({ isSlow }) => !isSlow)?.rank ?? 0;
  const slow = known.find(({ isSlow }) => isSlow)?.rank ?? 1000;
  const most = Math.ceil((samples * (1000 - fast)) / 1000);
  const least = Math.floor((samples * (1000 - slow)) / 1000);
  // Percentiles that contradict each other say only that it is somewhere between them.
  return { samples, least: Math.min(least, most), most: Math.max(least, most) };
}

/** Which statistic the baseline's durations have, by what was read of them. */
export function recognise(series: { samples: Series; trimmed: Series; ranks: Series }): {
  readonly statistic: LatencyStatistic;
  readonly proven: boolean;
} {
  const { samples, trimmed, ranks } = series;
  if (samples.size === 0) return { statistic: 'trimmed-count', proven: false };
  const counts = [...trimmed].every(([minute, value]) => value >= 0 && value <= (samples.get(minute) ?? 0));
  if (trimmed.size > 0 && counts) return { statistic: 'trimmed-count', proven: true };
  const values = [...ranks.values()];
  // Nothing above 1 would be a fraction rather than a percentage.
  const percentages = values.every((value) => value >= 0 && value <= 100) && values.some((value) => value > 1);
  return { statistic: percentages ? 'percentile-rank' : 'percentiles', proven: true };
}
