import { describe, expect, test } from '@jest/globals';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { EffectName } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { callAws } from '../../src/aws/failures.ts';
import { LambdaAlias } from '../../src/aws/lambda-alias.ts';
import { withBench } from '../simulator/bench.ts';
import { adaptersOn, failureOf } from './adapters.ts';

const EFFECTS: readonly [EffectName, string, RegExp, boolean][] = [
  ['access-denied', 'not allowed to ACTION for', /Add "ACTION" to the policy/, true],
  ['expired-token', 'the AWS credentials expired before ACTION for', /role-duration-seconds/, true],
  ['throttle', 'AWS kept throttling ACTION in eu-west-1', /Run this step again|run this step again/, false],
  ['server-error', 'ACTION for', /Run this step again|run this step again/, false],
  ['reset', 'ACTION for', /network/, false],
  ['lost-response', 'ACTION for', /network/, false],
];

const SPAN = { start: Date.UTC(2026, 0, 15, 11), end: Date.UTC(2026, 0, 15, 12) };
const READS = { baseline: '3', canary: '2', watch: { latency: undefined, metrics: [] }, ...SPAN } as const;
const TARGET = { functionVersion: '2', weights: {}, description: '' } as const;
const OBJECT = { kind: 'object', bucket: NAMES.bucket, key: 'a.zip', versionId: undefined } as const;

type Adapters = ReturnType<typeof adaptersOn>;

const CALLS: readonly [string, (adapters: Adapters) => Promise<unknown>][] = [
  ['lambda:GetFunction', ({ functions }) => functions.describe()],
  ['lambda:ListVersionsByFunction', ({ functions }) => functions.listVersions()],
  ['lambda:PublishVersion', ({ functions }) => functions.publish({ codeSha256: '', description: '' })],
  [
    'lambda:UpdateFunctionCode',
    ({ functions }) => functions.updateCode({ code: OBJECT, architectures: [], byReference: false }),
  ],
  ['lambda:GetAlias', ({ alias }) => alias.read()],
  ['lambda:UpdateAlias', ({ alias }) => alias.write(TARGET, 'r')],
  ['lambda:CreateAlias', ({ alias }) => alias.create(TARGET)],
  ['cloudwatch:GetMetricData', ({ traffic }) => traffic.read(READS)],
  [
    'cloudwatch:GetMetricData',
    ({ traffic }) => traffic.readDurations({ ...READS, signal: new AbortController().signal }),
  ],
  ['cloudwatch:DescribeAlarms', ({ alarms }) => alarms.readAlarms(['checkout 5xx'])],
];

describe.each(EFFECTS)('%s', (effect, problem, next, permanent) => {
  test.each(CALLS)('%s: a sentence and a remedy', async (action, call) => {
    await withBench(scenarios.healthy(), async (bench) => {
      bench.simulator.faults.add({ effect });
      const failure = await failureOf(call(adaptersOn(bench)));
      expect(failure.message).toContain(problem.replace('ACTION', action));
      expect(failure.next).toMatch(new RegExp(next.source.replace('ACTION', action)));
      expect(failure.permanent).toBe(permanent);
    });
  });
});

describe('without an answer', () => {
  async function failureAt(endpoint: string): Promise<{ message: string; next: string; permanent: boolean }> {
    const client = new LambdaClient({
      endpoint,
      region: 'eu-wst-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
      requestHandler: { requestTimeout: 100, connectionTimeout: 100, throwOnRequestTimeout: true },
    });
    const alias = new LambdaAlias({ client, functionId: 'checkout', name: 'live', region: 'eu-wst-1' });
    try {
      return await failureOf(alias.read());
    } finally {
      client.destroy();
    }
  }

  test('a call that hangs is given up', async () => {
    await withBench(scenarios.healthy(), async ({ simulator }) => {
      simulator.faults.add({ effect: 'hang' });
      const failure = await failureAt(simulator.url);
      expect(failure.message).toMatch(
        /^lambda:GetAlias for alias live of function checkout in eu-wst-1 failed: .*100 ?ms/i,
      );
      expect(failure.permanent).toBe(false);
    });
  });

  test('nobody listens', async () => {
    const failure = await failureAt('http://127.0.0.1:9');
    expect(failure.message).toContain('ECONNREFUSED');
    expect(failure.permanent).toBe(false);
  });

  test('a region that does not exist has no host', async () => {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND lambda.eu-wst-1.amazonaws.com'), {
      code: 'ENOTFOUND',
    });
    const call = { action: 'lambda:GetFunction', subject: 'function f', region: 'eu-wst-1' };
    const failure = await failureOf(callAws(call, () => Promise.reject(error)));
    expect(failure.message).toMatch(/^no AWS endpoint answers for lambda:GetFunction in region eu-wst-1 /);
    expect(failure.next).toContain('aws-region');
  });
});

describe('errors by name and status', () => {
  const failing = (name: string, httpStatusCode: number, message = 'said so') =>
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

  test.each([
    [failing('InvalidClientTokenId', 403), /does not accept the credentials for s3:PutObject \(said so\)/, true],
    [failing('CredentialsProviderError', 0), /there are no AWS credentials/, true],
    [failing('UnknownError', 403, 'UnknownError'), /not allowed to s3:PutObject for it in r \(HTTP 403\)/, true],
    [failing('NewFault', 400), /s3:PutObject for it in r failed: NewFault: said so/, true],
    [failing('ResourceConflictException', 409), /ResourceConflictException: said so/, false],
    [failing('ServiceException', 500), /ServiceException: said so/, false],
    [failing('NewFault', 400, 'long '.repeat(500)), /^.{0,600}…$/, true],
    [new Error('a bare one'), /failed: a bare one$/, false],
    ['a string', /failed: a string$/, false],
  ])('%j', async (error, sentence, permanent) => {
    const call = { action: 's3:PutObject', subject: 'it', region: 'r' };
    const failure = await failureOf(callAws(call, () => Promise.reject(error as Error)));
    expect(failure.message).toMatch(sentence);
    expect(failure.permanent).toBe(permanent);
    expect(failure.cause).toBe(error);
  });
});
