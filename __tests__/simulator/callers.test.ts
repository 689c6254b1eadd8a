import {
  GetPolicyCommand,
  ListEventSourceMappingsCommand,
  ListFunctionUrlConfigsCommand,
  ListTagsCommand,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { describe, expect, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import type { CallersSpec } from '../../simulator/scenario.ts';
import { MINUTE } from '../../src/model/time.ts';
import { withBench } from './bench.ts';

const FN = { FunctionName: 'f' };
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:f';

function scenario(callers: CallersSpec = {}, more: Scenario = {}): Scenario {
  const aliases = [{ name: 'live', functionVersion: '1' }];
  return { functions: [{ name: 'f', versions: [{ code: 'one' }], aliases, tags: { team: 'shop' }, callers }], ...more };
}

describe('ListEventSourceMappings', () => {
  const callers = { eventSources: [{ arn: 'arn:aws:sqs:q' }, { qualifier: 'live', state: 'Disabled' }] };

  test.each([
    ['f', ARN, { EventSourceArn: 'arn:aws:sqs:q', State: 'Enabled' }],
    [`${ARN}:live`, `${ARN}:live`, { State: 'Disabled', SelfManagedEventSource: { Endpoints: {} } }],
  ])('%s: those on just that', async (FunctionName, FunctionArn, mapping) => {
    await withBench(scenario(callers), async ({ lambda }) => {
      const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
      expect(EventSourceMappings).toEqual([expect.objectContaining({ FunctionArn, ...mapping })]);
    });
  });

  test('100 to a page', async () => {
    const eventSources = Array.from({ length: 130 }, (_, index) => ({ arn: `arn:aws:sqs:${index}` }));
    await withBench(scenario({ eventSources }), async ({ lambda }) => {
      const first = await lambda.send(new ListEventSourceMappingsCommand(FN));
      const rest = await lambda.send(new ListEventSourceMappingsCommand({ ...FN, Marker: first.NextMarker }));
      const sizes = [first, rest].map(({ EventSourceMappings = [] }) => EventSourceMappings.length);
      expect({ sizes, next: rest.NextMarker }).toEqual({ sizes: [100, 30], next: undefined });
    });
  });

  test('is denied for all functions or none', async () => {
    await withBench(scenario({}, { deny: ['lambda:ListEventSourceMappings'] }), async ({ lambda }) => {
      const asked = lambda.send(new ListEventSourceMappingsCommand(FN));
      await expect(asked).rejects.toThrow('perform: lambda:ListEventSourceMappings on resource: *');
    });
  });
});

test('function URLs are those of the function and of its aliases', async () => {
  await withBench(scenario({ urls: [{}, { qualifier: 'live' }] }), async ({ lambda }) => {
    const { FunctionUrlConfigs = [] } = await lambda.send(new ListFunctionUrlConfigsCommand(FN));
    expect(FunctionUrlConfigs.map(({ FunctionArn }) => FunctionArn)).toEqual([ARN, `${ARN}:live`]);
  });
});

describe('GetPolicy', () => {
  const callers = { policies: { live: [{ Principal: '*', Action: 'lambda:InvokeFunction' }], 1: 'not JSON' } };

  test('each qualifier has its own', async () => {
    await withBench(scenario(callers), async ({ lambda }) => {
      const read = async (Qualifier: string) =>
        (await lambda.send(new GetPolicyCommand({ ...FN, Qualifier }))).Policy ?? '';
      expect(JSON.parse(await read('live'))).toMatchObject({
        Statement: [{ Effect: 'Allow', Resource: `${ARN}:live` }],
      });
      expect(await read('1')).toBe('not JSON');
      await expect(lambda.send(new GetPolicyCommand(FN))).rejects.toBeInstanceOf(ResourceNotFoundException);
    });
  });

  test('15 a second, apart from the rest', async () => {
    await withBench(scenario(callers, { latency: { lambda: [1, 1] } }), async ({ lambda }) => {
      const command = new GetPolicyCommand({ ...FN, Qualifier: 'live' });
      const ask = () =>
        lambda.send(command).then(
          () => 'answered',
          (error: unknown) => error,
        );
      const answers = [];
      for (let asked = 0; asked < 16; asked += 1) answers.push(await ask());
      expect(answers.slice(0, 15).every((answer) => answer === 'answered')).toBe(true);
      expect(answers[15]).toBeInstanceOf(TooManyRequestsException);
      await expect(lambda.send(new ListTagsCommand({ Resource: ARN }))).resolves.toBeDefined();
    });
  });
});

test('tags are those of the function', async () => {
  await withBench(scenario(), async ({ lambda }) => {
    expect((await lambda.send(new ListTagsCommand({ Resource: ARN }))).Tags).toEqual({ team: 'shop' });
  });
});

test.each([
  [undefined, 'f'],
  ['$LATEST', 'f:$LATEST'],
])('calls past the alias, under %s, are no traffic of it', async (qualifier, resource) => {
  const bypassing = { perMinute: 60, ...(qualifier === undefined ? {} : { qualifier }) };
  const traffic = [{ function: 'f', alias: 'live', perMinute: 30, bypassing }];
  await withBench(scenario({}, { traffic }), async ({ simulator }) => {
    await simulator.clock.sleep(10 * MINUTE);
    const count = (name?: string) => simulator.truth({ function: 'f', resource: name }).invocations;
    expect(count(resource)).toBeGreaterThan(500);
    expect(count()).toBe(count(resource) + count('f:live'));
  });
});
