import { describe, expect, test } from '@jest/globals';
import { parseInputs } from '../../src/inputs/parse.ts';
import { deploy, parse, sentences } from './support.ts';

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:shop';

describe('function-name', () => {
  test.each([
    ['shop', { name: 'shop', region: undefined }],
    ['My_fn-2', { name: 'My_fn-2', region: undefined }],
    ['a'.repeat(64), { name: 'a'.repeat(64), region: undefined }],
    ['123456789012:function:shop', { name: 'shop', region: undefined }],
    [ARN, { name: 'shop', region: 'eu-central-1' }],
  ])('%s', (text, expected) => {
    expect(deploy({ 'function-name': text }).functionRef).toEqual({ ...expected, id: text });
  });

  test.each([
    ['arn:aws-cn:lambda:cn-north-1:123456789012:function:shop', 'cn-north-1'],
    ['arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:shop', 'us-gov-west-1'],
    ['arn:aws-iso-b:lambda:us-isob-east-1:123456789012:function:shop', 'us-isob-east-1'],
    ['arn:aws-eusc:lambda:eusc-de-east-1:123456789012:function:shop', 'eusc-de-east-1'],
  ])('%s', (text, region) => {
    const result = parseInputs({ 'function-name': text, artifact: 'dist' }, {});
    expect(result).toMatchObject({ ok: true, inputs: { functionRef: { name: 'shop', id: text, region }, region } });
  });

  const EXPECTED = 'Expected a function name, partial ARN (123456789012:function:my-function) or ARN.';
  test.each([
    ['  ', 'is not given. Expected the name or ARN of the function to deploy.'],
    ['shop:7', '"shop:7" has the qualifier "7". Expected "shop"; the alias goes into the input alias.'],
    [
      '123456789012:function:shop:$LATEST',
      '"123456789012:function:shop:$LATEST" has the qualifier "$LATEST". Expected "123456789012:function:shop"; the alias goes into the input alias.',
    ],
    [`${ARN}:live`, `"${ARN}:live" has the qualifier "live". Expected "${ARN}"; the alias goes into the input alias.`],
    ['a'.repeat(65), `the name "${'a'.repeat(65)}" has 65 characters. Expected at most 64.`],
    ['my fn', `"my fn" does not name a function. ${EXPECTED}`],
    ['my.fn', `"my.fn" does not name a function. ${EXPECTED}`],
    ['12345:function:shop', `"12345:function:shop" does not name a function. ${EXPECTED}`],
    ['arn:aws:s3:::shop', `"arn:aws:s3:::shop" does not name a function. ${EXPECTED}`],
    ['shop\n::error::x', `"shop\\n::error::x" does not name a function. ${EXPECTED}`],
  ])('%j is refused', (text, sentence) => {
    expect(sentences({ 'function-name': text })).toEqual([`function-name: ${sentence}`]);
  });
});

describe('role-to-assume', () => {
  test.each(['arn:aws:iam::123456789012:role/deploy', 'arn:aws-cn:iam::123456789012:role/team/deploy+x'])(
    '%s',
    (arn) => {
      expect(deploy({ 'role-to-assume': arn }).role).toBe(arn);
    },
  );

  test('none', () => {
    expect(deploy({}).role).toBeUndefined();
  });

  test.each(['deploy', 'arn:aws:iam::12:role/deploy', 'arn:aws:iam::123456789012:user/me'])('%s is refused', (text) => {
    expect(sentences({ 'role-to-assume': text })).toEqual([
      `role-to-assume: "${text}" is not a role. Expected the ARN of an IAM role such as arn:aws:iam::123456789012:role/deploy.`,
    ]);
  });
});

describe('alias and version', () => {
  test.each(['live', 'v1', '7a', 'A_b-c', 'a'.repeat(128)])('alias %s', (text) => {
    expect(deploy({ alias: text }).alias).toBe(text);
  });

  const NAME = 'Expected the name of an alias such as live.';
  const CHARACTERS = 'Expected at most 128 letters, digits, hyphens and underscores.';
  test.each([
    ['7', `"7" is a number, which Lambda takes for a version. ${NAME}`],
    ['$LATEST', `"$LATEST" is not an alias, it is the code that was uploaded last. ${NAME}`],
    ['shop:live', `"shop:live" is not the name of an alias. ${CHARACTERS}`],
    ['a'.repeat(129), `"${'a'.repeat(129)}" is not the name of an alias. ${CHARACTERS}`],
  ])('alias %s is refused', (text, sentence) => {
    expect(sentences({ alias: text })).toEqual([`alias: ${sentence}`]);
  });

  test('version', () => {
    expect(parse({ command: 'rollback', artifact: '', version: '17' })).toMatchObject({ inputs: { version: '17' } });
  });

  test.each(['$LATEST', 'v3', '0', '-1', '1.0', 'live'])('version %s is refused', (text) => {
    const sentence = `version: "${text}" is not a published version. Expected the number of a version such as 7.`;
    expect(sentences({ command: 'rollback', version: text })).toEqual([sentence]);
  });

  test('description', () => {
    expect(deploy({ description: 'd'.repeat(256) }).description).toHaveLength(256);
    expect(sentences({ description: 'd'.repeat(257) })).toEqual([
      'description: has 257 characters. Expected at most 256.',
    ]);
  });
});

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';

describe('image-uri', () => {
  test.each([
    `${REGISTRY}/shop:1.4.2`,
    `${REGISTRY}/team/shop.api_x:latest`,
    `${REGISTRY}/shop@${DIGEST}`,
    '123456789012.dkr-ecr.eu-central-1.on.aws/shop:1',
  ])('%s', (uri) => {
    expect(deploy({ artifact: '', 'image-uri': uri }).source).toEqual({ kind: 'image', uri });
  });

  const EXPECTED =
    'Expected an image in a private ECR repository such as 123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1.4.2.';
  test.each([
    ['shop:1', `"shop:1" is not an image that Lambda can use. ${EXPECTED}`],
    ['public.ecr.aws/x/y:1', `"public.ecr.aws/x/y:1" is not an image that Lambda can use. ${EXPECTED}`],
    [
      `${REGISTRY}/shop`,
      `"${REGISTRY}/shop" has neither a tag nor a digest. Expected one of them at the end, such as :1.4.2 or @sha256:….`,
    ],
    [
      '123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1',
      `"123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1" is not in the function's region. Expected an image in eu-central-1, as Lambda takes no other.`,
    ],
  ])('%s is refused', (uri, sentence) => {
    expect(sentences({ artifact: '', 'image-uri': uri })).toEqual([`image-uri: ${sentence}`]);
  });
});

describe('s3-bucket, s3-key, artifact', () => {
  test.each(['abc', 'my.bucket-1', 'a'.repeat(63)])('bucket %s', (text) => {
    expect(deploy({ 's3-bucket': text })).toMatchObject({ s3Bucket: text, s3Key: undefined });
  });

  test.each(['ab', 'a'.repeat(64), 'My-Bucket', '-abc', 'abc.', 'a..b', '192.168.0.1', 'a_b', 'a/b'])(
    'bucket %s is refused',
    (text) => {
      const [sentence] = sentences({ 's3-bucket': text });
      expect(sentence).toBe(
        `s3-bucket: "${text}" is not the name of a bucket. Expected 3 to 63 lower-case letters, digits, dots and hyphens.`,
      );
    },
  );

  test.each([
    ['s3-bucket', 's3://abc/key', '"s3://abc/key" is a URL. Expected the name of the bucket alone.'],
    ['s3-key', 's3://abc/key', '"s3://abc/key" is a URL. Expected the key alone, the bucket goes into s3-bucket.'],
    ['s3-key', 'é'.repeat(513), 'has 1026 bytes. Expected at most 1024.'],
    ['artifact', 'dist\nother', '"dist\\nother" is not one path. Expected one directory, .zip or .jar.'],
  ])('%s %j is refused', (input, text, sentence) => {
    expect(sentences({ 's3-bucket': 'abc', [input]: text })).toEqual([`${input}: ${sentence}`]);
  });

  test.each(['12345', '1234567890123', 'acme', '1234-5678-9012'])('owner %s is refused', (text) => {
    expect(sentences({ 's3-bucket': 'abc', 's3-bucket-owner': text })).toEqual([
      `s3-bucket-owner: "${text}" is not an account. Expected the 12 digits of the AWS account that owns the bucket.`,
    ]);
  });

  test('an owner', () => {
    expect(deploy({ 's3-bucket': 'abc', 's3-bucket-owner': '123456789012' }).s3BucketOwner).toBe('123456789012');
  });

  test('a key of 1,024 bytes', () => {
    expect(deploy({ 's3-bucket': 'abc', 's3-key': 'é'.repeat(512) }).s3Key).toHaveLength(512);
  });
});

test.each(['eu-west1', 'eu-central-1a', 'Frankfurt', 'EU-CENTRAL-1', 'eu-central-1.evil.example'])(
  'aws-region %s is refused',
  (text) => {
    const sentence = `aws-region: "${text}" is not a region. Expected the name of a region such as eu-central-1.`;
    expect(sentences({ 'aws-region': text })).toEqual([sentence]);
  },
);
