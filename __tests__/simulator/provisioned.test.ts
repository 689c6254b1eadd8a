import {
  DeleteFunctionCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetFunctionCommand,
  InvokeCommand,
  ListDurableExecutionsByFunctionCommand,
  ListEventSourceMappingsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import { type Bench, withBench } from './bench.ts';

const F = { FunctionName: 'f' };

const scenario: Scenario = {
  functions: [
    {
      name: 'f',
      versions: [
        { code: '1' },
        { code: '2' },
        { code: '3', provisionedConcurrency: 2 },
        { code: '4', state: 'Inactive' },
      ],
      aliases: [
        { name: 'live', functionVersion: '1', provisionedConcurrency: { requested: 5, moveMs: 60_000 } },
        { name: 'split', functionVersion: '1', weights: { 2: 10 } },
        { name: 'three', functionVersion: '3' },
        { name: 'latest', functionVersion: '$LATEST' },
      ],
      provisioning: { readyMs: 30_000 },
      callers: { eventSources: [{ qualifier: '2' }, {}] },
    },
  ],
};

function put({ lambda }: Bench, Qualifier: string, amount = 3) {
  const command = new PutProvisionedConcurrencyConfigCommand({
    ...F,
    Qualifier,
    ProvisionedConcurrentExecutions: amount,
  });
  return lambda.send(command);
}

async function list({ lambda }: Bench) {
  const { ProvisionedConcurrencyConfigs: all = [] } = await lambda.send(
    new ListProvisionedConcurrencyConfigsCommand(F),
  );
  return all.map(({ FunctionArn: arn, Status: status, AllocatedProvisionedConcurrentExecutions: allocated }) =>
    [arn?.split(':')[7], status, allocated].join(' '),
  );
}

describe('provisioned concurrency', () => {
  test('of a version: asked for, ready, taken away', async () => {
    await withBench(scenario, async (bench) => {
      expect(await put(bench, '2')).toMatchObject({ Status: 'IN_PROGRESS', $metadata: { httpStatusCode: 202 } });
      expect(await list(bench)).toEqual(['live READY 5', '3 READY 2', '2 IN_PROGRESS 0']);
      await bench.simulator.clock.sleep(30_000);
      expect(await list(bench)).toEqual(['live READY 5', '3 READY 2', '2 READY 3']);
      const remove = new DeleteProvisionedConcurrencyConfigCommand({ ...F, Qualifier: '2' });
      // The second time there is nothing to delete.
      const answers = [await bench.lambda.send(remove), await bench.lambda.send(remove)];
      expect(answers.map(({ $metadata: { httpStatusCode: status } }) => status)).toEqual([204, 204]);
      expect(await list(bench)).toEqual(['live READY 5', '3 READY 2']);
    });
  });

  test.each<[string, string, string]>([
    ['a weighted alias', 'split', 'Alias with weights can not be used with Provisioned Concurrency'],
    ['an alias on a version that has its own', 'three', 'already Provisioned version'],
    ['a version that an alias with some points to', '1', 'Version is pointed by a Provisioned Concurrency alias'],
    ['$LATEST', '$LATEST', 'unpublished function versions'],
    ['an alias of $LATEST', 'none', 'Function not found'],
    ['a version that is not active', '4', 'cannot be performed at this time'],
  ])('not of %s', async (_, qualifier, sentence) => {
    await withBench(scenario, async (bench) => {
      await expect(put(bench, qualifier)).rejects.toThrow(sentence);
    });
  });

  test('not none of it', async () => {
    await withBench(scenario, async (bench) => {
      await expect(put(bench, '2', 0)).rejects.toThrow('greater than or equal to 1');
    });
  });

  test('that fails says why', async () => {
    const fails = 'There is not enough capacity.';
    const failing = { functions: [{ name: 'f', versions: [{ code: '1' }], provisioning: { readyMs: 0, fails } }] };
    await withBench(failing, async (bench) => {
      await put(bench, '1');
      expect(await list(bench)).toEqual(['1 FAILED 0']);
    });
  });

  test.each<[string, 'refused' | undefined, Record<string, number>, string, string | undefined]>([
    ['wholly', undefined, {}, '3', 'already Provisioned version'],
    ['by a split, which is let through', undefined, { 3: 0.1 }, '1', undefined],
    ['by a split, where the scenario says so', 'refused', { 3: 0.1 }, '1', 'already Provisioned version'],
  ])('an alias that has some, led to a version with its own: %s', async (_, splits, weights, version, sentence) => {
    const functions = scenario.functions?.map((fn) => ({
      ...fn,
      provisioning: splits === undefined ? {} : { splits },
    }));
    await withBench({ functions: functions ?? [] }, async ({ lambda }) => {
      const routing = { RoutingConfig: { AdditionalVersionWeights: weights } };
      const update = lambda.send(new UpdateAliasCommand({ ...F, Name: 'live', FunctionVersion: version, ...routing }));
      if (sentence === undefined) await expect(update).resolves.toMatchObject(routing);
      else await expect(update).rejects.toThrow(sentence);
    });
  });
});

describe('old versions', () => {
  test('are deleted one by one, unless an alias refers to them', async () => {
    await withBench(scenario, async ({ lambda, simulator }) => {
      await expect(lambda.send(new DeleteFunctionCommand({ ...F, Qualifier: '2' }))).rejects.toThrow(
        'the following aliases reference it: [split]',
      );
      await lambda.send(new DeleteFunctionCommand({ ...F, Qualifier: '4' }));
      expect([...simulator.world.function('f').versions.keys()]).toEqual(['1', '2', '3']);
      await expect(lambda.send(new DeleteFunctionCommand({ ...F, Qualifier: '4' }))).rejects.toThrow('not found');
      await expect(lambda.send(new DeleteFunctionCommand(F))).rejects.toThrow('published versions only');
    });
  });

  test.each([
    ['f', 1],
    ['f:2', 1],
    ['f:1', 0],
  ])('event sources of %s: %d', async (FunctionName, count) => {
    await withBench(scenario, async ({ lambda }) => {
      const { EventSourceMappings: found } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
      expect(found).toHaveLength(count);
    });
  });

  test('durable executions that go on, page by page', async () => {
    const durable = { functions: [{ name: 'f', versions: [{ code: '1', running: 3 }, { code: '2' }] }] };
    await withBench(durable, async ({ lambda }) => {
      const asked = { ...F, Statuses: ['RUNNING' as const], MaxItems: 2 };
      const first = await lambda.send(new ListDurableExecutionsByFunctionCommand({ ...asked, Qualifier: '1' }));
      expect([first.DurableExecutions?.length, first.NextMarker]).toEqual([2, '2']);
      const other = await lambda.send(new ListDurableExecutionsByFunctionCommand({ ...asked, Qualifier: '2' }));
      expect([other.DurableExecutions, other.NextMarker]).toEqual([[], undefined]);
      const { Configuration: version } = await lambda.send(new GetFunctionCommand({ ...F, Qualifier: '1' }));
      expect(version?.DurableConfig).toBeDefined();
    });
  });
});

describe('a version that was put away', () => {
  const asleep = (change: object = {}): Scenario => ({
    functions: [{ name: 'f', versions: [{ code: '1', state: 'Inactive' }], wakeMs: 20_000, ...change }],
  });
  const one = { ...F, Qualifier: '1' };

  test.each([
    ['ResourceNotReadyException', {}],
    ['SnapStartNotReadyException', { snapStart: true }],
  ])('refuses an invocation with %s, and wakes', async (name, change) => {
    await withBench(asleep(change), async ({ lambda, simulator }) => {
      const state = async () => (await lambda.send(new GetFunctionCommand(one))).Configuration?.State;
      await lambda.send(new InvokeCommand({ ...one, InvocationType: 'DryRun' }));
      expect(await state()).toBe('Inactive');
      await expect(lambda.send(new InvokeCommand(one))).rejects.toMatchObject({ name });
      expect(await state()).toBe('Pending');
      const pending = { name: 'ResourceConflictException' };
      await expect(lambda.send(new InvokeCommand(one))).rejects.toMatchObject(pending);
      await simulator.clock.sleep(20_000);
      expect(await state()).toBe('Active');
      expect((await lambda.send(new InvokeCommand(one))).StatusCode).toBe(200);
    });
  });

  test('or does not', async () => {
    await withBench(asleep({ wakeMs: 'never' }), async ({ lambda }) => {
      await expect(lambda.send(new InvokeCommand(one))).rejects.toThrow('inactive');
      expect((await lambda.send(new GetFunctionCommand(one))).Configuration?.State).toBe('Inactive');
    });
  });
});
