import type { output } from 'zod/mini';
import type { InputIssue } from '../model/failure.ts';
import { quote } from '../model/text.ts';
import { REGION } from './aws-values.ts';
import type { fieldsSchema } from './configuration-fields.ts';
import type { Problem } from './field.ts';
import { oneOf } from './words.ts';

/** `configuration` as the schema understands it. */
export type TypedFields = output<typeof fieldsSchema>;

interface Rule extends Problem {
  readonly applies: boolean;
}

/** Highest memory (MB) and timeout (seconds) of a function that has no instances of its own (Lambda quotas). */
const MOST_MEMORY = 10_240;
const LONGEST = 900;

/** Fields that are right by themselves and not together. */
export function misfits(fields: TypedFields): readonly Problem[] {
  return [...sizeRules(fields), ...partRules(fields)]
    .filter(({ applies }) => applies)
    .map(({ problem, expected }) => ({ problem, expected }));
}

function sizeRules({ Timeout: timeout = 0, MemorySize: memory = 0, CapacityProviderConfig: provider }: TypedFields) {
  const only = 'more only with CapacityProviderConfig';
  return [
    {
      applies: provider === undefined && timeout > LONGEST,
      problem: `Timeout: is ${timeout}`,
      expected: `a whole number from 1 to ${LONGEST} (seconds), ${only}`,
    },
    {
      applies: provider === undefined && memory > MOST_MEMORY,
      problem: `MemorySize: is ${memory}`,
      expected: `a whole number from 128 to ${MOST_MEMORY} (MB), ${only}`,
    },
  ];
}

function partRules({ Layers: layers = [], LoggingConfig: logging, VpcConfig: vpc }: TypedFields): readonly Rule[] {
  const names = layers.map((arn) => arn.replace(/:\d+$/, ''));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  const { LogFormat: format, ApplicationLogLevel: own, SystemLogLevel: system } = logging ?? {};
  const parts = [vpc?.SubnetIds, vpc?.SecurityGroupIds].filter((list) => list !== undefined);
  return [
    {
      applies: twice !== undefined,
      problem: `Layers: has ${quote(twice ?? '')} twice`,
      expected: 'one version of each layer',
    },
    {
      applies: format === 'Text' && (own ?? system) !== undefined,
      problem: 'LoggingConfig: has a log level with LogFormat Text',
      expected: 'LogFormat JSON, as Lambda filters nothing else',
    },
    {
      applies: parts.length === 2 && new Set(parts.map(({ length }) => length === 0)).size === 2,
      problem: 'VpcConfig: has only one of SubnetIds and SecurityGroupIds empty',
      expected: 'both, or neither',
    },
  ];
}

interface Known {
  readonly region: string | undefined;
  readonly image: string | undefined;
  /** There is an artifact, or an object in a bucket. */
  readonly hasZip: boolean;
  readonly configuration?:
    { readonly fields: TypedFields; readonly variables: ReadonlyMap<string, unknown> } | undefined;
  readonly environment?: ReadonlyMap<string, unknown> | undefined;
}

/** What is wrong between `configuration`, `environment` and other inputs. */
export function configurationIssues({ region, image, hasZip, configuration, environment }: Known): InputIssue[] {
  if (configuration === undefined) return [];
  const { fields, variables } = configuration;
  const both = [...variables.keys()].filter((name) => environment?.has(name) === true);
  const code = codeProblem(fields, { isImage: image !== undefined, hasZip });
  return [
    ...(region === undefined ? [] : foreignArns(fields, region)),
    ...code,
    ...both.map((name) => ({
      problem: `names the variable ${quote(name)}, and so does environment`,
      expected: 'it in one of them',
    })),
  ].map((problem) => ({ input: 'configuration', ...problem }));
}

/** Fields that only a zip package, or only an image, can have; or that go with new code alone. */
function codeProblem(fields: TypedFields, { isImage, hasZip }: { isImage: boolean; hasZip: boolean }): Problem[] {
  const named = (names: readonly (keyof TypedFields)[]): string[] => names.filter((name) => fields[name] !== undefined);
  const ofZip = isImage ? named(['Runtime', 'Handler', 'Layers']) : [];
  const ofImage = hasZip ? named(['ImageConfig']) : [];
  const ofCode = isImage || hasZip ? [] : named(['Architectures']);
  return [
    ...ofZip.map((name) => ({ problem: `${name} is given with image-uri`, expected: 'it in the image itself' })),
    ...ofImage.map((name) => ({ problem: `${name} is given for a zip package`, expected: 'it with image-uri only' })),
    ...ofCode.map((name) => ({
      problem: `${name} is given without code`,
      expected: `${oneOf(['artifact', 'image-uri'])}, too`,
    })),
  ];
}

/** Lambda takes resources of the function's own region only. */
function foreignArns(fields: TypedFields, region: string): Problem[] {
  const arns = [
    ...(fields.Layers ?? []),
    ...[fields.KMSKeyArn, fields.DeadLetterConfig?.TargetArn].filter((arn) => arn !== undefined),
    ...(fields.FileSystemConfigs ?? []).map(({ Arn: arn }) => arn),
  ];
  const regionOf = (arn: string): string | undefined => new RegExp(`^arn:[\\w-]+:\\w+:(${REGION}):`).exec(arn)?.[1];
  return arns
    .filter((arn) => regionOf(arn) !== undefined && regionOf(arn) !== region)
    .map((arn) => ({ problem: `${quote(arn)} is not in the function's region`, expected: `one in ${region}` }));
}
