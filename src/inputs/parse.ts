import type { InputIssue } from '../model/failure.ts';
import { type Command, INPUT_DEFAULTS, INPUT_NAMES, type InputName } from '../model/names.ts';
import type { SmokeTest } from '../model/smoke.ts';
import { alarmNames } from './alarms.ts';
import { regionOfArn } from './aws-values.ts';
import { changeOf } from './configuration.ts';
import type { CommonInputs, DeployInputs, Inputs, Source } from './inputs.ts';
import { withTolerance } from './metrics.ts';
import { crossIssues, idleInputs, resolveSource, type Ineffective } from './rules.ts';
import { readFields, type Fields, type Texts } from './schema.ts';

/** What surrounds the inputs and is read with them. */
interface InputEnvironment {
  /** `AWS_REGION`, else `AWS_DEFAULT_REGION`. */
  readonly region?: string | undefined;
}

/**
 * Either everything, typed and checked, with sentences worth a warning, or every problem in the order of `action.yml`.
 * `partial` and `smokeTests` name what to look for on disk all the same, so that its problems can be reported together with these.
 */
type ParseResult =
  | { readonly ok: true; readonly inputs: Inputs; readonly warnings: readonly string[] }
  | {
      readonly ok: false;
      readonly issues: readonly InputIssue[];
      readonly partial?: { readonly artifact: string; readonly exclude: readonly string[] };
      readonly smokeTests: readonly SmokeTest[];
    };

/** Reads what the workflow said. `raw` maps input names to their text, `''` (or nothing) where not given. Never throws. */
export function parseInputs(
  raw: Readonly<Record<string, string | undefined>>,
  environment: InputEnvironment,
): ParseResult {
  const given = readTexts(raw, environment);
  const ignored = ineffective(given);
  const texts = { ...given, ...defaultsOf(ignored.map(({ input }) => input)) };
  const { complete, known, issues } = readFields(texts);
  const source = isOther(texts.command) ? [] : resolveSource(known, texts);
  const all = [...issues, ...crossIssues(known), ...('kind' in source ? [] : source)];
  if (complete !== undefined && all.length === 0) {
    const idle = 'kind' in source ? idleInputs(complete) : [];
    const warnings = [...ignored, ...idle].map(({ input, because }) => `${input} has no effect ${because}.`);
    const inputs = 'kind' in source ? deployInputs(complete, source) : otherInputs(complete);
    return { ok: true, inputs, warnings };
  }
  return { ok: false, issues: sortIssues(all), ...partialOf(known), smokeTests: known['smoke-test'] ?? [] };
}

function readTexts(raw: Readonly<Record<string, string | undefined>>, environment: InputEnvironment): Texts {
  const given = INPUT_NAMES.map((name) => [name, raw[name]?.trim() ?? ''] as const).filter(([, text]) => text !== '');
  const texts = { ...defaultsOf(INPUT_NAMES), ...Object.fromEntries(given) };
  const region = [texts['aws-region'], environment.region?.trim(), regionOfArn(texts['function-name'])];
  return { ...texts, 'aws-region': region.find((text) => text !== undefined && text !== '') ?? '' };
}

function defaultsOf<Name extends InputName>(names: readonly Name[]): Record<Name, string> {
  // An expression is for the runner to evaluate; where there is no runner, nothing was given.
  const entries = names.map((name) => [name, INPUT_DEFAULTS[name].startsWith('${{') ? '' : INPUT_DEFAULTS[name]]);
  return Object.fromEntries(entries) as Record<Name, string>;
}

const EVERYWHERE: readonly InputName[] = [
  'command',
  'function-name',
  'alias',
  'aws-region',
  'role-to-assume',
  'summary',
  'github-token',
];

/** What commands read that deploy nothing. */
const INPUTS_OF: Readonly<Record<Exclude<Command, 'deploy'>, readonly InputName[]>> = {
  rollback: [...EVERYWHERE, 'dry-run', 'version', 'github-environment', 'sns-topic-arn'],
  promote: [...EVERYWHERE, 'dry-run', 'keep-versions', 'github-environment', 'sns-topic-arn'],
  status: EVERYWHERE,
};

function isOther(command: string): command is keyof typeof INPUTS_OF {
  return Object.hasOwn(INPUTS_OF, command);
}

/**
 * Inputs that were given and that the command does not read. They get a warning and are not checked: a mistake in the
 * strategy must not stand in the way of a rollback.
 */
function ineffective(texts: Texts): readonly Ineffective[] {
  const changed = INPUT_NAMES.filter((name) => texts[name] !== INPUT_DEFAULTS[name]);
  const among = (names: readonly InputName[], because: string): readonly Ineffective[] =>
    changed.filter((name) => names.includes(name)).map((input) => ({ input, because }));
  const { command } = texts;
  if (isOther(command)) {
    return among(
      INPUT_NAMES.filter((name) => !INPUTS_OF[command].includes(name)),
      `with command ${command}`,
    );
  }
  const pointless = texts['latency-threshold'] === '' ? among(['latency-tolerance'], 'without latency-threshold') : [];
  const untimed = texts.check === '' ? among(['check-timeout'], 'without check') : [];
  const unread = [...pointless, ...untimed, ...among(['version'], 'with command deploy')];
  if (texts.artifact !== '') return unread;
  if (texts['image-uri'] === '') return [...among(['exclude'], 'without artifact'), ...unread];
  return [...among(['exclude', 's3-bucket', 's3-key', 's3-bucket-owner'], 'with image-uri'), ...unread];
}

function commonInputs(fields: Fields): CommonInputs {
  return {
    functionRef: fields['function-name'],
    alias: fields.alias,
    region: fields['aws-region'],
    role: fields['role-to-assume'],
    dryRun: fields['dry-run'],
    summary: fields.summary,
    githubToken: fields['github-token'],
    githubEnvironment: fields['github-environment'],
    topicArn: fields['sns-topic-arn'],
  };
}

function otherInputs(fields: Fields): Exclude<Inputs, DeployInputs> {
  const { command, version, 'keep-versions': keepVersions } = fields;
  if (command === 'promote') return { ...commonInputs(fields), command, keepVersions };
  return command === 'status'
    ? { ...commonInputs(fields), command }
    : { ...commonInputs(fields), command: 'rollback', version };
}

function deployInputs(fields: Fields, source: Source): DeployInputs {
  return {
    ...commonInputs(fields),
    command: 'deploy',
    source,
    s3Bucket: fields['s3-bucket'],
    s3Key: fields['s3-key'],
    s3BucketOwner: fields['s3-bucket-owner'],
    change: changeOf(fields.configuration, fields.environment),
    description: fields.description,
    strategy: fields.strategy,
    bakeTime: fields['bake-time'],
    interval: fields.interval,
    metricDelay: fields['metric-delay'],
    maxDuration: fields['max-duration'],
    confidence: fields.confidence,
    errorTolerance: fields['error-tolerance'],
    passMargin: fields['pass-margin'],
    maxErrorRate: fields['max-error-rate'],
    latencyThreshold: fields['latency-threshold'],
    latencyTolerance: fields['latency-tolerance'],
    alarms: alarmNames(fields.alarms),
    metrics: withTolerance(fields.metrics, fields['error-tolerance']),
    minInvocations: fields['min-invocations'],
    onInconclusive: fields['on-inconclusive'],
    smokeTests: fields['smoke-test'],
    check: fields.check,
    checkTimeout: fields['check-timeout'],
    onCancel: fields['on-cancel'],
    keepVersions: fields['keep-versions'],
    allowOlder: fields['allow-older'],
  };
}

/** Sorted as in `action.yml`; several issues of one input stay as they are. */
export function sortIssues(issues: readonly InputIssue[]): readonly InputIssue[] {
  const placeOf = ({ input }: InputIssue): number => INPUT_NAMES.findIndex((name) => name === input);
  return issues.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function partialOf({ artifact, exclude }: Partial<Fields>): {
  partial?: { artifact: string; exclude: readonly string[] };
} {
  return artifact === undefined ? {} : { partial: { artifact, exclude: exclude ?? [] } };
}
