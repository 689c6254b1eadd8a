import { describe, expect, test } from '@jest/globals';
import { CloudWatchTraffic } from '../../src/aws/cloudwatch-traffic.ts';
import type { ExtraMetric } from '../../src/model/metric.ts';
import { MINUTE } from '../../src/model/time.ts';
import type { WatchList } from '../../src/rollout/ports.ts';
import { failureOf } from './adapters.ts';
import { type Answer, type Call, queriesOf, result, type WireQuery, withStub } from './cloudwatch-stub.ts';

const START = Date.UTC(2026, 0, 15, 12);
const SPAN = { start: START, end: START + 3 * MINUTE };
const at = (minute: number): number => START + minute * MINUTE;

const COUNTED: ExtraMetric = {
  kind: 'counted',
  name: 'failed payments',
  bad: { expression: "SUM(SEARCH('{{function}} {{alias}} {{version}}', 'Sum'))" },
  total: {
    namespace: 'Shop',
    metric: 'Payments',
    dimensions: { Version: '{{version}}', Fn: 'x-{{function}}' },
    stat: 'Sum',
  },
  tolerance: 0.005,
};
const AGE: ExtraMetric = {
  kind: 'limited',
  name: 'queue age',
  value: { namespace: 'AWS/SQS', metric: 'Age', dimensions: {}, stat: 'Average' },
  max: 30,
  min: undefined,
};
const SHARE: ExtraMetric = {
  kind: 'limited',
  name: 'share',
  value: { expression: 'A/{{version}}' },
  max: 1,
  min: undefined,
};
const SQL: ExtraMetric = {
  ...SHARE,
  name: 'sql',
  value: { expression: ' select MAX(x) FROM "y" WHERE v = \'{{version}}\'' },
};

const NOTHING: WatchList = { latency: undefined, metrics: [] };

type Values = Readonly<Record<string, readonly (number | undefined)[]>>;

/** Answers every query with what is known of its Id, else with nothing. */
const answering =
  (values: Values, more: (query: WireQuery) => object = () => ({})) =>
  (call: Call): Answer => ({
    MetricDataResults: queriesOf(call).map((query) => result(query.Id, START, values[query.Id] ?? [], more(query))),
  });

function withTraffic(
  answer: (call: Call) => Answer,
  run: (traffic: CloudWatchTraffic, calls: Call[]) => Promise<void>,
): Promise<void> {
  return withStub(answer, ({ client, calls }) =>
    run(new CloudWatchTraffic({ client, functionName: 'shop', alias: 'live', region: 'eu-west-1' }), calls),
  );
}

const both = { baseline: '7', canary: '8', ...SPAN };

describe('what is read', () => {
  test('everything in one call, as published', async () => {
    const values = {
      baselineInvocations: [100, 90],
      baselineErrors: [undefined, 2],
      baselineThrottles: [0, 3],
      canaryInvocations: [10],
      canaryErrors: [12, 1.2],
      canaryProvisionedConcurrencySpilloverInvocations: [4],
      aliasInvocations: [110],
      baselineDuration_SampleCount: [100, 90],
      baselineDuration_TC__300_: [95.5],
      canaryDuration_SampleCount: [10],
      canaryDuration_Minimum: [301],
      m0bad_b: [2.4, -1],
      m0bad_c: [undefined, 1],
      m0total_b: [50],
      m0total_c: [5.5],
      m1value_c: [-3.25],
      m2value_b: [0.5],
      m2value_c: [0.75, 0.25],
    };
    await withTraffic(answering(values), async (traffic, calls) => {
      const watch: WatchList = {
        latency: { threshold: 300, statistic: 'trimmed-count' },
        metrics: [COUNTED, AGE, SHARE],
      };
      const read = await traffic.read({ ...both, watch, signal: new AbortController().signal });
      const counts = (invocations: number, errors: number) => ({ invocations, errors });
      expect(read).toEqual({
        baseline: new Map([
          [at(0), counts(100, 0)],
          [at(1), counts(90, 2)],
        ]),
        canary: new Map([
          [at(0), counts(10, 12)],
          [at(1), counts(0, 1)],
        ]),
        alias: new Map([[at(0), counts(110, 0)]]),
        throttles: {
          baseline: new Map([
            [at(0), 0],
            [at(1), 3],
          ]),
          canary: new Map(),
        },
        spillOver: { baseline: new Map(), canary: new Map([[at(0), 4]]) },
        slow: {
          baseline: new Map([[at(0), { samples: 100, least: 4, most: 5 }]]),
          canary: new Map([[at(0), { samples: 10, least: 10, most: 10 }]]),
        },
        counted: new Map([
          [
            'failed payments',
            {
              baseline: new Map([
                [at(0), counts(50, 2)],
                [at(1), counts(0, 0)],
              ]),
              canary: new Map([
                [at(0), counts(6, 0)],
                [at(1), counts(0, 1)],
              ]),
            },
          ],
        ]),
        limited: new Map([
          ['queue age', { baseline: new Map(), canary: new Map([[at(0), -3.25]]) }],
          [
            'share',
            {
              baseline: new Map([[at(0), 0.5]]),
              canary: new Map([
                [at(0), 0.75],
                [at(1), 0.25],
              ]),
            },
          ],
        ]),
      });
      expect(calls).toHaveLength(1);
    });
  });

  test('the queries: names filled in, a minute each', async () => {
    await withTraffic(answering({}), async (traffic, calls) => {
      await traffic.read({ ...both, watch: { ...NOTHING, metrics: [COUNTED, AGE] } });
      const queries = new Map(calls.flatMap(queriesOf).map((query) => [query.Id, query]));
      expect(queries.get('m0bad_c')).toEqual({
        Id: 'm0bad_c',
        Expression: "SUM(SEARCH('shop live 8', 'Sum'))",
        Period: 60,
      });
      expect(queries.get('m0total_b')).toEqual({
        Id: 'm0total_b',
        MetricStat: {
          Metric: {
            Namespace: 'Shop',
            MetricName: 'Payments',
            Dimensions: [
              { Name: 'Version', Value: '7' },
              { Name: 'Fn', Value: 'x-shop' },
            ],
          },
          Period: 60,
          Stat: 'Sum',
        },
      });
      expect(queries.get('canaryThrottles')?.MetricStat?.Metric).toEqual({
        Namespace: 'AWS/Lambda',
        MetricName: 'Throttles',
        Dimensions: [
          { Name: 'FunctionName', Value: 'shop' },
          { Name: 'Resource', Value: 'shop:live' },
          { Name: 'ExecutedVersion', Value: '8' },
        ],
      });
      expect(queries.has('m1value_b')).toBe(false);
    });
  });

  test('without a canary only the baseline', async () => {
    await withTraffic(answering({}), async (traffic, calls) => {
      const read = await traffic.read({ ...both, canary: undefined, watch: { ...NOTHING, metrics: [COUNTED, AGE] } });
      expect(read.canary.size).toBe(0);
      expect([...read.counted.keys(), ...read.limited.keys()]).toEqual(['failed payments', 'queue age']);
      expect(calls.flatMap(queriesOf).map(({ Id }) => Id)).toEqual([
        'baselineInvocations',
        'baselineErrors',
        'baselineThrottles',
        'baselineProvisionedConcurrencySpilloverInvocations',
        'aliasInvocations',
        'aliasErrors',
        'm0bad_b',
        'm0total_b',
        'm1value_c',
      ]);
    });
  });

  test('a Metrics Insights query goes alone, as CloudWatch takes one to a call', async () => {
    await withTraffic(answering({ m0value_b: [1], m0value_c: [2] }), async (traffic, calls) => {
      const { limited } = await traffic.read({ ...both, watch: { ...NOTHING, metrics: [SQL] } });
      expect(limited.get('sql')).toEqual({ baseline: new Map([[at(0), 1]]), canary: new Map([[at(0), 2]]) });
      expect(calls.map((call) => queriesOf(call).length)).toEqual([10, 1, 1]);
    });
  });

  test('a search that finds nothing has no result, and no data', async () => {
    const answer = (call: Call): Answer => ({
      MetricDataResults: queriesOf(call).flatMap(({ Id, Expression }) =>
        Expression === undefined ? [result(Id, START, [])] : [],
      ),
    });
    await withTraffic(answer, async (traffic) => {
      const { limited } = await traffic.read({ ...both, watch: { ...NOTHING, metrics: [SHARE] } });
      expect(limited.get('share')).toEqual({ baseline: new Map(), canary: new Map() });
    });
  });
});

describe('what cannot be read is a failure', () => {
  const on =
    (id: string, more: object) =>
    (query: WireQuery): object =>
      query.Id === id ? more : {};
  const fails = async (answer: (call: Call) => Answer, metrics: readonly ExtraMetric[] = [AGE, SHARE]) => {
    let failure = {};
    await withTraffic(answer, async (traffic) => {
      const { message, next, permanent } = await failureOf(traffic.read({ ...both, watch: { ...NOTHING, metrics } }));
      failure = { message, next, permanent };
    });
    return failure;
  };

  test.each<[string, (query: WireQuery) => object, string]>([
    ['partial', on('canaryErrors', { StatusCode: 'PartialData' }), 'incompletely (canaryErrors: PartialData)'],
    ['no status', on('aliasErrors', { StatusCode: undefined }), 'incompletely (aliasErrors: missing)'],
    [
      'with its words',
      on('m0value_c', { StatusCode: 'InternalError', Messages: [{ Code: 'Busy', Value: 'try\nlater' }, {}] }),
      'incompletely (the metric "queue age": InternalError, "Busy: try\\nlater", "")',
    ],
    [
      'lengths',
      on('m1value_c', { Timestamps: [START / 1000] }),
      'no measurement: the metric "share" has 1 times and 0 values',
    ],
    [
      'not a number',
      on('m1value_b', { Timestamps: [START / 1000], Values: ['NaN'] }),
      'no measurement: the metric "share" has the value NaN',
    ],
    [
      'no time',
      on('baselineErrors', { Timestamps: [1e300], Values: [9] }),
      'no measurement: baselineErrors has a value without a time',
    ],
    [
      'negative',
      on('baselineErrors', { Timestamps: [START / 1000], Values: [-1] }),
      'no measurement: baselineErrors has the value -1',
    ],
  ])('%s', async (_, more, message) => {
    expect(await fails(answering({}, more))).toMatchObject({
      message: expect.stringContaining(message),
      next: expect.stringMatching(/^This usually passes/),
      permanent: false,
    });
  });

  test('a result that is missing', async () => {
    expect(await fails(() => ({}))).toMatchObject({
      message: 'CloudWatch answered incompletely (baselineInvocations: missing)',
    });
  });

  test('more than CloudWatch tells of', async () => {
    const answer = (call: Call): Answer => ({
      ...answering({})(call),
      Messages: [{ Value: 'Maximum number of allowed metrics exceeded' }],
    });
    expect(await fails(answer)).toMatchObject({
      message: 'CloudWatch answered incompletely ("Maximum number of allowed metrics exceeded")',
    });
  });

  test('several series for one expression', async () => {
    const answer = (call: Call): Answer => ({
      MetricDataResults: queriesOf(call).flatMap(({ Id }) =>
        Id === 'm1value_c' ? [result(Id, START, [1]), result(Id, START, [2])] : [result(Id, START, [])],
      ),
    });
    expect(await fails(answer)).toEqual({
      message: 'the query of the metric "share" finds 2 series instead of one',
      next: expect.stringContaining('wrap the expression in SUM(…)'),
      permanent: true,
    });
  });

  test.each([
    ['by its Id', 'ValidationError', "Error in expression 'm1value_c': unknown function"],
    ['by its text', 'InvalidParameterValue', 'The expression A/8 is not good'],
    ['by its place', 'ValidationError', 'The value for parameter MetricDataQueries.member.12.Expression is invalid'],
  ])('a query that CloudWatch refuses, %s', async (_, error, message) => {
    expect(await fails(() => ({ error, message }))).toEqual({
      message: `CloudWatch does not accept the query of the metric "share" ("${message}")`,
      next: 'Mend the metrics input, then run this step again.',
      permanent: true,
    });
  });

  test.each([
    ['ValidationError', 'The parameter MetricDataQueries.member.1.Id is wrong', 'ValidationException: The parameter'],
    ['ValidationError', 'no', 'ValidationException: no'],
    ['Throttling', "Error in expression 'm1value_c'", 'AWS kept throttling'],
  ])('%s: %s is not laid to a metric', async (error, message, said) => {
    expect(await fails(() => ({ error, message }))).toMatchObject({ message: expect.stringContaining(said) });
  });
});

describe('the probe', () => {
  const probe = { baseline: '7', threshold: 300, ...SPAN };

  test('asks for counts and ranks of the baseline', async () => {
    const values = {
      baselineDuration_SampleCount: [10],
      baselineDuration_TC__300_: [9],
      baselineDuration_PR__300_: [90],
    };
    await withTraffic(answering(values), async (traffic, calls) => {
      expect(await traffic.probeLatency(probe)).toEqual({ statistic: 'trimmed-count', proven: true });
      expect(calls.flatMap(queriesOf).map(({ MetricStat }) => MetricStat?.Stat)).toEqual([
        'SampleCount',
        'TC(:300)',
        'PR(:300)',
      ]);
    });
  });

  test.each(['ValidationError', 'InvalidParameterValue', 'InvalidParameterCombination'])(
    '%s: CloudWatch has neither',
    async (error) => {
      await withTraffic(
        () => ({ error, message: 'The value TC(:300) for parameter Stat is not supported' }),
        async (traffic) => {
          expect(await traffic.probeLatency(probe)).toEqual({ statistic: 'percentiles', proven: true });
        },
      );
    },
  );

  test('what is no refusal proves nothing', async () => {
    await withTraffic(
      () => ({ error: 'AccessDenied', message: 'no' }),
      async (traffic) => {
        expect((await failureOf(traffic.probeLatency(probe))).message).toContain(
          'not allowed to cloudwatch:GetMetricData',
        );
      },
    );
  });
});
