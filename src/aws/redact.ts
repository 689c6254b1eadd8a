const HIDDEN = '***';
/** Shorter values are words of any sentence; they are hidden where their name stands before them. */
const SHORTEST = 4;

/**
 * A text of Lambda's without the values of environment variables. Lambda repeats all of them where they are too large
 * together ("String measured: {…}"), and what it does not accept ("Value '…' at 'environment…'").
 */
export function redact(text: string, variables: ReadonlyMap<string, string> | undefined): string {
  const cut = text
    .replace(/(String measured: ).*/s, `$1${HIDDEN}`)
    .replace(/(Value ').*(' at 'environment)/gs, `$1${HIDDEN}$2`);
  // The longest first: one value may be a part of another.
  const entries = [...(variables ?? [])].sort(([, a], [, b]) => b.length - a.length);
  return entries.reduce(hide, cut);
}

function hide(text: string, [name, value]: readonly [string, string]): string {
  if (value === '') return text;
  const forms = [value, JSON.stringify(value).slice(1, -1)];
  const prefixes = value.length < SHORTEST ? [`${name}=`, `"${name}":"`, `"${name}": "`] : [''];
  return forms
    .flatMap((form) => prefixes.map((prefix) => [prefix, form] as const))
    .reduce((left, [prefix, form]) => left.replaceAll(`${prefix}${form}`, `${prefix}${HIDDEN}`), text);
}

/** Throws what it is given, its message and its stack without the values of the variables that were sent. */
export function withoutSecrets(variables: ReadonlyMap<string, string> | undefined): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error) {
      error.message = redact(error.message, variables);
      if (error.stack !== undefined) error.stack = redact(error.stack, variables);
    }
    throw error;
  };
}
