import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  ResourceConflictException,
  ResourceNotFoundException,
  TooManyRequestsException,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { Scenario } from '../../simulator/index.ts';
import { withBench } from './bench.ts';

const FN = { FunctionName: 'f' };
const ZIP = Buffer.from('PK simulated package');
const SHA = createHash('sha256').update(ZIP).digest('base64');

function scenario(change: NonNullable<Scenario['functions']>[number] | object = {}, more: Scenario = {}): Scenario {
  const versions = [{ code: 'one' }, { code: 'two' }];
  const aliases = [{ name: 'live', functionVersion: '1' }];
  return { functions: [{ name: 'f', versions, aliases, deadLetterArn: 'arn:dlq', ...change }], ...more };
}

describe('reading a function', () => {
  test.each(['f', '123456789012:function:f', 'function:f', 'arn:aws:lambda:eu-west-1:123456789012:function:f'])(
    'is known as %s',
    async (FunctionName) => {
      await withBench(scenario(), async ({ lambda }) => {
        const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
        expect(Configuration).toMatchObject({
          FunctionName: 'f',
          Version: '$LATEST',
          State: 'Active',
          LastUpdateStatus: 'Successful',
          Architectures: ['x86_64'],
          DeadLetterConfig: { TargetArn: 'arn:dlq' },
          Handler: 'index.handler',
          Runtime: 'nodejs24.x',
          Timeout: 3,
        });
      });
    },
  );

  test.each(['g', 'arn:aws:lambda:us-east-1:123456789012:function:f'])('%s is not there', async (FunctionName) => {
    await withBench(scenario(), async ({ lambda }) => {
      const asked = lambda.send(new GetFunctionCommand({ FunctionName }));
      await expect(asked).rejects.toBeInstanceOf(ResourceNotFoundException);
      await expect(asked).rejects.toThrow(/^Function not found: arn:aws:lambda:eu-west-1:123456789012:function:/);
    });
  });

  test('a qualifier is a version or an alias', async () => {
    await withBench(scenario(), async ({ lambda }) => {
      const read = async (Qualifier: string) =>
        (await lambda.send(new GetFunctionConfigurationCommand({ ...FN, Qualifier }))).Version;
      expect(await read('2')).toBe('2');
      expect(await read('live')).toBe('1');
      await expect(read('9')).rejects.toThrow('Function not found: arn:aws:lambda:eu-west-1:123456789012:function:f:9');
    });
  });

  test('versions come 50 to a page, $LATEST first', async () => {
    const versions = Array.from({ length: 70 }, (_, i) => ({ code: `code ${i}` }));
    await withBench(scenario({ versions }), async ({ lambda }) => {
      const first = await lambda.send(new ListVersionsByFunctionCommand(FN));
      const marker = first.NextMarker ?? '';
      const second = await lambda.send(new ListVersionsByFunctionCommand({ ...FN, Marker: marker }));
      const all = [...(first.Versions ?? []), ...(second.Versions ?? [])].map(({ Version }) => Version);
      expect(first.Versions).toHaveLength(50);
      expect(all).toEqual(['$LATEST', ...versions.map((_, i) => String(i + 1))]);
      expect(second.NextMarker).toBeUndefined();
    });
  });
});

describe('UpdateFunctionCode and PublishVersion', () => {
  test('an update is in progress for a while and then shows another RevisionId', async () => {
    await withBench(scenario(), async ({ lambda, simulator }) => {
      const updated = await lambda.send(new UpdateFunctionCodeCommand({ ...FN, ZipFile: ZIP }));
      expect(updated).toMatchObject({ CodeSha256: SHA, LastUpdateStatus: 'InProgress', Version: '$LATEST' });
      const again = lambda.send(new UpdateFunctionCodeCommand({ ...FN, ZipFile: ZIP }));
      await expect(again).rejects.toBeInstanceOf(ResourceConflictException);
      await expect(again).rejects.toMatchObject({ $metadata: { httpStatusCode: 409 } });
      await expect(lambda.send(new PublishVersionCommand(FN))).rejects.toThrow(/update is in progress/);
      await simulator.clock.sleep(3000);
      const { Configuration } = await lambda.send(new GetFunctionCommand(FN));
      expect(Configuration?.LastUpdateStatus).toBe('Successful');
      expect(Configuration?.RevisionId).not.toBe(updated.RevisionId);
    });
  });

  test('publishing makes a version that is Pending and then Active', async () => {
    await withBench(scenario({ updateMs: 0 }), async ({ lambda, simulator }) => {
      await lambda.send(new UpdateFunctionCodeCommand({ ...FN, ZipFile: ZIP, Architectures: ['arm64'] }));
      const published = await lambda.send(
        new PublishVersionCommand({ ...FN, CodeSha256: SHA, Description: 'acme/shop@0123456' }),
      );
      expect(published).toMatchObject({ Version: '3', State: 'Pending', CodeSha256: SHA, Architectures: ['arm64'] });
      expect(published).toMatchObject({ Description: 'acme/shop@0123456', $metadata: { httpStatusCode: 201 } });
      await simulator.clock.sleep(2000);
      const later = await lambda.send(new GetFunctionCommand({ ...FN, Qualifier: '3' }));
      expect(later.Configuration?.State).toBe('Active');
    });
  });

  test('nothing updated: the existing version; any update: a new one, the same content or not', async () => {
    await withBench(scenario({ updateMs: 0 }), async ({ lambda }) => {
      const publish = async () => (await lambda.send(new PublishVersionCommand(FN))).Version;
      expect(await publish()).toBe('2');
      for (const expected of ['3', '4']) {
        await lambda.send(new UpdateFunctionCodeCommand({ ...FN, ZipFile: ZIP }));
        expect(await publish()).toBe(expected);
        expect(await publish()).toBe(expected);
      }
    });
  });

  test('a version may fail, with the reason', async () => {
    const publishFails = { reason: 'The image is not supported', code: 'InvalidImage' };
    await withBench(scenario({ updateMs: 0, publishFails }), async ({ lambda, simulator }) => {
      await lambda.send(new UpdateFunctionCodeCommand({ ...FN, ZipFile: ZIP }));
      const { Version = '' } = await lambda.send(new PublishVersionCommand(FN));
      await simulator.clock.sleep(2000);
      const { Configuration } = await lambda.send(new GetFunctionCommand({ ...FN, Qualifier: Version }));
      expect(Configuration).toMatchObject({ State: 'Failed', StateReason: publishFails.reason });
      expect(Configuration).toMatchObject({ StateReasonCode: 'InvalidImage' });
    });
  });

  test('guards: another hash, a stale RevisionId, a package that is too big or no zip', async () => {
    await withBench(scenario(), async ({ lambda }) => {
      const wrongHash = lambda.send(new PublishVersionCommand({ ...FN, CodeSha256: SHA }));
      await expect(wrongHash).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
      await expect(wrongHash).rejects.toThrow(`CodeSHA256 (${SHA}) is different from current CodeSHA256 in $LATEST`);
      const stale = lambda.send(new PublishVersionCommand({ ...FN, RevisionId: 'stale' }));
      await expect(stale).rejects.toMatchObject({
        name: 'PreconditionFailedException',
        $metadata: { httpStatusCode: 412 },
      });
      const noZip = lambda.send(new UpdateFunctionCodeCommand({ ...FN, ZipFile: Buffer.from('text') }));
      await expect(noZip).rejects.toThrow(/Could not unzip/);
      const big = Buffer.alloc(50 * 1024 * 1024 + 1, 'PK');
      const tooBig = lambda.send(new UpdateFunctionCodeCommand({ ...FN, ZipFile: big }));
      await expect(tooBig).rejects.toMatchObject({ name: 'RequestEntityTooLargeException' });
    });
  });
});

describe('code from elsewhere', () => {
  const buckets = [
    { name: 'near', versioned: true, objects: { 'a.zip': ZIP } },
    { name: 'far', region: 'us-east-1', objects: { 'a.zip': ZIP } },
  ];

  test('an object in S3, copied or referred to', async () => {
    await withBench(scenario({ updateMs: 0 }, { buckets }), async ({ lambda, simulator }) => {
      const S3ObjectVersion = simulator.objects.bucket('near')?.get('a.zip')?.versionId ?? '';
      const place = { ...FN, S3Bucket: 'near', S3Key: 'a.zip' };
      const copied = await lambda.send(new UpdateFunctionCodeCommand(place));
      expect(copied.CodeSha256).toBe(SHA);
      expect((await lambda.send(new GetFunctionCommand(FN))).Code?.ResolvedS3Object).toBeUndefined();
      await lambda.send(new UpdateFunctionCodeCommand({ ...place, S3ObjectVersion, S3ObjectStorageMode: 'REFERENCE' }));
      const { Code } = await lambda.send(new GetFunctionCommand(FN));
      expect(Code?.ResolvedS3Object).toEqual({ S3Bucket: 'near', S3Key: 'a.zip', S3ObjectVersion });
    });
  });

  test.each([
    [{ S3Bucket: 'far', S3Key: 'a.zip' }, /PermanentRedirect.*us-east-1/],
    [{ S3Bucket: 'near', S3Key: 'b.zip' }, /NoSuchKey/],
    [{ S3Bucket: 'none', S3Key: 'a.zip' }, /NoSuchBucket/],
  ])('%j is refused', async (place, sentence) => {
    await withBench(scenario({}, { buckets }), async ({ lambda }) => {
      const updated = lambda.send(new UpdateFunctionCodeCommand({ ...FN, ...place }));
      await expect(updated).rejects.toThrow(sentence);
    });
  });

  test('an image by tag, shown with its digest', async () => {
    const digest = `sha256:${'c3'.repeat(32)}`;
    const images = [{ repository: 'shop', tag: 'next', digest }];
    const change = { packageType: 'Image', updateMs: 0, versions: [{ code: 'shop:next' }] };
    await withBench(scenario(change, { images }), async ({ lambda }) => {
      const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
      const ImageUri = `${registry}/shop:next`;
      await lambda.send(new UpdateFunctionCodeCommand({ ...FN, ImageUri }));
      const { Code, Configuration } = await lambda.send(new GetFunctionCommand(FN));
      expect(Code).toMatchObject({ ImageUri, ResolvedImageUri: `${registry}/shop@${digest}` });
      expect(Configuration).toMatchObject({ PackageType: 'Image', CodeSha256: digest.slice(7) });
      const missing = lambda.send(new UpdateFunctionCodeCommand({ ...FN, ImageUri: `${registry}/shop:gone` }));
      await expect(missing).rejects.toThrow(/does not exist/);
    });
  });
});

describe('quota and calls', () => {
  test('the 16th request of a second is throttled; GetFunction has a quota of its own', async () => {
    const latency = { lambda: [0, 0] as const };
    await withBench(scenario({}, { latency }), async ({ lambda, simulator }) => {
      const ask = () => lambda.send(new GetFunctionConfigurationCommand(FN));
      for (let i = 0; i < 15; i += 1) await ask();
      await expect(ask()).rejects.toBeInstanceOf(TooManyRequestsException);
      await expect(ask()).rejects.toMatchObject({ Reason: 'CallerRateLimitExceeded' });
      await lambda.send(new GetFunctionCommand(FN));
      await simulator.clock.sleep(1000);
      await ask();
    });
  });

  test('a client that waits for its answers is never throttled', async () => {
    await withBench(scenario(), async ({ lambda, simulator }) => {
      for (let i = 0; i < 40; i += 1) await lambda.send(new GetFunctionConfigurationCommand(FN));
      expect(simulator.calls.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
      expect(simulator.calls[0]).toMatchObject({ service: 'lambda', action: 'GetFunctionConfiguration' });
      expect(simulator.calls[0]?.request).toMatchObject(FN);
      expect(simulator.calls[0]?.userAgent).toContain('aws-sdk-js');
    });
  });

  test('Invoke says which version ran', async () => {
    const traffic = [{ function: 'f', alias: 'live', perMinute: 0, errorRate: { 2: 1 } }];
    await withBench(scenario({}, { traffic }), async ({ lambda, simulator }) => {
      const live = await lambda.send(new InvokeCommand({ ...FN, Qualifier: 'live' }));
      expect(live).toMatchObject({ ExecutedVersion: '1', StatusCode: 200 });
      const failing = await lambda.send(new InvokeCommand({ ...FN, Qualifier: '2' }));
      expect(failing).toMatchObject({ ExecutedVersion: '2', FunctionError: 'Unhandled' });
      expect(simulator.truth({ function: 'f', resource: 'f:live', version: '1' }).invocations).toBe(1);
    });
  });

  test('Invoke answers what the scenario says, of the version that is asked', async () => {
    const answers = ({ version, payload }: { version: string; payload: unknown }) => ({
      response: { version, payload },
      log: 'x'.repeat(5_000),
      durationMs: 700,
    });
    await withBench(scenario({ answers }), async ({ lambda, simulator }) => {
      const before = simulator.clock.now();
      const invocation = { ...FN, Qualifier: '2', Payload: '{"a":1}', LogType: 'Tail' } as const;
      const { Payload: payload, LogResult: log = '' } = await lambda.send(new InvokeCommand(invocation));
      expect(JSON.parse(payload?.transformToString() ?? '')).toEqual({ version: '2', payload: { a: 1 } });
      const tail = Buffer.from(log, 'base64');
      expect(tail).toHaveLength(4096);
      expect(tail.toString()).toMatch(/^x+\nEND RequestId: .*\nREPORT .*Duration: 700\.00 ms/);
      expect(simulator.clock.now() - before).toBeGreaterThanOrEqual(700);
      expect(await lambda.send(new InvokeCommand(FN))).not.toHaveProperty('LogResult', expect.any(String));
    });
  });

  test('Invoke refuses what is no JSON, and a version that is not ready', async () => {
    await withBench(scenario({}), async ({ lambda, simulator }) => {
      const broken = lambda.send(new InvokeCommand({ ...FN, Qualifier: '2', Payload: '{' }));
      await expect(broken).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
      simulator.world.changeVersion('f', '2', { state: 'Pending' });
      const early = lambda.send(new InvokeCommand({ ...FN, Qualifier: '2' }));
      await expect(early).rejects.toBeInstanceOf(ResourceConflictException);
    });
  });
});
