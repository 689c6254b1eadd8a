import { describe, expect, test } from '@jest/globals';
import { type PolicyDocument, type Statement, allows, matches } from '../../scripts/iam/policy.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:checkout';

describe('a pattern', () => {
  test.each([
    ['*', ARN, true],
    ['arn:aws:lambda:REGION:ACCOUNT:function:FUNCTION', ARN, true],
    ['arn:aws:lambda:REGION:ACCOUNT:function:FUNCTION', `${ARN}:live`, false],
    ['arn:aws:lambda:REGION:ACCOUNT:function:FUNCTION:*', `${ARN}:4`, true],
    ['arn:aws:lambda:REGION:ACCOUNT:function:FUNCTION:*', ARN, false],
    ['arn:aws:s3:::BUCKET/lambda/FUNCTION/*', 'arn:aws:s3:::releases/lambda/checkout/ab12.zip', true],
    ['arn:aws:s3:::BUCKET/lambda/FUNCTION/*', 'arn:aws:s3:::releases/other/checkout/ab12.zip', false],
    ['arn:aws:s3:::BUCKET/lambda/FUNCTION/*', 'arn:aws:s3:::releases/a/lambda/checkout/ab12.zip', false],
    ['arn:aws:iam::ACCOUNT:role/EXECUTION_ROLE', 'arn:aws:iam::123456789012:role/app', true],
    ['lambda:get?lias', 'lambda:getalias', true],
    ['lambda.getalias', 'lambda:getalias', false],
  ])('%s and %s: %s', (pattern, value, expected) => {
    expect(matches(pattern, value)).toBe(expected);
  });
});

function policy(...statements: Omit<Statement, 'Effect'>[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements.map((one) => ({ Effect: 'Allow', ...one })) };
}

describe('a policy', () => {
  const passes = policy({
    Action: 'iam:PassRole',
    Resource: '*',
    Condition: { StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'x'] } },
  });
  const role = { action: 'iam:PassRole', resource: 'arn:aws:iam::123456789012:role/app' };

  test('allows what one statement allows whole', () => {
    const document = policy({ Action: ['a:A', 'a:B'], Resource: 'one' }, { Action: 'a:C', Resource: ['one', 'two'] });
    const allowed = ['a:A', 'a:B', 'a:C'].flatMap((action) =>
      ['one', 'two'].filter((resource) => allows(document, { action, resource })).map((resource) => action + resource),
    );
    expect(allowed).toEqual(['a:Aone', 'a:Bone', 'a:Cone', 'a:Ctwo']);
  });

  test('does not look at the case of an action', () => {
    expect(allows(policy({ Action: 'S3:getobject', Resource: '*' }), { action: 's3:GetObject', resource: 'x' })).toBe(
      true,
    );
  });

  test.each([
    ['lambda.amazonaws.com', true],
    ['ec2.amazonaws.com', false],
    [undefined, false],
  ])('holds its conditions: %s', (service, expected) => {
    const context: Record<string, string> = service === undefined ? {} : { 'iam:PassedToService': service };
    expect(allows(passes, { ...role, context })).toBe(expected);
  });

  test('knows the wildcards of StringLike', () => {
    const Condition = { StringLike: { sub: 'repo:acme/*' } };
    const document = policy({ Action: 'a:A', Resource: '*', Condition });
    const subjects = ['repo:acme/shop', 'repo:evil/shop'];
    expect(subjects.map((sub) => allows(document, { action: 'a:A', resource: 'x', context: { sub } }))).toEqual([
      true,
      false,
    ]);
  });

  test('refuses to guess what an operator means', () => {
    const document = policy({ Action: 'a:A', Resource: '*', Condition: { Bool: { secure: 'true' } } });
    expect(() => allows(document, { action: 'a:A', resource: 'x', context: { secure: 'true' } })).toThrow('Bool');
  });
});
