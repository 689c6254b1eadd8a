import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { describe, expect, test } from '@jest/globals';
import { startSimulator } from '../../simulator/index.ts';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import type { TrafficSpec } from '../../simulator/scenario.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import type { ScenarioName } from '../../simulator/scenarios.ts';
import { withBench } from './bench.ts';

const MINUTE = 60_000;

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
