import type { GetMetricDataCommandInput, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from '@jest/globals';
import { withBench } from './bench.ts';
import { MINUTE, START, VERSION, query, read, scenario, sum } from './metric-queries.ts';

describe('GetMetricData', () => {
  test('counts by version, alias and function; all that happened is published in the end', async () => {
    await withBench(scenario(), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(10 * MINUTE);
      simulator.world.updateAlias('f', 'live', { weights: {} });
      await simulator.clock.sleep(5 * MINUTE);
      const span = { EndTime: new Date(START + 10 * MINUTE) };
      const answer = await read(
        cloudwatch,
        [
          query('one', 'Invocations', VERSION('1')),
          query('two', 'Invocations', VERSION('2')),
          query('errors', 'Errors', VERSION('2')),
          query('alias', 'Invocations', { FunctionName: 'f', Resource: 'f:live' }),
          query('whole', 'Invocations', { FunctionName: 'f' }),
        ],
        span,
      );
      const [one, two, errors, alias, whole] = (answer.MetricDataResults ?? []).map(({ Values }) => sum(Values));
      expect(alias).toBe((one ?? 0) + (two ?? 0));
      expect(whole).toBe(alias);
      expect(two).toBe(simulator.truth({ function: 'f', version: '2' }).invocations);
      expect(Math.abs((two ?? 0) / (alias ?? 1) - 0.25)).toBeLessThan(0.03);
      expect(Math.abs((errors ?? 0) / (two ?? 1) - 0.5)).toBeLessThan(0.06);
    });
  });

  test('newest first by default, whole minutes, a status and a label', async () => {
    await withBench(scenario(), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(5 * MINUTE);
      const queries = [query('a', 'Invocations', VERSION('1'))];
      const [down] = (await read(cloudwatch, queries)).MetricDataResults ?? [];
      const [up] = (await read(cloudwatch, queries, { ScanBy: 'TimestampAscending' })).MetricDataResults ?? [];
      expect(down).toMatchObject({ Id: 'a', Label: 'Invocations', StatusCode: 'Complete' });
      expect(down?.Timestamps?.map((at) => at.getTime() - START)).toEqual([4, 3, 2, 1, 0].map((i) => i * MINUTE));
      expect(up?.Timestamps).toEqual(down?.Timestamps?.toReversed());
    });
  });

  test('longer periods add up', async () => {
    await withBench(scenario(), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(15 * MINUTE);
      const queries = [
        query('minutes', 'Invocations', VERSION('1')),
        query('five', 'Invocations', VERSION('1'), { Period: 300 }),
      ];
      const span = { EndTime: new Date(START + 10 * MINUTE) };
      const [minutes, five] = (await read(cloudwatch, queries, span)).MetricDataResults ?? [];
      expect(five?.Values).toHaveLength(2);
      expect(sum(five?.Values)).toBe(sum(minutes?.Values));
    });
  });

  test('pages go on until the token ends, and join to the whole', async () => {
    await withBench(scenario({ metrics: { pageSize: 7 } }), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(12 * MINUTE);
      const queries = ['1', '2'].map((version) => query(`v${version}`, 'Invocations', VERSION(version)));
      const span = { EndTime: new Date(START + 9 * MINUTE) };
      const counts: Record<string, number> = {};
      let pages = 0;
      for (let token: string | undefined = ''; token !== undefined; pages += 1) {
        const page = await read(cloudwatch, queries, token === '' ? span : { ...span, NextToken: token });
        for (const { Id = '', Values = [] } of page.MetricDataResults ?? [])
          counts[Id] = (counts[Id] ?? 0) + Values.length;
        if (pages === 0) expect(page.MetricDataResults?.[1]?.StatusCode).toBe('PartialData');
        token = page.NextToken;
      }
      expect({ pages, counts }).toEqual({ pages: 3, counts: { v1: 9, v2: 9 } });
    });
  });

  test.each<[string, MetricDataQuery[], Partial<GetMetricDataCommandInput>]>([
    ['an id in upper case', [query('A', 'Errors', VERSION('1'))], {}],
    ['the same id twice', [query('a', 'Errors', VERSION('1')), query('a', 'Errors', VERSION('2'))], {}],
    ['a period of 90 s', [query('a', 'Errors', VERSION('1'), { Period: 90 })], {}],
    ['an unknown statistic', [query('a', 'Errors', VERSION('1'), { Stat: 'Summe' })], {}],
    ['no query', [], {}],
    ['an end before the start', [query('a', 'Errors', VERSION('1'))], { EndTime: new Date(START - MINUTE) }],
    ['neither metric nor expression', [{ Id: 'a' }], {}],
  ])('%s is a validation error', async (_, queries, more) => {
    await withBench(scenario(), async ({ cloudwatch }) => {
      const answer = read(cloudwatch, queries, more);
      await expect(answer).rejects.toMatchObject({ name: 'ValidationException', Code: 'ValidationError' });
    });
  });

  test('another dimension set, an ARN as resource: no data, no error', async () => {
    await withBench(scenario(), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(5 * MINUTE);
      const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:f:live';
      const answer = await read(cloudwatch, [
        query('a', 'Invocations', { FunctionName: 'f', Resource: arn }),
        query('b', 'Invocations', { FunctionName: 'f', ExecutedVersion: '1' }),
      ]);
      for (const { Values, StatusCode } of answer.MetricDataResults ?? []) {
        expect({ Values, StatusCode }).toEqual({ Values: [], StatusCode: 'Complete' });
      }
    });
  });
});

describe('publication', () => {
  const oneMinute = { EndTime: new Date(START + MINUTE) };

  test('a minute appears late, grows and then stays', async () => {
    await withBench(scenario(), async ({ cloudwatch, simulator }) => {
      const seen: number[] = [];
      for (let i = 0; i < 20; i += 1) {
        await simulator.clock.sleep(10_000);
        const answer = await read(cloudwatch, [query('a', 'Invocations', VERSION('1'))], oneMinute);
        seen.push(sum(answer.MetricDataResults?.[0]?.Values));
      }
      expect(seen.slice(0, 3)).toEqual([0, 0, 0]);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect(new Set(seen.filter((count) => count > 0)).size).toBeGreaterThan(2);
      expect(seen.at(-1)).toBe(seen.at(-3));
    });
  });

  test.each([
    ['no traffic, no points', { traffic: [{ function: 'f', alias: 'live', perMinute: 0 }] }, 'Invocations', 0],
    ['points of zero errors', {}, 'Errors', 1],
    ['zero errors left out', { metrics: { zeroErrors: false } }, 'Errors', 0],
    ['a gap', { metrics: { gaps: [{ from: 0, to: MINUTE }] } }, 'Invocations', 0],
    ['a gap that was filled', { metrics: { gaps: [{ from: 0, to: MINUTE, until: 4 * MINUTE }] } }, 'Invocations', 1],
  ])('%s', async (_, more, metric, points) => {
    await withBench(scenario(more), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(5 * MINUTE);
      const answer = await read(cloudwatch, [query('a', metric, VERSION('1'))], oneMinute);
      expect(answer.MetricDataResults?.[0]?.Values).toHaveLength(points);
    });
  });

  test('an alias without weights may report no ExecutedVersion', async () => {
    const metrics = { executedVersionUnweighted: false };
    await withBench(scenario({ metrics }), async ({ cloudwatch, simulator }) => {
      simulator.world.updateAlias('f', 'live', { weights: {} });
      await simulator.clock.sleep(5 * MINUTE);
      const queries = [
        query('version', 'Invocations', VERSION('1')),
        query('alias', 'Invocations', { FunctionName: 'f', Resource: 'f:live' }),
      ];
      const answer = await read(cloudwatch, queries, oneMinute);
      expect(answer.MetricDataResults?.map(({ Values }) => Values?.length)).toEqual([0, 1]);
    });
  });

  test('the same seed gives the same numbers', async () => {
    const totals = async (seed: number): Promise<string> => {
      let text = '';
      await withBench(scenario({ seed }), async ({ cloudwatch, simulator }) => {
        await simulator.clock.sleep(8 * MINUTE);
        const answer = await read(cloudwatch, [query('a', 'Invocations', VERSION('1'))]);
        text = JSON.stringify(answer.MetricDataResults);
      });
      return text;
    };
    expect(await totals(1)).toBe(await totals(1));
    expect(await totals(1)).not.toBe(await totals(2));
  });
});
