import { describe, expect, test } from '@jest/globals';
import { withBench } from './bench.ts';
import { ALIAS, MINUTE, VERSION, query, read, scenario, valuesOf } from './metric-queries.ts';

const STATS = { median: 'p50', below: 'TC(:400)', share: 'PR(:400)', above: 'TC(400:)', mean: 'Average' } as const;

/** Queries for Durations of a version, and for what they must agree with. */
function queries(dimensions: Record<string, string>) {
  const counts = [
    query('invocations', 'Invocations', dimensions),
    query('samples', 'Duration', dimensions, { Stat: 'SampleCount' }),
    query('total', 'Duration', dimensions),
  ];
  return [...counts, ...Object.entries(STATS).map(([id, Stat]) => query(id, 'Duration', dimensions, { Stat }))];
}

const row = (values: Record<string, number[]>, minute: number): Record<string, number> =>
  Object.fromEntries(Object.entries(values).map(([id, series]) => [id, series[minute] ?? NaN]));

describe('durations', () => {
  test.each([
    ['a version', VERSION('2')],
    ['the alias', ALIAS],
  ])('of %s: every statistic is one of the same invocations', async (_, dimensions) => {
    await withBench(scenario({}, { durationMs: { default: 100, 2: 400 } }), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(8 * MINUTE);
      const values = await valuesOf(cloudwatch, queries(dimensions), 5);
      expect(values['samples']).toEqual(values['invocations']);
      for (let minute = 0; minute < 5; minute += 1) {
        const { samples = 0, below = 0, above = 0, share, mean, total = 0 } = row(values, minute);
        expect(Number.isInteger(below)).toBe(true);
        expect(below + above).toBe(samples);
        expect(share).toBeCloseTo((100 * below) / samples, 9);
        expect(mean).toBeCloseTo(total / samples, 6);
      }
      expect(new Set(values['share']).size).toBeGreaterThan(1);
    });
  });

  test('have the distribution that the scenario says', async () => {
    const traffic = { perMinute: 12_000, durationMs: { 2: 400 } };
    await withBench(scenario({}, traffic), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(6 * MINUTE);
      const period = { Period: 180 };
      const stats = { median: 'p50', high: 'p97.7', share: 'PR(:400)', mean: 'Average', samples: 'SampleCount' };
      const all = Object.entries(stats).map(([id, Stat]) => query(id, 'Duration', VERSION('2'), { Stat, ...period }));
      const { median = 0, high = 0, share = 0, mean = 0, samples = 0 } = row(await valuesOf(cloudwatch, all, 3), 0);
      expect(samples).toBeGreaterThan(8000);
      expect(Math.abs(median / 400 - 1)).toBeLessThan(0.03);
      expect(Math.abs(high / (400 * Math.E) - 1)).toBeLessThan(0.06);
      expect(Math.abs(share - 50)).toBeLessThan(2);
      expect(Math.abs(mean / (400 * Math.exp(0.125)) - 1)).toBeLessThan(0.03);
    });
  });

  test('are the same whoever asks first, and grow with the invocations', async () => {
    const all = queries(VERSION('1'));
    const lasting = async (pauses: number[]): Promise<unknown> => {
      let last: Record<string, number[]> = {};
      await withBench(scenario(), async ({ cloudwatch, simulator }) => {
        for (const pause of pauses) {
          await simulator.clock.sleep(pause);
          last = await valuesOf(cloudwatch, all, 1);
          expect(last['samples']).toEqual(last['invocations']);
        }
      });
      return last;
    };
    const slices = Array.from({ length: 10 }, () => 30_000);
    expect(await lasting(slices)).toEqual(await lasting([5 * MINUTE]));
  });

  test('may change with time', async () => {
    const durationMs = { default: (ms: number) => (ms < 2 * MINUTE ? 100 : 1000) };
    await withBench(scenario({}, { durationMs }), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(8 * MINUTE);
      const { p = [] } = await valuesOf(cloudwatch, [query('p', 'Duration', VERSION('1'), { Stat: 'p50' })], 4);
      expect(p.map((ms) => Math.round(Math.log10(ms)))).toEqual([2, 2, 3, 3]);
    });
  });

  test('a cold start makes a share of the first minutes slower', async () => {
    const coldStarts = { ms: 5000, minutes: 2, share: 0.3 };
    await withBench(scenario({}, { coldStarts }), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(8 * MINUTE);
      const { slow = [] } = await valuesOf(cloudwatch, [query('slow', 'Duration', ALIAS, { Stat: 'PR(5000:)' })], 4);
      for (const share of slow.slice(0, 2)) expect(Math.abs(share - 30)).toBeLessThan(6);
      expect(slow.slice(2)).toEqual([0, 0]);
    });
  });
});

describe('where CloudWatch has percentiles only', () => {
  const both = [
    query('p', 'Duration', VERSION('1'), { Stat: 'p90' }),
    query('tc', 'Duration', VERSION('1'), { Stat: 'TC(300:)' }),
    query('pr', 'Duration', VERSION('1'), { Stat: 'PR(:300)' }),
  ];

  test('ranks and counts have no data', async () => {
    const metrics = { durationStatistics: 'percentiles' } as const;
    await withBench(scenario({ metrics }), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(5 * MINUTE);
      const { p, tc, pr } = await valuesOf(cloudwatch, both, 2);
      expect({ p: p?.length, tc, pr }).toEqual({ p: 2, tc: [], pr: [] });
    });
  });

  test.each([1, 2])('or they are refused: query %d', async (index) => {
    await withBench(scenario({ metrics: { durationStatistics: 'rejected' } }), async ({ cloudwatch }) => {
      const answer = read(cloudwatch, both.slice(index, index + 1));
      await expect(answer).rejects.toMatchObject({
        Code: 'ValidationError',
        message: expect.stringContaining('Stat is not supported'),
      });
      expect((await read(cloudwatch, both.slice(0, 1))).MetricDataResults).toHaveLength(1);
    });
  });
});
