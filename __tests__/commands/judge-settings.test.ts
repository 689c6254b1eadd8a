import { describe, expect, test } from '@jest/globals';
import { judgeSettings } from '../../src/commands/judge-settings.ts';
import { NO_OUTLOOK, type Outlook } from '../../src/commands/look-around.ts';
import type { DeployInputs } from '../../src/inputs/inputs.ts';
import type { CountedMetric, LimitedMetric, Metric } from '../../src/model/metric.ts';
import type { LatencyStatistic } from '../../src/rollout/ports.ts';
import { deploy } from '../inputs/support.ts';

const COUNTED: CountedMetric = {
  kind: 'counted',
  name: 'failed payments',
  bad: { expression: 'bad {{version}}' },
  total: { expression: 'total {{version}}' },
  tolerance: 0.002,
};

const LIMITED: LimitedMetric = {
  kind: 'limited',
  name: 'queue age',
  value: { expression: 'age' },
  max: 30,
  min: undefined,
};

function watching(watch: Partial<Outlook['watch']>): Outlook {
  return { ...NO_OUTLOOK, watch: { ...NO_OUTLOOK.watch, ...watch } };
}

function metricOf(kind: Metric['kind'], inputs: DeployInputs, outlook: Outlook): Metric | undefined {
  return judgeSettings(inputs, outlook).metrics.find((metric) => metric.kind === kind);
}

describe('judgeSettings', () => {
  test('are those of the inputs', () => {
    const inputs = deploy({
      confidence: '99.9%',
      'error-tolerance': '0.5%',
      'pass-margin': '2%',
      'max-error-rate': '5%',
      'min-invocations': '40',
    });
    const { metrics, alpha, ...limits } = judgeSettings(inputs, NO_OUTLOOK);
    expect(alpha).toBeCloseTo(0.001, 12);
    expect(limits).toEqual({
      errorTolerance: 0.005,
      passMargin: 0.02,
      maxErrorRate: 0.05,
      minInvocations: 40,
      splits: true,
      bakes: false,
    });
    expect(metrics.map(({ name }) => name)).toEqual(['throttle rate']);
    expect(judgeSettings(deploy({}), NO_OUTLOOK).maxErrorRate).toBeUndefined();
  });

  test.each([
    { strategy: 'canary', bake: '0s', splits: true, bakes: false },
    { strategy: 'auto', bake: '5m', splits: true, bakes: true },
    { strategy: 'all-at-once', bake: '5m', splits: false, bakes: true },
    { strategy: 'all-at-once', bake: '0s', splits: false, bakes: false },
  ])('$strategy with a bake of $bake splits the traffic: $splits, bakes: $bakes', ({ strategy, bake, ...expected }) => {
    expect(judgeSettings(deploy({ strategy, 'bake-time': bake }), NO_OUTLOOK)).toMatchObject(expected);
  });

  test('put the metrics in the order in which they share the budget, and no limit among them', () => {
    const latency = { threshold: 300, statistic: 'trimmed-count' } as const;
    const { metrics } = judgeSettings(deploy({}), watching({ latency, metrics: [LIMITED, COUNTED] }));
    expect(metrics.map(({ kind, name }) => [kind, name])).toEqual([
      ['latency', 'share of invocations slower than 300ms'],
      ['throttles', 'throttle rate'],
      ['custom', 'failed payments'],
    ]);
  });
});

describe('throttles', () => {
  test.each([
    { countsThrottles: true, margin: 0.02 },
    { countsThrottles: false, margin: undefined },
  ])('counted by version: $countsThrottles, and a pass asks for $margin', ({ countsThrottles, margin }) => {
    const inputs = deploy({ 'error-tolerance': '0.5%', 'pass-margin': '2%' });
    expect(metricOf('throttles', inputs, { ...NO_OUTLOOK, countsThrottles })).toEqual({
      kind: 'throttles',
      name: 'throttle rate',
      tolerance: 0.005,
      oddsRatio: 1,
      margin,
    });
  });

  test('are not known to be counted where nothing was looked at', () => {
    expect(NO_OUTLOOK.countsThrottles).toBe(false);
  });
});

describe('latency', () => {
  test.each<{
    statistic: LatencyStatistic;
    raw: Record<string, string>;
    tolerance: number;
    margin: number | undefined;
  }>([
    { statistic: 'trimmed-count', raw: {}, tolerance: 0.05, margin: 0.05 },
    { statistic: 'percentile-rank', raw: {}, tolerance: 0.05, margin: 0.05 },
    { statistic: 'percentile-rank', raw: { 'latency-tolerance': '0.5%' }, tolerance: 0.005, margin: 0.01 },
    { statistic: 'percentiles', raw: {}, tolerance: 0.05, margin: undefined },
  ])('by $statistic and $raw: a tolerance of $tolerance, a margin of $margin', ({ statistic, raw, ...expected }) => {
    const inputs = deploy({ 'latency-threshold': '300ms', ...raw });
    const found = metricOf('latency', inputs, watching({ latency: { threshold: 300, statistic } }));
    expect(found).toMatchObject({ ...expected, oddsRatio: 1.25 });
    expect(found?.margin).toBe(expected.margin);
  });
});

describe('a metric of the user', () => {
  test.each([
    { passMargin: '1%', tolerance: 0.002, margin: 0.01 },
    { passMargin: '1%', tolerance: 0.03, margin: 0.03 },
  ])('with a tolerance of $tolerance and $passMargin has a margin of $margin', ({ passMargin, tolerance, margin }) => {
    const outlook = watching({ metrics: [{ ...COUNTED, tolerance }] });
    expect(metricOf('custom', deploy({ 'pass-margin': passMargin }), outlook)).toEqual({
      kind: 'custom',
      name: 'failed payments',
      tolerance,
      oddsRatio: 1,
      margin,
    });
  });
});
