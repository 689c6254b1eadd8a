/** Shorter values are words like `true` or `prod`, which messages are full of by themselves. */
const SHORTEST = 8;
/** A name that says that its value is a secret makes also a short one worth hiding. */
const SECRET_NAME = /pass|pwd|secret|token|key|credential|auth|dsn|pin/i;
const SHORTEST_SECRET = 4;

/** A text without what must not be seen. */
export type Hide = (text: string) => string;

/**
 * Makes what takes the values of a function's environment variables out of a text: whole, line by line where they have
 * several, as JSON escapes them (also JSON in JSON), and the passwords in those that are URLs. The values stay in the
 * closure; nothing else ever sees them. A text must be hidden in before it is cut: half a value is not recognised.
 */
export function environmentHider(variables: ReadonlyMap<string, string>): Hide {
  const values = [...variables].flatMap(([name, value]) => {
    const least = SECRET_NAME.test(name) ? SHORTEST_SECRET : SHORTEST;
    return formsOf(value.trim()).filter((form) => form.length >= least);
  });
  // The longest first: one value may be part of another.
  const forms = [...new Set(values)].sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((hidden, form) => hidden.replaceAll(form, '***'), text);
}

function formsOf(value: string): readonly string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s@]+)@/i.exec(value)?.[1];
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  const forms = [value, ...lines, ...(password === undefined ? [] : [password])];
  return forms.flatMap((form) => [form, escaped(form), escaped(escaped(form))]);
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
