import { isAlias, isMap, isScalar, parseDocument, type Document, type YAMLMap } from 'yaml';
import { understood, wrong, type Parsed } from './field.ts';
import { LONGEST_TEXT, isTooDeep } from './yaml.ts';

/** A YAML mapping that may hold secrets: what is wrong with it is said without a word of its text. */
interface SecretMapping {
  readonly document: Document;
  /** undefined for an empty text. */
  readonly map: YAMLMap | undefined;
}

/** The mapping that a text of YAML 1.2 (so JSON, too) is. The parser's own messages quote the text, so they are not used. */
export function secretMapping(text: string, expected: string): Parsed<SecretMapping> {
  if (text.length > LONGEST_TEXT) return wrong(`has ${text.length} characters`, `at most ${LONGEST_TEXT}`);
  if (isTooDeep(text)) return wrong('is nested too deep', expected);
  const document = readDocument(text);
  if (document === undefined) return wrong('is not YAML', expected);
  const [error] = document.errors;
  if (error !== undefined) {
    const problem = error.code === 'DUPLICATE_KEY' ? 'repeats a name' : 'is not YAML';
    return wrong(`${problem} (line ${text.slice(0, error.pos[0]).split('\n').length})`, expected);
  }
  const { contents } = document;
  if (isMap(contents)) return understood({ document, map: contents });
  return contents === null || (isScalar(contents) && contents.value === null)
    ? understood({ document, map: undefined })
    : wrong('is not a mapping', expected);
}

function readDocument(text: string): Document | undefined {
  try {
    const document = parseDocument(text, { logLevel: 'error' });
    // Aliases that lead nowhere or everywhere are noticed only now.
    document.toJS();
    return document;
  } catch {
    return undefined;
  }
}

/** One entry of a mapping: its name as it is written, and its text; null where it is empty, undefined where it is none. */
export type TextEntry = readonly [name: string, text: string | null | undefined];

/**
 * Names and texts. A number or a boolean is what stands in the text (`1.10` stays `1.10`), as environment variables know
 * nothing else.
 */
export function textsIn(map: YAMLMap, document: Document): readonly TextEntry[] {
  return map.items.map(({ key, value }) => [nameOf(key), textOf(isAlias(value) ? value.resolve(document) : value)]);
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.source) : '';
}

function textOf(node: unknown): string | null | undefined {
  if (node === null) return null;
  if (!isScalar(node)) return undefined;
  const { value, source } = node;
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(source) : undefined;
}
