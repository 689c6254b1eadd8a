import { object, safeParse, type core, type output } from 'zod/mini';
import type { InputIssue } from '../model/failure.ts';
import { COMMANDS, type InputName } from '../model/names.ts';
import { SECOND } from '../model/time.ts';
import { alarms } from './alarms.ts';
import {
  accountId,
  alias,
  bucket,
  description,
  functionRef,
  imageUri,
  objectKey,
  path,
  region,
  roleArn,
  version,
} from './aws-values.ts';
import { configuration } from './configuration.ts';
import { environment } from './environment.ts';
import { field, optional, required, understood } from './field.ts';
import { metrics } from './metrics.ts';
import { environmentName, topicArn } from './announcing.ts';
import { boolean, choice, count, duration, globs, latency, percentage, tolerance } from './scalars.ts';
import { smokeTests } from './smoke-test.ts';
import { strategy } from './strategy.ts';

/** Every input's text, trimmed, with the default where nothing was given. */
export type Texts = Readonly<Record<InputName, string>>;

const inputs = object({
  command: field(choice(COMMANDS)),
  'function-name': field(
    required(functionRef, { problem: 'is not given', expected: 'the name or ARN of the function to deploy' }),
  ),
  alias: field(alias),
  'aws-region': field(
    required(region, {
      problem: 'is given neither here nor in the environment (AWS_REGION, AWS_DEFAULT_REGION)',
      expected: 'the region of the function such as eu-central-1',
    }),
  ),
  'role-to-assume': field(optional(roleArn)),
  artifact: field(optional(path)),
  exclude: field(globs),
  'image-uri': field(optional(imageUri)),
  's3-bucket': field(optional(bucket)),
  's3-key': field(optional(objectKey)),
  's3-bucket-owner': field(optional(accountId)),
  configuration: field(configuration),
  environment: field(environment),
  description: field(optional(description)),
  strategy: field(strategy),
  'bake-time': field(duration(0)),
  interval: field(duration(5 * SECOND)),
  'metric-delay': field(duration(0)),
  'max-duration': field(duration(SECOND)),
  confidence: field(
    percentage({
      allows: (fraction) => fraction >= 0.9 && fraction < 1,
      expected: 'at least 90% and less than 100%, as no evidence is ever certain',
    }),
  ),
  'error-tolerance': field(tolerance('0.1%')),
  'pass-margin': field(
    percentage({
      allows: (fraction) => fraction > 0 && fraction < 1,
      expected: 'a percentage above 0% and below 100% such as 1%, as no traffic can prove that nothing changed at all',
    }),
  ),
  'max-error-rate': field(
    optional(
      percentage({
        allows: (fraction) => fraction > 0 && fraction <= 1,
        expected: 'a percentage above 0%, at most 100%, such as 5%',
      }),
    ),
  ),
  'latency-threshold': field(optional(latency)),
  'latency-tolerance': field(tolerance('5%')),
  alarms: field(alarms),
  metrics: field(metrics),
  'min-invocations': field(count),
  'on-inconclusive': field(choice(['promote', 'rollback', 'hold'])),
  'smoke-test': field(smokeTests),
  check: field(optional(understood<string>)),
  'check-timeout': field(duration(SECOND)),
  'on-cancel': field(choice(['rollback', 'keep'])),
  'keep-versions': field(optional(count)),
  'allow-older': field(boolean),
  'dry-run': field(boolean),
  version: field(optional(version)),
  summary: field(boolean),
  'github-token': field(optional(understood<string>)),
  'github-environment': field(optional(environmentName)),
  'sns-topic-arn': field(optional(topicArn)),
});

/** Every input understood by itself. */
export type Fields = output<typeof inputs>;

/** What could be understood. `complete` is there when it is everything; `known` has what is right in any case. */
interface FieldReading {
  readonly complete: Fields | undefined;
  readonly known: Partial<Fields>;
  readonly issues: readonly InputIssue[];
}

/** Every text by itself: all values that are right, all problems there are. */
export function readFields(texts: Texts): FieldReading {
  const result = safeParse(inputs, texts);
  if (result.success) return { complete: result.data, known: result.data, issues: [] };
  const issues = result.error.issues.map(toIssue);
  return { complete: undefined, known: readAllBut(new Set(issues.map(({ input }) => input)), texts), issues };
}

function toIssue(issue: core.$ZodIssue): InputIssue {
  // Only `field` raises issues here, as every text is a string.
  const { path, message, params } = issue as core.$ZodIssueCustom;
  return { input: String(path[0]), problem: message, expected: String(params?.['expected']) };
}

function readAllBut(wrong: ReadonlySet<string>, texts: Texts): Partial<Fields> {
  const right = Object.entries(inputs.shape).filter(([name]) => !wrong.has(name));
  return Object.fromEntries(right.map(([name, schema]) => [name, safeParse(schema, texts[name as InputName]).data]));
}
