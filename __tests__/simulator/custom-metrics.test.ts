import { describe, expect, test } from '@jest/globals';
import type { CustomMetricSpec } from '../../simulator/scenario.ts';
import { withBench } from './bench.ts';
import { MINUTE, VERSION, query, scenario, sum, valuesOf } from './metric-queries.ts';

const Namespace = 'Shop';

function counted(name: string, rate: Record<string, number>, more = {}): CustomMetricSpec {
  const dimensions = { Service: 'pay', Version: '{{version}}' };
  return { namespace: Namespace, name, dimensions, counts: { function: 'f', alias: 'live', rate, ...more } };
}

const ofVersion = (Version: string) => ({ Version, Service: 'pay' });

describe('a value a minute', () => {
  const age: CustomMetricSpec = {
    namespace: Namespace,
    name: 'QueueAge',
    value: (ms) => (ms === 2 * MINUTE ? undefined : ms / MINUTE),
  };

  test('is published as it is, with a delay', async () => {
    await withBench(scenario({ customMetrics: [age] }), async ({ cloudwatch, simulator }) => {
      const ask = () => valuesOf(cloudwatch, [query('age', 'QueueAge', {}, { Namespace, Stat: 'Maximum' })], 5);
      await simulator.clock.sleep(MINUTE);
      expect(await ask()).toEqual({ age: [] });
      await simulator.clock.sleep(7 * MINUTE);
      expect(await ask()).toEqual({ age: [0, 1, 3, 4] });
    });
  });

  test('has statistics over longer periods, and gaps', async () => {
    const metrics = { gaps: [{ from: 0, to: MINUTE }] };
    await withBench(scenario({ customMetrics: [age], metrics }), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(8 * MINUTE);
      const stats = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'];
      const queries = stats.map((Stat) => query(Stat.toLowerCase(), 'QueueAge', {}, { Namespace, Stat, Period: 300 }));
      const values = await valuesOf(cloudwatch, queries, 5);
      expect(values).toEqual({ sum: [8], average: [8 / 3], minimum: [1], maximum: [4], samplecount: [3] });
    });
  });

  test.each([
    ['another namespace', query('a', 'QueueAge', {}, { Namespace: 'Other' })],
    ['another dimension', query('a', 'QueueAge', { Queue: 'x' }, { Namespace })],
    ['another name', query('a', 'QueueLength', {}, { Namespace })],
  ])('%s: no data, no error', async (_, asked) => {
    await withBench(scenario({ customMetrics: [age] }), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(8 * MINUTE);
      expect(await valuesOf(cloudwatch, [asked], 5)).toEqual({ a: [] });
    });
  });
});

describe('counts of invocations', () => {
  const customMetrics = [
    counted('Payments', { default: 0.8 }),
    counted('Failed', { default: 0, 2: 0.25 }, { of: 'Payments' }),
    counted('Rare', { default: 0 }, { zeros: false }),
  ];

  test('are a share of what each version really served, minute by minute', async () => {
    await withBench(scenario({ customMetrics }), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(15 * MINUTE);
      const queries = [
        query('invocations', 'Invocations', VERSION('2')),
        query('samples', 'Payments', ofVersion('2'), { Namespace, Stat: 'SampleCount' }),
        query('payments', 'Payments', ofVersion('2'), { Namespace }),
        query('failed', 'Failed', ofVersion('2'), { Namespace }),
        query('healthy', 'Failed', ofVersion('1'), { Namespace }),
        query('rare', 'Rare', ofVersion('1'), { Namespace }),
      ];
      const {
        invocations = [],
        samples,
        payments = [],
        failed = [],
        healthy,
        rare,
      } = await valuesOf(cloudwatch, queries, 12);
      expect(samples).toEqual(invocations);
      expect(payments.every((count, i) => (failed[i] ?? 0) <= count && count <= (invocations[i] ?? 0))).toBe(true);
      expect(Math.abs(sum(payments) / sum(invocations) - 0.8)).toBeLessThan(0.03);
      expect(Math.abs(sum(failed) / sum(payments) - 0.25)).toBeLessThan(0.04);
      expect([sum(healthy), healthy?.length, rare]).toEqual([0, 12, []]);
    });
  });

  test('appear with the invocations and are the same whoever asks first', async () => {
    const last = async (polls: number): Promise<unknown> => {
      let values = {};
      await withBench(scenario({ customMetrics }), async ({ cloudwatch, simulator }) => {
        const queries = [
          query('failed', 'Failed', ofVersion('2'), { Namespace }),
          query('samples', 'Failed', ofVersion('2'), { Namespace, Stat: 'SampleCount' }),
          query('payments', 'Payments', ofVersion('2'), { Namespace }),
        ];
        for (let i = 0; i < polls; i += 1) {
          await simulator.clock.sleep((6 * MINUTE) / polls);
          values = await valuesOf(cloudwatch, queries, 2);
        }
      });
      return values;
    };
    expect(await last(12)).toEqual(await last(1));
  });
});
