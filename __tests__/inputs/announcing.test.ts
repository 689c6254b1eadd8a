import { describe, expect, test } from '@jest/globals';
import { environmentName, topicArn } from '../../src/inputs/announcing.ts';
import { problemsOf } from '../../src/inputs/field.ts';
import { LEAST, parse } from './support.ts';

const ARN = 'arn:aws:sns:eu-central-1:123456789012:alerts';

describe('sns-topic-arn', () => {
  test.each([
    ARN,
    `${ARN}.fifo`,
    'arn:aws-cn:sns:cn-north-1:123456789012:a_b-c',
    'arn:aws-us-gov:sns:us-gov-west-1:123456789012:x',
  ])('takes %s', (text) => {
    expect(topicArn(text)).toEqual({ value: text });
  });

  test.each([
    'alerts',
    'arn:aws:sqs:eu-central-1:123456789012:alerts',
    `${ARN}:2f1d-subscription`,
    `${ARN} `,
    `${ARN}.json`,
  ])('refuses %j', (text) => {
    expect(problemsOf(topicArn(text))).toEqual([
      expect.objectContaining({ expected: expect.stringContaining('SNS topic') }),
    ]);
  });
});

describe('github-environment', () => {
  test.each(['production', 'Produktion (EU) / Blau', 'x'.repeat(255)])('takes %s', (text) => {
    expect(environmentName(text)).toEqual({ value: text });
  });

  test.each(['a\nb', 'x'.repeat(256)])('refuses %j', (text) => {
    expect(problemsOf(environmentName(text))).toHaveLength(1);
  });
});

test.each([
  ['rollback', true],
  ['promote', true],
  ['status', false],
])('with command %s they count: %p', (command, counts) => {
  const parsed = parse({ ...LEAST, artifact: '', command, 'sns-topic-arn': ARN, 'github-environment': 'production' });
  if (!parsed.ok) throw new Error('not understood');
  const wanted = counts
    ? { githubEnvironment: 'production', topicArn: ARN }
    : { githubEnvironment: undefined, topicArn: undefined };
  expect(parsed.inputs).toMatchObject(wanted);
  expect(parsed.warnings).toHaveLength(counts ? 0 : 2);
});
