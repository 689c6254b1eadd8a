/** What a role needs, feature by feature: the one place that `docs/iam-policy.json` and the CloudFormation template are made of. */
import type { Conditions, PolicyDocument, Statement } from './policy.ts';

const FUNCTION = 'arn:aws:lambda:REGION:ACCOUNT:function:FUNCTION';
/** Every version and alias; not the function itself. */
const QUALIFIED = `${FUNCTION}:*`;

/**
 * `yes` and `no`: a parameter with the Sid's name and that default. With `name`: a parameter for a text that the resource needs,
 * and that switches the feature off when it is empty. `condition`: one that the template has already.
 */
type Switch = 'yes' | 'no' | { readonly name: string; readonly text: string } | { readonly condition: string };

export interface Feature {
  readonly sid: string;
  /** The input or occasion, for people who decide whether they need it. */
  readonly for: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Conditions;
  /** What of the template switches it on; without it the statement always stands. */
  readonly when?: Switch;
}

/**
 * Which resources an action knows: service authorization reference. Calls about an alias are decided by the function's own
 * ARN. GetFunction, GetPolicy and ListDurableExecutionsByFunction are asked about versions, too, and which ARN decides then is not
 * documented: both are granted.
 */
export const FEATURES: readonly Feature[] = [
  {
    sid: 'Deploy',
    for: 'every command',
    actions: [
      ...['lambda:UpdateFunctionCode', 'lambda:PublishVersion'],
      ...['lambda:GetAlias', 'lambda:CreateAlias', 'lambda:UpdateAlias', 'lambda:ListVersionsByFunction'],
    ],
    resources: [FUNCTION],
  },
  { sid: 'Look', for: 'every command', actions: ['lambda:GetFunction'], resources: [FUNCTION, QUALIFIED] },
  // CloudWatch knows no resources for it.
  { sid: 'Judge', for: 'every command', actions: ['cloudwatch:GetMetricData'], resources: ['*'] },
  {
    sid: 'Alarms',
    for: '`alarms`',
    // Composite alarms are told of only where it is granted for everything (CloudWatch API reference, DescribeAlarms).
    actions: ['cloudwatch:DescribeAlarms'],
    resources: ['*'],
    when: 'no',
  },
  {
    sid: 'PackageInS3',
    for: '`s3-bucket`',
    actions: ['s3:PutObject', 's3:GetObject', 's3:GetObjectVersion', 's3:AbortMultipartUpload'],
    resources: ['arn:aws:s3:::BUCKET/lambda/FUNCTION/*'],
    when: { condition: 'WithBucket' },
  },
  {
    sid: 'ImageTag',
    for: '`image-uri` with a tag',
    actions: ['ecr:DescribeImages'],
    resources: ['arn:aws:ecr:REGION:ACCOUNT:repository/IMAGES'],
    when: {
      name: 'ImageRepository',
      text: 'Name of the ECR repository, for a function made of an image that is given by its tag; else empty',
    },
  },
  {
    sid: 'Callers',
    for: 'the warnings of callers that go past the alias, and of the tool that owns the function',
    actions: ['lambda:GetPolicy'],
    resources: [FUNCTION, QUALIFIED],
    when: 'yes',
  },
  {
    sid: 'FunctionUrlsAndOwner',
    for: 'the same',
    actions: ['lambda:ListFunctionUrlConfigs', 'lambda:ListTags'],
    resources: [FUNCTION],
    when: { condition: 'WithCallers' },
  },
  {
    sid: 'EventSources',
    for: 'the same',
    // Lambda knows no resources for it.
    actions: ['lambda:ListEventSourceMappings'],
    resources: ['*'],
    when: { condition: 'WithCallers' },
  },
  {
    sid: 'ErrorMessages',
    for: "the canary's error messages in the summary",
    actions: ['logs:FilterLogEvents'],
    resources: ['arn:aws:logs:REGION:ACCOUNT:log-group:/aws/lambda/FUNCTION:*'],
    when: 'yes',
  },
  {
    sid: 'SmokeTest',
    for: '`smoke-test`, and to wake a version that is inactive',
    actions: ['lambda:InvokeFunction'],
    resources: [QUALIFIED],
    when: 'no',
  },
  {
    sid: 'Configuration',
    for: '`configuration` and `environment`',
    actions: ['lambda:UpdateFunctionConfiguration'],
    resources: [FUNCTION],
    when: 'no',
  },
  {
    sid: 'CreateFunction',
    for: 'a function that does not exist yet',
    actions: ['lambda:CreateFunction'],
    resources: [FUNCTION],
    when: 'no',
  },
  {
    sid: 'PassRole',
    for: 'a new function, or `Role` in `configuration`',
    actions: ['iam:PassRole'],
    resources: ['arn:aws:iam::ACCOUNT:role/EXECUTION_ROLE'],
    condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    when: {
      name: 'ExecutionRole',
      text: "Name (with its path, if any) of the function's own role, if the action may give it to the function; else empty",
    },
  },
  {
    sid: 'ProvisionedConcurrency',
    for: 'provisioned concurrency on the alias',
    actions: ['lambda:PutProvisionedConcurrencyConfig', 'lambda:DeleteProvisionedConcurrencyConfig'],
    resources: [QUALIFIED],
    when: 'no',
  },
  {
    sid: 'ProvisionedConcurrencyOfAll',
    for: 'the same',
    actions: ['lambda:ListProvisionedConcurrencyConfigs'],
    resources: [FUNCTION],
    when: { condition: 'WithProvisionedConcurrency' },
  },
  {
    sid: 'DeleteVersions',
    for: '`keep-versions`',
    // Never the bare name: that would be the whole function.
    actions: ['lambda:DeleteFunction'],
    resources: [QUALIFIED],
    when: 'no',
  },
  {
    sid: 'VersionsInUse',
    for: 'the same',
    actions: ['lambda:ListAliases'],
    resources: [FUNCTION],
    when: { condition: 'WithDeleteVersions' },
  },
  {
    sid: 'RunningExecutions',
    for: 'the same',
    actions: ['lambda:ListDurableExecutionsByFunction'],
    resources: [FUNCTION, QUALIFIED],
    when: { condition: 'WithDeleteVersions' },
  },
  {
    sid: 'Notify',
    for: '`sns-topic-arn`',
    actions: ['sns:Publish'],
    resources: ['arn:aws:sns:REGION:ACCOUNT:TOPIC'],
    when: { condition: 'WithTopic' },
  },
];

function one<T>(values: readonly T[]): T | readonly T[] {
  const [first, ...more] = values;
  return first !== undefined && more.length === 0 ? first : values;
}

export function statementOf({ sid, actions, resources, condition }: Feature): Statement {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: one(actions),
    Resource: one(resources),
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

export function policyOf(features: readonly Feature[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: features.map(statementOf) };
}
