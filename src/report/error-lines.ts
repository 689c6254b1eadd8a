import type { CanaryErrors, ErrorGroup } from '../model/canary-errors.ts';
import type { Tone } from '../model/log.ts';
import { formatElapsed } from '../model/time.ts';
import { plainLine } from './escape.ts';

/** Kinds of errors that the log shows; the summary and the report have more. */
const MOST_SHOWN = 3;

/** What version it was that logged, and when it first had traffic (epoch ms). */
interface Canary {
  readonly version: string;
  readonly shiftedAt: number;
}

interface Line {
  readonly text: string;
  readonly tone?: Tone;
}

/** The canary's own errors as lines of the log: what was found, then the most frequent ones with how often and since when. */
export function errorLines(errors: CanaryErrors, canary: Canary): readonly Line[] {
  const { groups } = errors;
  const where = `log group ${plainLine(errors.logGroup, 512)}, streams with [${canary.version}]`;
  if (groups.length === 0) {
    return [{ text: `Version ${canary.version} logged no error that could be recognised (${where}).` }];
  }
  const shown = groups.slice(0, MOST_SHOWN);
  const left = groups.length - shown.length;
  const more = left === 0 ? [] : [{ text: `  and ${left} more ${left === 1 ? 'kind' : 'kinds'} of errors` }];
  const head = { text: `What version ${canary.version} says of its errors (${where}):`, tone: 'strong' } as const;
  return [head, ...shown.map((group) => ({ text: groupLine(group, errors, canary) })), ...more];
}

function groupLine({ count, message, firstSeen, requestIds }: ErrorGroup, { isPartial }: CanaryErrors, canary: Canary) {
  const since = `first at ${formatElapsed(firstSeen - canary.shiftedAt)}`;
  const [id] = requestIds;
  const example = id === undefined ? '' : `, request ${plainLine(id, 64)}`;
  return `  ${frequency(count, isPartial)}  ${plainLine(message, 300)}  (${since}${example})`;
}

function frequency(count: number, isPartial = false): string {
  return `${isPartial ? 'at least ' : ''}${count}×`;
}

/** The most frequent error in a sentence, for the annotation; '' when there is none. */
export function mostFrequent({ groups, isPartial }: CanaryErrors, version: string): string {
  const [first] = groups;
  if (first === undefined) return '';
  return `Version ${version} logged ${frequency(first.count, isPartial)} "${plainLine(first.message, 300)}"`;
}
