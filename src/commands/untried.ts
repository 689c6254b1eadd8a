import type { DeployInputs } from '../inputs/inputs.ts';
import type { Fields, Setting } from '../model/settings.ts';
import { isSettingList, isSettingMap } from '../model/settings.ts';
import { neededUpdate } from '../release/configure.ts';
import { isWatched } from '../rollout/decide/plan.ts';
import type { Prepared } from './prepare.ts';

/** A deployment that is planned, and what of it could be tried without a write. */
export interface Foreseen extends Prepared {
  /** The canary is lent provisioned concurrency. */
  readonly isLent: boolean;
  /** The new version is invoked before it gets traffic, and whether that is allowed could not be tried. */
  readonly invokesUntried: boolean;
}

/** What no reading can tell: permissions to write, and callers whose own permissions let them call. */
export function blindSpots(inputs: DeployInputs, foreseen: Foreseen): readonly string[] {
  const { alias, plan } = foreseen;
  const untried = [
    ...releaseNeeds(inputs, foreseen),
    alias === undefined ? 'lambda:CreateAlias' : 'lambda:UpdateAlias',
    ...rolloutNeeds(inputs, foreseen),
    ...tellingNeeds(inputs),
  ];
  const reading = alias !== undefined && isWatched(plan) ? [UNREAD] : [];
  return [`not tried, because nothing is written: ${untried.join(', ')}`, ...reading, UNSEEN];
}

const UNREAD =
  'not tried, because there is nothing to read yet: logs:FilterLogEvents, for the errors of a canary that fails (optional)';
const UNSEEN =
  'cannot be seen: callers that IAM policies of their own allow (Step Functions, schedulers, other functions); only the traffic tells of them';

/** Up to the published version. */
function releaseNeeds(inputs: DeployInputs, foreseen: Foreseen): readonly string[] {
  const { latest, target, isNew } = foreseen;
  const update = isNew ? undefined : neededUpdate(latest, inputs.change);
  const sent = isNew ? target.settings.fields : (update?.fields ?? {});
  const code = sendsCode(foreseen) ? [...storingNeeds(inputs), ...(isNew ? [] : ['lambda:UpdateFunctionCode'])] : [];
  return [
    ...(isNew ? ['lambda:CreateFunction'] : []),
    ...(update === undefined ? [] : ['lambda:UpdateFunctionConfiguration']),
    ...settingNeeds(sent),
    ...code,
    'lambda:PublishVersion',
  ];
}

/** What AWS asks for besides, where a field is set (Lambda API reference; developer guide, "Giving Lambda functions access to a VPC"). */
function settingNeeds(sent: Fields): readonly string[] {
  const vpc = sent['VpcConfig'];
  return [
    ...(sent['Role'] === undefined ? [] : ['iam:PassRole']),
    ...(isFilled(sent['Layers']) ? ['lambda:GetLayerVersion'] : []),
    ...(isSettingMap(vpc) && isFilled(vpc['SubnetIds'])
      ? ['ec2:DescribeVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups']
      : []),
  ];
}

function isFilled(list: Setting | undefined): boolean {
  return isSettingList(list) && list.length > 0;
}

function sendsCode({ code, latest, target, isNew }: Foreseen): boolean {
  if (isNew || code.isIn(latest) !== true) return true;
  const isOther = latest.architectures.join() !== target.architectures.join();
  return isOther || (latest.lastUpdateStatus === 'Failed' && code.isKept !== true);
}

function storingNeeds({ source, s3Bucket }: DeployInputs): readonly string[] {
  return source.kind === 'artifact' && s3Bucket !== undefined ? ['s3:GetObject', 's3:PutObject'] : [];
}

/** From the published version on, the alias itself apart. */
function rolloutNeeds(
  { keepVersions }: DeployInputs,
  { alias, baseline, plan, isLent, invokesUntried }: Foreseen,
): readonly string[] {
  const wakes = isWatched(plan) && baseline?.state === 'Inactive';
  return [
    ...(invokesUntried || wakes ? ['lambda:InvokeFunction'] : []),
    ...(isLent ? ['lambda:PutProvisionedConcurrencyConfig', 'lambda:DeleteProvisionedConcurrencyConfig'] : []),
    ...(keepVersions !== undefined && alias !== undefined ? ['lambda:DeleteFunction (of versions)'] : []),
  ];
}

function tellingNeeds({ topicArn, githubEnvironment }: DeployInputs): readonly string[] {
  return [
    ...(topicArn === undefined ? [] : ['sns:Publish']),
    ...(githubEnvironment === undefined ? [] : ['deployments: write of GitHub']),
  ];
}
