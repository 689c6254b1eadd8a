import { describe, expect, test } from '@jest/globals';
import type { MetricsSpec, TrafficSpec } from '../../simulator/scenario.ts';
import { withBench } from './bench.ts';
import type { Bench } from './bench.ts';
import { ALIAS, MINUTE, VERSION, query, scenario, sum, valuesOf } from './metric-queries.ts';

const SPILLED = 'ProvisionedConcurrencySpilloverInvocations';

/** Twelve minutes of traffic, of which the first nine are read. */
async function after(
  traffic: Partial<TrafficSpec>,
  metrics: MetricsSpec,
  look: (values: Record<string, number[]>, bench: Bench) => void,
): Promise<void> {
  await withBench(scenario({ metrics }, traffic), async (bench) => {
    await bench.simulator.clock.sleep(12 * MINUTE);
    const queries = ['Invocations', 'Errors', 'Throttles', SPILLED].flatMap((metric) => [
      query(`one${metric}`, metric, VERSION('1')),
      query(`two${metric}`, metric, VERSION('2')),
      query(`alias${metric}`, metric, ALIAS),
    ]);
    look(await valuesOf(bench.cloudwatch, queries, 9), bench);
  });
}

describe('throttles of a version', () => {
  test('are no invocations, and named by version', async () => {
    await after({ versionThrottleRate: { 2: 0.4 } }, {}, (values) => {
      const [throttles, invocations] = [sum(values['twoThrottles']), sum(values['twoInvocations'])];
      expect(Math.abs(throttles / (throttles + invocations) - 0.4)).toBeLessThan(0.04);
      expect(sum(values['oneThrottles'])).toBe(0);
      expect(sum(values['aliasThrottles'])).toBe(throttles);
      expect(Math.abs(sum(values['twoErrors']) / invocations - 0.5)).toBeLessThan(0.06);
    });
  });

  test('or counted on the alias alone', async () => {
    await after({ versionThrottleRate: { 2: 0.4 } }, { versionThrottles: false }, (values) => {
      expect(values['twoThrottles']).toEqual([]);
      expect(values['oneThrottles']).toEqual([]);
      const share = sum(values['aliasThrottles']) / sum(values['aliasInvocations']);
      expect(Math.abs(share - 0.1 / 0.9)).toBeLessThan(0.02);
    });
  });

  test('a version that is throttled wholly has throttles and no invocations', async () => {
    await after({ versionThrottleRate: { default: 0, 2: 1 } }, {}, (values) => {
      expect(values['twoInvocations']).toEqual([]);
      expect(values['twoThrottles']).toHaveLength(9);
    });
  });

  test('leave the traffic as it was', async () => {
    const seen: unknown[] = [];
    for (const rate of [0, 1e-12]) {
      await after({ versionThrottleRate: { 1: rate } }, {}, ({ oneInvocations, twoErrors }) => {
        seen.push([oneInvocations, twoErrors]);
      });
    }
    expect(seen[0]).toEqual(seen[1]);
  });
});

describe('spill-over', () => {
  test('is a share of a version’s invocations', async () => {
    await after({ spillOverRate: { 2: 0.3 } }, {}, (values) => {
      const [spilled = [], invocations = []] = [values[`two${SPILLED}`], values['twoInvocations']];
      expect(Math.abs(sum(spilled) / sum(invocations) - 0.3)).toBeLessThan(0.04);
      expect(spilled.every((count, i) => count <= (invocations[i] ?? 0))).toBe(true);
      expect(values[`one${SPILLED}`]).toEqual([]);
    });
  });
});

describe('routing', () => {
  test.each([
    ['half of the weight', (weight: number) => weight / 2, 0.125],
    ['nothing', () => 0, 0],
    ['more than everything', () => 150, 1],
  ])('may give a version %s', async (_, routedShare, expected) => {
    await after({ routedShare }, {}, (values) => {
      const [two, all] = [sum(values['twoInvocations']), sum(values['aliasInvocations'])];
      expect(Math.abs(two / all - expected)).toBeLessThan(0.02);
      expect(all).toBeGreaterThan(5000);
    });
  });
});

describe('contradictory minutes', () => {
  test('show errors first, and are right in the end', async () => {
    const metrics = { contradictory: [{ from: MINUTE, to: 2 * MINUTE, lagMs: 3 * MINUTE }] };
    await withBench(scenario({ metrics }), async ({ cloudwatch, simulator }) => {
      const queries = [query('errors', 'Errors', VERSION('2')), query('invocations', 'Invocations', VERSION('2'))];
      const seen: { errors: number; invocations: number }[] = [];
      for (let i = 0; i < 100; i += 1) {
        await simulator.clock.sleep(MINUTE / 10);
        const { errors = [], invocations = [] } = await valuesOf(cloudwatch, queries, 2);
        seen.push({ errors: errors[1] ?? 0, invocations: invocations[1] ?? 0 });
      }
      expect(seen.some(({ errors, invocations }) => errors > 0 && invocations === 0)).toBe(true);
      expect(seen.some(({ errors, invocations }) => errors > invocations && invocations > 0)).toBe(true);
      const [last] = seen.slice(-1);
      expect(last?.errors).toBeLessThan(last?.invocations ?? 0);
      expect(last?.errors).toBe(Math.max(...seen.map(({ errors }) => errors)));
    });
  });
});
