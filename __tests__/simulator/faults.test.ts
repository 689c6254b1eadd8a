import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { GetAliasCommand, GetFunctionCommand, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from '@jest/globals';
import type { EffectName, Scenario } from '../../simulator/index.ts';
import { withBench } from './bench.ts';
import type { Bench } from './bench.ts';

const LIVE = { FunctionName: 'f', Name: 'live' };
const MINUTE = 60_000;

const scenario: Scenario = {
  functions: [
    { name: 'f', versions: [{ code: '1' }, { code: '2' }], aliases: [{ name: 'live', functionVersion: '1' }] },
  ],
  buckets: [{ name: 'releases' }],
  traffic: [{ function: 'f', alias: 'live', perMinute: 60 }],
};

function metrics({ simulator, cloudwatch }: Bench) {
  const Dimensions = [{ Name: 'FunctionName', Value: 'f' }];
  const Metric = { Namespace: 'AWS/Lambda', MetricName: 'Invocations', Dimensions };
  const { start } = simulator.frame;
  return cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(start - 9 * MINUTE),
      EndTime: new Date(start - MINUTE),
      MetricDataQueries: [{ Id: 'a', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
    }),
  );
}

const asks: Record<string, (bench: Bench) => Promise<unknown>> = {
  lambda: ({ lambda }) => lambda.send(new GetFunctionCommand({ FunctionName: 'f' })),
  s3: ({ s3 }) => s3.send(new PutObjectCommand({ Bucket: 'releases', Key: 'k', Body: 'x' })),
  cloudwatch: metrics,
  ecr: ({ ecr }) => ecr.send(new DescribeImagesCommand({ repositoryName: 'shop' })),
};

describe('common failures in each service', () => {
  test.each<[string, EffectName, string, number]>([
    ['lambda', 'throttle', 'TooManyRequestsException', 429],
    ['lambda', 'server-error', 'ServiceException', 500],
    ['lambda', 'expired-token', 'ExpiredTokenException', 403],
    ['lambda', 'access-denied', 'AccessDeniedException', 403],
    ['s3', 'throttle', 'SlowDown', 503],
    ['s3', 'server-error', 'InternalError', 500],
    ['s3', 'expired-token', 'ExpiredToken', 400],
    ['s3', 'access-denied', 'AccessDenied', 403],
    ['cloudwatch', 'throttle', 'Throttling', 400],
    ['cloudwatch', 'server-error', 'InternalServiceFault', 500],
    ['cloudwatch', 'expired-token', 'ExpiredToken', 403],
    ['cloudwatch', 'access-denied', 'AccessDenied', 403],
    ['ecr', 'throttle', 'ThrottlingException', 400],
    ['ecr', 'server-error', 'ServerException', 500],
    ['ecr', 'expired-token', 'ExpiredTokenException', 400],
    ['ecr', 'access-denied', 'AccessDeniedException', 400],
  ])('%s: %s is %s, status %d', async (service, effect, name, httpStatusCode) => {
    await withBench(scenario, async (bench) => {
      bench.simulator.faults.add({ effect });
      await expect(asks[service]?.(bench)).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
      expect(bench.simulator.calls.at(-1)).toMatchObject({
        service,
        errorCode: name,
        status: httpStatusCode,
        fault: effect,
      });
    });
  });

  test.each([
    ['lambda', 'lambda:GetFunction on resource: arn:aws:lambda:eu-west-1:123456789012:function:f'],
    ['s3', 's3:PutObject on resource: arn:aws:s3:::releases/k'],
    ['cloudwatch', 'cloudwatch:GetMetricData on resource: *'],
    ['ecr', 'ecr:DescribeImages on resource: arn:aws:ecr:eu-west-1:123456789012:repository/shop'],
  ])("%s denies in AWS's words", async (service, rest) => {
    const action = rest.split(' ')[0] ?? '';
    await withBench({ ...scenario, deny: [action] }, async (bench) => {
      const user = 'User: arn:aws:sts::123456789012:assumed-role/deploy/GitHubActions is not authorized to perform: ';
      const why = ` because no identity-based policy allows the ${action} action`;
      await expect(asks[service]?.(bench)).rejects.toThrow(`${user}${rest}${why}`);
    });
  });
});

describe('effects on the wire', () => {
  test('a lost response: the write landed, the retry meets 412', async () => {
    const attempt = async (bench: Bench): Promise<void> => {
      const { lambda, simulator } = bench;
      const { RevisionId } = await lambda.send(new GetAliasCommand(LIVE));
      simulator.faults.add({ action: 'UpdateAlias', nth: 1, effect: 'lost-response' });
      const written = lambda.send(new UpdateAliasCommand({ ...LIVE, FunctionVersion: '2', RevisionId }));
      await expect(written).rejects.toMatchObject({ name: 'PreconditionFailedException' });
      expect(simulator.aliasHistory('f', 'live').map(({ functionVersion }) => functionVersion)).toEqual(['1', '2']);
      expect(simulator.calls.map(({ status, fault }) => [status, fault])).toEqual([
        [200, undefined],
        [200, 'lost-response'],
        [412, undefined],
      ]);
    };
    await withBench(scenario, attempt, { maxAttempts: 2 });
  });

  test('a reset connection carries nothing out', async () => {
    await withBench(scenario, async (bench) => {
      bench.simulator.faults.add({ effect: 'reset' });
      const written = bench.lambda.send(new UpdateAliasCommand({ ...LIVE, FunctionVersion: '2' }));
      await expect(written).rejects.toThrow('socket hang up');
      expect(bench.simulator.aliasHistory('f', 'live')).toHaveLength(1);
    });
  });

  test('a hanging call is never answered, and time may go on', async () => {
    await withBench(scenario, async (bench) => {
      bench.simulator.faults.add({ effect: 'hang', nth: 1 });
      const stop = new AbortController();
      const asked = bench.s3.send(new HeadBucketCommand({ Bucket: 'releases' }), { abortSignal: stop.signal });
      const ended = expect(asked).rejects.toMatchObject({ name: 'AbortError' });
      while (bench.simulator.calls.length === 0) await new Promise(setImmediate);
      await bench.simulator.clock.sleep(MINUTE);
      stop.abort();
      await ended;
    });
  });

  test('partial and failed metrics', async () => {
    await withBench(scenario, async (bench) => {
      const whole = (await metrics(bench)).MetricDataResults?.[0];
      bench.simulator.faults.add({ effect: 'partial-data', nth: 1 });
      bench.simulator.faults.add({ effect: 'metrics-internal-error', nth: 2 });
      const partial = (await metrics(bench)).MetricDataResults?.[0];
      expect(partial).toMatchObject({ StatusCode: 'PartialData', Values: whole?.Values?.slice(0, 4) });
      expect((await metrics(bench)).MetricDataResults?.[0]).toMatchObject({ StatusCode: 'InternalError', Values: [] });
    });
  });

  test('an effect of its own stands around the call', async () => {
    await withBench(scenario, async ({ lambda, simulator }) => {
      const order: string[] = [];
      simulator.faults.add({
        action: 'GetAlias',
        effect: async ({ carryOut, call }) => {
          order.push(`before ${call.action}`);
          const answer = await carryOut();
          order.push(typeof answer === 'string' ? answer : `after ${answer.status}`);
          return answer;
        },
      });
      await lambda.send(new GetAliasCommand(LIVE));
      expect(order).toEqual(['before GetAlias', 'after 200']);
    });
  });
});

describe('which calls', () => {
  const statuses = async (fault: object, asked: number): Promise<number[]> => {
    const seen: number[] = [];
    await withBench(scenario, async ({ lambda, simulator }) => {
      simulator.faults.add({ effect: 'server-error', ...fault });
      for (let i = 0; i < asked; i += 1) await lambda.send(new GetAliasCommand(LIVE)).catch(() => undefined);
      seen.push(...simulator.calls.map(({ status }) => status));
    });
    return seen;
  };

  test.each([
    [{}, [500, 500, 500, 500]],
    [{ nth: 2 }, [200, 500, 200, 200]],
    [{ from: 3 }, [200, 200, 500, 500]],
    [{ from: 2, count: 2 }, [200, 500, 500, 200]],
    [{ count: 1 }, [500, 200, 200, 200]],
    [{ service: 's3' }, [200, 200, 200, 200]],
    [{ action: 'UpdateAlias' }, [200, 200, 200, 200]],
    [{ between: [100, 200] }, [200, 500, 200, 200]],
    [{ when: () => false }, [200, 200, 200, 200]],
  ])('%j', async (fault, expected) => {
    expect(await statuses(fault, 4)).toEqual(expected);
  });

  test('a fault can be taken back', async () => {
    await withBench(scenario, async ({ lambda, simulator }) => {
      const remove = simulator.faults.add({ effect: 'server-error' });
      await expect(lambda.send(new GetAliasCommand(LIVE))).rejects.toThrow();
      remove();
      await expect(lambda.send(new GetAliasCommand(LIVE))).resolves.toMatchObject({ Name: 'live' });
    });
  });

  test('retry-after is sent when asked for', async () => {
    await withBench(scenario, async ({ lambda, simulator }) => {
      simulator.faults.add({ effect: 'throttle', retryAfterSeconds: 3 });
      await expect(lambda.send(new GetAliasCommand(LIVE))).rejects.toMatchObject({ retryAfterSeconds: '3' });
    });
  });
});
