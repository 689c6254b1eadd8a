import { safeParse } from 'zod/mini';
import { MINUTE } from '../../src/model/time.ts';
import { type Minute, NO_TRAFFIC } from '../../src/model/traffic.ts';
import type { JudgeSettings } from '../../src/model/verdict.ts';
import { MOST_MINUTES } from './recording.ts';
import type { Reading, Recording } from './recording.ts';
import { describeIssues, line } from './schemas.ts';

interface Line {
  readonly number: number;
  readonly minute: Omit<Minute, 'start'> & { readonly minute: number };
}

/**
 * Lines of JSON, one a minute, in any order; minutes without a line had no traffic. Their counts are taken as final. Every
 * problem is named with its line.
 */
export function readLines(text: string, settings: JudgeSettings): Reading<Recording> {
  const readings = text
    .split('\n')
    .map((content, index) => ({ content, number: index + 1 }))
    .filter(({ content }) => content.trim() !== '')
    .map(({ content, number }) => readLine(content, number));
  const lines = readings.flatMap((reading) => ('value' in reading ? [reading.value] : []));
  const problems = [
    ...readings.flatMap((reading) => ('problems' in reading ? reading.problems : [])),
    ...repeated(lines),
    ...beyondLimit(lines),
    ...(readings.length === 0 ? ['There is no line on standard input.'] : []),
  ];
  return problems.length > 0 ? { problems } : { value: recordingOf(lines, settings) };
}

function readLine(content: string, number: number): Reading<Line> {
  const parsed = safeParse(line, parseJson(content));
  if (parsed.success) return { value: { number, minute: parsed.data } };
  return { problems: describeIssues(parsed.error.issues).map((issue) => `line ${number}: ${issue}.`) };
}

/** undefined for what is no JSON, which no schema takes. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function repeated(lines: readonly Line[]): readonly string[] {
  const seen = new Map<number, number>();
  return lines.flatMap(({ number, minute: { minute } }) => {
    const first = seen.get(minute);
    if (first === undefined) seen.set(minute, number);
    return first === undefined ? [] : [`line ${number}: minute ${minute} was given in line ${first} already.`];
  });
}

function beyondLimit(lines: readonly Line[]): readonly string[] {
  const first = lines.find(({ minute }) => minute.minute >= MOST_MINUTES);
  if (first === undefined) return [];
  const limit = `a replay judges minutes 0 to ${MOST_MINUTES - 1}, counted from the first shift`;
  return [`line ${first.number}: minute ${first.minute.minute} is too late: ${limit}.`];
}

function recordingOf(lines: readonly Line[], settings: JudgeSettings): Recording {
  const byMinute = new Map(lines.map(({ minute }) => [minute.minute, minute]));
  const last = lines.reduce((latest, { minute }) => Math.max(latest, minute.minute), 0);
  const minutes = Array.from({ length: last + 1 }, (_, index): Minute => {
    const { baseline, canary } = byMinute.get(index) ?? { baseline: NO_TRAFFIC, canary: NO_TRAFFIC };
    return { start: index * MINUTE, baseline, canary };
  });
  const nothing = { promotedAt: undefined, changes: [], metrics: [], past: [] };
  return { settings, finalAge: 0, shiftedAt: 0, minutes, ...nothing };
}
