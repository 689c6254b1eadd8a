import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkRecording, missing, neededBy, readPolicies, unused } from '../../scripts/iam/check.ts';
import { needsOf } from '../../scripts/iam/needs.ts';
import type { PolicyDocument } from '../../scripts/iam/policy.ts';
import type { RecordedCall } from '../../simulator/recorder.ts';

const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:checkout';
const ROLE = 'arn:aws:iam::123456789012:role/app';

function call(service: RecordedCall['service'], action: string, resource: string, request = {}): RecordedCall {
  return { service, action, resource, request, permission: `${service}:${action}` };
}

function needs(...given: Parameters<typeof call>): readonly string[] {
  return needsOf(call(...given)).map(({ action, resource }) => `${action} ${resource}`);
}

describe('what a call needs', () => {
  const OBJECT = 'arn:aws:s3:::releases/lambda/checkout/a.zip';
  const IN_S3 = { S3Bucket: 'releases', S3Key: 'lambda/checkout/a.zip' };

  test.each<[...Parameters<typeof call>, string[]]>([
    ['lambda', 'GetAlias', FUNCTION, {}, [`lambda:GetAlias ${FUNCTION}`]],
    [
      ...(['lambda', 'GetFunction', FUNCTION, { Qualifier: '4' }] as const),
      [`lambda:GetFunction ${FUNCTION}`, `lambda:GetFunction ${FUNCTION}:4`],
    ],
    ['lambda', 'Invoke', `${FUNCTION}:4`, {}, [`lambda:InvokeFunction ${FUNCTION}:4`]],
    ['cloudwatch', 'GetMetricData', '*', {}, ['cloudwatch:GetMetricData *']],
    ['s3', 'HeadObject', OBJECT, {}, [`s3:GetObject ${OBJECT}`]],
    ['s3', 'CreateMultipartUpload', OBJECT, {}, [`s3:PutObject ${OBJECT}`]],
    ['s3', 'UploadPart', OBJECT, {}, [`s3:PutObject ${OBJECT}`]],
    ['s3', 'CompleteMultipartUpload', OBJECT, {}, [`s3:PutObject ${OBJECT}`]],
    ['s3', 'AbortMultipartUpload', OBJECT, {}, [`s3:AbortMultipartUpload ${OBJECT}`]],
    [
      'lambda',
      'UpdateFunctionCode',
      FUNCTION,
      IN_S3,
      [`lambda:UpdateFunctionCode ${FUNCTION}`, `s3:GetObject ${OBJECT}`],
    ],
    [
      ...(['lambda', 'UpdateFunctionCode', FUNCTION, { ...IN_S3, S3ObjectVersion: 'v1' }] as const),
      [`lambda:UpdateFunctionCode ${FUNCTION}`, `s3:GetObjectVersion ${OBJECT}`],
    ],
    [
      ...(['lambda', 'CreateFunction', FUNCTION, { Role: ROLE, Layers: ['layer:1', 2] }] as const),
      [`lambda:CreateFunction ${FUNCTION}`, `iam:PassRole ${ROLE}`, 'lambda:GetLayerVersion layer:1'],
    ],
    ['github', 'GetWorkflowRun', '/github/repos', {}, []],
    ['sts', 'AssumeRoleWithWebIdentity', ROLE, {}, [`sts:AssumeRoleWithWebIdentity ${ROLE}`]],
  ])('%s %s on %s %j', (service, action, resource, request, expected) => {
    expect(needs(service, action, resource, request)).toEqual(expected);
  });
});

describe('the check', () => {
  const document = (...Statement: PolicyDocument['Statement']): PolicyDocument => ({
    Version: '2012-10-17',
    Statement,
  });
  const trust = document();
  const get = call('lambda', 'GetAlias', FUNCTION);

  test('says what is not granted, and what to do', () => {
    const [first, second] = missing({ role: document(), trust }, neededBy([get, call('lambda', 'Shout', FUNCTION)]));
    expect(first).toBe(
      `lambda:GetAlias on ${FUNCTION} is called, but not granted: add it to the features in scripts/iam/statements.ts, then npm run docs`,
    );
    expect(second).toContain('lambda:Shout');
  });

  test('says what nothing calls, and what nothing needs', () => {
    const role = document({
      Sid: 'S',
      Effect: 'Allow',
      Action: ['lambda:GetAlias', 'lambda:Shout'],
      Resource: FUNCTION,
    });
    expect(unused({ role, trust }, neededBy([get]))).toEqual([
      `S grants lambda:Shout on ${FUNCTION}, which nothing needs`,
    ]);
  });

  test("takes a key or a log group of the user's own for one that the author of the policy puts there", () => {
    const keys = ['lambda/checkout/a.zip', 'mine.zip'].map((key) =>
      call('s3', 'PutObject', `arn:aws:s3:::releases/${key}`),
    );
    expect(missing(readPolicies(), neededBy(keys))).toEqual([]);
    const group = 'arn:aws:logs:eu-west-1:123456789012:log-group:shared:log-stream:';
    const [need] = neededBy([{ ...call('lambda', 'x', group), service: 'cloudwatch' }]);
    expect(need?.resource).toBe('arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/own:log-stream:');
  });

  test.each([
    [false, 0, /needed 1 permissions on 1 resources \(some of the tests: .*\), all granted$/],
    [true, 1, /problems:\n(.*\n)* {2}Judge grants cloudwatch:GetMetricData on \*, which nothing needs\n/],
  ])('reads a recording; of the whole suite: %s', (whole, least, words) => {
    const folder = mkdtempSync(join(tmpdir(), 'recording-'));
    try {
      const line = `${JSON.stringify(get)}\n`;
      writeFileSync(join(folder, '1.ndjson'), line + line);
      writeFileSync(join(folder, '2.ndjson'), line);
      const verdict = checkRecording(folder, whole);
      expect(verdict.problems).toBeGreaterThanOrEqual(least);
      expect(verdict.words).toMatch(words);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
