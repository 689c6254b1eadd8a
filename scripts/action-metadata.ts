/** One input or output as `action.yml` describes it; `''` where a property is absent. */
export interface Described {
  readonly name: string;
  readonly description: string;
  readonly default: string;
  readonly required: boolean;
}

/** What the documentation, the simulated runner and the tests need of `action.yml`. */
interface ActionMetadata {
  readonly inputs: readonly Described[];
  readonly outputs: readonly Described[];
  /** `using`, `main`, `post`, … */
  readonly runs: ReadonlyMap<string, string>;
}

/**
 * Reads `action.yml` without a YAML parser: two-space indentation, one `key: value` to a line, values plain or in quotes.
 * Anything else is an error that names the line, so that nothing can be misread quietly.
 */
export function readActionMetadata(text: string): ActionMetadata {
  return {
    inputs: readEntries(text, 'inputs'),
    outputs: readEntries(text, 'outputs'),
    runs: new Map(linesOf(sectionOf(text, 'runs')).map((line) => readProperty(line, /^ {2}([\w-]+): (\S.*)$/))),
  };
}

function sectionOf(text: string, section: string): string {
  const [, ...after] = text.split(new RegExp(`^${section}:\\n`, 'm'));
  if (after.length !== 1) throw new Error(`action.yml: expected one section "${section}", found ${after.length}`);
  return /^(?: .*\n?|\n)*/.exec(after.join(''))?.[0] ?? '';
}

function linesOf(body: string): readonly string[] {
  return body.split('\n').filter((line) => line.trim() !== '');
}

function readEntries(text: string, section: string): readonly Described[] {
  return sectionOf(text, section)
    .split(/^(?= {2}\S)/m)
    .filter((entry) => entry.trim() !== '')
    .map(readEntry);
}

const DESCRIPTION = /^ {4}(description|default|required): (\S.*)$/;

function readEntry(entry: string): Described {
  const [head = '', ...lines] = entry.trimEnd().split('\n');
  const name = /^ {2}([\w-]+):$/.exec(head)?.[1];
  if (name === undefined) throw new Error(`action.yml: cannot read "${head}"`);
  const properties = new Map(lines.map((line) => readProperty(line, DESCRIPTION)));
  return {
    name,
    description: properties.get('description') ?? '',
    default: properties.get('default') ?? '',
    required: properties.get('required') === 'true',
  };
}

function readProperty(line: string, pattern: RegExp): [string, string] {
  const [, key, value] = pattern.exec(line) ?? [];
  if (key === undefined || value === undefined) throw new Error(`action.yml: cannot read "${line}"`);
  return [key, readScalar(value)];
}

function readScalar(value: string): string {
  const quoted = /^'((?:[^']|'')*)'$/.exec(value)?.[1];
  if (quoted !== undefined) return quoted.replaceAll("''", "'");
  // What a plain scalar may not begin with or hold (YAML 1.2.2, 7.3.3); it would mean something else, or nothing.
  if (/^[-?:,[\]{}#&*!|>'"%@`]|: | #|:$/.test(value)) throw new Error(`action.yml: put quotes around ${value}`);
  return value;
}
