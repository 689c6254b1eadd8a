import { afterAll, describe, expect, jest, test } from '@jest/globals';
import type { Effect, Scenario, Simulator } from '../../simulator/index.ts';
import { startSimulator } from '../../simulator/index.ts';
import { isObject } from '../../simulator/http.ts';
import { NAMES } from '../../simulator/scenarios.ts';
import { LambdaCapacity } from '../../src/aws/lambda-capacity.ts';
import { LambdaVersions } from '../../src/aws/lambda-versions.ts';
import { LambdaWaker } from '../../src/aws/lambda-waker.ts';
import { failureOf, pointEnvironmentAt } from './adapters.ts';

/** 30 days before the simulator starts. */
const PUBLISHED = Date.UTC(2025, 11, 16, 12);
const NEVER = new AbortController().signal;

jest.setTimeout(20_000);

const before = { ...process.env };
afterAll(() => {
  process.env = before;
});

interface Ports {
  readonly versions: LambdaVersions;
  readonly capacity: LambdaCapacity;
  readonly waker: LambdaWaker;
  readonly simulator: Simulator;
}

const SCENARIO: Scenario = {
  functions: [
    {
      name: NAMES.function,
      versions: [
        { code: '1', bytes: 5 },
        { code: '2', running: 1, provisionedConcurrency: 3 },
        { code: '3', state: 'Inactive' },
      ],
      aliases: [{ name: 'live', functionVersion: '3', weights: { 2: 10 }, description: 'ours' }],
      callers: { eventSources: [{ qualifier: '1' }, { qualifier: '1' }, {}] },
    },
  ],
};

async function withPorts(test: (ports: Ports) => Promise<void>, id: string = NAMES.function): Promise<void> {
  const simulator = await startSimulator(SCENARIO);
  pointEnvironmentAt(simulator.url);
  const options = { region: 'eu-west-1', id };
  try {
    await test({
      simulator,
      versions: new LambdaVersions(options),
      capacity: new LambdaCapacity(options),
      waker: new LambdaWaker(options),
    });
  } finally {
    await simulator.close();
  }
}

/** Answers with one field replaced; undefined: taken away. */
function changing(field: string, value: unknown): Effect {
  return async ({ carryOut }) => {
    const answer = await carryOut();
    if (typeof answer === 'string' || typeof answer.body !== 'string') return answer;
    const body: unknown = JSON.parse(answer.body);
    return { ...answer, body: JSON.stringify(isObject(body) ? { ...body, [field]: value } : body) };
  };
}

describe('what there is', () => {
  test.each([
    ['a name', NAMES.function],
    ['an ARN', `arn:aws:lambda:eu-west-1:123456789012:function:${NAMES.function}`],
    ['a partial ARN', `123456789012:function:${NAMES.function}`],
  ])('of a function by %s', async (_, id) => {
    await withPorts(async ({ versions, capacity, simulator }) => {
      expect(await versions.list()).toEqual([
        { version: '1', bytes: 5, publishedAt: PUBLISHED, isDurable: false },
        { version: '2', bytes: 1024, publishedAt: PUBLISHED, isDurable: true },
        { version: '3', bytes: 1024, publishedAt: PUBLISHED, isDurable: false },
      ]);
      expect(await versions.listAliases()).toEqual([
        { name: 'live', functionVersion: '3', others: ['2'], description: 'ours' },
      ]);
      expect(await versions.listMapped()).toEqual(['']);
      expect([await versions.isMapped('1'), await versions.isMapped('2')]).toEqual([true, false]);
      expect([await versions.isRunning('2'), await versions.isRunning('1')]).toEqual([true, false]);
      expect([...(await capacity.list())]).toEqual([
        ['2', { requested: 3, allocated: 3, status: 'READY', reason: undefined }],
      ]);
      simulator.faults.add({
        nth: 1,
        effect: changing('Versions', [{ Version: '1' }, { Version: '2', LastModified: 'x' }]),
      });
      expect((await versions.list()).map(({ publishedAt }) => publishedAt)).toEqual([undefined, undefined]);
      await versions.remove('1');
      expect((await versions.list()).map(({ version }) => version)).toEqual(['2', '3']);
    }, id);
  });
});

describe('an answer that makes no sense is none', () => {
  type Ask = (ports: Ports) => Promise<unknown>;

  test.each<[string, string, unknown, Ask]>([
    ['ListAliases', 'Aliases', undefined, ({ versions }) => versions.listAliases()],
    ['ListAliases', 'Aliases', [{}], ({ versions }) => versions.listAliases()],
    ['ListAliases', 'Aliases', [{ Name: 'live' }], ({ versions }) => versions.listAliases()],
    ['ListVersionsByFunction', 'Versions', undefined, ({ versions }) => versions.list()],
    ['ListEventSourceMappings', 'EventSourceMappings', undefined, ({ versions }) => versions.listMapped()],
    ['ListEventSourceMappings', 'EventSourceMappings', [{}], ({ versions }) => versions.listMapped()],
    ['ListEventSourceMappings', 'EventSourceMappings', [{ FunctionArn: 'x' }], ({ versions }) => versions.listMapped()],
    ['ListEventSourceMappings', 'EventSourceMappings', undefined, ({ versions }) => versions.isMapped('1')],
    ['ListDurableExecutionsByFunction', 'DurableExecutions', undefined, ({ versions }) => versions.isRunning('1')],
    [
      'ListProvisionedConcurrencyConfigs',
      'ProvisionedConcurrencyConfigs',
      undefined,
      ({ capacity }) => capacity.list(),
    ],
    ['ListProvisionedConcurrencyConfigs', 'ProvisionedConcurrencyConfigs', [{}], ({ capacity }) => capacity.list()],
    [
      'ListProvisionedConcurrencyConfigs',
      'ProvisionedConcurrencyConfigs',
      [{ FunctionArn: 'a:b:c:d:e:f:g:1', RequestedProvisionedConcurrentExecutions: 1, Status: 'SOON' }],
      ({ capacity }) => capacity.list(),
    ],
  ])('%s with %s %j', async (action, field, value, ask) => {
    await withPorts(async (ports) => {
      ports.simulator.faults.add({ action, effect: changing(field, value) });
      const failure = await failureOf(ask(ports));
      expect(failure.message).toMatch(new RegExp(`^lambda:${action} for .* failed: Lambda answered`));
    });
  });
});

describe('provisioned concurrency', () => {
  test('is taken away in one attempt a call', async () => {
    await withPorts(async ({ capacity, simulator }) => {
      simulator.faults.add({ action: 'DeleteProvisionedConcurrencyConfig', nth: 1, effect: 'throttle' });
      expect((await failureOf(capacity.remove('2'))).permanent).toBe(false);
      expect(simulator.calls).toHaveLength(1);
      await capacity.remove('2');
      await capacity.remove('2');
      expect([...(await capacity.list('quick'))]).toEqual([]);
    });
  });

  test('that is refused names the version and the permission', async () => {
    await withPorts(async ({ capacity, simulator }) => {
      await capacity.add('1', 4, NEVER);
      expect((await capacity.list()).get('1')).toMatchObject({ requested: 4, status: 'IN_PROGRESS' });
      simulator.faults.add({ effect: 'access-denied' });
      const failure = await failureOf(capacity.add('1', 5, NEVER));
      expect(failure.message).toContain('lambda:PutProvisionedConcurrencyConfig for version 1 of function checkout');
      expect(failure.permanent).toBe(true);
    });
  });
});

describe('waking', () => {
  test('is one invocation of that version, whose refusal is what was wanted', async () => {
    await withPorts(async ({ waker, simulator }) => {
      await waker.wake('3');
      expect(simulator.calls.map(({ action, request }) => [action, request['Qualifier']])).toEqual([['Invoke', '3']]);
      expect(simulator.calls[0]?.status).toBe(502);
    });
  });

  test('that is under way already is no error', async () => {
    await withPorts(async ({ waker, simulator }) => {
      await waker.wake('3');
      await waker.wake('3');
      expect(simulator.calls.map(({ status }) => status)).toEqual([502, 409]);
    });
  });

  test.each([
    ['throttled', 'throttle'],
    ['broken', 'server-error'],
    ['cut off', 'reset'],
    ['never answered', 'hang'],
  ] as const)('that is %s may be tried again', async (_, effect) => {
    await withPorts(async ({ waker, simulator }) => {
      simulator.faults.add({ action: 'Invoke', effect });
      expect((await failureOf(waker.wake('3'))).permanent).toBe(false);
    });
  });

  test('that is not allowed is an error', async () => {
    await withPorts(async ({ waker, simulator }) => {
      simulator.faults.add({ effect: 'access-denied' });
      expect((await failureOf(waker.wake('3'))).message).toContain('not allowed to lambda:InvokeFunction');
    });
  });
});
