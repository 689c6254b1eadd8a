import type { Annotation } from '../model/log.ts';
import type { RolloutRecord } from '../model/record.ts';
import { mostFrequent } from './error-lines.ts';
import { plainLine, sentence } from './escape.ts';
import { aliasSentence, headline } from './words.ts';
import type { Voice } from './words.ts';

/** Longest title and line of an annotation, characters; GitHub cuts beyond 255 and 64 KB. */
const TITLE_LIMIT = 200;
const LINE_LIMIT = 4_000;

/** Plain text needs no marks; the lines are made safe as a whole. */
const PLAIN: Voice = { text: (text) => text, name: (text) => text };

/** What happened to which function and alias, in a line. */
function titleOf(record: RolloutRecord, suffix = ''): string {
  const { word, claim } = headline(record, PLAIN);
  const alias = record.functionName === '' || record.alias === '' ? '' : ` (alias ${record.alias})`;
  return plainLine(`${word}: ${claim}${alias}${suffix}`, TITLE_LIMIT);
}

/** The last line of a log that ends well. Why a rollout was promoted stands right above it. */
export function closingLine(record: RolloutRecord): string {
  if (record.command === 'deploy' && record.polls.length > 0) return titleOf(record);
  const { word } = headline(record, PLAIN);
  const reason = plainLine(record.reason, LINE_LIMIT);
  const isSaid = reason.toLowerCase().startsWith(`${word.toLowerCase()}: `);
  return `${word}: ${isSaid ? reason.slice(word.length + 2) : reason}`;
}

/** Plain text, one sentence or two a line. */
function messageOf(lines: readonly string[]): string {
  return lines
    .map((line) => sentence(plainLine(line, LINE_LIMIT)))
    .filter((line) => line !== '')
    .join('\n');
}

function errorSentence({ canaryErrors, version }: RolloutRecord): string {
  return canaryErrors === undefined || version === undefined ? '' : mostFrequent(canaryErrors, version);
}

/**
 * The one annotation of a command that did not end well: what happened as its title; why, what callers get, what the canary
 * says of it and what to do next as its message, and then what was warned of on the way.
 */
export function failureAnnotation(record: RolloutRecord, warnings: readonly string[] = []): Annotation {
  const next = record.next === '' ? '' : `Next: ${record.next}`;
  const also = warnings.map((warning) => `Also: ${warning}`);
  const lines = [record.reason, errorSentence(record), aliasSentence(record, PLAIN), next, ...also];
  return { title: titleOf(record), message: messageOf(lines) };
}

/** The one annotation of a command that ended well, but that its reader should know something of. */
export function remarkAnnotation(record: RolloutRecord, warnings: readonly string[]): Annotation {
  const count = warnings.length === 1 ? 'a warning' : `${warnings.length} warnings`;
  return { title: titleOf(record, `, with ${count}`), message: messageOf(warnings) };
}
