import { parseDocument } from 'yaml';
import { quote } from '../model/text.ts';
import { understood, wrong, type Parsed } from './field.ts';

/** Longer texts are not read: what is nested deep enough takes the parser all memory. Characters. */
export const LONGEST_TEXT = 50_000;

/** Open brackets, wherever they stand; what people write nests four deep. */
const DEEPEST = 50;

/** What would take the parser minutes: its time doubles with each mapping that begins another's key. */
export function isTooDeep(text: string): boolean {
  const depths = text.match(/[{}[\]]/g) ?? [];
  let [depth, deepest] = [0, 0];
  for (const bracket of depths) {
    depth += bracket === '{' || bracket === '[' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest > DEEPEST || /(?:[{[]\s*(?:\?\s*)?){12}/.test(text);
}

/**
 * A value of YAML 1.2 (so JSON, too); undefined for an empty text. Of several syntax errors the first is told, the others
 * follow from it.
 */
export function yaml(text: string, expected: string): Parsed<unknown> {
  if (text.length > LONGEST_TEXT) return wrong(`has ${text.length} characters`, `at most ${LONGEST_TEXT}`);
  if (isTooDeep(text)) return wrong('is nested too deep', expected);
  try {
    // Warnings would go to standard error by themselves.
    const document = parseDocument(text, { logLevel: 'error' });
    const [error] = document.errors;
    return error === undefined ? understood(document.toJS() ?? undefined) : notYaml(error.message, expected);
  } catch (error) {
    // Aliases that lead nowhere or everywhere, and nesting beyond the stack.
    return notYaml(String(error), expected);
  }
}

/** The parser's message ends with the line in question, drawn below it. */
function notYaml(message: string, expected: string): Parsed<never> {
  return wrong(`is not YAML (${quote(message.replace(/:?\n.*$/s, ''))})`, expected);
}

/** A mapping, with nothing but the keys that were written. */
export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** `a text`, `a list`: what stands where something else was expected. */
export function nounOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isMapping(value)) return 'a mapping';
  const nouns: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', boolean: 'a boolean' };
  return nouns[typeof value] ?? 'empty';
}
