import { type Json, isJsonObject, parseJson } from '../model/json.ts';
import { quote } from '../model/text.ts';

/** Longest value in a sentence, characters. */
const SHOWN = 120;

/** A JSON value as a sentence shows it: on one line, cut when it is long. */
export function show(value: Json | undefined): string {
  return value === undefined ? 'nothing' : cut(JSON.stringify(value));
}

/** Text from outside on one line, cut when it is long, nothing unprintable in it. */
export function cut(text: string): string {
  const line = quote(text.slice(0, SHOWN)).slice(1, -1);
  return text.length > SHOWN ? `${line}…` : line;
}

/**
 * Where `actual` does not hold what is expected: one sentence a place, none when it holds all of it. Objects may have more
 * fields; lists have the same items in the same order; other values are equal. Where an object or a list is expected and
 * a text stands that is the JSON of one (the `body` of an API's answer), that is looked into.
 */
export function differences(expected: Json, actual: Json | undefined, path = '$'): readonly string[] {
  const found = isStructure(expected) && typeof actual === 'string' ? structureIn(actual) : actual;
  if (Array.isArray(expected)) return ofLists(expected as readonly Json[], found, path);
  if (isJsonObject(expected)) return ofObjects(expected, found, path);
  return expected === actual ? [] : [unlike(expected, actual, path)];
}

function isStructure(value: Json): boolean {
  return typeof value === 'object' && value !== null;
}

function structureIn(text: string): Json {
  const value = parseJson(text)?.value ?? text;
  return isStructure(value) ? value : text;
}

function ofLists(expected: readonly Json[], found: Json | undefined, path: string): readonly string[] {
  if (!Array.isArray(found)) return [unlike(expected, found, path)];
  const items = found as readonly Json[];
  if (items.length !== expected.length) {
    return [`${path}: expected ${counted(expected.length)}, got ${items.length}: ${show(items)}`];
  }
  return expected.flatMap((item, index) => differences(item, items[index], `${path}[${index}]`));
}

function ofObjects(expected: Readonly<Record<string, Json>>, found: Json | undefined, path: string): readonly string[] {
  if (!isJsonObject(found)) return [unlike(expected, found, path)];
  return Object.entries(expected).flatMap(([key, value]) =>
    differences(value, Object.hasOwn(found, key) ? found[key] : undefined, `${path}${step(key)}`),
  );
}

function unlike(expected: Json, found: Json | undefined, path: string): string {
  return `${path}: expected ${show(expected)}, got ${show(found)}`;
}

function counted(items: number): string {
  return `${items} ${items === 1 ? 'item' : 'items'}`;
}

function step(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${quote(key)}]`;
}
