/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [Key in string]: Json };

/** A JSON object: no list, no null. */
export function isJsonObject(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value survives the way through JSON as it is: YAML knows NaN and infinity, too. */
export function isJson(value: unknown): value is Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  return Object.values(value).every(isJson);
}

/** The value of a JSON text; undefined where it is none. A byte order mark, which some editors write, does not count. */
export function parseJson(text: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) as Json };
  } catch {
    return undefined;
  }
}

/** Where a text stops to be JSON, to stand behind that it is not, as far as the parser says. Never a piece of the text itself. */
export function whereNoJson(text: string): string {
  if (text.trim() === '') return ' but empty';
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(String(error)) ?? [];
    return line === undefined || column === undefined ? '' : ` from line ${line}, column ${column} on`;
  }
}
