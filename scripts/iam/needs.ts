import type { RecordedCall } from '../../simulator/recorder.ts';
import { type Need, listOf } from './policy.ts';

/**
 * S3's operations → the IAM actions that allow them (S3 user guide, "Required permissions for Amazon S3 API operations"); all
 * others are named like their operation.
 */
const S3: Readonly<Record<string, string>> = {
  HeadBucket: 's3:ListBucket',
  HeadObject: 's3:GetObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
};

/** Lambda passes roles on for its callers, and to itself alone. */
const TO_LAMBDA = { 'iam:PassedToService': 'lambda.amazonaws.com' };

/** The subject and audience of the tokens that GitHub gives; those of `docs/oidc-trust-policy.json` with its placeholders. */
export const TOKEN = {
  'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
  'token.actions.githubusercontent.com:sub': 'repo:OWNER/REPOSITORY:ref:refs/heads/main',
};

function text({ request }: RecordedCall, field: string): string | undefined {
  const value = request[field];
  return typeof value === 'string' ? value : undefined;
}

/** What Lambda fetches in the caller's name (Lambda API reference, UpdateFunctionCode, CreateFunction). */
function fetched(call: RecordedCall): readonly Need[] {
  const [bucket, key] = [text(call, 'S3Bucket'), text(call, 'S3Key')];
  if (bucket === undefined || key === undefined) return [];
  const versioned = text(call, 'S3ObjectVersion') !== undefined;
  return [{ action: versioned ? 's3:GetObjectVersion' : 's3:GetObject', resource: `arn:aws:s3:::${bucket}/${key}` }];
}

function passed(call: RecordedCall): readonly Need[] {
  const role = text(call, 'Role');
  return role === undefined ? [] : [{ action: 'iam:PassRole', resource: role, context: TO_LAMBDA }];
}

function layers({ request }: RecordedCall): readonly Need[] {
  const given = request['Layers'];
  const names = Array.isArray(given) ? given.filter((name) => typeof name === 'string') : [];
  return listOf(names).map((resource) => ({ action: 'lambda:GetLayerVersion', resource }));
}

/** Asked about a version or alias, these are decided by its ARN or by the function's: that is not documented, so both count. */
const EITHER = ['GetFunction', 'GetPolicy', 'ListDurableExecutionsByFunction'];

function ofLambda(call: RecordedCall): readonly Need[] {
  const action = call.action === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${call.action}`;
  const qualifier = EITHER.includes(call.action) ? text(call, 'Qualifier') : undefined;
  return [
    { action, resource: call.resource },
    ...(qualifier === undefined ? [] : [{ action, resource: `${call.resource}:${qualifier}` }]),
    ...[fetched, passed, layers].flatMap((indirect) => indirect(call)),
  ];
}

/** What a call needs of the role's policy, or of its trust policy (`sts:`). GitHub's calls need nothing of AWS. */
export function needsOf(call: RecordedCall): readonly Need[] {
  const { service, action, resource } = call;
  if (service === 'github') return [];
  if (service === 'lambda') return ofLambda(call);
  if (service === 's3') return [{ action: S3[action] ?? `s3:${action}`, resource }];
  if (service === 'sts') return [{ action: `sts:${action}`, resource, context: TOKEN }];
  return [{ action: `${service}:${action}`, resource }];
}
