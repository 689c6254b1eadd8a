/** What the runner takes from `action.yml`. */
export interface ActionFile {
  /** Every input that is declared → its default (empty without one). */
  readonly defaults: Readonly<Record<string, string>>;
  readonly main: string | undefined;
  readonly post: string | undefined;
}

interface Line {
  readonly indent: number;
  readonly key: string;
  readonly value: string;
}

function parseLine(line: string): Line | undefined {
  const [, space, key, value] = /^( *)['"]?([\w-]+)['"]?:(?: +(.*))?$/.exec(line) ?? [];
  if (space === undefined || key === undefined) return undefined;
  return { indent: space.length, key, value: (value ?? '').trim() };
}

function scalar(value: string): string {
  if (/^'.*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'");
  if (/^".*"$/.test(value)) return String(JSON.parse(value));
  const plain = value.replace(/\s+#.*$/, '');
  return ['null', '~'].includes(plain) ? '' : plain;
}

/**
 * Reads the little YAML that an `action.yml` is written in: two spaces per level, one-line defaults. An expression
 * (`${{ … }}`) as a default becomes `token`: it is `github.token` where it is used at all.
 */
export function parseActionFile(content: string): ActionFile {
  const defaults: Record<string, string> = {};
  const runs: Record<string, string> = {};
  let section = '';
  let input = '';
  for (const line of content.split(/\r?\n/).flatMap((text) => parseLine(text) ?? [])) {
    if (line.indent === 0) section = line.key;
    if (section === 'runs' && line.indent === 2) runs[line.key] = scalar(line.value);
    if (section !== 'inputs') continue;
    if (line.indent === 2) {
      input = line.key;
      defaults[input] = '';
    }
    if (line.indent === 4 && line.key === 'default') {
      defaults[input] = line.value.includes('${{') ? 'token' : scalar(line.value);
    }
  }
  return { defaults, main: runs['main'], post: runs['post'] };
}
