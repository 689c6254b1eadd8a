import type { RolloutRecord } from '../model/record.ts';

/**
 * Where each partition of AWS has its console, below the region. The secret regions (`aws-iso` and the like) have none
 * that is documented in public, and a wrong link is worse than none.
 */
const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/** By the beginning of the region's name (AWS General Reference, "AWS service endpoints"), the special ones first. */
const PARTITIONS: readonly (readonly [RegExp, string])[] = [
  [/^cn-/, 'aws-cn'],
  [/^us-gov-/, 'aws-us-gov'],
  [/^eusc-/, 'aws-eusc'],
  [/^(us-isof?|us-isob|eu-isoe)-/, 'aws-iso'],
  [/^[a-z]{2}(-[a-z]+)+-\d+$/, 'aws'],
];

function partitionOf({ functionArn, region }: Pick<RolloutRecord, 'functionArn' | 'region'>): string | undefined {
  const stated = functionArn === undefined ? undefined : /^arn:([a-z-]+):/.exec(functionArn)?.[1];
  return stated ?? PARTITIONS.find(([pattern]) => pattern.test(region))?.[1];
}

/** `https://eu-west-1.console.aws.amazon.com`; undefined where there is no console, or no telling which. */
export function consoleOf(place: Pick<RolloutRecord, 'functionArn' | 'region'>): string | undefined {
  const host = CONSOLES[partitionOf(place) ?? ''];
  return host === undefined || !/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(place.region)
    ? undefined
    : `https://${place.region}.${host}`;
}

/** What the console's addresses hold: values, lists and records. */
export type Parameter = string | number | boolean | readonly Parameter[] | { readonly [key: string]: Parameter };

/** Text in that notation: what is not a letter, digit, `_`, `-` or `.` is `*` and its code. */
function inTilde(text: string): string {
  return text.replace(/[^\w.-]/g, (char) => {
    const code = char.charCodeAt(0).toString(16);
    return code.length > 2 ? `**${code.padStart(4, '0')}` : `*${code.padStart(2, '0')}`;
  });
}

function isList(value: Parameter): value is readonly Parameter[] {
  return Array.isArray(value);
}

/** `~(view~'timeSeries~period~60)`: the notation of CloudWatch's console for graphs and queries. */
export function tilde(value: Parameter): string {
  if (typeof value === 'string') return `~'${inTilde(value)}`;
  if (typeof value !== 'object') return `~${String(value)}`;
  if (isList(value)) return `~(${value.map(tilde).join('')})`;
  const entries = Object.entries(value).map(([key, item]) => `${key}${tilde(item)}`);
  return `~(${entries.join('~')})`;
}

/** A name within the fragment of an address of CloudWatch Logs: encoded twice, the second time with `$`. */
export function dollars(text: string): string {
  const encoded = encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return encodeURIComponent(encoded).replaceAll('%', '$');
}
