import { describe, expect, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import type { CallersSpec } from '../../simulator/scenario.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { LambdaSurroundings } from '../../src/aws/lambda-surroundings.ts';
import { MINUTE } from '../../src/model/time.ts';
import type { Surroundings } from '../../src/surroundings/ports.ts';
import { withFunction } from '../action/support/aliases.ts';
import { type Bench, withBench } from '../simulator/bench.ts';

const ARN = `arn:aws:lambda:eu-west-1:123456789012:function:${NAMES.function}`;
const END = Date.UTC(2026, 0, 15, 11, 55);
const REACH = { start: END - 24 * 60 * MINUTE, end: END, period: 60 * MINUTE };
const INVOKE = { Principal: { Service: 's3.amazonaws.com' }, Action: 'lambda:InvokeFunction' };

const CALLERS: CallersSpec = {
  eventSources: [{ arn: 'arn:aws:sqs:1' }, { arn: 'arn:aws:sqs:2', qualifier: '$LATEST' }, { qualifier: '3' }],
  urls: [{}, { qualifier: NAMES.alias }],
  policies: { '': [INVOKE], 3: [INVOKE], [NAMES.alias]: [INVOKE] },
};
const BUSY = withFunction(scenarios.healthy(), { callers: CALLERS, tags: { team: 'shop' } });

interface LookOptions {
  readonly version?: string | undefined;
  readonly arrange?: (bench: Bench) => void;
  readonly signal?: AbortSignal;
  readonly limit?: number;
}

async function look(scenario: Scenario, options: LookOptions = {}): Promise<Surroundings & { took: number }> {
  const { version = '3', arrange, signal = new AbortController().signal, limit } = options;
  const found: (Surroundings & { took: number })[] = [];
  await withBench(scenario, async (bench) => {
    arrange?.(bench);
    const { lambda, cloudwatch } = bench;
    const where = { functionName: NAMES.function, alias: NAMES.alias, region: 'eu-west-1' };
    const port = new LambdaSurroundings({ lambda, cloudwatch, ...where, ...(limit === undefined ? {} : { limit }) });
    const began = performance.now();
    const query = { functionArn: ARN, version: version === '' ? undefined : version, reach: REACH, signal };
    found.push({ ...(await port.look(query)), took: performance.now() - began });
  });
  const [only] = found;
  if (only === undefined) throw new Error('nothing was looked at');
  return only;
}

const byArn = ({ functionArn: a }: { functionArn: string }, { functionArn: b }: { functionArn: string }) =>
  a < b ? -1 : 1;

describe('all there is', () => {
  test('comes from the function, $LATEST, the version that is served and the alias', async () => {
    const found = await look(BUSY);
    expect(found.eventSources.toSorted(byArn)).toEqual([
      { functionArn: ARN, sourceArn: 'arn:aws:sqs:1', state: 'Enabled' },
      { functionArn: `${ARN}:$LATEST`, sourceArn: 'arn:aws:sqs:2', state: 'Enabled' },
      { functionArn: `${ARN}:3`, sourceArn: undefined, state: 'Enabled' },
    ]);
    expect(found.urls.map(({ functionArn }) => functionArn)).toEqual([ARN, `${ARN}:live`]);
    expect(found.policies.map(({ qualifier = '' }) => qualifier).sort()).toEqual(['', '3', 'live']);
    expect(found).toMatchObject({ tags: { team: 'shop' }, denied: [], unread: [] });
    expect(found.reach?.alias).toBeGreaterThan(1000);
    expect(found.reach).toMatchObject({ total: found.reach?.alias, unqualified: 0 });
  });

  test('without an alias there is less to ask for', async () => {
    const found = await look(withFunction(scenarios.firstDeployment(), { callers: { urls: [{}] } }), { version: '' });
    expect(found).toMatchObject({ urls: [{ functionArn: ARN }], reach: { total: 0 }, denied: [], unread: [] });
  });

  test('a function without policies has none: that is no failure', async () => {
    expect(await look(scenarios.healthy())).toMatchObject({ policies: [], denied: [], unread: [] });
  });

  test('calls by the bare name and of $LATEST are counted', async () => {
    const { reach } = await look({
      ...BUSY,
      traffic: (['', '$LATEST'] as const).map((qualifier) => ({
        function: NAMES.function,
        alias: 'none',
        perMinute: 0,
        bypassing: { perMinute: 60, ...(qualifier === '' ? {} : { qualifier }) },
      })),
    });
    expect(reach?.unqualified).toBeGreaterThan(300);
    expect(reach).toMatchObject({ total: reach?.unqualified, alias: 0 });
  });

  test('all pages', async () => {
    const eventSources = Array.from({ length: 230 }, (_, index) => ({ arn: `arn:aws:sqs:${index}` }));
    const urls = Array.from({ length: 60 }, () => ({}));
    const found = await look(withFunction(BUSY, { callers: { eventSources, urls } }));
    expect([found.eventSources.length, found.urls.length]).toEqual([230, 60]);
  });
});

const ACTIONS = [
  'lambda:ListEventSourceMappings',
  'lambda:ListFunctionUrlConfigs',
  'lambda:GetPolicy',
  'lambda:ListTags',
  'cloudwatch:GetMetricData',
];

/** How much there is of each. */
function sizes({ eventSources, urls, policies, tags, reach }: Surroundings): Record<string, number> {
  const [mappings, links, grants, labels, metrics] = ACTIONS as [string, string, string, string, string];
  return {
    [mappings]: eventSources.length,
    [links]: urls.length,
    [grants]: policies.length,
    [labels]: Object.keys(tags).length,
    [metrics]: reach === undefined ? 0 : 1,
  };
}

describe.each(ACTIONS)('%s', (permission) => {
  test('denied: named once, and everything else is there', async () => {
    const found = await look({ ...BUSY, deny: [permission] });
    expect(found).toMatchObject({ denied: [permission], unread: [] });
    const empty = Object.entries(sizes(found)).filter(([, size]) => size === 0);
    expect(empty).toEqual([[permission, 0]]);
  });

  const [, action = ''] = permission.split(':');

  test.each(['server-error', 'throttle', 'reset'] as const)('%s: told with its reason', async (effect) => {
    const found = await look(BUSY, { arrange: ({ simulator }) => simulator.faults.add({ action, effect }) });
    expect(found.denied).toEqual([]);
    expect(found.unread).toEqual([expect.stringContaining(permission)]);
  });

  test('no answer: given up in time', async () => {
    const arrange = ({ simulator }: Bench) => simulator.faults.add({ action, effect: 'hang' });
    const found = await look(BUSY, { arrange, limit: 1500 });
    expect(found.took).toBeGreaterThan(1400);
    expect(found.took).toBeLessThan(4000);
    expect(found.unread).toEqual([`${permission} gave no answer within 2s`]);
  });
});

test('everything denied: each action once', async () => {
  const found = await look({ ...BUSY, deny: ['lambda:*', 'cloudwatch:*'] });
  expect(found).toMatchObject({ eventSources: [], urls: [], policies: [], tags: {}, unread: [] });
  expect(found.denied).toEqual(ACTIONS.toSorted());
});

test('pages that came before a failure count', async () => {
  const eventSources = Array.from({ length: 230 }, (_, index) => ({ arn: `arn:aws:sqs:${index}` }));
  const when = ({ request }: { request: Readonly<Record<string, unknown>> }) => request['Marker'] === '200';
  const found = await look(withFunction(BUSY, { callers: { eventSources } }), {
    arrange: ({ simulator }) =>
      simulator.faults.add({ action: 'ListEventSourceMappings', when, effect: 'server-error' }),
  });
  expect(found.eventSources).toHaveLength(200);
  expect(found.unread).toHaveLength(1);
});

test('a signal ends all looks at once', async () => {
  const stop = new AbortController();
  const found = await look(BUSY, {
    signal: stop.signal,
    arrange: ({ simulator }) => {
      simulator.faults.add({ effect: 'hang' });
      setTimeout(() => {
        stop.abort();
      }, 100);
    },
  });
  expect(found.took).toBeLessThan(3000);
  expect(found).toMatchObject({ eventSources: [], reach: undefined });
});
