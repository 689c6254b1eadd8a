import type { Hide } from '../model/environment-hider.ts';
import { type Json, isJsonObject, parseJson } from '../model/json.ts';
import { quote } from '../model/text.ts';

/** Longest value in a sentence, characters. */
const SHOWN = 120;

/** One thing that is not as expected, in whole words: what must not be seen is hidden in them before they are cut. */
export interface Mismatch {
  /** `$.body.total`; '' for the answer as a whole. */
  readonly place: string;
  readonly expected: string;
  /** Says what the answer held. */
  readonly got: string;
}

/** Words that cannot hold the value of a variable, whatever that is. */
const PLAIN = /^(?:\d{1,3}|nothing|an empty answer)$/;
const WITHHELD =
  'what is not shown: the environment variables of the version cannot be read, and it may hold their values';

/** `$.body.total: expected 8, got 7`. Without `hide`, what was got is not told. */
export function sayMismatch({ place, expected, got }: Mismatch, hide: Hide | undefined): string {
  const [before, after] =
    hide === undefined ? [expected, PLAIN.test(got) ? got : WITHHELD] : [hide(expected), hide(got)];
  return `${place === '' ? '' : `${place}: `}expected ${cut(before)}, got ${cut(after)}`;
}

/** A JSON value in words. */
export function show(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** Text from outside on one line, cut when it is long, nothing unprintable in it. */
function cut(text: string): string {
  const line = quote(text.slice(0, SHOWN)).slice(1, -1);
  return text.length > SHOWN ? `${line}…` : line;
}

/**
 * Where `actual` does not hold what is expected: one mismatch a place, none when it holds all of it. Objects may have more
 * fields; lists have the same items in the same order; other values are equal. Where an object or a list is expected and
 * a text stands that is the JSON of one (the `body` of an API's answer), that is looked into.
 */
export function differences(expected: Json, actual: Json | undefined, path = '$'): readonly Mismatch[] {
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

function ofLists(expected: readonly Json[], found: Json | undefined, path: string): readonly Mismatch[] {
  if (!Array.isArray(found)) return [unlike(expected, found, path)];
  const items = found as readonly Json[];
  if (items.length !== expected.length) {
    return [{ place: path, expected: counted(expected.length), got: `${items.length}: ${show(items)}` }];
  }
  return expected.flatMap((item, index) => differences(item, items[index], `${path}[${index}]`));
}

function ofObjects(
  expected: Readonly<Record<string, Json>>,
  found: Json | undefined,
  path: string,
): readonly Mismatch[] {
  if (!isJsonObject(found)) return [unlike(expected, found, path)];
  return Object.entries(expected).flatMap(([key, value]) =>
    differences(value, Object.hasOwn(found, key) ? found[key] : undefined, `${path}${step(key)}`),
  );
}

function unlike(expected: Json, found: Json | undefined, path: string): Mismatch {
  return { place: path, expected: show(expected), got: show(found) };
}

function counted(items: number): string {
  return `${items} ${items === 1 ? 'item' : 'items'}`;
}

function step(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${quote(key)}]`;
}
