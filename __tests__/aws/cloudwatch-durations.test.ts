import { describe, expect, test } from '@jest/globals';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { CloudWatchTraffic } from '../../src/aws/cloudwatch-traffic.ts';
import { MINUTE } from '../../src/model/time.ts';
import { withBench } from '../simulator/bench.ts';
import { adaptersOn, failureOf, withAdapters } from './adapters.ts';
import { queriesOf, result, withStub } from './cloudwatch-stub.ts';

const START = Date.UTC(2026, 0, 15, 12);
const { signal } = new AbortController();
const QUERY = { baseline: '7', canary: '8', start: START, end: START + 30 * MINUTE, signal };
const WHERE = { functionName: 'checkout', alias: 'live', region: 'eu-west-1' };

type Figures = Readonly<Record<'baseline' | 'canary', readonly [p50?: number, p99?: number]>>;

/** An answer with one point for each figure, stamped so many minutes after the start. */
function answer({ baseline, canary }: Figures, minute = 0) {
  const results = Object.entries({ baseline, canary }).flatMap(([side, figures]) =>
    (['p50', 'p99'] as const).map((stat, index) =>
      result(`${side}Duration_${stat}`, START + minute * MINUTE, [figures[index]]),
    ),
  );
  return { MetricDataResults: results };
}

describe('what invocations took', () => {
  test('is asked for in one call: two percentiles of two versions of the alias, over one period', async () => {
    await withStub(
      () => answer({ baseline: [100, 400], canary: [90, 1_200.5] }),
      async ({ client, calls }) => {
        const traffic = new CloudWatchTraffic({ client, ...WHERE });
        expect(await traffic.readDurations(QUERY)).toEqual({
          start: QUERY.start,
          end: QUERY.end,
          baseline: { p50: 100, p99: 400 },
          canary: { p50: 90, p99: 1_200.5 },
        });
        const [call, ...more] = calls;
        if (call === undefined) throw new Error('nothing was asked');
        expect(more).toEqual([]);
        expect(call.fields).toMatchObject({ StartTime: QUERY.start / 1000, EndTime: QUERY.end / 1000 });
        const dimensions = (version: string) => [
          { Name: 'FunctionName', Value: 'checkout' },
          { Name: 'Resource', Value: 'checkout:live' },
          { Name: 'ExecutedVersion', Value: version },
        ];
        const asked = (version: string, Stat: string) => ({
          Metric: { Namespace: 'AWS/Lambda', MetricName: 'Duration', Dimensions: dimensions(version) },
          Period: 1800,
          Stat,
        });
        expect(queriesOf(call).map(({ MetricStat }) => MetricStat)).toEqual([
          asked('7', 'p50'),
          asked('7', 'p99'),
          asked('8', 'p50'),
          asked('8', 'p99'),
        ]);
      },
    );
  });

  const known = { p50: 100, p99: 400 };
  test.each<[string, Figures, number, object]>([
    ['a version without any', { baseline: [100, 400], canary: [] }, 0, { baseline: known, canary: undefined }],
    ['half of it', { baseline: [100, 400], canary: [80] }, 0, { baseline: known, canary: undefined }],
    ['neither', { baseline: [], canary: [] }, 0, { baseline: undefined, canary: undefined }],
    ['another period', { baseline: [1, 2], canary: [1, 2] }, 30, { baseline: undefined, canary: undefined }],
    ['no durations', { baseline: [-5, 2], canary: [9, 2] }, 0, { baseline: undefined, canary: undefined }],
  ])('%s: only what is known', async (_, figures, minute, expected) => {
    await withStub(
      () => answer(figures, minute),
      async ({ client }) => {
        const read = await new CloudWatchTraffic({ client, ...WHERE }).readDurations(QUERY);
        expect(read).toMatchObject(expected);
      },
    );
  });

  test('is not asked for where no period holds the time', async () => {
    await withAdapters(async ({ traffic, simulator }) => {
      expect(await traffic.readDurations({ ...QUERY, end: START + 25 * 60 * MINUTE })).toBeUndefined();
      expect(simulator.calls).toEqual([]);
    });
  });

  test('is what the invocations of the versions took', async () => {
    const { traffic: specs = [], ...scenario } = scenarios.healthy();
    const slow = specs.map((spec) => ({ ...spec, durationMs: { default: 100, 3: 700 } }));
    await withBench({ ...scenario, traffic: slow }, async (bench) => {
      const { world, clock, frame } = bench.simulator;
      world.changeVersion(NAMES.function, '3', {});
      world.updateAlias(NAMES.function, NAMES.alias, { functionVersion: '2', weights: { 3: 50 } });
      clock.advance(15 * MINUTE);
      const span = { start: frame.start + MINUTE, end: frame.start + 11 * MINUTE };
      const read = await adaptersOn(bench).traffic.readDurations({ baseline: '2', canary: '3', ...span, signal });
      const { baseline, canary, start = 0, end = 0 } = read ?? {};
      expect(start <= span.start && end >= span.end).toBe(true);
      // Log-normal with a deviation of 0.5: the 99th percentile is exp(0.5 · 2.326) times the median.
      for (const [figures, median] of [
        [baseline, 100],
        [canary, 700],
      ] as const) {
        expect(Math.abs((figures?.p50 ?? 0) / median - 1)).toBeLessThan(0.05);
        expect(Math.abs((figures?.p99 ?? 0) / (median * Math.exp(1.163)) - 1)).toBeLessThan(0.15);
      }
    });
  });

  test('is not waited for: neither longer than the limit, nor once the signal has come', async () => {
    await withBench(scenarios.healthy(), async ({ simulator, cloudwatch: client }) => {
      simulator.faults.add({ effect: 'hang' });
      const traffic = new CloudWatchTraffic({ client, ...WHERE, limit: 1_000 });
      const controller = new AbortController();
      const given = failureOf(traffic.readDurations({ ...QUERY, signal: controller.signal }));
      controller.abort();
      await given;
      expect((await failureOf(traffic.readDurations(QUERY))).message).toBe('CloudWatch gave no answer within 1s');
    });
  });
});
