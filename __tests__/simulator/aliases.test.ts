import {
  CreateAliasCommand,
  GetAliasCommand,
  GetProvisionedConcurrencyConfigCommand,
  ListAliasesCommand,
  PreconditionFailedException,
  ResourceConflictException,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import type { UpdateAliasCommandInput } from '@aws-sdk/client-lambda';
import { describe, expect, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import { withBench } from './bench.ts';

const LIVE = { FunctionName: 'f', Name: 'live' };

const scenario: Scenario = {
  functions: [
    {
      name: 'f',
      versions: [
        { code: '1' },
        { code: '2' },
        { code: '3', role: 'arn:aws:iam::123456789012:role/other' },
        { code: '4', deadLetterArn: 'arn:aws:sqs:eu-west-1:123456789012:dlq' },
      ],
      aliases: [
        { name: 'live', functionVersion: '1', description: 'before' },
        { name: 'latest', functionVersion: '$LATEST' },
      ],
    },
  ],
};

function weights(version: string, weight: number): Pick<UpdateAliasCommandInput, 'RoutingConfig'> {
  return { RoutingConfig: { AdditionalVersionWeights: { [version]: weight } } };
}

describe('UpdateAlias', () => {
  test('every write has a new RevisionId; what is omitted stays', async () => {
    await withBench(scenario, async ({ lambda, simulator }) => {
      const before = await lambda.send(new GetAliasCommand(LIVE));
      expect(before.RoutingConfig).toBeUndefined();
      const shifted = await lambda.send(
        new UpdateAliasCommand({ ...LIVE, ...weights('2', 0.1), RevisionId: before.RevisionId }),
      );
      expect(shifted).toMatchObject({ FunctionVersion: '1', Description: 'before', ...weights('2', 0.1) });
      expect(shifted.RevisionId).not.toBe(before.RevisionId);
      await lambda.send(new UpdateAliasCommand({ ...LIVE, Description: 'now' }));
      const promotion = { FunctionVersion: '2', RoutingConfig: { AdditionalVersionWeights: {} } };
      await lambda.send(new UpdateAliasCommand({ ...LIVE, ...promotion }));
      const history = simulator.aliasHistory('f', 'live');
      expect(history.map(({ functionVersion, weights: w, description }) => [functionVersion, w, description])).toEqual([
        ['1', {}, 'before'],
        ['1', { 2: 10 }, 'before'],
        ['1', { 2: 10 }, 'now'],
        ['2', {}, 'now'],
      ]);
      expect(new Set(history.map(({ revisionId }) => revisionId)).size).toBe(4);
    });
  });

  test('a stale RevisionId is refused, after a change in the console too', async () => {
    await withBench(scenario, async ({ lambda, simulator }) => {
      const { RevisionId } = await lambda.send(new GetAliasCommand(LIVE));
      simulator.world.updateAlias('f', 'live', { weights: { 2: 50 } });
      const written = lambda.send(new UpdateAliasCommand({ ...LIVE, FunctionVersion: '2', RevisionId }));
      await expect(written).rejects.toBeInstanceOf(PreconditionFailedException);
      await expect(written).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
      expect(await lambda.send(new GetAliasCommand(LIVE))).toMatchObject(weights('2', 0.5));
    });
  });

  test.each<[string, Partial<UpdateAliasCommandInput>, string, RegExp]>([
    ['another role', weights('3', 0.1), 'InvalidParameterValueException', /same execution role/],
    ['another DLQ', weights('4', 0.1), 'InvalidParameterValueException', /same dead letter/],
    ['a missing version', weights('9', 0.1), 'ResourceNotFoundException', /Function not found: .*:f:9/],
    ['a missing main version', { FunctionVersion: '9' }, 'ResourceNotFoundException', /Function not found: .*:f:9/],
    ['the version it has', weights('1', 0.1), 'InvalidParameterValueException', /already included/],
    ['$LATEST as canary', weights('$LATEST', 0.1), 'ValidationException', /additionalVersionWeights/],
    [
      '$LATEST as baseline',
      { FunctionVersion: '$LATEST', ...weights('2', 0.1) },
      'InvalidParameterValueException',
      /\$LATEST/,
    ],
    ['a weight over 1', weights('2', 1.5), 'ValidationException', /between 0.0 and 1.0/],
    ['a long description', { Description: 'x'.repeat(257) }, 'ValidationException', /256/],
    [
      'three versions',
      { RoutingConfig: { AdditionalVersionWeights: { 2: 0.1, 3: 0.1 } } },
      'InvalidParameterValueException',
      /cannot be greater than 1/,
    ],
  ])('%s is refused and changes nothing', async (_, change, name, message) => {
    await withBench(scenario, async ({ lambda, simulator }) => {
      const written = lambda.send(new UpdateAliasCommand({ ...LIVE, ...change }));
      await expect(written).rejects.toMatchObject({ name });
      await expect(written).rejects.toThrow(message);
      expect(simulator.aliasHistory('f', 'live')).toHaveLength(1);
    });
  });

  test('an alias that is not there', async () => {
    await withBench(scenario, async ({ lambda }) => {
      const read = lambda.send(new GetAliasCommand({ ...LIVE, Name: 'none' }));
      await expect(read).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
      await expect(read).rejects.toThrow(
        'Cannot find alias arn: arn:aws:lambda:eu-west-1:123456789012:function:f:none',
      );
    });
  });
});

describe('CreateAlias and ListAliases', () => {
  test('creates once', async () => {
    await withBench(scenario, async ({ lambda }) => {
      const alias = { FunctionName: 'f', Name: 'beta', FunctionVersion: '2', Description: 'first' };
      const created = await lambda.send(new CreateAliasCommand(alias));
      expect(created).toMatchObject({ Name: 'beta', FunctionVersion: '2', $metadata: { httpStatusCode: 201 } });
      expect(created.AliasArn).toBe('arn:aws:lambda:eu-west-1:123456789012:function:f:beta');
      await expect(lambda.send(new CreateAliasCommand(alias))).rejects.toBeInstanceOf(ResourceConflictException);
      const { Aliases } = await lambda.send(new ListAliasesCommand({ FunctionName: 'f', FunctionVersion: '2' }));
      expect(Aliases?.map(({ Name }) => Name)).toEqual(['beta']);
    });
  });

  test.each([
    ['12', '1', 'ValidationException'],
    ['beta', '9', 'ResourceNotFoundException'],
  ])('refuses the name %s on version %s', async (Name, FunctionVersion, name) => {
    await withBench(scenario, async ({ lambda }) => {
      const created = lambda.send(new CreateAliasCommand({ FunctionName: 'f', Name, FunctionVersion }));
      await expect(created).rejects.toMatchObject({ name });
    });
  });
});

test('with provisioned concurrency a promotion has weights that nobody wrote, for a while', async () => {
  const provisionedConcurrency = { requested: 5, moveMs: 60_000 };
  const aliases = [{ name: 'live', functionVersion: '1', provisionedConcurrency }];
  const versions = [{ code: '1' }, { code: '2' }];
  await withBench({ functions: [{ name: 'f', versions, aliases }] }, async ({ lambda, simulator }) => {
    const status = async () =>
      (await lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName: 'f', Qualifier: 'live' }))).Status;
    const promotion = { FunctionVersion: '2', RoutingConfig: { AdditionalVersionWeights: {} } };
    const answer = await lambda.send(new UpdateAliasCommand({ ...LIVE, ...promotion }));
    expect(answer.RoutingConfig).toBeUndefined();
    const during = await lambda.send(new GetAliasCommand(LIVE));
    expect(during).toMatchObject({ FunctionVersion: '2', ...weights('1', 1) });
    expect(await status()).toBe('IN_PROGRESS');
    await simulator.clock.sleep(60_000);
    const after = await lambda.send(new GetAliasCommand(LIVE));
    expect(after.RoutingConfig).toBeUndefined();
    expect(after.RevisionId).not.toBe(during.RevisionId);
    expect(await status()).toBe('READY');
  });
});

test('provisioned concurrency that cannot move leaves the traffic where it was, also after another write', async () => {
  const provisionedConcurrency = { requested: 5, moveMs: 60_000, moveFails: 'FUNCTION_ERROR_INIT_FAILURE' };
  const aliases = [{ name: 'live', functionVersion: '1', provisionedConcurrency }];
  const versions = [{ code: '1' }, { code: '2' }];
  await withBench({ functions: [{ name: 'f', versions, aliases }] }, async ({ lambda, simulator }) => {
    const none = { AdditionalVersionWeights: {} };
    const put = (FunctionVersion: string) =>
      lambda.send(new UpdateAliasCommand({ ...LIVE, FunctionVersion, RoutingConfig: none }));
    const qualified = { FunctionName: 'f', Qualifier: 'live' };
    await put('2');
    await simulator.clock.sleep(60_000);
    await put('2');
    expect(await lambda.send(new GetAliasCommand(LIVE))).toMatchObject({ FunctionVersion: '2', ...weights('1', 1) });
    expect(await lambda.send(new GetProvisionedConcurrencyConfigCommand(qualified))).toMatchObject({
      Status: 'FAILED',
      StatusReason: 'FUNCTION_ERROR_INIT_FAILURE',
    });
    await put('1');
    await put('1');
    expect(await lambda.send(new GetAliasCommand(LIVE))).toMatchObject({ FunctionVersion: '1', ...weights('2', 1) });
    await simulator.clock.sleep(60_000);
    expect((await lambda.send(new GetAliasCommand(LIVE))).RoutingConfig).toBeUndefined();
  });
});
