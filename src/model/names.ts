/** What the `command` input may say. */
export const COMMANDS = ['deploy', 'rollback', 'promote', 'status'] as const;

export type Command = (typeof COMMANDS)[number];

/**
 * Every input of this version in the order of `action.yml`, with the default that stands there; `''` where there is none
 * (it is worked out, or the input is optional).
 */
export const INPUT_DEFAULTS = {
  command: 'deploy',
  'function-name': '',
  alias: 'live',
  'aws-region': '',
  'role-to-assume': '',
  artifact: '',
  exclude: '',
  'image-uri': '',
  's3-bucket': '',
  's3-key': '',
  's3-bucket-owner': '',
  configuration: '',
  environment: '',
  description: '',
  strategy: 'canary',
  'bake-time': '0s',
  interval: '30s',
  'metric-delay': '2m',
  'max-duration': '2h',
  confidence: '99%',
  'error-tolerance': '0.1%',
  'pass-margin': '1%',
  'max-error-rate': '',
  'latency-threshold': '',
  'latency-tolerance': '5%',
  alarms: '',
  metrics: '',
  'min-invocations': '1',
  'on-inconclusive': 'promote',
  'smoke-test': '',
  check: '',
  'check-timeout': '5m',
  'on-cancel': 'rollback',
  'keep-versions': '',
  'allow-older': 'false',
  'dry-run': 'false',
  version: '',
  summary: 'true',
  'github-token': '${{ github.token }}',
  'github-environment': '',
  'sns-topic-arn': '',
} as const;

export type InputName = keyof typeof INPUT_DEFAULTS;

/** The names alone, in the order of `action.yml`. */
export const INPUT_NAMES = Object.keys(INPUT_DEFAULTS) as readonly InputName[];

/** The inputs that have to be given whatever the command. */
export const REQUIRED_INPUTS: readonly InputName[] = ['function-name'];

/** Every output, in the order of `action.yml`. */
export const OUTPUT_NAMES = [
  'result',
  'verdict',
  'reason',
  'version',
  'previous-version',
  'function-arn',
  'version-arn',
  'alias-arn',
  'code-sha256',
  's3-uri',
  'canary-weight',
  'report',
] as const;

export type OutputName = (typeof OUTPUT_NAMES)[number];
