import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  GetFunctionCommand,
  PublishVersionCommand,
  ResourceConflictException,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import { withBench } from './bench.ts';

const FN = { FunctionName: 'f' };
const ZIP = Buffer.from('PK simulated package');
const ROLE = 'arn:aws:iam::123456789012:role/f';
const NEW: CreateFunctionCommandInput = {
  ...FN,
  Role: ROLE,
  Runtime: 'nodejs24.x',
  Handler: 'a.b',
  Code: { ZipFile: ZIP },
};

const scenario: Scenario = {
  functions: [
    { name: 'f', versions: [{ code: 'one' }], settings: { MemorySize: 256, Environment: { Variables: { AB: '1' } } } },
  ],
};

describe('UpdateFunctionConfiguration', () => {
  test('what is omitted stays; it is in progress for a while; the next publication is a new version', async () => {
    await withBench(scenario, async ({ lambda, simulator }) => {
      const updated = await lambda.send(new UpdateFunctionConfigurationCommand({ ...FN, Timeout: 9, Layers: ['l:1'] }));
      expect(updated).toMatchObject({
        Timeout: 9,
        MemorySize: 256,
        Layers: [{ Arn: 'l:1' }],
        LastUpdateStatus: 'InProgress',
      });
      const busy = lambda.send(new UpdateFunctionCodeCommand({ ...FN, ZipFile: ZIP }));
      await expect(busy).rejects.toBeInstanceOf(ResourceConflictException);
      await simulator.clock.sleep(3000);
      const { Version, Environment } = await lambda.send(new PublishVersionCommand(FN));
      expect({ Version, Environment }).toEqual({ Version: '2', Environment: { Variables: { AB: '1' } } });
    });
  });

  test.each<[object, RegExp]>([
    [{ RevisionId: 'old' }, /Revision Id provided does not match/],
    [{ MemorySize: 64 }, /'memorySize' failed to satisfy constraint/],
    [{ Role: 'nobody' }, /'role' failed to satisfy constraint/],
    [{ ImageConfig: { Command: ['a'] } }, /ImageConfig/],
    [{ Environment: { Variables: { 'A-B': 'x' } } }, /Value '\{A-B=x\}' at 'environment.variables'/],
    [{ Environment: { Variables: { AWS_REGION: 'x' } } }, /Reserved keys used in this request: AWS_REGION/],
    [{ Environment: { Variables: { AB: 'x'.repeat(4096) } } }, /4KB limit. String measured: \{"AB":"xxx/],
  ])('%.60j is refused', async (fields, sentence) => {
    await withBench(scenario, async ({ lambda }) => {
      await expect(lambda.send(new UpdateFunctionConfigurationCommand({ ...FN, ...fields }))).rejects.toThrow(sentence);
    });
  });

  test('a role that is a few seconds old', async () => {
    await withBench({ ...scenario, freshRoles: { [ROLE]: 5_000 } }, async ({ lambda, simulator }) => {
      const update = () => lambda.send(new UpdateFunctionConfigurationCommand({ ...FN, Role: ROLE }));
      await expect(update()).rejects.toThrow('The role defined for the function cannot be assumed by Lambda.');
      await simulator.clock.sleep(5_000);
      expect((await update()).Role).toBe(ROLE);
    });
  });

  test('without kms:Decrypt the variables are hidden', async () => {
    const hidden = { functions: scenario.functions?.map((fn) => ({ ...fn, environmentHidden: true })) ?? [] };
    await withBench(hidden, async ({ lambda }) => {
      const { Configuration } = await lambda.send(new GetFunctionCommand(FN));
      expect(Configuration?.Environment).toMatchObject({ Error: { ErrorCode: 'AccessDeniedException' } });
      expect(Configuration?.Environment).not.toHaveProperty('Variables');
    });
  });
});

describe('CreateFunction', () => {
  test('is Pending, then Active, and can be published', async () => {
    await withBench({}, async ({ lambda, simulator }) => {
      const created = await lambda.send(new CreateFunctionCommand(NEW));
      expect(created).toMatchObject({ State: 'Pending', Version: '$LATEST', Handler: 'a.b', Role: ROLE });
      await expect(lambda.send(new PublishVersionCommand(FN))).rejects.toThrow(/following state: Pending/);
      await simulator.clock.sleep(2_000);
      expect((await lambda.send(new PublishVersionCommand(FN))).Version).toBe('1');
    });
  });

  test.each<[Partial<CreateFunctionCommandInput>, RegExp]>([
    [{ Role: undefined }, /Role are mandatory/],
    [{ Runtime: undefined, Handler: undefined }, /Runtime and Handler are mandatory/],
    [{ PackageType: 'Image' }, /Please don't provide Handler or Runtime or Layer/],
    [{ Code: { ZipFile: Buffer.from('text') } }, /Could not unzip/],
  ])('%j is refused, and leaves nothing', async (change, sentence) => {
    await withBench({}, async ({ lambda }) => {
      await expect(lambda.send(new CreateFunctionCommand({ ...NEW, ...change }))).rejects.toThrow(sentence);
      await expect(lambda.send(new GetFunctionCommand(FN))).rejects.toThrow('Function not found');
    });
  });

  test('a function of that name exists', async () => {
    await withBench(scenario, async ({ lambda }) => {
      const again = lambda.send(new CreateFunctionCommand(NEW));
      await expect(again).rejects.toBeInstanceOf(ResourceConflictException);
      await expect(again).rejects.toThrow('Function already exist: f');
    });
  });
});
