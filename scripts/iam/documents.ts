/** The texts that are made of the features: `docs/iam-policy.json`, and three parts of the CloudFormation template. */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { stringify } from 'yaml';
import { FEATURES, type Feature, policyOf, statementOf } from './statements.ts';

const POLICY = new URL('../../docs/iam-policy.json', import.meta.url);
const TEMPLATE = new URL('../../infra/github-oidc.yaml', import.meta.url);

/** What the template has for each placeholder of the policy. */
export const IN_TEMPLATE: Readonly<Record<string, string>> = {
  'arn:aws:': 'arn:${AWS::Partition}:',
  REGION: '${AWS::Region}',
  ACCOUNT: '${AWS::AccountId}',
  FUNCTION: '${FunctionName}',
  BUCKET: '${ArtifactBucket}',
  IMAGES: '${ImageRepository}',
  EXECUTION_ROLE: '${ExecutionRole}',
  TOPIC: '${Topic.TopicName}',
};

export function renderPolicy(features: readonly Feature[]): Promise<string> {
  return format(JSON.stringify(policyOf(features)), { parser: 'json', printWidth: 120 });
}

/** Name of the parameter and what it is for a feature that has one of its own. */
function parameterOf({ sid, for: occasion, when }: Feature): readonly [string, object] | undefined {
  if (when === undefined || (typeof when === 'object' && 'condition' in when)) return undefined;
  if (typeof when === 'object') return [when.name, { Description: when.text, Type: 'String', Default: '' }];
  const Description = `Grant what is needed for ${occasion.replaceAll('`', '')}`;
  return [sid, { Description, Type: 'String', AllowedValues: ['yes', 'no'], Default: when }];
}

function parameters(features: readonly Feature[]): object {
  const pairs = features.map(parameterOf).filter((pair) => pair !== undefined);
  return Object.fromEntries(pairs);
}

/** Short forms of CloudFormation (`!Sub x`) are put in as marked texts, which lose their quotes at the end. */
const short = (text: string): string => `«${text}»`;

function conditionOf({ sid, when }: Feature): string | undefined {
  if (typeof when === 'object') return 'condition' in when ? when.condition : `With${when.name}`;
  return when === undefined ? undefined : `With${sid}`;
}

function conditions(features: readonly Feature[]): object {
  const entries = features.flatMap((feature) => {
    const [name, condition] = [parameterOf(feature)?.[0], conditionOf(feature)];
    if (name === undefined || condition === undefined) return [];
    const isGiven = `!Not [!Equals [!Ref ${name}, '']]`;
    const text = typeof feature.when === 'object' ? isGiven : `!Equals [!Ref ${name}, 'yes']`;
    return [[condition, short(text)] as const];
  });
  return Object.fromEntries(entries);
}

function substituted(resource: string): string {
  if (resource === '*') return resource;
  const text = Object.entries(IN_TEMPLATE).reduce((left, [from, to]) => left.replaceAll(from, to), resource);
  return short(`!Sub ${text}`);
}

function statements(features: readonly Feature[]): unknown[] {
  return features.map((feature) => {
    const statement = statementOf({ ...feature, resources: feature.resources.map(substituted) });
    const condition = conditionOf(feature);
    return condition === undefined ? statement : { '«!If»': [condition, statement, short('!Ref AWS::NoValue')] };
  });
}

/** YAML at a depth of so many spaces, as Prettier would have it. */
function yaml(value: unknown, depth: number): string {
  const text = stringify(value, { lineWidth: 0, version: '1.1' })
    .replace(/^(\s*)- ["']?«!If»["']?:$/gm, '$1- !If')
    .replace(/["']?«(.*?)»["']?/g, '$1');
  return text.trimEnd().replace(/^/gm, ' '.repeat(depth));
}

function fill(template: string, name: string, text: string): string {
  const [before, rest, ...more] = template.split(`# ${name}:start`);
  const [, after, ...others] = rest?.split(`# ${name}:end`) ?? [];
  if (before === undefined || after === undefined || more.length + others.length > 0) {
    throw new Error(`infra/github-oidc.yaml needs the markers # ${name}:start and # ${name}:end, once`);
  }
  const indent = /[ ]*$/.exec(before)?.[0] ?? '';
  const body = text === '' ? '' : `${text}\n`;
  return `${before}# ${name}:start\n${body}${indent}# ${name}:end${after}`;
}

export async function fillTemplate(template: string, features: readonly Feature[]): Promise<string> {
  const filled = [
    ['parameters', yaml(parameters(features), 2)] as const,
    ['conditions', yaml(conditions(features), 2)] as const,
    ['statements', yaml(statements(features), 14)] as const,
  ].reduce((text, [name, part]) => fill(text, name, part), template);
  return format(filled, { parser: 'yaml', printWidth: 120, singleQuote: true });
}

/** Writes both files, or with `check` compares them; whether they were up to date. */
export async function generateIam({ check }: { readonly check: boolean }): Promise<boolean> {
  const template = readFileSync(TEMPLATE, 'utf8');
  const wanted = [
    [POLICY, await renderPolicy(FEATURES)],
    [TEMPLATE, await fillTemplate(template, FEATURES)],
  ] as const;
  if (!check) for (const [file, text] of wanted) writeFileSync(file, text);
  return !check || wanted.every(([file, text]) => readFileSync(file, 'utf8') === text);
}
