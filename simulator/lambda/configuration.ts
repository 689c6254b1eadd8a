import { isObject, text } from '../http.ts';
import type { SettingsSpec } from '../scenario.ts';
import { DEFAULT_UPDATE, readArchitectures, readCode, refuseWhileUpdating, requireRevision } from './code.ts';
import { conflict, constraint, invalid } from './errors.ts';
import type { Configuration, LambdaFunction } from './model.ts';
import { readFunctionName } from './names.ts';
import type { LambdaWorld } from './world.ts';

type Fields = Record<string, unknown>;

const VARIABLES_LIMIT = 4096;
const DEFAULT_CREATION = 2_000;

/** Fields that are kept as they were sent. */
const KEPT = [
  ...['MemorySize', 'Environment', 'VpcConfig', 'KMSKeyArn', 'TracingConfig', 'Layers', 'FileSystemConfigs'],
  ...['ImageConfig', 'EphemeralStorage', 'SnapStart', 'LoggingConfig', 'DurableConfig', 'CapacityProviderConfig'],
];

const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  Timeout: [1, 5400],
  MemorySize: [128, 32768],
};

function requireRanges(fields: Fields): void {
  for (const [name, [least, most]] of Object.entries(RANGES)) {
    const value = fields[name];
    if (value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) continue;
    const field = name.charAt(0).toLowerCase() + name.slice(1);
    throw constraint(value, field, `Member must have value between ${least} and ${most}`);
  }
}

/** The refusals that repeat values, as Lambda's own do. */
function requireVariables(fields: Fields): void {
  const { Environment: environment } = fields;
  const variables = isObject(environment) && isObject(environment['Variables']) ? environment['Variables'] : {};
  const wrong = Object.entries(variables).find(
    ([name, value]) => !/^[a-zA-Z]\w+$/.test(name) || typeof value !== 'string',
  );
  if (wrong !== undefined) {
    const shown = Object.entries(variables).map(([name, value]) => `${name}=${String(value)}`);
    const rule =
      'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]';
    throw constraint(`{${shown.join(', ')}}`, 'environment.variables', rule);
  }
  const unable = 'Lambda was unable to configure your environment variables because the environment variables you have';
  const reserved = Object.keys(variables).filter((name) => name === 'AWS_REGION' || name.startsWith('AWS_LAMBDA_'));
  if (reserved.length > 0) {
    const sentence = 'provided contains reserved keys that are currently not supported for modification.';
    throw invalid(`${unable} ${sentence} Reserved keys used in this request: ${reserved.join(', ')}`);
  }
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) > VARIABLES_LIMIT) {
    throw invalid(`${unable} provided exceeded the 4KB limit. String measured: ${measured}`);
  }
}

function requireRole(world: LambdaWorld, fields: Fields): void {
  const role = text(fields, 'Role');
  if (role === undefined) return;
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(role)) {
    throw constraint(role, 'role', 'Member must satisfy regular expression pattern of a role');
  }
  if (!world.canAssume(role)) throw invalid('The role defined for the function cannot be assumed by Lambda.');
}

function requirePackage(isImage: boolean, fields: Fields): void {
  const given = (names: readonly string[]): boolean => names.some((name) => fields[name] !== undefined);
  if (isImage && given(['Runtime', 'Handler', 'Layers'])) {
    throw invalid("Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.");
  }
  if (!isImage && given(['ImageConfig'])) {
    throw invalid('Please do not provide ImageConfig when updating a function with packageType Zip.');
  }
}

/** What is named replaces what was there, whole: also a mapping of which only a part is named (assumed; the harsher reading). */
function changed(world: LambdaWorld, latest: Configuration, fields: Fields): Configuration {
  const { DeadLetterConfig: deadLetter } = fields;
  const target = isObject(deadLetter) ? text(deadLetter, 'TargetArn') : undefined;
  const kept = Object.entries(fields).filter(([name, value]) => KEPT.includes(name) && value !== undefined);
  const settings: SettingsSpec = { ...latest.settings, ...Object.fromEntries(kept) };
  return {
    ...latest,
    role: text(fields, 'Role') ?? latest.role,
    runtime: text(fields, 'Runtime') ?? latest.runtime,
    handler: text(fields, 'Handler') ?? latest.handler,
    description: text(fields, 'Description') ?? latest.description,
    timeout: typeof fields['Timeout'] === 'number' ? fields['Timeout'] : latest.timeout,
    deadLetterArn: deadLetter === undefined ? latest.deadLetterArn : target === '' ? undefined : target,
    settings,
    modifiedAt: world.clock.now(),
    revisionId: world.newRevision(),
  };
}

function requireSense(world: LambdaWorld, fields: Fields, isImage: boolean): void {
  requireRanges(fields);
  requireVariables(fields);
  requirePackage(isImage, fields);
  requireRole(world, fields);
}

/** UpdateFunctionConfiguration: what is omitted stays. */
export function updateConfiguration(world: LambdaWorld, fn: LambdaFunction, fields: Fields): void {
  const now = world.clock.now();
  refuseWhileUpdating(fn, now);
  requireRevision(fn, fields);
  requireSense(world, fields, fn.spec.packageType === 'Image');
  fn.latest = changed(world, fn.latest, fields);
  const until = now + (fn.spec.updateMs ?? DEFAULT_UPDATE);
  fn.update = { until, failure: fn.spec.configureFails, revisionAfter: world.newRevision() };
  fn.changed = true;
}

/** CreateFunction without its `Publish`: Pending for a while. */
export function createFunction(world: LambdaWorld, fields: Fields): LambdaFunction {
  const { name } = readFunctionName(text(fields, 'FunctionName') ?? '', world.frame);
  if (world.functions.has(name)) throw conflict(`Function already exist: ${name}`);
  const isImage = text(fields, 'PackageType') === 'Image';
  requireSense(world, fields, isImage);
  const missing = ['Role', ...(isImage ? [] : ['Runtime', 'Handler'])].filter((field) => fields[field] === undefined);
  if (missing.length > 0) {
    throw invalid(`${missing.join(' and ')} are mandatory parameters for functions created with deployment packages.`);
  }
  const role = text(fields, 'Role') ?? '';
  // Without versions there is no code yet, so an image is put in place below like a package.
  const fn = world.addFunction({ name, role, versions: [], aliases: [] });
  Object.assign(fn, { spec: { ...fn.spec, packageType: isImage ? 'Image' : 'Zip' } });
  try {
    const code = readCode(world, fn, isObject(fields['Code']) ? fields['Code'] : {});
    const latest = { ...fn.latest, code, architectures: readArchitectures(fields) };
    const pendingUntil = world.clock.now() + DEFAULT_CREATION;
    Object.assign(fn, { latest: { ...changed(world, latest, fields), pendingUntil }, changed: true });
  } catch (error) {
    world.deleteFunction(name);
    throw error;
  }
  return fn;
}
