import type { RolloutRecord } from '../model/record.ts';
import { plainLine, sentence } from './escape.ts';
import { aliasSentence, headline } from './words.ts';
import type { Voice } from './words.ts';

/** Longest title and message of an annotation, characters; GitHub cuts beyond 255 and 64 KB. */
const TITLE_LIMIT = 200;
const MESSAGE_LIMIT = 4_000;

/** Plain text needs no marks; the lines are made safe as a whole. */
const PLAIN: Voice = { text: (text) => text, name: (text) => text };

/** Keys whose numbers are epoch ms and appear as ISO 8601 in the report. */
const TIMES = new Set(['at', 'start', 'startedAt', 'shiftedAt', 'endedAt']);

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

function renderValue(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) {
    return JSON.stringify(value, portable, 2).replaceAll('\n', '\n  ');
  }
  return `[\n${value.map((item) => `    ${JSON.stringify(item, portable)}`).join(',\n')}\n  ]`;
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
  'endedAt',
  'run',
  'strategy',
  'settings',
  'package',
  'aliasNow',
  'plan',
  'notes',
  'timeline',
  'polls',
  'minutes',
] as const satisfies readonly (keyof RolloutRecord)[];

/** Fails to compile when the record grows a key that `KEYS` lacks. */
type Forgotten = Exclude<keyof RolloutRecord, (typeof KEYS)[number]>;
const ORDER: [Forgotten] extends [never] ? typeof KEYS : Forgotten = KEYS;

/**
 * The record as the JSON `report` file: everything that was measured and decided, minute by minute, enough to judge it
 * again. The keys always come in the same order and are always all there: what is unknown is `null`. Times are ISO 8601
 * in UTC with milliseconds (nothing is lost, and anyone can read them); durations stay ms, rates fractions, evidence the
 * natural log of an e-value. Each minute, poll and turn is one line, so that the file reads and compares well.
 */
export function toReportJson(record: RolloutRecord): string {
  const fields = ORDER.map((key) => `  ${JSON.stringify(key)}: ${renderValue(portable(key, record[key]))}`);
  return `{\n${fields.join(',\n')}\n}\n`;
}

/**
 * The one annotation of a command that did not end well: what happened as its title; why, what the alias serves, and
 * what to do next as its message. Plain text, one sentence a line.
 */
export function failureAnnotation(record: RolloutRecord): { readonly title: string; readonly message: string } {
  const { word, claim } = headline(record, PLAIN);
  const lines = [record.reason, aliasSentence(record, PLAIN), record.next === '' ? '' : `Next: ${record.next}`];
  return {
    title: plainLine(`${word}: ${claim}`, TITLE_LIMIT),
    message: lines
      .map((line) => sentence(plainLine(line, MESSAGE_LIMIT)))
      .filter((line) => line !== '')
      .join('\n'),
  };
}
