import { describe, expect, test } from '@jest/globals';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import type { ExtraMetric } from '../../src/model/metric.ts';
import { MINUTE } from '../../src/model/time.ts';
import type { LatencyStatistic, SlowCount } from '../../src/rollout/ports.ts';
import { failureOf, withAdapters } from './adapters.ts';

const THRESHOLD = 150;

/** Ten minutes of a canary at 10 %, long enough ago that every point is there. */
function tenMinutes({ world, clock, frame }: Simulator) {
  world.changeVersion(NAMES.function, '3', {});
  world.updateAlias(NAMES.function, NAMES.alias, { functionVersion: '2', weights: { 3: 10 } });
  clock.advance(15 * MINUTE);
  return { baseline: '2', canary: '3', start: frame.start, end: frame.start + 10 * MINUTE };
}

describe('latency', () => {
  test('the exact statistics agree, and percentiles bracket them', async () => {
    await withAdapters(async ({ traffic, simulator }) => {
      const query = tenMinutes(simulator);
      const read = async (statistic: LatencyStatistic): Promise<ReadonlyMap<number, SlowCount>> => {
        const watch = { latency: { threshold: THRESHOLD, statistic }, metrics: [] };
        return (await traffic.read({ ...query, watch })).slow.baseline;
      };
      const counts = await read('trimmed-count');
      expect(counts.size).toBe(10);
      expect(await read('percentile-rank')).toEqual(counts);
      for (const [minute, { samples, least, most }] of await read('percentiles')) {
        const exact = counts.get(minute);
        expect(samples).toBe(exact?.samples);
        expect(least).toBeLessThanOrEqual(exact?.least ?? -1);
        expect(most).toBeGreaterThanOrEqual(exact?.most ?? Infinity);
        expect(most - least).toBeLessThan(samples / 2);
      }
    });
  });

  test.each<[string, Scenario, { statistic: LatencyStatistic; proven: boolean }]>([
    ['all', scenarios.healthy(), { statistic: 'trimmed-count', proven: true }],
    [
      'percentiles only',
      { ...scenarios.healthy(), metrics: { durationStatistics: 'percentiles' } },
      { statistic: 'percentiles', proven: true },
    ],
    [
      'the others refused',
      { ...scenarios.healthy(), metrics: { durationStatistics: 'rejected' } },
      { statistic: 'percentiles', proven: true },
    ],
    ['no traffic', scenarios.noTraffic(), { statistic: 'trimmed-count', proven: false }],
  ])('the probe finds %s', async (_, scenario, found) => {
    await withAdapters(async ({ traffic, simulator }) => {
      const { baseline, start, end } = tenMinutes(simulator);
      expect(await traffic.probeLatency({ baseline, threshold: THRESHOLD, start, end })).toEqual(found);
    }, scenario);
  });

  test('a hope that does not come true: nothing is known', async () => {
    await withAdapters(
      async ({ traffic, simulator }) => {
        const latency = { threshold: THRESHOLD, statistic: 'trimmed-count' } as const;
        const { slow, baseline } = await traffic.read({ ...tenMinutes(simulator), watch: { latency, metrics: [] } });
        expect([baseline.size, slow.baseline.size]).toEqual([10, 0]);
      },
      { ...scenarios.healthy(), metrics: { durationStatistics: 'percentiles' } },
    );
  });
});

describe('metrics of the user', () => {
  const lambda = (metric: string, wrap: string): string =>
    `${wrap}(SEARCH('{AWS/Lambda,FunctionName,Resource,ExecutedVersion} Resource="{{function}}:{{alias}}" ExecutedVersion="{{version}}" MetricName="${metric}"', 'Sum', 60))`;
  const counted = (wrap: string): ExtraMetric => ({
    kind: 'counted',
    name: 'own errors',
    bad: { expression: lambda('Errors', wrap) },
    total: {
      namespace: 'AWS/Lambda',
      metric: 'Invocations',
      dimensions: { FunctionName: '{{function}}', Resource: '{{function}}:{{alias}}', ExecutedVersion: '{{version}}' },
      stat: 'Sum',
    },
    tolerance: 0.001,
  });

  test('an expression says the same as the metric it is made of', async () => {
    await withAdapters(async ({ traffic, simulator }) => {
      const watch = { latency: undefined, metrics: [counted('SUM')] };
      const read = await traffic.read({ ...tenMinutes(simulator), watch });
      expect(read.baseline.size).toBe(10);
      expect(read.counted.get('own errors')).toEqual({ baseline: read.baseline, canary: read.canary });
    }, scenarios.broken());
  });

  test('one that CloudWatch refuses is named', async () => {
    await withAdapters(async ({ traffic, simulator }) => {
      const watch = { latency: undefined, metrics: [counted('NONSENSE')] };
      const { message, next } = await failureOf(traffic.read({ ...tenMinutes(simulator), watch }));
      expect(message).toMatch(/^CloudWatch does not accept the query of the metric "own errors" \(".*NONSENSE/);
      expect(next).toMatch(/^Mend the metrics input/);
    });
  });
});

test('alarms of every kind, and one that is not there', async () => {
  const specs: Scenario['alarms'] = [
    { name: 'queue age', state: 'ALARM', reason: 'too old' },
    { name: 'all of it', kind: 'composite', state: 'OK' },
  ];
  await withAdapters(
    async ({ alarms }) => {
      expect(await alarms.readAlarms(['all of it', 'queue age'])).toEqual([
        { name: 'all of it', state: 'OK', reason: expect.any(String) },
        { name: 'queue age', state: 'ALARM', reason: 'too old' },
      ]);
      expect((await failureOf(alarms.readAlarms(['queue age', 'x']))).message).toContain(
        'the alarm "x" does not exist',
      );
    },
    { ...scenarios.healthy(), alarms: specs },
  );
});
