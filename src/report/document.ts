import type { RolloutRecord } from '../model/record.ts';

/** Keys whose numbers are epoch ms and appear as ISO 8601 in the report. */
const TIMES = new Set(['at', 'start', 'end', 'startedAt', 'shiftedAt', 'promotedAt', 'endedAt', 'firstSeen']);

function isoTime(ms: number): string | null {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** The value as JSON can hold it: times as ISO 8601, what is absent as null. */
function portable(key: string, value: unknown): unknown {
  if (TIMES.has(key) && typeof value === 'number') {
    return isoTime(value);
  }
  return value ?? null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether a value is a list of objects, or holds one. */
function isLong(value: unknown): boolean {
  if (!isObject(value)) return false;
  return Array.isArray(value) ? value.some(isObject) : Object.values(value).some(isLong);
}

/** A line for each entry; what is in an entry shares its line, unless that is long itself. */
function renderEntries(value: object, indent: string): string {
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => {
    const text = isLong(item) ? renderEntries(item as object, inner) : JSON.stringify(portable(key, item), portable);
    return `${inner}${Array.isArray(value) ? '' : `${JSON.stringify(key)}: `}${text}`;
  });
  return `${open}\n${entries.join(',\n')}\n${indent}${close}`;
}

function renderValue(value: unknown): string {
  const isEmpty = !isObject(value) || Object.keys(value).length === 0;
  return isEmpty ? JSON.stringify(value) : renderEntries(value, '  ');
}

/** Every key of the record in the order in which the report shows it. */
const KEYS = [
  'schema',
  'command',
  'dryRun',
  'result',
  'verdict',
  'reason',
  'next',
  'functionName',
  'functionArn',
  'region',
  'alias',
  'version',
  'previousVersion',
  'startedAt',
  'shiftedAt',
  'promotedAt',
  'endedAt',
  'run',
  'strategy',
  'settings',
  'package',
  'aliasNow',
  'plan',
  'notes',
  'canaryErrors',
  'timeline',
  'polls',
  'detectable',
  'assurances',
  'stretches',
  'minutes',
  'metrics',
  'durations',
  'past',
] as const satisfies readonly (keyof RolloutRecord)[];

/** Fails to compile when the record grows a key that `KEYS` lacks. */
type Forgotten = Exclude<keyof RolloutRecord, (typeof KEYS)[number]>;
const ORDER: [Forgotten] extends [never] ? typeof KEYS : Forgotten = KEYS;

/**
 * The record as the JSON `report` file: everything that was measured and decided, minute by minute, enough to judge it
 * again. The keys always come in the same order and are always all there: what is unknown is `null`. Times are ISO 8601
 * in UTC with milliseconds (nothing is lost, and anyone can read them); durations stay ms, rates fractions, evidence,
 * suspicion and assurance the natural logs of e-values. Each minute, poll and turn is one line, so that the file reads and
 * compares well.
 */
export function toReportJson(record: RolloutRecord): string {
  const fields = ORDER.map((key) => `  ${JSON.stringify(key)}: ${renderValue(portable(key, record[key]))}`);
  return `{\n${fields.join(',\n')}\n}\n`;
}
