import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { recognise, slowCount, statisticsFor } from '../../src/aws/latency.ts';
import type { LatencyStatistic } from '../../src/rollout/ports.ts';

type Values = Readonly<Record<string, number>>;

const count = (statistic: LatencyStatistic, values: Values, threshold = 300) =>
  slowCount({ statistic, threshold }, (stat) => values[stat]);

describe('what is asked for', () => {
  test.each([
    ['trimmed-count', 300, ['SampleCount', 'Minimum', 'TC(:300)']],
    ['percentile-rank', 1500, ['SampleCount', 'Minimum', 'PR(:1500)']],
    ['percentiles', 300, ['SampleCount', 'Minimum', 'p50', 'p75', 'p90', 'p95', 'p98', 'p99', 'p99.9', 'Maximum']],
  ] as const)('%s', (statistic, threshold, stats) => {
    expect(statisticsFor({ statistic, threshold })).toEqual(stats);
  });
});

describe('how many were slow', () => {
  test.each<[LatencyStatistic, Values, number | undefined, number | undefined]>([
    ['trimmed-count', { SampleCount: 100, 'TC(:300)': 90 }, 10, 10],
    ['trimmed-count', { SampleCount: 100, 'TC(:300)': 89.25 }, 10, 11],
    ['trimmed-count', { SampleCount: 100, 'TC(:300)': 90.000000001 }, 10, 10],
    ['trimmed-count', { SampleCount: 100, 'TC(:300)': 101 }, 0, 0],
    ['trimmed-count', { SampleCount: 100, 'TC(:300)': -1 }, 100, 100],
    ['trimmed-count', { SampleCount: 100 }, undefined, undefined],
    ['trimmed-count', { SampleCount: 100, Minimum: 300 }, undefined, undefined],
    ['trimmed-count', { SampleCount: 100, Minimum: 300.1 }, 100, 100],
    ['trimmed-count', { SampleCount: 0, 'TC(:300)': 0 }, undefined, undefined],
    ['trimmed-count', { 'TC(:300)': 5 }, undefined, undefined],
    ['percentile-rank', { SampleCount: 3, 'PR(:300)': 66.66666666666667 }, 1, 1],
    ['percentile-rank', { SampleCount: 1000, 'PR(:300)': 99.95 }, 0, 1],
    ['percentile-rank', { SampleCount: 1000, 'PR(:300)': 0 }, 1000, 1000],
    ['percentile-rank', { SampleCount: 1000, 'PR(:300)': 100 }, 0, 0],
    ['percentiles', { SampleCount: 1000, p90: 200, p95: 310 }, 50, 100],
    ['percentiles', { SampleCount: 1000, p90: 300, p99: 300 }, 0, 10],
    ['percentiles', { SampleCount: 1000, p50: 400 }, 500, 1000],
    ['percentiles', { SampleCount: 1000, Minimum: 301, p50: 400 }, 1000, 1000],
    ['percentiles', { SampleCount: 1000, 'p99.9': 200, Maximum: 299 }, 0, 0],
    ['percentiles', { SampleCount: 3, p50: 200, p75: 400 }, 0, 2],
    ['percentiles', { SampleCount: 1000, p50: 400, p90: 200 }, 100, 500],
    ['percentiles', { SampleCount: 1000 }, undefined, undefined],
  ])('%s %j: %s to %s', (statistic, values, least, most) => {
    const expected = least === undefined ? undefined : { samples: values['SampleCount'], least, most };
    expect(count(statistic, values)).toEqual(expected);
  });
});

/** Sample quantiles by the place in the order from which each definition interpolates (Hyndman and Fan, types 4 to 8). */
const DEFINITIONS: readonly ((n: number, q: number) => number)[] = [
  (n, q) => n * q,
  (n, q) => n * q + 0.5,
  (n, q) => (n + 1) * q,
  (n, q) => (n - 1) * q + 1,
  (n, q) => (n + 1 / 3) * q + 1 / 3,
];

function quantile(sorted: readonly number[], place: number): number {
  const inside = Math.min(sorted.length, Math.max(1, place));
  const [low, high] = [sorted[Math.floor(inside) - 1] ?? NaN, sorted[Math.ceil(inside) - 1] ?? NaN];
  return low + (inside - Math.floor(inside)) * (high - low);
}

test('percentiles never claim what is not so, however they are defined', () => {
  const durations = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 });
  const property = fc.property(durations, fc.constantFrom(...DEFINITIONS), fc.boolean(), (all, placeOf, ends) => {
    const sorted = all.toSorted((a, b) => a - b);
    const n = sorted.length;
    const values: Record<string, number> = { SampleCount: n };
    if (ends) Object.assign(values, { Minimum: sorted[0], Maximum: sorted.at(-1) });
    for (const rank of [50, 75, 90, 95, 98, 99, 99.9]) values[`p${rank}`] = quantile(sorted, placeOf(n, rank / 100));
    const bounds = count('percentiles', values, 20);
    const slow = sorted.filter((duration) => duration > 20).length;
    return bounds !== undefined && bounds.least <= slow && slow <= bounds.most;
  });
  fc.assert(property, { seed: 7, numRuns: 2000 });
});

describe('what the baseline has', () => {
  const series = (...values: readonly number[]): ReadonlyMap<number, number> =>
    new Map(values.map((value, index) => [index * 60_000, value]));

  test.each([
    ['both', [100, 50], [90, 50], [90, 100], 'trimmed-count'],
    ['in some minutes', [100, 50], [90], [], 'trimmed-count'],
    ['more than there were', [100], [101], [90], 'percentile-rank'],
    ['less than none', [100], [-1], [90], 'percentile-rank'],
    ['counts where there are none', [100], [90, 5], [90], 'percentile-rank'],
    ['ranks only', [100], [], [90], 'percentile-rank'],
    ['ranks as fractions', [100], [], [0.9], 'percentiles'],
    ['ranks beyond all', [100], [], [101], 'percentiles'],
    ['neither', [100], [], [], 'percentiles'],
  ])('%s', (_, samples, trimmed, ranks, statistic) => {
    const found = recognise({ samples: series(...samples), trimmed: series(...trimmed), ranks: series(...ranks) });
    expect(found).toEqual({ statistic, proven: true });
  });

  test('no traffic proves nothing', () => {
    const found = recognise({ samples: series(), trimmed: series(), ranks: series() });
    expect(found).toEqual({ statistic: 'trimmed-count', proven: false });
  });
});
