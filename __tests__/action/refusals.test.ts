import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { withAlias, withFunction } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { type StepOptions, errorsOf, post, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(20_000);

const ROLLBACK = { command: 'rollback', artifact: '' } as const;
const AT_ONCE = { strategy: 'all-at-once' } as const;
const BUCKET = { 's3-bucket': NAMES.bucket } as const;
const ROLE = 'arn:aws:iam::123456789012:role';

function denying(permission: string, scenario: Scenario): Scenario {
  return { ...scenario, deny: [permission] };
}

describe('access denied names the IAM action, and the alias is as it was', () => {
  test.each<[string, Record<string, string>, Scenario?]>([
    ['lambda:GetFunction', {}],
    ['lambda:GetAlias', {}],
    ['lambda:UpdateFunctionCode', {}],
    ['lambda:PublishVersion', {}],
    ['lambda:UpdateAlias', {}],
    ['lambda:CreateAlias', {}, scenarios.firstDeployment()],
    ['cloudwatch:GetMetricData', {}],
    ['s3:GetObject', { ...BUCKET, artifact: '', 's3-key': 'a.zip' }],
    ['s3:PutObject', BUCKET],
    [
      'ecr:DescribeImages',
      { artifact: '', 'image-uri': `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${NAMES.function}:next` },
      scenarios.image(),
    ],
    ['lambda:GetAlias', ROLLBACK],
    ['lambda:GetFunction', ROLLBACK],
    ['lambda:ListVersionsByFunction', ROLLBACK],
    ['lambda:UpdateAlias', ROLLBACK],
  ])('%s %j', async (permission, inputs, scenario = scenarios.healthy()) => {
    const run = await stepIn(denying(permission, scenario), inputs);
    expectSound(run);
    expect(run.exitCode).toBe(1);
    const [error] = errorsOf(run);
    expect(error?.message).toContain(`not allowed to ${permission}`);
    expect(error?.message).toContain(`Add "${permission}" to the policy`);
    expect(new Set(story(run)).size).toBeLessThanOrEqual(1);
  });
});

describe('other refusals of AWS: a sentence, what to do, the alias as it was', () => {
  const expired = ({ faults }: Simulator): void => {
    faults.add({ service: 'lambda', effect: 'expired-token' });
  };
  const otherRegion: Scenario = {
    ...scenarios.healthy(),
    buckets: [{ name: NAMES.bucket, region: 'us-east-1', owner: '123456789012' }],
  };
  const otherOwner: Scenario = { ...scenarios.healthy(), buckets: [{ name: NAMES.bucket, owner: '210987654321' }] };

  test.each<[string, Scenario, Record<string, string>, RegExp, RegExp, StepOptions['env']?]>([
    [
      'no such function',
      scenarios.healthy(),
      { 'function-name': 'nothing' },
      /there is no function nothing in eu-west-1/,
      /aws-region/,
    ],
    [
      'alias on $LATEST',
      withAlias(scenarios.healthy(), { functionVersion: '$LATEST' }),
      {},
      /points at \$LATEST/,
      /publish-version/,
    ],
    [
      'roles differ',
      withFunction(scenarios.healthy(), {
        versions: [
          { version: 3, code: 'x', role: `${ROLE}/old` },
          { version: 4, code: 'y', role: `${ROLE}/new` },
        ],
      }),
      {},
      /execution role .*old before, .*new now/,
      /all-at-once/,
    ],
    [
      'dead-letter queues differ',
      withFunction(scenarios.healthy(), {
        versions: [
          { version: 3, code: 'x', deadLetterArn: 'arn:aws:sqs:eu-west-1:123456789012:old' },
          { version: 4, code: 'y', deadLetterArn: null },
        ],
      }),
      {},
      /dead-letter queue arn:aws:sqs:eu-west-1:123456789012:old before, none now/,
      /all-at-once/,
    ],
    [
      'bucket in another region',
      otherRegion,
      BUCKET,
      /bucket releases is in us-east-1, but the function is in eu-west-1/,
      /a bucket in eu-west-1/,
    ],
    ['bucket of another account', otherOwner, BUCKET, /s3:\/\/releases\//, /s3-bucket-owner/],
    ['no such bucket', scenarios.healthy(), { 's3-bucket': 'nowhere' }, /nowhere/, /s3-bucket|Mend/],
    [
      'no credentials',
      scenarios.healthy(),
      {},
      /no AWS credentials/,
      /configure-aws-credentials/,
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' },
    ],
  ])('%s', async (_, scenario, inputs, problem, next, env = {}) => {
    const run = await stepIn(scenario, inputs, { env });
    expectSound(run);
    expect(run.outputs['result']).toBe('failed');
    expect(run.outputs['reason']).toMatch(problem);
    expect(run.report?.next).toMatch(next);
    expect(writes(run).filter((action) => action !== 'PutObject')).toEqual([]);
    expect(story(run).length).toBeLessThanOrEqual(1);
  });

  test('an expired token', async () => {
    const run = await stepIn(scenarios.healthy(), {}, { arrange: expired });
    expectSound(run);
    expect(run.outputs['reason']).toContain('credentials expired');
    expect(run.report?.next).toContain('role-duration-seconds');
    expect(run.calls.filter(({ status }) => status === 200)).toEqual([]);
  });

  test('a token that expires during the rollout: failed, says what to do, and post tries again', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const renew = simulator.faults.add({ between: [4 * MINUTE, Infinity], effect: 'expired-token' });
      const run = await step(simulator, { inputs: { strategy: '10% 30m' } });
      expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'canary-weight': '10' } });
      expect(errorsOf(run)).toHaveLength(1);
      expect(errorsOf(run)[0]?.message).toContain('credentials expired');
      renew();
      await post(simulator, run);
      expect(simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1)).toMatchObject({
        functionVersion: '3',
        weights: {},
        description: 'callers use this',
      });
    });
  });

  test('roles that differ do not matter to a deployment without a split', async () => {
    const versions = [{ version: 3, code: 'x', role: `${ROLE}/old` }];
    const scenario = withFunction(scenarios.healthy(), { versions, latest: 'y' });
    const changed = await within(scenario, async (simulator) => {
      simulator.world.changeVersion(NAMES.function, '$LATEST', { role: `${ROLE}/new` });
      return step(simulator, { inputs: AT_ONCE });
    });
    expectSound(changed);
    expect(changed.outputs['result']).toBe('promoted');
  });

  test('throttled for a while: goes on', async () => {
    const arrange = ({ faults }: Simulator): void => {
      faults.add({ action: 'GetFunction', from: 2, count: 1, effect: 'throttle' });
      faults.add({ action: 'UpdateAlias', nth: 1, effect: 'throttle' });
      faults.add({ action: 'GetMetricData', from: 2, count: 1, effect: 'reset' });
    };
    const run = await stepIn(scenarios.healthy(), { strategy: '10% 2m' }, { arrange });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
  });

  test('access is taken away in the midst of the rollout: rolled back as soon as it can, or told', async () => {
    const arrange = ({ faults }: Simulator): void => {
      faults.add({ action: 'UpdateAlias', nth: 2, effect: 'access-denied' });
    };
    const run = await stepIn(scenarios.healthy(), { strategy: '10% 2m, 50% 2m' }, { arrange });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', 'canary-weight': '0' });
    expect(run.outputs['reason']).toContain('lambda:UpdateAlias');
  });
});
