import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { configurationPath } from '../../src/inputs/configuration.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { formatIssue } from '../../src/model/failure.ts';
import { LEAST, deploy, parse, sentences } from './support.ts';

const ROLE = 'arn:aws:iam::123456789012:role/service-role/checkout';
const LAYER = 'arn:aws:lambda:eu-central-1:123456789012:layer:shared';
const KEY = 'arn:aws:kms:eu-central-1:123456789012:key/0f1e2d3c-aaaa-bbbb-cccc-0123456789ab';
const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:failed';
const MOUNT = 'arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0123456789abcdef0';
const IMAGE = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1';

const problems = (configuration: string, more: Record<string, string> = {}): readonly string[] =>
  sentences({ configuration, ...more }).map((sentence) => sentence.replace(/^configuration: /, ''));

describe('is understood', () => {
  const everything = {
    Role: ROLE,
    Runtime: 'nodejs24.x',
    Handler: 'src/index.handler',
    Description: 'the shop',
    Timeout: 900,
    MemorySize: 10240,
    Architectures: ['arm64'],
    EphemeralStorage: { Size: 512 },
    Layers: [`${LAYER}:7`],
    VpcConfig: { SubnetIds: ['subnet-0a1b'], SecurityGroupIds: ['sg-0a1b'], Ipv6AllowedForDualStack: true },
    DeadLetterConfig: { TargetArn: QUEUE },
    KMSKeyArn: KEY,
    TracingConfig: { Mode: 'Active' },
    SnapStart: { ApplyOn: 'PublishedVersions' },
    LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'WARN', SystemLogLevel: 'INFO', LogGroup: '/shop/#1' },
    FileSystemConfigs: [{ Arn: MOUNT, LocalMountPath: '/mnt/data' }],
    DurableConfig: { RetentionPeriodInDays: 14, ExecutionTimeout: 3600 },
  };

  test('every field, in JSON', () => {
    expect(deploy({ configuration: JSON.stringify(everything) }).change.fields).toEqual(everything);
  });

  test.each<[string, object]>([
    ['', {}],
    ['{}', {}],
    ['# nothing', {}],
    ['~', {}],
    ['VpcConfig: &x {}\nEnvironment: {Variables: *x}', { VpcConfig: {} }],
    ['MemorySize: 512 # MB', { MemorySize: 512 }],
    [
      'Layers: []\nKMSKeyArn: ""\nDeadLetterConfig: {TargetArn: ""}',
      { Layers: [], KMSKeyArn: '', DeadLetterConfig: { TargetArn: '' } },
    ],
    ['Runtime: nodejs28.x', { Runtime: 'nodejs28.x' }],
    [
      'Timeout: 5400\nMemorySize: 32768\nCapacityProviderConfig: {LambdaManagedInstancesCapacityProviderConfig: {ExecutionEnvironmentMemoryGiBPerVCpu: 2.5}}',
      {
        Timeout: 5400,
        MemorySize: 32768,
        CapacityProviderConfig: {
          LambdaManagedInstancesCapacityProviderConfig: { ExecutionEnvironmentMemoryGiBPerVCpu: 2.5 },
        },
      },
    ],
  ])('%j', (configuration, fields) => {
    expect(deploy({ configuration }).change.fields).toEqual(fields);
  });

  test('variables of both inputs, merged', () => {
    const configuration = 'Environment: {Variables: {PORT: 08080, OLD: null, AB: &x "a", CD: *x}}';
    const { variables, fields } = deploy({ configuration, environment: 'FEATURE=on' }).change;
    expect(fields).toEqual({});
    expect(Object.fromEntries(variables)).toEqual({ PORT: '08080', OLD: null, AB: 'a', CD: 'a', FEATURE: 'on' });
  });

  test('settings of an image, with an image', () => {
    const configuration = 'ImageConfig: {Command: [app.handler], EntryPoint: [], WorkingDirectory: /srv}';
    expect(deploy({ configuration, artifact: '', 'image-uri': IMAGE }).change.fields).toHaveProperty('ImageConfig');
  });

  test.each(['configuration', 'environment'])('%s is enough to deploy', (name) => {
    const text = { configuration: 'MemorySize: 512', environment: 'AB=1' }[name] ?? '';
    expect(deploy({ artifact: '', [name]: text }).source).toEqual({ kind: 'kept' });
  });

  test.each(['rollback', 'promote', 'status'])('%s does not read it', (command) => {
    const result = parse({ command, artifact: '', configuration: '{', environment: '{' });
    const warnings = ['configuration', 'environment'].map((name) => `${name} has no effect with command ${command}.`);
    expect(result).toMatchObject({ ok: true, warnings });
  });
});

describe('is refused', () => {
  test.each<[string, readonly unknown[]]>([
    ['MemorySise: 512', ['"MemorySise" is unknown (did you mean MemorySize?). Expected a name that Lambda has.']],
    ['memorysize: 512', ['"memorysize" is unknown (did you mean MemorySize?). Expected a name that Lambda has.']],
    [
      'Colour: red',
      [
        expect.stringMatching(
          /^"Colour" is unknown\. Expected Role, Runtime, .*, CapacityProviderConfig or Environment\.$/,
        ),
      ],
    ],
    ['FunctionName: x', ['"FunctionName" is not set here. Expected the input function-name.']],
    [
      'Variables: {AB: s3cret}',
      ['"Variables" is not set here. Expected Environment: { Variables: { NAME: text } }, or the input environment.'],
    ],
    [
      'variables: {AB: s3cret}',
      ['"variables" is not set here. Expected Environment: { Variables: { NAME: text } }, or the input environment.'],
    ],
    ['ImageURI: x', ['"ImageURI" is not set here. Expected the input image-uri.']],
    ...['Enviroment', 'environment', 'Environments'].map((name): [string, readonly unknown[]] => [
      `${name}: {Variables: {AB: s3cret}}`,
      [`"${name}" is unknown (did you mean Environment?). Expected a name that Lambda has.`],
    ]),
    ['constructor: 1', [expect.stringContaining('"constructor" is unknown. Expected Role')]],
    ['__proto__: {MemorySize: 1}', [expect.stringContaining('"__proto__" is unknown. Expected Role')]],
    [
      'TracingConfig: {mode: Active}',
      ['TracingConfig: "mode" is unknown (did you mean Mode?). Expected a name that Lambda has.'],
    ],
    ['MemorySize: "512"', ['MemorySize: is the text "512". Expected a whole number from 128 to 10240 (MB).']],
    ['MemorySize:', ['MemorySize: is empty. Expected a whole number from 128 to 10240 (MB).']],
    [
      'MemorySize: 127\nTimeout: 0',
      [
        'Timeout: is 0. Expected a whole number from 1 to 900 (seconds).',
        'MemorySize: is 127. Expected a whole number from 128 to 10240 (MB).',
      ],
    ],
    [
      'MemorySize: 10241\nTimeout: 901',
      [
        'Timeout: is 901. Expected a whole number from 1 to 900 (seconds), more only with CapacityProviderConfig.',
        'MemorySize: is 10241. Expected a whole number from 128 to 10240 (MB), more only with CapacityProviderConfig.',
      ],
    ],
    ['MemorySize: 512.5', ['MemorySize: is 512.5. Expected a whole number from 128 to 10240 (MB).']],
    ['Timeout: [1]', ['Timeout: is a list. Expected a whole number from 1 to 900 (seconds).']],
    [
      'Runtime: node24',
      ['Runtime: is the text "node24". Expected the name of a runtime such as nodejs24.x (did you mean nodejs24.x?).'],
    ],
    [
      'Runtime: pyton3.13',
      [
        'Runtime: is the text "pyton3.13". Expected the name of a runtime such as nodejs24.x (did you mean python3.13?).',
      ],
    ],
    ['Runtime: 24', ['Runtime: is 24. Expected the name of a runtime such as nodejs24.x.']],
    [
      'TracingConfig: {Mode: Actve}',
      ['TracingConfig.Mode: is the text "Actve". Expected Active or PassThrough (did you mean Active?).'],
    ],
    ['TracingConfig: {Mode: true}', ['TracingConfig.Mode: is true. Expected Active or PassThrough.']],
    ['TracingConfig: Active', ['TracingConfig: is the text "Active". Expected a mapping.']],
    [
      'Role: checkout',
      [
        'Role: is the text "checkout". Expected the ARN of an IAM role such as arn:aws:iam::123456789012:role/checkout.',
      ],
    ],
    [
      'Handler: a b',
      ['Handler: is the text "a b". Expected at most 128 characters without spaces such as index.handler.'],
    ],
    [`Layers: [${LAYER}]`, [expect.stringContaining('Layers[1]: is the text "arn:')]],
    [`Layers: ${LAYER}:1`, [`Layers: is the text "${LAYER}:1". Expected a list.`]],
    [`Layers: ["${LAYER}:1", "${LAYER}:2"]`, [`Layers: has "${LAYER}" twice. Expected one version of each layer.`]],
    [
      `Layers: [${[1, 2, 3, 4, 5, 6].map((n) => `"${LAYER}${n}:1"`).join()}]`,
      ['Layers: has too many items. Expected at most 5.'],
    ],
    [
      'LoggingConfig: {LogFormat: Text, SystemLogLevel: WARN}',
      ['LoggingConfig: has a log level with LogFormat Text. Expected LogFormat JSON, as Lambda filters nothing else.'],
    ],
    [
      'VpcConfig: {SubnetIds: [], SecurityGroupIds: [sg-1]}',
      ['VpcConfig: has only one of SubnetIds and SecurityGroupIds empty. Expected both, or neither.'],
    ],
    [
      'FileSystemConfigs: [{LocalMountPath: /data}]',
      [
        'FileSystemConfigs[1].Arn: is missing. Expected the ARN of an access point of a file system.',
        'FileSystemConfigs[1].LocalMountPath: is the text "/data". Expected a path such as /mnt/data.',
      ],
    ],
    [
      'CapacityProviderConfig: {LambdaManagedInstancesCapacityProviderConfig: {ExecutionEnvironmentMemoryGiBPerVCpu: 9}}',
      [expect.stringContaining('ExecutionEnvironmentMemoryGiBPerVCpu: is 9. Expected a number from 2 to 8 (GiB).')],
    ],
    [
      'Environment: {AB: s3cret}',
      ['Environment: is not a mapping of Variables alone. Expected Environment: { Variables: { NAME: text } }.'],
    ],
    ...['{variables: {AB: s3cret}}', '{Varables: {AB: s3cret}}', '{AB: s3cret, variable: {}}'].map(
      (given): [string, readonly unknown[]] => [
        `Environment: ${given}`,
        [expect.stringContaining('Environment: is not a mapping of Variables alone (did you mean Variables?).')],
      ],
    ),
    ['Environment: s3cret', [expect.stringContaining('Environment: is not a mapping of Variables alone.')]],
    [
      'Environment: {Variables: [s3cret]}',
      [expect.stringContaining('Environment: is not a mapping of Variables alone.')],
    ],
    [
      'Environment: {Variables: {AWS_REGION: s3cret, AB: [s3cret]}}',
      [
        'Environment: "AWS_REGION" is set by Lambda itself. Expected another name.',
        'Environment: the value of "AB" is no text. Expected one text or number.',
      ],
    ],
    ['- MemorySize: 512', [expect.stringContaining('is not a mapping. Expected YAML or JSON with the field names')]],
    ['MemorySize: 512\nMemorySize: 512', [expect.stringContaining('repeats a name (line 2).')]],
    ['MemorySize: "s3cret', [expect.stringContaining('is not YAML (line 1).')]],
  ])('%j', (configuration, expected) => {
    expect(problems(configuration)).toEqual(expected);
    expect(problems(configuration).join()).not.toContain('s3cret');
  });

  test.each<[string, Record<string, string>, readonly string[]]>([
    [
      'Runtime: nodejs24.x\nHandler: a.b\nLayers: []',
      { artifact: '', 'image-uri': IMAGE },
      [
        'Runtime is given with image-uri. Expected it in the image itself.',
        'Handler is given with image-uri. Expected it in the image itself.',
        'Layers is given with image-uri. Expected it in the image itself.',
      ],
    ],
    ['ImageConfig: {}', {}, ['ImageConfig is given for a zip package. Expected it with image-uri only.']],
    [
      'Architectures: [arm64]',
      { artifact: '' },
      ['Architectures is given without code. Expected artifact or image-uri, too.'],
    ],
    [
      `Layers: ["${LAYER}:1"]\nKMSKeyArn: ${KEY}\nDeadLetterConfig: {TargetArn: "${QUEUE}"}`,
      { 'aws-region': 'eu-west-1' },
      [
        `"${LAYER}:1" is not in the function's region. Expected one in eu-west-1.`,
        `"${KEY}" is not in the function's region. Expected one in eu-west-1.`,
        `"${QUEUE}" is not in the function's region. Expected one in eu-west-1.`,
      ],
    ],
    [
      `FileSystemConfigs: [{Arn: "${MOUNT}", LocalMountPath: /mnt/a}]`,
      { 'aws-region': 'eu-west-1' },
      [`"${MOUNT}" is not in the function's region. Expected one in eu-west-1.`],
    ],
    [
      'Environment: {Variables: {AB: 1}}',
      { environment: 'AB=2' },
      ['names the variable "AB", and so does environment. Expected it in one of them.'],
    ],
  ])('%j with %j', (configuration, more, expected) => {
    expect(problems(configuration, more)).toEqual(expected);
  });

  test('where the region is wrong, too, nothing is said of what is in it', () => {
    const all = sentences({ 'aws-region': 'mars', configuration: `Layers: ["${LAYER}:1"]` });
    expect(all).toEqual([expect.stringContaining('aws-region: ')]);
  });

  test('together with everything else that is wrong, in the order of action.yml', () => {
    const all = sentences({ alias: '7', configuration: 'X: 1\nTimeout: 0', environment: 'A=1', strategy: '5' });
    expect(all.map((sentence) => sentence.slice(0, sentence.indexOf(':')))).toEqual([
      ...['alias', 'configuration', 'configuration', 'environment', 'strategy'],
    ]);
  });
});

describe('the path of a file', () => {
  test.each([
    ['config/production.yml', 'config/production.yml'],
    ['  ./a b.json ', './a b.json'],
    ['C:\\build\\a.yml', 'C:\\build\\a.yml'],
    ['MemorySize: 512', undefined],
    ['Layers:', undefined],
    ['{"MemorySize": 512}', undefined],
    ['a\nb', undefined],
    ['', undefined],
  ])('%j', (text, path) => {
    expect(configurationPath(text)).toBe(path);
  });
});

test('whatever is written, it never throws, and no sentence holds what stands under Environment', () => {
  const SECRET = 'Zq9Xk7Wv';
  const value = fc.oneof(
    fc.constantFrom(SECRET, `x ${SECRET}`, [SECRET], { AB: SECRET }, { [SECRET]: 1 }),
    fc.jsonValue(),
  );
  const inner = fc.oneof(fc.dictionary(fc.constantFrom('AB', 'AWS_REGION', 'A', 'CD'), value), value);
  const outer = fc.oneof(fc.record({ Variables: inner }), inner);
  const property = fc.property(
    fc.dictionary(fc.constantFrom('Timeout', 'Layers', 'VpcConfig', 'Rolle'), fc.jsonValue()),
    outer,
    (fields, Environment) => {
      // A name may be told; here it is a secret in the place of one only below Variables.
      const configuration = JSON.stringify({ ...fields, Environment });
      const result = parseInputs({ ...LEAST, configuration }, { region: 'eu-central-1' });
      const lines = result.ok ? [] : result.issues.map(formatIssue);
      expect(
        lines.filter(
          (line) =>
            line.includes(SECRET) &&
            !line.includes(`"${SECRET}" is no name`) &&
            !line.includes(`of "${SECRET}" is no text`),
        ),
      ).toEqual([]);
    },
  );
  fc.assert(property, { seed: 11, numRuns: 500 });
});
