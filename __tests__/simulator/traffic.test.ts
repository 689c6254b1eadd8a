import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { describe, expect, test } from '@jest/globals';
import { startSimulator } from '../../simulator/index.ts';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import type { TrafficSpec } from '../../simulator/scenario.ts';
import { ALARM, NAMES, scenarios } from '../../simulator/scenarios.ts';
import type { ScenarioName } from '../../simulator/scenarios.ts';
import { withBench } from './bench.ts';
import type { Bench } from './bench.ts';
import { MINUTE, query, valuesOf } from './metric-queries.ts';

/** A function whose alias is split evenly between two versions. */
function split(traffic: Partial<TrafficSpec>): Scenario {
  const versions = [{ code: '1' }, { code: '2' }];
  const aliases = [{ name: 'live', functionVersion: '1', weights: { 2: 50 } }];
  return {
    historyMs: 0,
    functions: [{ name: 'f', versions, aliases }],
    traffic: [{ function: 'f', alias: 'live', perMinute: 1200, ...traffic }],
  };
}

async function after(scenario: Scenario, minutes: number, look: (simulator: Simulator) => void): Promise<void> {
  const simulator = await startSimulator(scenario);
  try {
    await simulator.clock.sleep(minutes * MINUTE);
    look(simulator);
  } finally {
    await simulator.close();
  }
}

function rate(simulator: Simulator, version: string): number {
  const { invocations, errors } = simulator.truth({ function: 'f', version });
  return errors / invocations;
}

describe('traffic', () => {
  test('follows the alias from the second of its change', async () => {
    const simulator = await startSimulator(split({}));
    const count = (version: string): number => simulator.truth({ function: 'f', version }).invocations;
    await simulator.clock.sleep(MINUTE);
    simulator.world.updateAlias('f', 'live', { weights: {} });
    const [first, second] = [count('1'), count('2')];
    await simulator.clock.sleep(MINUTE);
    expect(count('2')).toBe(second);
    expect(count('1') - first).toBeGreaterThan(1000);
    await simulator.close();
  });

  test('an incident fails both versions alike, while it lasts', async () => {
    const sharedIncidents = [{ from: MINUTE, to: 2 * MINUTE, errorRate: 0.8 }];
    await after(split({ sharedIncidents }), 4, (simulator) => {
      for (const version of ['1', '2']) expect(Math.abs(rate(simulator, version) - 0.2)).toBeLessThan(0.03);
    });
  });

  test('a burst fails a share of one version for whole minutes', async () => {
    const bursts = [{ probability: 0.25, share: 0.4, versions: ['2'] }];
    await after(split({ bursts }), 200, (simulator) => {
      expect(rate(simulator, '1')).toBe(0);
      expect(Math.abs(rate(simulator, '2') - 0.1)).toBeLessThan(0.04);
    });
  });

  test('rates may change with time', async () => {
    const perMinute = (ms: number): number => (ms < MINUTE ? 0 : 600);
    const errorRate = { default: (ms: number) => (ms < 2 * MINUTE ? 0 : 1) };
    await after(split({ perMinute, errorRate }), 3, (simulator) => {
      const { invocations } = simulator.truth({ function: 'f' });
      expect(Math.abs(invocations - 1200)).toBeLessThan(150);
      expect(Math.abs(rate(simulator, '1') - 0.5)).toBeLessThan(0.08);
    });
  });

  test('throttled requests are neither invocations nor errors', async () => {
    await after(split({ throttleRate: 0.25 }), 5, (simulator) => {
      const { invocations, errors, throttles } = simulator.truth({ function: 'f' });
      expect(Math.abs(throttles / (invocations + throttles) - 0.25)).toBeLessThan(0.02);
      expect(errors).toBe(0);
    });
  });

  test('there was traffic before the start when history says so', async () => {
    await after({ ...split({}), historyMs: 10 * MINUTE }, 0, (simulator) => {
      expect(Math.abs(simulator.truth({ function: 'f' }).invocations - 12_000)).toBeLessThan(500);
    });
  });
});

describe('ready scenarios', () => {
  test.each(Object.keys(scenarios) as ScenarioName[])('%s has its function', async (name) => {
    await withBench(scenarios[name](), async ({ lambda }) => {
      const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: NAMES.function }));
      expect(Configuration).toMatchObject({ State: 'Active', PackageType: name === 'image' ? 'Image' : 'Zip' });
    });
  });

  test.each<[ScenarioName, number, number]>([
    ['healthy', 0.0005, 0.002],
    ['broken', 0.2, 0.3],
    ['totalFailure', 1, 1],
    ['slowBurn', 0.02, 0.04],
    ['sharedOutage', 0.09, 0.15],
  ])('%s: the new version fails between %d and %d in ten minutes', async (name, least, most) => {
    const simulator = await startSimulator(scenarios[name]());
    simulator.world.updateAlias(NAMES.function, NAMES.alias, { weights: { [NAMES.canary]: 50 } });
    await simulator.clock.sleep(10 * MINUTE);
    const { invocations, errors } = simulator.truth({ function: NAMES.function, version: NAMES.canary });
    expect(errors / invocations).toBeGreaterThanOrEqual(least);
    expect(errors / invocations).toBeLessThanOrEqual(most);
    await simulator.close();
  });
});

/** A ready scenario with the canary at half of the traffic for ten minutes. */
async function halfway(name: ScenarioName, look: (bench: Bench) => Promise<void> | void): Promise<void> {
  await withBench(scenarios[name](), async (bench) => {
    const { simulator } = bench;
    simulator.world.updateAlias(NAMES.function, NAMES.alias, { weights: { [NAMES.canary]: 50 } });
    await simulator.clock.sleep(10 * MINUTE);
    await look(bench);
  });
}

const of = (version: string) => ({
  FunctionName: NAMES.function,
  Resource: `${NAMES.function}:${NAMES.alias}`,
  ExecutedVersion: version,
});

describe('ready scenarios for more than errors', () => {
  test.each<[ScenarioName, boolean[]]>([
    ['slowCanary', [true, true, true, true, true]],
    ['coldStarts', [true, true, true, false, false]],
    ['healthy', [false, false, false, false, false]],
  ])('%s: the canary is slower than the baseline, by minute: %j', async (name, expected) => {
    await halfway(name, async ({ cloudwatch }) => {
      const slow = { Stat: 'PR(300:)' };
      const { canary = [], baseline = [] } = await valuesOf(
        cloudwatch,
        [query('canary', 'Duration', of(NAMES.canary), slow), query('baseline', 'Duration', of(NAMES.baseline), slow)],
        5,
      );
      expect(canary.map((share, minute) => share > (baseline[minute] ?? 100) + 10)).toEqual(expected);
    });
  });

  test.each<[ScenarioName, string, string]>([
    ['alarmRings', 'INSUFFICIENT_DATA', 'ALARM'],
    ['oldAlarm', 'ALARM', 'OK'],
  ])('%s: the alarm is in %s before and in %s when the canary has all traffic', async (name, before, after) => {
    await withBench(scenarios[name](), async ({ cloudwatch, simulator }) => {
      const state = async () =>
        (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [ALARM] }))).MetricAlarms?.[0]?.StateValue;
      expect(await state()).toBe(before);
      simulator.world.updateAlias(NAMES.function, NAMES.alias, { functionVersion: NAMES.canary });
      await simulator.clock.sleep(8 * MINUTE);
      expect(await state()).toBe(after);
    });
  });

  test('mismatch: the canary is silent', async () => {
    await halfway('mismatch', ({ simulator }) => {
      expect(simulator.truth({ function: NAMES.function, version: NAMES.canary }).invocations).toBe(0);
    });
  });

  test('oneBadEnvironment: one minute of nothing but errors', async () => {
    await halfway('oneBadEnvironment', async ({ cloudwatch }) => {
      const queries = [
        query('errors', 'Errors', of(NAMES.canary)),
        query('invocations', 'Invocations', of(NAMES.canary)),
      ];
      const { errors = [], invocations = [] } = await valuesOf(cloudwatch, queries, 7);
      const rates = invocations.map((count, minute) => Math.round((10 * (errors[minute] ?? 0)) / count) / 10);
      expect(rates).toEqual([0, 0, 0, 1, 0, 0, 0]);
    });
  });

  test('throttledCanary: a third of its requests, and none of the baseline’s', async () => {
    await halfway('throttledCanary', ({ simulator }) => {
      const { throttles, invocations } = simulator.truth({ function: NAMES.function, version: NAMES.canary });
      expect(Math.abs(throttles / (throttles + invocations) - 0.33)).toBeLessThan(0.03);
      expect(simulator.truth({ function: NAMES.function, version: NAMES.baseline }).throttles).toBe(0);
    });
  });
});
