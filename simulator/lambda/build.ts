import { createHash } from 'node:crypto';
import { MINUTE } from '../../src/model/time.ts';
import type { CodeSpec, Frame, FunctionSpec, SettingsSpec, VersionSpec } from '../scenario.ts';
import type { Alias, Code, Configuration, LambdaFunction, ProvisionedConcurrency } from './model.ts';
import { functionArn, registryOf } from './names.ts';

/** How old a version is of which the scenario does not say it, ms. */
const DEFAULT_AGE = 30 * 24 * 60 * MINUTE;

export function sha256Base64(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('base64');
}

/** What building a function needs of its surroundings. */
export interface Surroundings {
  readonly frame: Frame;
  readonly now: number;
  readonly newRevision: () => string;
  /** Resolves `repository:tag`, `repository@digest`, with or without registry; undefined when there is no such image. */
  readonly resolveImage: (uri: string) => { readonly repository: string; readonly digest: string } | undefined;
}

export function zipCode(bytes: Uint8Array): Code {
  return { sha256: sha256Base64(bytes), size: bytes.length };
}

/** Code of an image; undefined when the registry has no such image. */
export function imageCode(uri: string, around: Surroundings): Code | undefined {
  const image = around.resolveImage(uri);
  if (image === undefined) return undefined;
  const resolvedImageUri = `${registryOf(around.frame)}/${image.repository}@${image.digest}`;
  return { sha256: image.digest.replace(/^sha256:/, ''), size: 0, imageUri: uri, resolvedImageUri };
}

function codeFrom(spec: CodeSpec, fn: FunctionSpec, around: Surroundings): Code {
  if (fn.packageType === 'Image') {
    const code = typeof spec === 'string' ? imageCode(spec, around) : undefined;
    if (code === undefined) throw new Error(`Scenario: ${fn.name} needs an image listed under images`);
    return code;
  }
  const code: Code =
    typeof spec === 'string'
      ? { sha256: sha256Base64(spec), size: 1024 }
      : 'zip' in spec
        ? zipCode(spec.zip)
        : { sha256: spec.sha256, size: 1024 };
  if (fn.storageMode !== 'REFERENCE') return code;
  return { ...code, object: { bucket: 'self-managed', key: `${fn.name}.zip`, versionId: 'scenario' } };
}

function configuration(version: string, spec: VersionSpec, fn: FunctionSpec, around: Surroundings): Configuration {
  return {
    version,
    code: sized(codeFrom(spec.code, fn, around), spec.bytes),
    runtime: fn.runtime ?? 'nodejs24.x',
    handler: fn.handler ?? 'index.handler',
    role: spec.role ?? fn.role ?? `arn:aws:iam::${around.frame.accountId}:role/${fn.name}`,
    deadLetterArn: spec.deadLetterArn === null ? undefined : (spec.deadLetterArn ?? fn.deadLetterArn),
    timeout: fn.timeout ?? 3,
    architectures: fn.architectures ?? ['x86_64'],
    settings: settingsIn(spec, fn),
    description: spec.description ?? '',
    modifiedAt: around.now - (spec.ageMs ?? DEFAULT_AGE),
    revisionId: around.newRevision(),
    pendingUntil: around.now,
    state: spec.state ?? 'Active',
    running: spec.running,
  };
}

function settingsIn(spec: VersionSpec, fn: FunctionSpec): SettingsSpec {
  return spec.settings ?? fn.settings ?? {};
}

function sized(code: Code, size = code.size): Code {
  return { ...code, size };
}

function buildVersions(fn: FunctionSpec, around: Surroundings): Map<string, Configuration> {
  const versions = new Map<string, Configuration>();
  let number = 0;
  for (const spec of fn.versions ?? []) {
    number = spec.version ?? number + 1;
    versions.set(String(number), configuration(String(number), spec, fn, around));
  }
  return versions;
}

function buildAliases(fn: FunctionSpec, around: Surroundings): Map<string, Alias> {
  const fractions = (weights: Readonly<Record<string, number>> = {}): Record<string, number> =>
    Object.fromEntries(Object.entries(weights).map(([version, percent]) => [version, percent / 100]));
  const aliases = (fn.aliases ?? []).map((spec): [string, Alias] => [
    spec.name,
    {
      name: spec.name,
      functionVersion: spec.functionVersion,
      weights: fractions(spec.weights),
      description: spec.description ?? '',
      revisionId: around.newRevision(),
    },
  ]);
  return new Map(aliases);
}

/** A function as the scenario describes it, before anything happened. */
export function buildFunction(spec: FunctionSpec, around: Surroundings): LambdaFunction {
  const versions = buildVersions(spec, around);
  const newest = Array.from(versions.values()).at(-1);
  const lastSpec = spec.versions?.at(-1);
  const latestSpec = { ...lastSpec, code: spec.latest ?? lastSpec?.code ?? 'initial' };
  const provisioned = (spec.aliases ?? []).flatMap(({ name, functionVersion: home, provisionedConcurrency }) =>
    provisionedConcurrency === undefined
      ? []
      : [[name, { ...provisionedConcurrency, home, readyAt: around.now, failure: undefined }] as const],
  );
  const own = Array.from(versions.keys()).flatMap((version, index) => {
    const requested = spec.versions?.[index]?.provisionedConcurrency;
    return requested === undefined
      ? []
      : [[version, { requested, moveMs: 0, readyAt: around.now, failure: undefined }] as const];
  });
  return {
    spec,
    name: spec.name,
    arn: functionArn(around.frame, spec.name),
    storageMode: spec.storageMode ?? 'COPY',
    latest: { ...configuration('$LATEST', latestSpec, spec, around), state: 'Active' },
    update: undefined,
    changed: newest === undefined || spec.latest !== undefined,
    nextVersion: Number(newest?.version ?? 0) + 1,
    publishFails: spec.publishFails,
    versions,
    aliases: buildAliases(spec, around),
    provisioned: new Map<string, ProvisionedConcurrency>([...provisioned, ...own]),
  };
}
