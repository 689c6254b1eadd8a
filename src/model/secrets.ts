/** What the runner shows in place of a secret; readers know it. */
const HIDDEN = '***';

/** Shorter values are words of any sentence, and no credentials of AWS or GitHub are that short; characters. */
const SHORTEST = 12;

/**
 * What gives itself away by its form, whoever put it there: AWS access key ids (IAM user guide, "IAM identifiers"), GitHub's
 * tokens ("Behind GitHub's new authentication token formats"), JSON web tokens, private keys, and AWS session tokens.
 */
const SHAPES: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[opsur]_[A-Za-z0-9]{20,}\b/g,
  /\bgithub_pat_\w{20,}\b/g,
  /\beyJ[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*)?/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[\w+/=%-]{16,}/g,
];

/**
 * What stands beside a name that says it is secret: the header that AWS repeats where a signature does not match, the query of
 * a presigned URL, the password in the URL of a proxy.
 */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/(x-amz-security-token["']?\s*[:=]\s*["']?)[^\s"'&,;]+/gi, `$1${HIDDEN}`],
  [/(X-Amz-(?:Credential|Signature)=)[^\s"'&]+/gi, `$1${HIDDEN}`],
  [/(:\/\/[^\s:@/]*:)[^\s@/]+(?=@)/g, `$1${HIDDEN}`],
];

/** Texts without the secrets that are known to them, and without what looks like one. */
export class Secrets {
  readonly #values = new Set<string>();

  /** Values that must not be seen from now on; returns those that were not known yet. Those too short to hide are left out. */
  add(...values: readonly (string | undefined)[]): readonly string[] {
    const added = values.filter((value) => value !== undefined).map((value) => value.trim());
    const fresh = [...new Set(added)].filter((value) => value.length >= SHORTEST && !this.#values.has(value));
    for (const value of fresh) this.#values.add(value);
    return fresh;
  }

  conceal(text: string): string {
    const unknown = [...this.#values].reduce(withoutValue, text);
    const unnamed = NAMED.reduce((left, [pattern, instead]) => left.replace(pattern, instead), unknown);
    return SHAPES.reduce((left, pattern) => left.replace(pattern, HIDDEN), unnamed);
  }

  /** The same for every text in a value made of plain objects and arrays. */
  concealAll<T>(value: T): T {
    return this.#within(value) as T;
  }

  #within(value: unknown): unknown {
    if (typeof value === 'string') return this.conceal(value);
    if (Array.isArray(value)) return value.map((entry: unknown) => this.#within(entry));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]: [string, unknown]) => [this.conceal(key), this.#within(entry)]),
    );
  }
}

/** Long messages are cut, and a secret with them: the beginning of one is hidden, too, as far as it goes. */
function withoutValue(text: string, secret: string): string {
  const start = secret.slice(0, SHORTEST);
  const rest = secret.slice(SHORTEST);
  return text
    .split(start)
    .map((part, index) => (index === 0 ? part : `${HIDDEN}${part.slice(commonLength(part, rest))}`))
    .join('');
}

function commonLength(text: string, other: string): number {
  let length = 0;
  while (length < other.length && text[length] === other[length]) length += 1;
  return length;
}
