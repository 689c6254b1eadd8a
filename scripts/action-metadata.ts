/** One input or output as `action.yml` describes it; `''` where a property is absent. */
export interface Described {
  readonly name: string;
  readonly description: string;
  readonly default: string;
  readonly required: boolean;
}

/** What the documentation and the tests need of `action.yml`. */
export interface ActionMetadata {
  readonly inputs: readonly Described[];
  readonly outputs: readonly Described[];
}

/**
 * Reads `action.yml` without a YAML parser: two-space indentation, one `key: value` to a line, values plain or in quotes.
 * Anything else is an error that names the line, so that nothing can be misread quietly.
 */
export function readActionMetadata(text: string): ActionMetadata {
  return { inputs: readSection(text, 'inputs'), outputs: readSection(text, 'outputs') };
}

function readSection(text: string, section: string): readonly Described[] {
  const [, ...after] = text.split(new RegExp(`^${section}:\\n`, 'm'));
  if (after.length !== 1) throw new Error(`action.yml: expected one section "${section}", found ${after.length}`);
  const [body = ''] = after.join('').split(/^(?=\S)/m);
  return body
    .split(/^(?= {2}\S)/m)
    .filter((entry) => entry.trim() !== '')
    .map(readEntry);
}

function readEntry(entry: string): Described {
  const [head = '', ...lines] = entry.trimEnd().split('\n');
  const name = /^ {2}([\w-]+):$/.exec(head)?.[1];
  if (name === undefined) throw new Error(`action.yml: cannot read "${head}"`);
  const properties = new Map(lines.map(readProperty));
  return {
    name,
    description: properties.get('description') ?? '',
    default: properties.get('default') ?? '',
    required: properties.get('required') === 'true',
  };
}

function readProperty(line: string): [string, string] {
  const [, key, value] = /^ {4}(description|default|required): (\S.*)$/.exec(line) ?? [];
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
