import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { inRollout, withAlias, withFunction } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { stepIn } from './support/step.ts';

jest.setTimeout(30_000);

const BUCKET = { 's3-bucket': NAMES.bucket } as const;
const IMAGE = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/${NAMES.function}:next`;

const withObject: Scenario = {
  ...scenarios.healthy(),
  buckets: [{ name: NAMES.bucket, objects: { 'builds/7.zip': 'PK seven' } }],
};
const called = withFunction(scenarios.healthy(), {
  callers: { eventSources: [{ arn: 'arn:aws:sqs:eu-west-1:123456789012:orders' }], urls: [{}] },
  tags: { ManagedBy: 'terraform' },
});

describe('a dry run makes no call that writes', () => {
  test.each<[string, Scenario, Record<string, string>]>([
    ['a package', scenarios.healthy(), {}],
    ['a package for a bucket', scenarios.healthy(), BUCKET],
    ['an object that is there', withObject, { ...BUCKET, artifact: '', 's3-key': 'builds/7.zip' }],
    ['an object that is not there', withObject, { ...BUCKET, artifact: '', 's3-key': 'builds/8.zip' }],
    ['an image', scenarios.image(), { artifact: '', 'image-uri': IMAGE }],
    ['a first deployment', scenarios.firstDeployment(), {}],
    ['a function with callers and an owner', called, { strategy: 'auto', 'latency-threshold': '500ms' }],
    ['what a dead run left', { ...inRollout(scenarios.healthy()), runs: { 900: 'completed' } }, {}],
    ['nothing allowed but what is needed', { ...called, deny: ['lambda:GetPolicy', 'lambda:ListTags'] }, {}],
    ['the wrong role', { ...scenarios.healthy(), deny: ['lambda:GetAlias'] }, {}],
  ])('%s', async (_, scenario, inputs) => {
    const run = await stepIn(scenario, { ...inputs, 'dry-run': 'true' });
    expectSound(run);
    expect(run.calls.length).toBeGreaterThan(1);
    const others = run.calls.filter(({ action }) => !/^(?:Get|List|Describe|Head)[A-Z]/.test(action));
    expect(others).toEqual([]);
    expect(run.history.length).toBeLessThanOrEqual(1);
  });
});

describe('the plan', () => {
  test('has the code, the steps with their times, what can be detected, the callers, the owner and what is unknown', async () => {
    const run = await stepIn(called, { strategy: '5% 5m, 25% 10m', 'bake-time': '10m', 'dry-run': 'true' });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'planned', verdict: 'none' });
    const like = (text: RegExp) => expect.stringMatching(text) as unknown;
    expect(run.report?.plan).toEqual([
      like(/^package of \d+ B, SHA-256 \S+=$/),
      like(/^in place of 1\.0 kB, SHA-256 \S+= \(version 3 and \$LATEST\)$/),
      'update $LATEST and publish it',
      '+00:00 give the new version 5% of alias live for 5m',
      '+05:00 give the new version 25% of alias live for 10m',
      '+17:00 promote it when it passes',
      '+17:00 watch it for another 10m',
      like(/^takes about 30m; /),
      like(/^version 3 served \d+ invocations in the last hour, 0\.\d\d% of them errors$/),
      like(/^a pass takes about \d+ canary invocations .* the canary gets about \d+ in 15m /),
      like(
        /^the smallest regression that it can detect at the traffic of the last hour: \+0\.\d+ points of error rate$/,
      ),
      like(/^These callers will never see the canary, because they do not call arn:\S+:checkout:live:$/),
      'SQS queue "orders" calls the function by its bare name',
      like(/^function URL "\S+" calls the function by its bare name$/),
      like(/gets new code as soon as it is uploaded/),
      like(/^Alias live had all [\d,]+ invocations of the function in the last 24 hours\.$/),
      like(/^Terraform seems to own this function/),
      'not tried, because nothing is written: lambda:UpdateFunctionCode, lambda:PublishVersion, lambda:UpdateAlias',
      like(/^not tried, because there is nothing to read yet: logs:FilterLogEvents/),
      like(/^cannot be seen: callers that IAM policies of their own allow/),
    ]);
    for (const line of run.report?.plan ?? []) expect(run.stdout).toContain(line);
    expect(run.report?.notes).toEqual([]);
  });

  test('names the permissions that were refused', async () => {
    const deny = ['lambda:GetPolicy', 'lambda:ListTags', 'lambda:ListFunctionUrlConfigs'];
    const run = await stepIn({ ...scenarios.healthy(), deny }, { 'dry-run': 'true' });
    expectSound(run);
    const lines = run.report?.plan.filter((line) => deny.some((action) => line.includes(action))) ?? [];
    expect(lines).toEqual([
      expect.stringContaining('may not lambda:GetPolicy, lambda:ListFunctionUrlConfigs, lambda:ListTags: '),
    ]);
  });

  test('names what this plan would need, and nothing else', async () => {
    const scenario = withAlias(scenarios.healthy(), { provisionedConcurrency: { requested: 20, moveMs: 30_000 } });
    const inputs = { configuration: 'MemorySize: 512', artifact: '', 'smoke-test': '{}', 'keep-versions': '1' };
    const run = await stepIn(scenario, { ...inputs, 'dry-run': 'true' });
    expectSound(run);
    expect(run.report?.plan).toContain(
      'not tried, because nothing is written: lambda:UpdateFunctionConfiguration, lambda:PublishVersion, lambda:UpdateAlias, lambda:PutProvisionedConcurrencyConfig, lambda:DeleteProvisionedConcurrencyConfig, lambda:DeleteFunction (of versions)',
    );
    const invocations = run.calls.filter(({ action }) => action === 'Invoke').map(({ request }) => request);
    expect(invocations).toEqual([expect.objectContaining({ Qualifier: '3', InvocationType: 'DryRun' })]);
  });

  test.each([
    ['lambda:InvokeFunction', { 'smoke-test': '{}' }],
    ['cloudwatch:DescribeAlarms', { alarms: 'checkout-errors', strategy: 'all-at-once' }],
  ])('stops where %s is missing, as the deployment would', async (action, inputs) => {
    const run = await stepIn({ ...scenarios.alarmRings(), deny: [action] }, { ...inputs, 'dry-run': 'true' });
    expectSound(run);
    expect(run.outputs['reason']).toContain(`not allowed to ${action}`);
    expect(run.report?.next).toContain(`Add "${action}" to the policy`);
  });

  test('does not say that what could not be tried is allowed', async () => {
    const arrange = ({ faults }: Simulator): unknown => faults.add({ action: 'Invoke', effect: 'throttle' });
    const run = await stepIn(scenarios.healthy(), { 'smoke-test': '{}', 'dry-run': 'true' }, { arrange });
    expectSound(run);
    expect(run.report?.plan.join('\n')).toMatch(/^not tried, because nothing is written: .*lambda:InvokeFunction$/m);
  });

  test('an object that is not there would stop the deployment, and stops the plan', async () => {
    const inputs = { ...BUCKET, artifact: '', 's3-key': 'builds/8.zip', 'dry-run': 'true' };
    const run = await stepIn(withObject, inputs);
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'failed', reason: 'there is no object s3://releases/builds/8.zip' });
  });

  test('with hardly any traffic says that nothing would show', async () => {
    const run = await stepIn(scenarios.lowTraffic(), { strategy: '5% 5m', 'dry-run': 'true' });
    expectSound(run);
    expect(run.report?.plan.join('\n')).toContain('not even a total failure would be detected');
  });
});
