/** Measured values of a period, each with how often it occurred; in any order, a value may be there twice. */
export type Samples = readonly (readonly [value: number, count: number])[];

/** `TC(low:high)` and `PR(low:high)` in the metric's unit; either end may be missing. */
const RANGE = /^(TC|PR)\(([\d.]*):([\d.]*)\)$/;
const PLAIN = /^(Sum|Average|SampleCount|Minimum|Maximum|p\d{1,2}(\.\d+)?)$/;

/** Trimmed counts and percentile ranks: what CloudWatch may or may not have for Lambda. */
export function isRangeStatistic(stat: string): boolean {
  return RANGE.test(stat);
}

/** Is this a statistic that the simulator knows? */
export function isStatistic(stat: string): boolean {
  return PLAIN.test(stat) || isRangeStatistic(stat);
}

function countOf(samples: Samples): number {
  return samples.reduce((total, [, count]) => total + count, 0);
}

function sumOf(samples: Samples): number {
  return samples.reduce((total, [value, count]) => total + value * count, 0);
}

/** Nearest rank: the least value that `share` of the samples do not exceed. */
function percentile(samples: Samples, share: number): number {
  let left = Math.max(1, Math.ceil(countOf(samples) * share));
  const rising = samples.toSorted(([a], [b]) => a - b);
  return rising.find(([, count]) => (left -= count) <= 0)?.[0] ?? 0;
}

/** `low` is exclusive, `high` inclusive, as the CloudWatch User Guide says under "Statistics definitions". */
function countWithin(samples: Samples, low: string, high: string): number {
  const [above, upTo] = [low === '' ? -Infinity : Number(low), high === '' ? Infinity : Number(high)];
  return samples.reduce((total, [value, count]) => (value > above && value <= upTo ? total + count : total), 0);
}

/** A statistic that `isStatistic`; undefined without samples. All of one set of samples agree with each other. */
export function statisticOf(stat: string, all: Samples): number | undefined {
  const samples = all.every(([, count]) => count > 0) ? all : all.filter(([, count]) => count > 0);
  if (samples.length === 0) return undefined;
  const range = RANGE.exec(stat);
  if (range !== null) {
    const within = countWithin(samples, range[2] ?? '', range[3] ?? '');
    return range[1] === 'PR' ? (100 * within) / countOf(samples) : within;
  }
  if (stat.startsWith('p')) return percentile(samples, Number(stat.slice(1)) / 100);
  if (stat === 'Minimum') return percentile(samples, 0);
  if (stat === 'Maximum') return percentile(samples, 1);
  if (stat === 'SampleCount') return countOf(samples);
  return stat === 'Sum' ? sumOf(samples) : sumOf(samples) / countOf(samples);
}
