import { VARIABLES_LIMIT, sizeOfVariables } from '../model/settings.ts';
import { quote } from '../model/text.ts';
import { together, understood, wrong, type Parsed, type Problem } from './field.ts';
import { secretMapping, textsIn, type TextEntry } from './yaml-mapping.ts';

/** Names and values of variables; null takes one away. */
export type Variables = ReadonlyMap<string, string | null>;

const LINES = 'NAME=value on every line, or a YAML or JSON mapping (also for values of several lines)';
const A_NAME = 'a letter, then at least one more letter, digit or underscore';

/** Names that Lambda takes (Lambda API reference, Environment). */
const NAME = /^[A-Za-z]\w+$/;

/** Set by Lambda itself, and refused (Lambda developer guide, "Defined runtime environment variables"). */
const RESERVED: ReadonlySet<string> = new Set([
  ...['_HANDLER', '_X_AMZN_TRACE_ID', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR'],
  ...['AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV'],
  ...['AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
  ...['NAME', 'MEMORY_SIZE', 'VERSION'].map((what) => `AWS_LAMBDA_FUNCTION_${what}`),
  ...['INITIALIZATION_TYPE', 'LOG_GROUP_NAME', 'LOG_STREAM_NAME', 'RUNTIME_API'].map((what) => `AWS_LAMBDA_${what}`),
]);

/** `environment`: lines, YAML or JSON. No problem ever quotes a value, nor a line that may be the rest of one. */
export function environment(text: string): Parsed<Variables> {
  const lines = text.split('\n').map((line) => line.trim());
  const first = lines.find((line) => line !== '' && !line.startsWith('#')) ?? '';
  const entries = /^[\w.-]+\s*=/.test(first) ? linesIn(lines) : mappingIn(text);
  return 'value' in entries ? variablesOf(entries.value) : entries;
}

/** Entries of a mapping as variables: names that Lambda takes, each once, and no more than it has room for. */
export function variablesOf(entries: readonly TextEntry[]): Parsed<Variables> {
  const names = entries.map(([name]) => name);
  const problems = entries.flatMap(([name, value], index) => [
    ...problemsOfName(name),
    ...(names.indexOf(name) < index ? [{ problem: `${quote(name)} is given twice`, expected: 'each name once' }] : []),
    ...(value === undefined
      ? [{ problem: `the value of ${quote(name)} is no text`, expected: 'one text or number' }]
      : []),
  ]);
  if (problems.length > 0) return { problems };
  const variables = new Map(entries.map(([name, value]) => [name, value ?? null]));
  const bytes = sizeOfVariables(variables);
  return bytes > VARIABLES_LIMIT
    ? wrong(`has ${bytes} bytes`, `at most ${VARIABLES_LIMIT} for all variables of a function together`)
    : understood(variables);
}

function problemsOfName(name: string): readonly Problem[] {
  if (RESERVED.has(name)) return [{ problem: `${quote(name)} is set by Lambda itself`, expected: 'another name' }];
  return NAME.test(name) ? [] : [{ problem: `${quote(name)} is no name that Lambda takes`, expected: A_NAME }];
}

function mappingIn(text: string): Parsed<readonly TextEntry[]> {
  const parsed = secretMapping(text, LINES);
  if ('problems' in parsed) return parsed;
  const { document, map } = parsed.value;
  return understood(map === undefined ? [] : textsIn(map, document));
}

function linesIn(lines: readonly string[]): Parsed<readonly TextEntry[]> {
  const entries = together(lines.map((line, index) => entryIn(line, index + 1, lines[index - 1] ?? '')));
  return 'value' in entries ? understood(entries.value.flat()) : entries;
}

/**
 * Nothing in a line has a meaning of its own but the first `=`; quotes would become part of the value. A line that is wrong
 * may be the rest of a secret of several lines, so its number is told, and nothing of it.
 */
function entryIn(line: string, number: number, before: string): Parsed<readonly TextEntry[]> {
  if (line === '' || line.startsWith('#')) return understood([]);
  const at = line.indexOf('=');
  const [name, value] = [line.slice(0, Math.max(0, at)).trim(), line.slice(at + 1).trim()];
  if (at < 0 || name === '') return wrong(`line ${number} is not NAME=value`, LINES);
  if (!NAME.test(name) && !RESERVED.has(name))
    return wrong(`line ${number} begins with no name that Lambda takes`, A_NAME);
  if (/^(["']).*\1$/.test(value) && value.length > 1)
    return wrong(`line ${number} has quotes, which would be part of the value`, 'none, or YAML, where quotes are not');
  if (isRest(name, value) && /=\S{20,}$/.test(before))
    return wrong(`line ${number} looks like the rest of a value`, IN_YAML);
  return understood([[name, value]]);
}

const IN_YAML = 'YAML or JSON, both for a value of several lines and for an empty one under such a name';

/** Whether a line is what base64 ends with, padding included, rather than a name without a value. */
function isRest(name: string, value: string): boolean {
  if (value !== '') return value === '=';
  return /^[A-Za-z0-9]{41,}$/.test(name) || [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(name));
}
