import {
  type FunctionSettings,
  type Setting,
  type SettingMap,
  type SettingsChange,
  type SettingsUpdate,
  isSettingMap,
} from '../model/settings.ts';

/** What Lambda takes where nothing is set (Lambda API reference, CreateFunction); as good as nothing, when compared. */
const DEFAULTS: Readonly<Record<string, Setting>> = {
  Timeout: 3,
  MemorySize: 128,
  Architectures: ['x86_64'],
  EphemeralStorage: { Size: 512 },
  TracingConfig: { Mode: 'PassThrough' },
  SnapStart: { ApplyOn: 'None' },
  LoggingConfig: { LogFormat: 'Text' },
  VpcConfig: { Ipv6AllowedForDualStack: false },
};

/** What UpdateFunctionConfiguration is sent where nothing is to be left: an omitted field would stay. */
const EMPTY: Readonly<Record<string, Setting>> = {
  ...DEFAULTS,
  Description: '',
  KMSKeyArn: '',
  Layers: [],
  FileSystemConfigs: [],
  ImageConfig: {},
  DeadLetterConfig: { TargetArn: '' },
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
};

/** Lists whose order means nothing. */
const SETS: ReadonlySet<string> = new Set(['SubnetIds', 'SecurityGroupIds']);

/** The configuration with the change in it, and nothing else changed. */
export function applied({ fields, variables }: FunctionSettings, change: SettingsChange): FunctionSettings {
  const named = Object.entries(change.fields).map(
    ([name, value]) => [name, merged(name, fields[name], value)] as const,
  );
  if (variables === undefined) return { fields: { ...fields, ...Object.fromEntries(named) }, variables };
  const next = new Map(variables);
  for (const [name, value] of change.variables) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return { fields: { ...fields, ...Object.fromEntries(named) }, variables: next };
}

/** Keys that a mapping does not name stay, but for what has no meaning any more: levels of a log without structure. */
function merged(name: string, before: Setting | undefined, change: Setting): Setting {
  if (!isSettingMap(before) || !isSettingMap(change)) return change;
  const isUnstructured = name === 'LoggingConfig' && change['LogFormat'] === 'Text';
  const { LogGroup: group } = before;
  const kept: SettingMap = isUnstructured ? (group === undefined ? {} : { LogGroup: group }) : before;
  const inner = Object.entries(change).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, merged(key, before[key], value)] as const],
  );
  return { ...kept, ...Object.fromEntries(inner) };
}

/** What UpdateFunctionConfiguration has to be sent; undefined when there is nothing. `Architectures` goes with the code. */
export function updateBetween(before: FunctionSettings, after: FunctionSettings): SettingsUpdate | undefined {
  const fields = Object.entries(after.fields).filter(
    ([name, value]) => name !== 'Architectures' && !sameField(name, before.fields[name], value),
  );
  const variables = sameVariables(before.variables, after.variables) ? undefined : after.variables;
  if (fields.length === 0 && variables === undefined) return undefined;
  return { fields: Object.fromEntries(fields.map(sendable)), variables };
}

/** Everything that a change names, for an update that has to be repeated in full. */
export function updateOfNamed(settings: FunctionSettings, change: SettingsChange): SettingsUpdate | undefined {
  const named = Object.entries(settings.fields).filter(([name]) => name !== 'Architectures' && name in change.fields);
  const variables = change.variables.size > 0 ? settings.variables : undefined;
  if (named.length === 0 && variables === undefined) return undefined;
  return { fields: Object.fromEntries(named.map(sendable)), variables };
}

function sendable([name, value]: readonly [string, Setting]): readonly [string, Setting] {
  return [name, plain(name, value) === undefined ? (EMPTY[name] ?? value) : value];
}

/** Whether two versions are configured alike. What could not be read is not held against them. */
export function sameSettings(a: FunctionSettings, b: FunctionSettings): boolean {
  return comparedNames(a, b).every((name) => sameField(name, a.fields[name], b.fields[name])) && sameEnvironment(a, b);
}

function sameEnvironment(a: FunctionSettings, b: FunctionSettings): boolean {
  return a.variables === undefined || b.variables === undefined || sameVariables(a.variables, b.variables);
}

/** Whether two configurations agree in what a change names. */
export function sameNamed(a: FunctionSettings, b: FunctionSettings, change: SettingsChange): boolean {
  const fields = Object.keys(change.fields).every((name) => sameField(name, a.fields[name], b.fields[name]));
  const [first, second] = [a.variables, b.variables];
  if (first === undefined || second === undefined) return fields;
  return fields && [...change.variables.keys()].every((name) => first.get(name) === second.get(name));
}

/** The description of a version is that of its release, never that of the configuration. */
function comparedNames(a: FunctionSettings, b: FunctionSettings): readonly string[] {
  const names = new Set([...Object.keys(a.fields), ...Object.keys(b.fields)]);
  return [...names].filter((name) => name !== 'Description');
}

function sameField(name: string, a: Setting | undefined, b: Setting | undefined): boolean {
  return JSON.stringify(plain(name, a)) === JSON.stringify(plain(name, b));
}

function sameVariables(a: FunctionSettings['variables'], b: FunctionSettings['variables']): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}

/** A value in the one way to write it; undefined for what is as good as nothing. */
function plain(
  name: string,
  value: Setting | undefined,
  normal: Setting | undefined = DEFAULTS[name],
): Setting | undefined {
  if (value === undefined || value === '' || JSON.stringify(value) === JSON.stringify(normal)) return undefined;
  if (typeof value !== 'object') return value;
  if (!isSettingMap(value)) return plainList(name, value);
  const defaults = isSettingMap(normal) ? normal : {};
  const entries = Object.keys(value)
    .sort()
    .map((key) => [key, plain(key, value[key], defaults[key])] as const)
    .filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function plainList(name: string, list: readonly Setting[]): Setting | undefined {
  if (list.length === 0) return undefined;
  // Without a default an item of a list is never left out.
  const items = list.map((item) => (isSettingMap(item) ? (plain('', item) ?? {}) : item));
  return SETS.has(name) ? items.map(String).toSorted() : items;
}

/** One field, a key of one, or a variable, that differs. */
export interface Difference {
  /** `MemorySize`, `LoggingConfig.LogFormat`; of a variable its name. */
  readonly name: string;
  readonly kind: 'field' | 'added' | 'changed' | 'removed';
  /** Of fields, undefined for nothing; the values of variables are never told. */
  readonly before?: Setting | undefined;
  readonly after?: Setting | undefined;
}

/** Everything in which `after` differs from `before`, fields first. */
export function differences(before: FunctionSettings, after: FunctionSettings): readonly Difference[] {
  const fields = comparedNames(before, after).flatMap((name) =>
    fieldDifferences(name, before.fields[name], after.fields[name]),
  );
  return [...fields, ...variableDifferences(before.variables, after.variables)];
}

function fieldDifferences(
  name: string,
  before: Setting | undefined,
  after: Setting | undefined,
): readonly Difference[] {
  if (sameField(name, before, after)) return [];
  const [a, b] = [before ?? DEFAULTS[name], after ?? DEFAULTS[name]];
  const [old, next] = [a ?? {}, b ?? {}];
  if (!isSettingMap(old) || !isSettingMap(next) || (a === undefined && b === undefined))
    return [{ name, kind: 'field', before: a, after: b }];
  const keys = new Set([...Object.keys(old), ...Object.keys(next)]);
  return [...keys]
    .filter(
      (key) => JSON.stringify(plain(key, old[key], undefined)) !== JSON.stringify(plain(key, next[key], undefined)),
    )
    .map((key) => ({ name: `${name}.${key}`, kind: 'field', before: old[key], after: next[key] }));
}

function variableDifferences(
  before: FunctionSettings['variables'],
  after: FunctionSettings['variables'],
): readonly Difference[] {
  if (before === undefined || after === undefined) return [];
  const of = (names: Iterable<string>, kind: Difference['kind'], applies: (name: string) => boolean): Difference[] =>
    [...names].filter(applies).map((name) => ({ name, kind }));
  return [
    ...of(after.keys(), 'added', (name) => !before.has(name)),
    ...of(after.keys(), 'changed', (name) => before.has(name) && before.get(name) !== after.get(name)),
    ...of(before.keys(), 'removed', (name) => !after.has(name)),
  ];
}
