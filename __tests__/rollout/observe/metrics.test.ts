import { describe, expect, test } from '@jest/globals';
import type { Metric, MetricMinutes } from '../../../src/model/metric.ts';
import type { Minute } from '../../../src/model/traffic.ts';
import { metricMinutes, spillOverMinutes } from '../../../src/rollout/observe/metrics.ts';
import type { WeightChange } from '../../../src/rollout/observe/observe.ts';
import type { AliasTraffic } from '../../../src/rollout/ports.ts';
import { SLOW, THROTTLED, custom } from '../judge/support/builders.ts';
import { at, change, minutesOf, series, slow, traffic, values } from './support.ts';

const CONCURRENT = minutesOf([
  [900, 100],
  [800, 80],
  [0, 0],
  [700, 70],
]);

function read(
  metric: Metric,
  given: Partial<AliasTraffic>,
  more: { changes?: WeightChange[]; minutes?: Minute[] } = {},
): MetricMinutes {
  const { changes = [], minutes = CONCURRENT } = more;
  const found = metricMinutes([metric], { traffic: traffic(given), concurrent: minutes, changes }).get(metric.name);
  return found ?? { lenient: [], strict: [] };
}

/** Invocations and bad ones of the baseline, then of the canary. */
function rowsOf(minutes: readonly Minute[]): number[][] {
  return minutes.map(({ baseline, canary }) => [
    baseline.invocations,
    baseline.errors,
    canary.invocations,
    canary.errors,
  ]);
}

describe('metricMinutes', () => {
  test('has every metric by its name, minute by minute as the error rate', () => {
    const metrics = [SLOW, THROTTLED, custom('failed payments')];
    const found = metricMinutes(metrics, { traffic: traffic(), concurrent: CONCURRENT, changes: [] });
    expect([...found.keys()]).toEqual(metrics.map(({ name }) => name));
    for (const { lenient, strict } of found.values()) {
      expect([lenient, strict].map((minutes) => minutes.map(({ start }) => start))).toEqual([
        [at(0), at(1), at(2), at(3)],
        [at(0), at(1), at(2), at(3)],
      ]);
    }
  });

  test('of the error rate are the minutes themselves', () => {
    const errors: Metric = { ...custom('error rate'), kind: 'errors' };
    expect(read(errors, {})).toEqual({ lenient: CONCURRENT, strict: CONCURRENT });
  });

  test('of throttles are refused requests of all that came', () => {
    const { lenient, strict } = read(THROTTLED, {
      throttles: { baseline: values({ 1: 20 }), canary: values({ 1: 5, 2: 3 }) },
    });
    expect(rowsOf(lenient)).toEqual([
      [900, 0, 100, 0],
      [820, 20, 85, 5],
      [0, 0, 3, 3],
      [700, 0, 70, 0],
    ]);
    expect(strict).toEqual(lenient);
  });

  test('of a metric of the user are its own counts, never more bad than all', () => {
    const both = {
      baseline: series({ 0: { invocations: 50, errors: 1 } }),
      canary: series({ 0: { invocations: 5, errors: 9 }, 3: 4 }),
    };
    const { lenient, strict } = read(custom('failed payments'), { counted: new Map([['failed payments', both]]) });
    expect(rowsOf(lenient)).toEqual([
      [50, 1, 5, 5],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 4, 0],
    ]);
    expect(strict).toEqual(lenient);
  });

  test('of a metric that was not read are empty', () => {
    expect(rowsOf(read(custom('failed payments'), {}).lenient)).toEqual(CONCURRENT.map(() => [0, 0, 0, 0]));
  });

  test.each([SLOW, THROTTLED, custom('failed payments')])(
    'keep in which minute the weight changed: $kind',
    (metric) => {
      const minutes = CONCURRENT.map((minute, index) => (index === 1 ? { ...minute, peakWeight: 25 } : minute));
      const { lenient, strict } = read(metric, {}, { minutes });
      expect([lenient[1]?.peakWeight, strict[1]?.peakWeight, strict[2]?.peakWeight]).toEqual([25, 25, undefined]);
    },
  );
});

describe('the share of slow invocations', () => {
  const both = {
    baseline: slow({ 0: [900, 9, 12], 1: [800, 8, 8], 3: [700, 7, 7] }),
    canary: slow({ 0: [100, 2, 4], 1: [80, 1, 1], 2: [5, 5, 5], 3: [70, 3, 3] }),
  };

  test('speaks for the canary where it is lenient and against it where it is strict', () => {
    const { lenient, strict } = read(SLOW, { slow: both });
    expect(rowsOf(lenient)[0]).toEqual([900, 12, 100, 2]);
    expect(rowsOf(strict)[0]).toEqual([900, 9, 100, 4]);
    expect(rowsOf(lenient)[1]).toEqual(rowsOf(strict)[1]);
  });

  test('needs both versions in a minute', () => {
    expect(rowsOf(read(SLOW, { slow: both }).strict)[2]).toEqual([0, 0, 0, 0]);
    expect(rowsOf(read(SLOW, { slow: { ...both, canary: new Map() } }).strict)[0]).toEqual([0, 0, 0, 0]);
  });

  const everywhere = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [index, [10, 1, 1] as const]));
  const all = { baseline: slow(everywhere), canary: slow(everywhere) };
  const ten = minutesOf(Array.from({ length: 10 }, () => [10, 10] as const));
  test.each([
    { what: 'no change', changes: [], counted: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
    { what: 'the first shift', changes: [change(10, 0.1)], counted: [3, 4, 5, 6, 7, 8, 9] },
    { what: 'a shift on the minute', changes: [change(10, 0)], counted: [2, 3, 4, 5, 6, 7, 8, 9] },
    { what: 'a slow write', changes: [change(10, 0.9, 2.1)], counted: [5, 6, 7, 8, 9] },
    { what: 'a rise to four times', changes: [change(10, -5), change(40, 4)], counted: [0, 1, 2, 3, 6, 7, 8, 9] },
    { what: 'a rise to twice', changes: [change(20, -5), change(40, 4)], counted: [0, 1, 2, 3, 5, 6, 7, 8, 9] },
    { what: 'a rise within its minute', changes: [change(10, -5), change(25, 4.9)], counted: [0, 1, 2, 3, 7, 8, 9] },
    { what: 'a fall', changes: [change(10, -5), change(1, 4.5)], counted: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
    {
      what: 'a fall and a rise to what it had',
      changes: [change(10, -5), change(1, 1.5), change(10, 6.5)],
      counted: [0, 1, 2, 3, 4, 5, 9],
    },
    {
      what: 'a fall and a rise to twice what it had',
      changes: [change(10, -5), change(1, 1.5), change(20, 6)],
      counted: [0, 1, 2, 3, 4, 5, 8, 9],
    },
    {
      what: 'two rises in a row, each for its own part',
      changes: [change(10, -5), change(20, 2), change(80, 5)],
      counted: [0, 1, 3, 4, 7, 8, 9],
    },
  ])('does not count while new environments warm up: $what', ({ changes, counted }) => {
    const { lenient, strict } = read(SLOW, { slow: all }, { changes, minutes: ten });
    const found = lenient.flatMap(({ canary }, index) => (canary.invocations > 0 ? [index] : []));
    expect(found).toEqual(counted);
    expect(rowsOf(strict)).toEqual(rowsOf(lenient));
  });
});

describe('spillOverMinutes', () => {
  test('are those that found no provisioned concurrency, of all', () => {
    const spillOver = { baseline: values({ 0: 9 }), canary: values({ 0: 60, 1: 200 }) };
    expect(rowsOf(spillOverMinutes(traffic({ spillOver }), CONCURRENT))).toEqual([
      [900, 9, 100, 60],
      [800, 0, 80, 80],
      [0, 0, 0, 0],
      [700, 0, 70, 0],
    ]);
  });
});
