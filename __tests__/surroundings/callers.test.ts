import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeCaller, findCallers } from '../../src/surroundings/callers.ts';
import type { EventSource } from '../../src/surroundings/ports.ts';
import { FUNCTION, grants, surroundings } from './support.ts';

function lines(found: Parameters<typeof surroundings>[0]): readonly string[] {
  return findCallers(surroundings(found), 'live').bypassing.map(describeCaller);
}

describe('event sources', () => {
  const source = (change: Partial<EventSource> = {}): readonly string[] =>
    lines({
      eventSources: [
        { functionArn: FUNCTION, sourceArn: 'arn:aws:sqs:eu-west-1:1:orders', state: 'Enabled', ...change },
      ],
    });

  test.each<[Partial<EventSource>, readonly string[]]>([
    [{}, ['SQS queue "orders" calls the function by its bare name']],
    [{ functionArn: `${FUNCTION}:$LATEST` }, ['SQS queue "orders" calls $LATEST']],
    [{ functionArn: `${FUNCTION}:7` }, ['SQS queue "orders" calls version 7']],
    [{ functionArn: `${FUNCTION}:live` }, []],
    [{ functionArn: `${FUNCTION}:staging` }, []],
    [{ state: 'Disabled' }, ['SQS queue "orders" (disabled now) calls the function by its bare name']],
    [{ state: 'Disabling' }, ['SQS queue "orders" (disabled now) calls the function by its bare name']],
  ])('%j', (change, expected) => {
    expect(source(change)).toEqual(expected);
  });

  test.each([
    ['arn:aws:kinesis:eu-west-1:1:stream/clicks', 'Kinesis stream "clicks"'],
    ['arn:aws:kinesis:eu-west-1:1:stream/clicks/consumer/us:1', 'Kinesis stream "clicks"'],
    ['arn:aws:dynamodb:eu-west-1:1:table/carts/stream/2026-01-01T00:00:00.000', 'DynamoDB table "carts"'],
    ['arn:aws:kafka:eu-west-1:1:cluster/events/5c-2', 'Kafka cluster "events"'],
    ['arn:aws:mq:eu-west-1:1:broker:jobs:b-1', 'MQ broker "jobs"'],
    ['arn:aws-cn:rds:cn-north-1:1:cluster:docs', 'DocumentDB cluster "docs"'],
    ['arn:aws:new:eu-west-1:1:thing/x', 'event source "arn:aws:new:eu-west-1:1:thing/x"'],
    ['arn:aws:sqs', 'event source "arn:aws:sqs"'],
    [undefined, 'self-managed Kafka'],
  ])('%s', (sourceArn, name) => {
    expect(source({ sourceArn })).toEqual([`${name} calls the function by its bare name`]);
  });
});

test.each([
  [FUNCTION, ['function URL "https://x.on.aws/" calls the function by its bare name']],
  [`${FUNCTION}:live`, []],
])('a function URL on %s', (functionArn, expected) => {
  expect(lines({ urls: [{ functionArn, url: 'https://x.on.aws/' }] })).toEqual(expected);
});

describe('grants', () => {
  test.each<[string | object, string]>([
    ['apigateway.amazonaws.com', 'API Gateway'],
    ['events.amazonaws.com', 'EventBridge'],
    ['sns.amazonaws.com', 'SNS'],
    ['logs.eu-west-1.amazonaws.com', 'CloudWatch Logs'],
    ['alexa-appkit.amazon.com', 'Alexa'],
    ['new.amazonaws.com', '"new.amazonaws.com"'],
    [{ AWS: '123456789012' }, 'account 123456789012'],
    [{ AWS: 'arn:aws:iam::123456789012:root' }, 'account 123456789012'],
    [{ AWS: 'arn:aws:iam::123456789012:role/x' }, '"arn:aws:iam::123456789012:role/x"'],
    ['*', 'anybody'],
  ])('%j', (principal, name) => {
    const Principal = typeof principal === 'string' && principal !== '*' ? { Service: principal } : principal;
    const policies = [grants(undefined, { Principal })];
    expect(lines({ policies })).toEqual([`${name} may call the function by its bare name`]);
  });

  test('anybody, under conditions', () => {
    const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } };
    const policies = [grants('7', { Principal: '*', Condition })];
    expect(lines({ policies })).toEqual(['whoever meets its conditions may call version 7']);
  });

  test('the routes of one API are one caller', () => {
    const Principal = { Service: 'apigateway.amazonaws.com' };
    const routes = ['*/GET/orders', '*/POST/orders', 'test-invoke-stage/GET/orders'].map((route) => ({
      Principal,
      Condition: { ArnLike: { 'AWS:SourceArn': `arn:aws:execute-api:eu-west-1:1:a1b2/${route}` } },
    }));
    expect(lines({ policies: [grants(undefined, ...routes)] })).toEqual([
      'API Gateway ("arn:aws:execute-api:eu-west-1:1:a1b2") may call the function by its bare name',
    ]);
  });

  test('the ARN in a statement is believed before the qualifier that was asked for', () => {
    const policies = [grants('7', { Resource: FUNCTION }), grants(undefined, { Resource: '*' })];
    expect(lines({ policies })).toEqual(['S3 may call the function by its bare name']);
  });

  test('one who may call the alias as well is no certain bypass', () => {
    const policies = [grants(undefined, {}, { Principal: { Service: 'sns.amazonaws.com' } }), grants('live', {})];
    const { bypassing, undecided } = findCallers(surroundings({ policies }), 'live');
    expect(bypassing.map(describeCaller)).toEqual(['SNS may call the function by its bare name']);
    expect(undecided.map(describeCaller)).toEqual(['S3 may call the function by its bare name']);
  });

  test('a queue that is read for both goes past the alias all the same', () => {
    const sourceArn = 'arn:aws:sqs:eu-west-1:1:orders';
    const eventSources = [FUNCTION, `${FUNCTION}:live`].map((functionArn) => ({ functionArn, sourceArn, state: '' }));
    expect(lines({ eventSources })).toHaveLength(1);
  });

  test('policies that are none are named', () => {
    const policies = [
      { qualifier: undefined, text: 'x' },
      { qualifier: 'live', text: '[]' },
    ];
    expect(findCallers(surroundings({ policies }), 'live')).toEqual({
      bypassing: [],
      undecided: [],
      unreadable: [undefined, 'live'],
    });
  });
});

test('whatever names there are, each caller is found once, in one printable line, and none twice', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom(FUNCTION, `${FUNCTION}:7`, `${FUNCTION}:live`));
  const found = fc.record({
    eventSources: fc.array(
      fc.record({ functionArn: name, sourceArn: fc.option(name, { nil: undefined }), state: name }),
    ),
    urls: fc.array(fc.record({ functionArn: name, url: name })),
    policies: fc.array(
      fc.record({ Principal: name, Resource: name }).map((statement) => grants(undefined, statement)),
      { maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(found, (some) => {
      const { bypassing, undecided } = findCallers(surroundings(some), 'live');
      const told = [...bypassing, ...undecided].map(describeCaller);
      expect(new Set(told).size).toBe(told.length);
      expect(told.filter((line) => /[\p{Cc}\p{Zl}\p{Zp}]/u.test(line))).toEqual([]);
    }),
    { seed: 58, numRuns: 300 },
  );
});
