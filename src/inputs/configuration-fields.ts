import { array, custom, maxLength, optional, partial, strictObject, type ZodMiniType } from 'zod/mini';
import { REGION, roleArn } from './aws-values.ts';
import { didYouMean, oneOf } from './words.ts';

/** A value that `allows` lets pass. What would be right becomes the message. */
function value<T>(allows: (given: unknown) => boolean, expected: string): ZodMiniType<T> {
  return custom<T>(allows, expected);
}

function text(pattern: RegExp, expected: string): ZodMiniType<string> {
  return value((given) => typeof given === 'string' && pattern.test(given), expected);
}

interface Limits {
  readonly unit: string;
  /** The highest number there is for anybody; `most` is told. */
  readonly highest?: number;
}

function whole(least: number, most: number, { unit, highest = most }: Limits): ZodMiniType<number> {
  const allows = (given: unknown): boolean =>
    Number.isInteger(given) && Number(given) >= least && Number(given) <= highest;
  return value(allows, `a whole number from ${least} to ${most} (${unit})`);
}

function choice<const T extends string>(words: readonly T[]): ZodMiniType<T> {
  const expected = (given: unknown): string =>
    `${oneOf(words)}${typeof given === 'string' ? didYouMean(given, words) : ''}`;
  return custom<T>((given) => words.some((word) => word === given), {
    error: ({ input }) => expected(input),
  });
}

function list<T>(item: ZodMiniType<T>, most: number) {
  return array(item).check(maxLength(most));
}

type Shape = Readonly<Record<string, ZodMiniType>>;

/** The issue of an unknown key carries the known ones as its message. */
function strict<const T extends Shape>(shape: T) {
  const error = ({ code }: { readonly code?: string }): string | undefined =>
    code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : undefined;
  return strictObject(shape, { error });
}

function mapping<const T extends Shape>(shape: T) {
  return partial(strict(shape));
}

/** An ARN of one of AWS' services; `rest` is what follows the account. */
function arn(service: string, rest: string): string {
  return `arn:aws[\\w-]*:${service}:${REGION}:\\d{12}:${rest}`;
}

const pattern = (...alternatives: readonly string[]): RegExp => new RegExp(`^(?:${alternatives.join('|')})$`);

/** Runtimes of today, for suggestions; newer ones of these families are let pass (Lambda developer guide, "Lambda runtimes"). */
const RUNTIMES = [
  ...['nodejs20.x', 'nodejs22.x', 'nodejs24.x', 'nodejs26.x', 'provided.al2', 'provided.al2023'],
  ...['python3.10', 'python3.11', 'python3.12', 'python3.13', 'python3.14', 'python3.15'],
  ...['java8.al2', 'java11', 'java17', 'java21', 'java25', 'dotnet8', 'dotnet10'],
  ...['ruby3.2', 'ruby3.3', 'ruby3.4', 'ruby4.0'],
];
const RUNTIME =
  /^(?:nodejs\d+\.x|python\d\.\d+|java\d+(?:\.al\d+)?|dotnet\d+|ruby\d\.\d+|provided(?:\.al\d+)?|go1\.x)$/;

const runtime = custom<string>((given) => typeof given === 'string' && RUNTIME.test(given), {
  error: ({ input }) =>
    `the name of a runtime such as nodejs24.x${typeof input === 'string' ? didYouMean(input.replace(/^node(?!js)/i, 'nodejs'), RUNTIMES) : ''}`,
}) as ZodMiniType<string>;

const role = value<string>(
  (given) => typeof given === 'string' && 'value' in roleArn(given),
  'the ARN of an IAM role such as arn:aws:iam::123456789012:role/checkout',
);

const kmsKey = text(
  pattern('', arn('kms', '(?:key|alias)/[\\w/-]+')),
  'the ARN of a KMS key, or "" for the key of AWS',
);

const layer = text(
  pattern(arn('lambda', 'layer:[\\w-]+:[1-9]\\d*'), 'arn:aws[\\w-]*:lambda:::awslayer:[\\w-]+'),
  'the ARN of a version of a layer such as arn:aws:lambda:eu-central-1:123456789012:layer:shared:7',
);

const deadLetterTarget = text(
  pattern('', arn('(?:sqs|sns)', '[\\w.-]+')),
  'the ARN of an SQS queue or SNS topic, or "" for none',
);

const fileSystem = strict({
  Arn: text(
    pattern(arn('(?:elasticfilesystem|s3files)', '[\\w./:-]*access-point/[\\w-]+')),
    'the ARN of an access point of a file system',
  ),
  LocalMountPath: text(/^\/mnt\/[\w.-]{1,155}$/, 'a path such as /mnt/data'),
  S3FilesConfig: optional(mapping({ DirectS3Read: choice(['AUTO', 'ENABLED', 'DISABLED']) })),
});

const words = list(text(/^[^\0]{0,1500}$/, 'a text'), 1500);

/**
 * The fields of UpdateFunctionConfiguration but `Environment`, and `Architectures` of UpdateFunctionCode, with their limits
 * (Lambda API reference). Memory and timeout reach further with a capacity provider.
 */
export const fieldsSchema = mapping({
  Role: role,
  Runtime: runtime,
  Handler: text(/^\S{1,128}$/, 'at most 128 characters without spaces such as index.handler'),
  Description: text(/^[^]{0,256}$/, 'a text of at most 256 characters'),
  Timeout: whole(1, 900, { unit: 'seconds', highest: 5400 }),
  MemorySize: whole(128, 10240, { unit: 'MB', highest: 32768 }),
  Architectures: list(choice(['x86_64', 'arm64']), 1),
  EphemeralStorage: mapping({ Size: whole(512, 10240, { unit: 'MB' }) }),
  Layers: list(layer, 5),
  VpcConfig: mapping({
    SubnetIds: list(text(/^subnet-[0-9a-z]+$/, 'the id of a subnet such as subnet-0a1b2c3d'), 16),
    SecurityGroupIds: list(text(/^sg-[0-9a-zA-Z]+$/, 'the id of a security group such as sg-0a1b2c3d'), 5),
    Ipv6AllowedForDualStack: value<boolean>((given) => typeof given === 'boolean', 'true or false'),
  }),
  DeadLetterConfig: mapping({ TargetArn: deadLetterTarget }),
  KMSKeyArn: kmsKey,
  TracingConfig: mapping({ Mode: choice(['Active', 'PassThrough']) }),
  SnapStart: mapping({ ApplyOn: choice(['PublishedVersions', 'None']) }),
  LoggingConfig: mapping({
    LogFormat: choice(['JSON', 'Text']),
    ApplicationLogLevel: choice(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']),
    SystemLogLevel: choice(['DEBUG', 'INFO', 'WARN']),
    LogGroup: text(/^[\w./#-]{1,512}$/, 'the name of a log group'),
  }),
  FileSystemConfigs: list(fileSystem, 1),
  ImageConfig: mapping({
    EntryPoint: words,
    Command: words,
    WorkingDirectory: text(/^[^\0]{0,1000}$/, 'a path of at most 1000 characters'),
  }),
  DurableConfig: mapping({
    KMSKeyArn: kmsKey,
    RetentionPeriodInDays: whole(1, 90, { unit: 'days' }),
    ExecutionTimeout: whole(1, 31_622_400, { unit: 'seconds' }),
  }),
  CapacityProviderConfig: mapping({
    LambdaManagedInstancesCapacityProviderConfig: mapping({
      CapacityProviderArn: text(pattern(arn('lambda', 'capacity-provider:[\\w-]+')), 'the ARN of a capacity provider'),
      PerExecutionEnvironmentMaxConcurrency: whole(1, 1600, { unit: 'invocations' }),
      ExecutionEnvironmentMemoryGiBPerVCpu: value<number>(
        (given) => typeof given === 'number' && given >= 2 && given <= 8,
        'a number from 2 to 8 (GiB)',
      ),
    }),
  }),
});
