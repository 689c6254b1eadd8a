import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { calculate } from '../../simulator/cloudwatch/math.ts';
import { MathProblem } from '../../simulator/cloudwatch/math-values.ts';
import type { MathContext } from '../../simulator/cloudwatch/math-values.ts';
import type { CustomMetricSpec } from '../../simulator/scenario.ts';
import { withBench } from './bench.ts';
import { MINUTE, START, VERSION, query, read, scenario, sum, valuesOf } from './metric-queries.ts';

const Namespace = 'Shop';

function value(name: string, dimensions: Record<string, string>, of: (minute: number) => number | undefined) {
  return { namespace: Namespace, name, dimensions, value: (ms) => of(ms / MINUTE) } satisfies CustomMetricSpec;
}

/** a: 0 1 2 3, b: 10 20 nothing 40. */
const customMetrics = [
  value('A', { Side: 'left' }, (minute) => minute),
  value('B', { Side: 'left' }, (minute) => (minute === 2 ? undefined : 10 * (minute + 1))),
  value('A', { Side: 'right' }, () => 7),
  value('Never', { Side: 'left' }, () => undefined),
];

const METRICS = [
  query('a', 'A', { Side: 'left' }, { Namespace }),
  query('b', 'B', { Side: 'left' }, { Namespace }),
  query('never', 'Never', { Side: 'left' }, { Namespace }),
].map((metric) => ({ ...metric, ReturnData: false }));

/** What `expression` gives for the first four minutes: one row for each result. */
async function evaluate(expression: string, more: MetricDataQuery[] = []): Promise<number[][]> {
  let rows: number[][] = [];
  await withBench(scenario({ customMetrics }), async ({ cloudwatch, simulator }) => {
    await simulator.clock.sleep(8 * MINUTE);
    const queries = [...METRICS, ...more, { Id: 'result', Expression: expression }];
    const span = { ScanBy: 'TimestampAscending', EndTime: new Date(START + 4 * MINUTE) } as const;
    const { MetricDataResults = [] } = await read(cloudwatch, queries, span);
    expect(MetricDataResults.every(({ Id, StatusCode }) => Id === 'result' && StatusCode === 'Complete')).toBe(true);
    rows = MetricDataResults.map(({ Values = [] }) => Values);
  });
  return rows;
}

describe('expressions', () => {
  test.each<[string, number[]]>([
    ['a', [0, 1, 2, 3]],
    ['a * 2 + 1', [1, 3, 5, 7]],
    ['1 + 2 * a', [1, 3, 5, 7]],
    ['(1 + a) * 2', [2, 4, 6, 8]],
    ['-a - -1', [1, 0, -1, -2]],
    ['10 - a - 1', [9, 8, 7, 6]],
    ['a ^ 2 / 2', [0, 0.5, 2, 4.5]],
    ['a + b', [10, 21, 43]],
    ['b / a', [20, 40 / 3]],
    ['1.5e1 * a', [0, 15, 30, 45]],
    ['FILL(b, 0)', [10, 20, 0, 40]],
    ['FILL(b, REPEAT)', [10, 20, 20, 40]],
    ['FILL(never, 5)', [5, 5, 5, 5]],
    ['a + FILL(b, 0)', [10, 21, 2, 43]],
    ['SUM([a, b])', [10, 21, 2, 43]],
    ['SUM(METRICS())', [10, 21, 2, 43]],
    ['SUM(METRICS("b"))', [10, 20, 40]],
    ['MAX([a, b])', [10, 20, 2, 40]],
    ['MIN([a, b])', [0, 1, 2, 3]],
    ['AVG([a, b])', [5, 10.5, 2, 21.5]],
    ['a + SUM(b)', [70, 71, 72, 73]],
    ['a - AVG(a)', [-1.5, -0.5, 0.5, 1.5]],
    ['a * 0 + MAX(a) - MIN(b)', [-7, -7, -7, -7]],
    ['IF(a > 1, a, 0 - a)', [0, -1, 2, 3]],
    ['IF(a >= 2, b)', [40]],
    ['IF(MAX(a) == 3, a, b)', [0, 1, 2, 3]],
    ['(a > 0 AND a < 3) + 2 * (a == 0 || a != 3)', [2, 3, 3, 0]],
    ['SUM(SEARCH(\'{Shop,Side} MetricName="A"\', "Sum", 60))', [7, 8, 9, 10]],
    ['SUM(SEARCH(\'{Shop,Side} MetricName="A" AND Side="right"\', \'Sum\', 60))', [7, 7, 7, 7]],
    ["SUM(SEARCH('{Shop,Side} B left', 'Sum', 60))", [10, 20, 40]],
    ["SUM(SEARCH('{Shop,Side} \"Nobody\"', 'Sum', 60))", []],
    ["SUM(SEARCH('{Shop} MetricName=\"A\"', 'Sum', 60))", []],
    ['later * 10', [10, 20, 30, 40]],
  ])('%s', async (expression, expected) => {
    const later = { Id: 'later', Expression: 'a + 1', ReturnData: false };
    expect(await evaluate(expression, [later])).toEqual([expected]);
  });

  test('an array is several results', async () => {
    expect(await evaluate('[a, b] * 2')).toEqual([
      [0, 2, 4, 6],
      [20, 40, 80],
    ]);
    expect(await evaluate("SEARCH('{Shop,Side} MetricName=\"A\"', 'Average', 120)")).toEqual([
      [0.5, 2.5],
      [7, 7],
    ]);
  });

  test.each([
    ['a +', 'Unexpected end'],
    ['a b', 'Unexpected b'],
    ['(a', 'Unexpected end'],
    ['a $ 2', 'Unexpected $'],
    ['nobody', 'Undefined identifier nobody'],
    ['result + 1', 'refers to itself'],
    ['5', 'must be a time series'],
    ['SUM(a)', 'must be a time series'],
    ['RATE(a)', 'RATE is not supported by the simulator'],
    ['FILL(a, LINEAR)', 'Undefined identifier LINEAR'],
    ['SUM(5)', 'SUM needs a time series'],
    ['[a, b] + [a, b]', 'two arrays'],
    ['IF(a > 1)', 'IF needs 2 arguments'],
    ['SELECT SUM(Errors) FROM "AWS/Lambda"', 'Metrics Insights'],
    ["SEARCH('{Shop,Side} A OR B', 'Sum', 60)", 'OR B is not supported'],
    ["SEARCH('MetricName=\"A\"', 'Sum', 60)", 'without {Namespace'],
    ["SUM(SEARCH('{Shop,Side} A', 'Summe', 60))", 'Stat is not supported'],
    ['a' + ' + a'.repeat(600), 'longer than 2048'],
  ])('%s: a validation error that says what', async (expression, message) => {
    await expect(evaluate(expression)).rejects.toMatchObject({
      Code: 'ValidationError',
      message: expect.stringContaining(message),
    });
  });

  test('the error names the query', async () => {
    await expect(evaluate('nobody')).rejects.toThrow("Error in expression 'result': Undefined identifier nobody");
  });

  test('a metric and an expression in one query is one too many', async () => {
    const both = { ...query('x', 'A', { Side: 'left' }, { Namespace }), Expression: 'a' };
    await expect(evaluate('a', [both])).rejects.toMatchObject({ Code: 'ValidationError' });
  });
});

describe('on real traffic', () => {
  test('an error rate, and the sum over versions that a search finds', async () => {
    await withBench(scenario(), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(12 * MINUTE);
      const search = `SEARCH('{AWS/Lambda,FunctionName,Resource,ExecutedVersion} MetricName="Invocations" Resource="f:live"', 'Sum', 60)`;
      const values = await valuesOf(
        cloudwatch,
        [
          query('errors', 'Errors', VERSION('2')),
          query('two', 'Invocations', VERSION('2')),
          query('one', 'Invocations', VERSION('1')),
          { Id: 'rate', Expression: '100 * errors / two' },
          { Id: 'all', Expression: `SUM(${search})`, Label: 'everything' },
        ],
        9,
      );
      const { errors = [], two = [], one = [], rate = [], all = [] } = values;
      expect(rate).toEqual(errors.map((count, i) => (100 * count) / (two[i] ?? 0)));
      expect(sum(all)).toBe(sum(one) + sum(two));
    });
  });
});

describe('calculate', () => {
  const context: MathContext = {
    named: () => ({ label: 'x', period: 60_000, points: new Map([[0, 1]]) }),
    metrics: () => [],
    search: () => [],
    from: 0,
    to: 60_000,
  };

  test('whatever is written, it is a value or a problem', () => {
    const word = fc.constantFrom(
      'x',
      '1',
      '+',
      '-',
      '*',
      '(',
      ')',
      '[',
      ']',
      ',',
      'SUM',
      'IF',
      'FILL',
      '<',
      "'t'",
      ' ',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        try {
          expect(calculate(words.join(' '), context)).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(MathProblem);
        }
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
