/** One value of a function's configuration, as UpdateFunctionConfiguration takes it (Lambda API reference). */
export type Setting = string | number | boolean | readonly Setting[] | { readonly [key: string]: Setting | undefined };

/** A mapping among those values. */
export type SettingMap = Exclude<Setting, string | number | boolean | readonly Setting[]>;

export function isSettingList(value: Setting | undefined): value is readonly Setting[] {
  return Array.isArray(value);
}

export function isSettingMap(value: Setting | undefined): value is SettingMap {
  return typeof value === 'object' && !isSettingList(value);
}

/** Fields of UpdateFunctionConfiguration by name, and `Architectures`; `Environment` apart. */
export type Fields = Readonly<Record<string, Setting>>;

/** The configuration of one version, as far as a deployment can change it. */
export interface FunctionSettings {
  readonly fields: Fields;
  /** Environment variables. A Map, because values are secrets and JSON shows nothing of a Map; undefined: not readable. */
  readonly variables: ReadonlyMap<string, string> | undefined;
}

/** What a deployment is to change; nothing else may. */
export interface SettingsChange {
  /** An object changes the keys that it has, a list replaces the whole list. */
  readonly fields: Fields;
  /** null takes the variable away. */
  readonly variables: ReadonlyMap<string, string | null>;
}

/** The least that has to be sent so that one configuration becomes the other. */
export interface SettingsUpdate {
  readonly fields: Fields;
  /** All of them, as Lambda replaces them together; undefined: they stay. */
  readonly variables: ReadonlyMap<string, string> | undefined;
}

/** What Lambda has room for, bytes: names and values together (Lambda quotas, "Environment variables"). */
export const VARIABLES_LIMIT = 4096;

/** Bytes that variables take, measured as Lambda does: as JSON. */
export function sizeOfVariables(variables: ReadonlyMap<string, string | null>): number {
  const present = [...variables].filter(([, value]) => value !== null);
  return new TextEncoder().encode(JSON.stringify(Object.fromEntries(present))).length;
}
