import type { RolloutRecord } from '../model/record.ts';
import { formatDuration } from '../model/time.ts';
import { type Blocks, type Detail, fold } from './blocks.ts';
import { escapeProse } from './escape.ts';
import { factsTable } from './facts.ts';
import { timelineTable } from './tables.ts';

/** Longest line of a list, characters. */
const LINE = 500;

/** The turns of the rollout. */
export function timeline(record: RolloutRecord, detail: Detail): Blocks {
  return record.timeline.length === 0 ? [] : ['### Timeline', timelineTable(record, detail.turns)];
}

function list(heading: string, lines: readonly string[], most: number): Blocks {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, most).map((line) => `- ${escapeProse(line, LINE)}`);
  const left = lines.length - shown.length;
  const more = left === 0 ? [] : [`- and ${left.toLocaleString('en-US')} more, in the report file`];
  return [`### ${heading}`, [...shown, ...more].join('\n')];
}

/** The checks that were made and what would happen. */
export function plan(record: RolloutRecord, detail: Detail): Blocks {
  return list('Plan', record.plan, detail.lines);
}

/** What a reader should know besides. */
export function notes(record: RolloutRecord, detail: Detail): Blocks {
  return list('Notes', record.notes, detail.lines);
}

/** What was deployed, with which settings, and how long it took, in a fold. */
export function facts(record: RolloutRecord): Blocks {
  const took = record.endedAt === undefined ? '' : ` (${formatDuration(record.endedAt - record.startedAt)} in all)`;
  const what = record.command === 'deploy' ? 'Deployment and settings' : 'Details';
  return [fold(`${what}${took}`, [factsTable(record)])];
}
