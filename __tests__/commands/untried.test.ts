import { expect, test } from '@jest/globals';
import type { Prepared } from '../../src/commands/prepare.ts';
import { type Foreseen, blindSpots } from '../../src/commands/untried.ts';
import type { InputName } from '../../src/model/names.ts';
import { configured } from '../../src/release/configured.ts';
import { anAlias } from '../support/fake-alias.ts';
import { aVersion } from '../support/fake-functions.ts';
import { someInputs } from '../support/inputs.ts';
import { aPlan } from '../support/rollouts.ts';

interface Case extends Partial<Omit<Foreseen, 'code'>> {
  readonly isIn?: boolean;
  readonly isKept?: true;
}

const WATCHED = aPlan();
const AT_ONCE = aPlan({ steps: [], bakeTime: 0 });
const ROLE = 'arn:aws:iam::123456789012:role/checkout';
const LAYER = 'arn:aws:lambda:eu-west-1:123456789012:layer:shared:3';

function spotsOf(text: Partial<Record<InputName, string>>, { isIn = false, isKept, ...more }: Case): readonly string[] {
  const inputs = someInputs(text);
  const latest = more.latest ?? aVersion();
  const code: Prepared['code'] = {
    ...(isKept === undefined ? {} : { isKept }),
    isIn: () => isIn,
    locate: () => Promise.reject(new Error('a plan sends nothing')),
    view: () => ({ kind: 'zip', sha256: 'new=', bytes: 1, s3Uri: undefined }),
  };
  return blindSpots(inputs, {
    ...{ latest, target: configured(latest, inputs.change), isNew: false, code, plan: AT_ONCE },
    ...{ baseline: aVersion({ version: '7' }), alias: anAlias(), isLent: false, invokesUntried: false },
    ...more,
  });
}

test.each<[string, Partial<Record<InputName, string>>, Case, string]>([
  ['code', {}, {}, 'lambda:UpdateFunctionCode, lambda:PublishVersion, lambda:UpdateAlias'],
  [
    'without an alias',
    {},
    { alias: undefined },
    'lambda:UpdateFunctionCode, lambda:PublishVersion, lambda:CreateAlias',
  ],
  ['code that is there', {}, { isIn: true }, 'lambda:PublishVersion, lambda:UpdateAlias'],
  [
    'code that is there after an update that failed',
    {},
    { isIn: true, latest: aVersion({ lastUpdateStatus: 'Failed' }) },
    'lambda:UpdateFunctionCode, lambda:PublishVersion, lambda:UpdateAlias',
  ],
  [
    'a bucket',
    { 's3-bucket': 'releases' },
    {},
    's3:GetObject, s3:PutObject, lambda:UpdateFunctionCode, lambda:PublishVersion, lambda:UpdateAlias',
  ],
  [
    'a bucket that has nothing to take',
    { 's3-bucket': 'releases' },
    { isIn: true },
    'lambda:PublishVersion, lambda:UpdateAlias',
  ],
  [
    'an object',
    { 's3-bucket': 'releases', 's3-key': 'k', artifact: '' },
    {},
    'lambda:UpdateFunctionCode, lambda:PublishVersion, lambda:UpdateAlias',
  ],
  [
    'configuration alone',
    { configuration: 'MemorySize: 512', artifact: '' },
    { isIn: true, isKept: true },
    'lambda:UpdateFunctionConfiguration, lambda:PublishVersion, lambda:UpdateAlias',
  ],
  [
    'configuration that is there',
    { configuration: 'MemorySize: 512', artifact: '' },
    { isIn: true, latest: aVersion({ settings: { fields: { MemorySize: 512 }, variables: new Map() } }) },
    'lambda:PublishVersion, lambda:UpdateAlias',
  ],
  [
    'what a configuration needs besides',
    {
      configuration: `{Role: "${ROLE}", Layers: ["${LAYER}"], VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}}`,
    },
    { isIn: true },
    'lambda:UpdateFunctionConfiguration, iam:PassRole, lambda:GetLayerVersion, ec2:DescribeVpcs, ec2:DescribeSubnets, ec2:DescribeSecurityGroups, lambda:PublishVersion, lambda:UpdateAlias',
  ],
  [
    'another architecture',
    { configuration: 'Architectures: [x86_64]' },
    { isIn: true },
    'lambda:UpdateFunctionCode, lambda:PublishVersion, lambda:UpdateAlias',
  ],
  [
    'a function that is not there',
    { configuration: `{Role: "${ROLE}", Runtime: nodejs24.x, Handler: index.handler}`, 'keep-versions': '3' },
    { isNew: true, alias: undefined, baseline: undefined, invokesUntried: true },
    'lambda:CreateFunction, iam:PassRole, lambda:PublishVersion, lambda:CreateAlias, lambda:InvokeFunction',
  ],
  [
    'all that comes after',
    {
      ...{ 'keep-versions': '3', 'github-environment': 'production' },
      'sns-topic-arn': 'arn:aws:sns:eu-west-1:123456789012:alerts',
    },
    { isIn: true, isLent: true, baseline: aVersion({ version: '7', state: 'Inactive' }), plan: WATCHED },
    'lambda:PublishVersion, lambda:UpdateAlias, lambda:InvokeFunction, lambda:PutProvisionedConcurrencyConfig, lambda:DeleteProvisionedConcurrencyConfig, lambda:DeleteFunction (of versions), sns:Publish, deployments: write of GitHub',
  ],
])('what was not tried: %s', (_, text, change, actions) => {
  expect(spotsOf(text, change)[0]).toBe(`not tried, because nothing is written: ${actions}`);
});

test('what there is nothing of to read yet', () => {
  expect(spotsOf({}, { plan: WATCHED }).join()).toContain('logs:FilterLogEvents');
  expect(spotsOf({}, {}).join()).not.toContain('logs:');
  expect(spotsOf({}, { plan: WATCHED, alias: undefined }).join()).not.toContain('logs:');
});
