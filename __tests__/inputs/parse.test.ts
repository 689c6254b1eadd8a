import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseInputs } from '../../src/inputs/parse.ts';
import { formatIssue } from '../../src/model/failure.ts';
import { INPUT_DEFAULTS, INPUT_NAMES } from '../../src/model/names.ts';
import { LEAST, parse, sentences } from './support.ts';

const COMMON = {
  functionRef: { name: 'shop', id: 'shop', region: undefined },
  alias: 'live',
  region: 'eu-central-1',
  dryRun: false,
  summary: true,
  githubToken: undefined,
};

const DEFAULTS = {
  ...COMMON,
  command: 'deploy',
  source: { kind: 'artifact', path: 'dist', exclude: [] },
  s3Bucket: undefined,
  s3Key: undefined,
  change: { fields: {}, variables: new Map() },
  description: undefined,
  strategy: { name: 'canary', steps: [{ weight: 10, dwell: 600_000 }], pace: 'fixed' },
  bakeTime: 0,
  interval: 30_000,
  metricDelay: 120_000,
  maxDuration: 7_200_000,
  confidence: 0.99,
  errorTolerance: 0.001,
  passMargin: 0.01,
  maxErrorRate: undefined,
  latencyThreshold: undefined,
  latencyTolerance: 0.05,
  alarms: [],
  metrics: [],
  minInvocations: 1,
  onInconclusive: 'promote',
  smokeTests: [],
  check: undefined,
  checkTimeout: 300_000,
  onCancel: 'rollback',
  allowOlder: false,
};

describe('what is right', () => {
  test('a function and an artifact are enough', () => {
    expect(parse({})).toEqual({ ok: true, inputs: DEFAULTS, warnings: [] });
  });

  test('the runner hands over every default and the token', () => {
    const raw = { ...INPUT_DEFAULTS, ...LEAST, 'github-token': ' secret ' };
    expect(parse(raw)).toEqual({ ok: true, inputs: { ...DEFAULTS, githubToken: 'secret' }, warnings: [] });
  });

  test('a rollback', () => {
    const result = parse({ command: 'rollback', artifact: '', 'dry-run': 'true' });
    expect(result).toEqual({
      ok: true,
      inputs: { ...COMMON, dryRun: true, command: 'rollback', version: undefined },
      warnings: [],
    });
  });

  test.each(['promote', 'status'])('%s', (command) => {
    expect(parse({ command, artifact: '' })).toEqual({ ok: true, inputs: { ...COMMON, command }, warnings: [] });
  });

  test('what is tried out before the first shift', () => {
    const raw = { 'smoke-test': '{"a": 1}', check: ' ./probe.sh\n', 'check-timeout': '90s' };
    const smokeTests = [{ name: undefined, payload: { text: '{"a": 1}' }, expect: {}, maxDuration: undefined }];
    const inputs = { ...DEFAULTS, smokeTests, check: './probe.sh', checkTimeout: 90_000 };
    expect(parse(raw)).toEqual({ ok: true, inputs, warnings: [] });
  });

  test('what becomes of a cancelled rollout, and of newer versions', () => {
    const inputs = { ...DEFAULTS, onCancel: 'keep', allowOlder: true };
    expect(parse({ 'on-cancel': 'keep', 'allow-older': 'true' })).toEqual({ ok: true, inputs, warnings: [] });
  });
});

test.each(['rollback', 'promote', 'status'])('%s assumes the role that is named', (command) => {
  const role = 'arn:aws:iam::123456789012:role/deploy';
  const found = parse({ command, artifact: '', 'role-to-assume': role });
  expect(found).toMatchObject({ ok: true, inputs: { role }, warnings: [] });
});

describe('what has no effect is said, and not checked', () => {
  const image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1';
  test.each([
    [{ version: '7' }, ['version has no effect with command deploy.']],
    [
      { command: 'rollback', strategy: 'nonsense', 's3-bucket': 'NO' },
      ['artifact', 's3-bucket', 'strategy'].map((name) => `${name} has no effect with command rollback.`),
    ],
    [
      { artifact: '', 'image-uri': image, exclude: '{', 's3-bucket': 'NO', 's3-key': 'k', version: 'x' },
      [
        ...['exclude', 's3-bucket', 's3-key'].map((name) => `${name} has no effect with image-uri.`),
        'version has no effect with command deploy.',
      ],
    ],
    [
      { artifact: '', 's3-bucket': 'abc', 's3-key': 'k', exclude: '*.map' },
      ['exclude has no effect without artifact.'],
    ],
    [{ 'check-timeout': 'x' }, ['check-timeout has no effect without check.']],
    [{ 'check-timeout': '10s', check: 'true' }, []],
    [{ 'latency-tolerance': 'x' }, ['latency-tolerance has no effect without latency-threshold.']],
    [{ 'latency-tolerance': '2%', 'latency-threshold': '1s' }, []],
    [
      { command: 'promote', artifact: '', version: '7', 'on-cancel': 'x', 'allow-older': 'x' },
      ['on-cancel', 'allow-older', 'version'].map((name) => `${name} has no effect with command promote.`),
    ],
    [
      { command: 'status', artifact: '', version: '7', 'dry-run': 'true' },
      ['dry-run', 'version'].map((name) => `${name} has no effect with command status.`),
    ],
    [
      { command: 'rollback', 'pass-margin': 'x', 'latency-threshold': 'x', alarms: 'x', metrics: '{' },
      ['artifact', 'pass-margin', 'latency-threshold', 'alarms', 'metrics'].map(
        (name) => `${name} has no effect with command rollback.`,
      ),
    ],
  ])('%j', (raw: Record<string, string>, warnings) => {
    expect(parse(raw)).toMatchObject({ ok: true, warnings });
  });
});

describe('what is wrong', () => {
  const everything = {
    command: 'deplyo',
    'function-name': 'shop:live',
    alias: '7',
    'aws-region': 'mars',
    artifact: 'dist',
    'image-uri': 'nginx',
    's3-key': 'k',
    strategy: '10% 5m, 10% 0s',
    'bake-time': '5',
    confidence: '100%',
    'pass-margin': '0%',
    'latency-threshold': '300',
    'latency-tolerance': '100%',
    alarms: 'arn:aws:s3:::bucket',
    metrics: '- {name: x}',
    'min-invocations': '0',
    'on-inconclusive': 'hodl',
    'on-cancel': 'stay',
    'allow-older': 'perhaps',
    'dry-run': 'yes',
    summary: 'no',
  };

  test('everything at once, in the order of action.yml', () => {
    const inputs = sentences(everything).map((sentence) => sentence.slice(0, sentence.indexOf(':')));
    expect(inputs).toEqual(Object.keys(everything).filter((name) => name !== 's3-key'));
  });

  test('several problems of one input', () => {
    expect(sentences({ strategy: '10% 0s, 5 5m', alias: '1' })).toHaveLength(3);
  });

  test('what to look for on disk all the same', () => {
    expect(parse({ alias: '7', exclude: 'a,b' })).toMatchObject({ partial: { artifact: 'dist', exclude: ['a', 'b'] } });
    expect(parse({ exclude: '{' })).toMatchObject({ partial: { artifact: 'dist', exclude: [] } });
    expect(parse({ alias: '7', artifact: '' })).not.toHaveProperty('partial');
    expect(parse({ alias: '7', command: 'rollback' })).not.toHaveProperty('partial');
  });
});

describe('properties', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('', '$LATEST', '10% 5m,', '1h', '{,', '- name: "\\u2028"', '- &a [*a]', 'arn:aws:cloudwatch:'),
  );
  const anyRaw = fc.record(Object.fromEntries(INPUT_NAMES.map((name) => [name, texts])), { requiredKeys: [] });

  test('whatever is written, it never throws, and no sentence holds a line break or another control character', () => {
    const property = fc.property(anyRaw, fc.option(texts, { nil: undefined }), (raw, region) => {
      const result = parseInputs(raw, { region });
      const lines = result.ok ? result.warnings : result.issues.map(formatIssue);
      return (result.ok || lines.length > 0) && lines.every((line) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(line));
    });
    fc.assert(property, { seed: 3, numRuns: 500 });
  });

  test('the token is in no sentence', () => {
    const raw = { ...Object.fromEntries(INPUT_NAMES.map((name) => [name, '?'])), 'github-token': 'ghs_secret' };
    const result = parseInputs(raw, {});
    expect(JSON.stringify(result)).toContain('is unknown');
    expect(JSON.stringify(result)).not.toContain('ghs_secret');
  });
});
