import { describe, expect, test } from '@jest/globals';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import { MINUTE } from '../../src/model/time.ts';
import type { WatchList } from '../../src/rollout/ports.ts';
import { failureOf, withAdapters } from './adapters.ts';

/** Ten minutes of a canary at 10 %, long enough ago that every point is there. */
function tenMinutes({ world, clock, frame }: Simulator) {
  world.changeVersion(NAMES.function, '3', {});
  world.updateAlias(NAMES.function, NAMES.alias, { functionVersion: '2', weights: { 3: 10 } });
  clock.advance(15 * MINUTE);
  const watch: WatchList = { latency: undefined, metrics: [] };
  return { baseline: '2', canary: '3', watch, start: frame.start, end: frame.start + 10 * MINUTE };
}

describe('CloudWatchTraffic', () => {
  test.each<[string, Scenario['metrics'], number]>([
    ['one page', {}, 1],
    ['several pages', { pageSize: 7 }, 2],
    ['no points for zero errors', { zeroErrors: false }, 1],
  ])('reads what really happened: %s', async (_, metrics = {}, pages) => {
    await withAdapters(
      async ({ traffic, simulator }) => {
        const query = tenMinutes(simulator);
        const read = await traffic.read(query);
        for (const [side, version] of [
          ['baseline', '2'],
          ['canary', '3'],
        ] as const) {
          expect(read[side].size).toBe(10);
          for (const [start, counts] of read[side]) {
            const selection = { function: NAMES.function, resource: `${NAMES.function}:live`, version };
            expect(counts.invocations).toBeGreaterThan(0);
            expect(counts.errors).toBeLessThanOrEqual(counts.invocations);
            expect(start % MINUTE).toBe(0);
            expect(simulator.truth(selection).invocations).toBeGreaterThanOrEqual(counts.invocations);
          }
        }
        const sum = (side: 'baseline' | 'canary' | 'alias') =>
          [...read[side].values()].reduce((n, c) => n + c.invocations, 0);
        expect(sum('baseline') + sum('canary')).toBe(sum('alias'));
        expect(simulator.calls.length).toBeGreaterThanOrEqual(pages);
      },
      { ...scenarios.healthy(), metrics },
    );
  });

  test('an idle alias: nothing, which is not an error', async () => {
    await withAdapters(async ({ traffic, simulator }) => {
      const { baseline, canary, alias } = await traffic.read(tenMinutes(simulator));
      expect([baseline.size, canary.size, alias.size]).toEqual([0, 0, 0]);
    }, scenarios.noTraffic());
  });

  test('without a canary it is not asked for', async () => {
    await withAdapters(async ({ traffic, simulator }) => {
      const read = await traffic.read({ ...tenMinutes(simulator), canary: undefined });
      expect(read.canary.size).toBe(0);
      expect(simulator.calls[0]?.request['queries']).toBe(6);
    });
  });

  test.each(['partial-data', 'metrics-internal-error'] as const)('%s: no answer at all', async (effect) => {
    await withAdapters(async ({ traffic, simulator }) => {
      const query = tenMinutes(simulator);
      simulator.faults.add({ action: 'GetMetricData', effect });
      expect((await failureOf(traffic.read(query))).message).toContain('CloudWatch answered incompletely');
    });
  });

  test('versions by the hour', async () => {
    await withAdapters(async ({ traffic, simulator }) => {
      const { frame } = simulator;
      tenMinutes(simulator);
      const hour = 60 * MINUTE;
      const span = { start: frame.start - hour, end: frame.start + hour, period: hour };
      const served = await traffic.readVersions({ versions: ['1', '2', '3'], ...span });
      expect(served.get('1')?.size).toBe(0);
      expect([...(served.get('2')?.keys() ?? [])]).toEqual([frame.start]);
      expect([...(served.get('3')?.keys() ?? [])].sort()).toEqual([frame.start - hour, frame.start]);
    });
  });
});
