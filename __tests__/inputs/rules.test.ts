import { describe, expect, test } from '@jest/globals';
import { formatIssue } from '../../src/model/failure.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { deploy, parse, sentences } from './support.ts';

const IMAGE = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1';
const OBJECT = 'or s3-bucket and s3-key for an object that is already there, or configuration or environment alone';

describe('where the code comes from', () => {
  test('a directory on its way through a bucket', () => {
    expect(deploy({ 's3-bucket': 'abc', 's3-key': 'k.zip' })).toMatchObject({
      source: { kind: 'artifact', path: 'dist', exclude: [] },
      s3Bucket: 'abc',
      s3Key: 'k.zip',
    });
  });

  test('an object that is there', () => {
    const { source } = deploy({ artifact: '', 's3-bucket': 'abc', 's3-key': 'k.zip' });
    expect(source).toEqual({ kind: 'object', bucket: 'abc', key: 'k.zip' });
  });

  test.each([
    [{ artifact: '' }, `artifact: neither artifact nor image-uri is given. Expected one of them, ${OBJECT}.`],
    [
      { artifact: '', 's3-bucket': 'abc' },
      `artifact: neither artifact nor image-uri is given, only s3-bucket. Expected one of them, ${OBJECT}.`,
    ],
    [{ 'image-uri': IMAGE }, 'artifact: is given together with image-uri. Expected one of them.'],
    [{ 's3-key': 'k.zip' }, 's3-key: is given without s3-bucket. Expected s3-bucket, too.'],
    [{ artifact: '', 's3-key': 'k.zip' }, 's3-key: is given without s3-bucket. Expected s3-bucket, too.'],
  ])('%j', (raw, sentence) => {
    expect(sentences(raw)).toEqual([sentence]);
  });

  test('a source that is wrong by itself is not missing, too', () => {
    expect(sentences({ artifact: '', 'image-uri': 'nginx' })).toHaveLength(1);
    expect(sentences({ artifact: '', 's3-bucket': 'NO', 's3-key': 'k.zip' })).toHaveLength(1);
    expect(sentences({ exclude: '{' })).toHaveLength(1);
  });

  test('with a misspelt command no source is demanded', () => {
    expect(sentences({ artifact: '', command: 'rolback' })).toEqual([
      'command: "rolback" is unknown (did you mean rollback?). Expected deploy, rollback, promote or status.',
    ]);
  });
});

describe('the region', () => {
  const lines = (raw: Record<string, string>, region?: string): unknown => {
    const result = parseInputs({ artifact: 'dist', 'function-name': 'shop', ...raw }, { region });
    return result.ok ? result.inputs.region : result.issues.map(formatIssue);
  };
  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:shop';

  test.each([
    ['the input before the environment', { 'aws-region': 'eu-west-1' }, 'us-east-1', 'eu-west-1'],
    ['the environment', {}, ' us-east-1 ', 'us-east-1'],
    ['the environment before the default', { 'aws-region': ' ' }, 'us-east-1', 'us-east-1'],
    ['the ARN at last', { 'function-name': arn }, '', 'us-east-1'],
    ['both agree', { 'function-name': arn, 'aws-region': 'us-east-1' }, undefined, 'us-east-1'],
  ])('%s', (_, raw, environment, region) => {
    expect(lines(raw, environment)).toBe(region);
  });

  test('missing everywhere', () => {
    expect(lines({})).toEqual([
      'aws-region: is given neither here nor in the environment (AWS_REGION, AWS_DEFAULT_REGION). Expected the region of the function such as eu-central-1.',
    ]);
  });

  test('a qualified ARN still tells the region', () => {
    expect(lines({ 'function-name': `${arn}:live` })).toHaveLength(1);
  });

  test.each([
    [{ 'function-name': arn, 'aws-region': 'eu-west-1' }, undefined],
    [{ 'function-name': arn }, 'eu-west-1'],
  ])('an ARN in another region: %j, %s', (raw, environment) => {
    expect(lines(raw, environment)).toEqual([
      'aws-region: "eu-west-1" is not the region in the ARN of function-name. Expected us-east-1.',
    ]);
  });
});

describe('durations together', () => {
  const beyond = (limit: string): string =>
    `which is more than max-duration (${limit}). Expected at most ${limit}, or a longer max-duration.`;
  test.each([
    [{ 'bake-time': '3h' }, [`bake-time: is 3h, ${beyond('2h')}`]],
    [{ strategy: '10% 2h, 20% 1h' }, [`strategy: the steps take 3h, ${beyond('2h')}`]],
    [
      { 'bake-time': '6m', 'max-duration': '5m' },
      [`strategy: the steps take 10m, ${beyond('5m')}`, `bake-time: is 6m, ${beyond('5m')}`],
    ],
    [
      { strategy: '10% 1h', 'bake-time': '1h30m' },
      ['max-duration: 2h is less than 1h of steps and 1h30m of bake-time together. Expected at least 2h30m.'],
    ],
    [{ strategy: '10% 1h', 'bake-time': '1h' }, []],
    [{ strategy: '10% 3h', 'max-duration': '3h' }, []],
  ])('%j', (raw: Record<string, string>, expected) => {
    expect(sentences(raw)).toEqual(expected);
  });

  test('are compared as far as they can be read', () => {
    expect(sentences({ strategy: 'x', 'bake-time': '3h' }).at(-1)).toBe(`bake-time: is 3h, ${beyond('2h')}`);
    expect(sentences({ strategy: '10% 3h', 'bake-time': '5' }).at(0)).toBe(
      `strategy: the steps take 3h, ${beyond('2h')}`,
    );
    expect(sentences({ 'bake-time': '3h', 'max-duration': '5' })).toHaveLength(1);
  });
});

describe('auto needs time', () => {
  test.each([
    [{ 'max-duration': '9m' }, ['max-duration: 9m is too short for strategy auto. Expected at least 10m.']],
    [
      { 'max-duration': '20m', 'bake-time': '15m' },
      ['max-duration: 20m is less than 10m of steps and 15m of bake-time together. Expected at least 25m.'],
    ],
    [{ 'max-duration': '10m' }, []],
  ])('%j', (raw: Record<string, string>, expected) => {
    expect(sentences({ strategy: 'auto', ...raw })).toEqual(expected);
  });
});

describe('nothing is watched', () => {
  const watched = { alarms: 'a', metrics: '- {name: x, value: y, max: 1}', 'latency-threshold': '1s' };
  const latency = 'latency-threshold has no effect with strategy "AllAtOnce", which compares no versions.';

  test.each([
    [
      {},
      [
        latency,
        'alarms has no effect with strategy "AllAtOnce" and without bake-time.',
        'metrics has no effect with strategy "AllAtOnce" and without bake-time.',
      ],
    ],
    [{ 'bake-time': '5m' }, [latency]],
    [{ 'latency-threshold': '', alarms: '', metrics: '[]' }, []],
    [{ strategy: 'canary' }, []],
  ])('%j', (raw: Record<string, string>, warnings) => {
    expect(parse({ strategy: 'AllAtOnce', ...watched, ...raw })).toMatchObject({ ok: true, warnings });
  });
});

describe('something has to be judged', () => {
  test.each(['rollback', 'hold'])('on-inconclusive %s without a step and without a bake', (policy) => {
    expect(sentences({ strategy: 'AllAtOnce', 'on-inconclusive': policy })).toEqual([
      `on-inconclusive: ${policy} would meet every release, as strategy "AllAtOnce" without bake-time judges nothing. Expected promote, or a bake-time, or a strategy with steps.`,
    ]);
  });

  test.each([
    { strategy: 'AllAtOnce', 'on-inconclusive': 'promote' },
    { strategy: 'AllAtOnce', 'on-inconclusive': 'hold', 'bake-time': '10m' },
    { strategy: 'canary', 'on-inconclusive': 'hold' },
  ])('%j', (raw) => {
    expect(sentences(raw)).toEqual([]);
  });

  test('is not asked of a policy that cannot be read', () => {
    expect(sentences({ strategy: 'AllAtOnce', 'on-inconclusive': 'x' })).toHaveLength(1);
    expect(sentences({ strategy: 'AllAtOnce', 'on-inconclusive': 'hold', 'bake-time': 'x' })).toHaveLength(1);
  });
});
