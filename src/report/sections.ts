import { formatEvidence } from '../model/format.ts';
import type { RolloutRecord } from '../model/record.ts';
import { formatDuration } from '../model/time.ts';
import { pointLength, renderChart } from './chart.ts';
import type { Chart, Side } from './chart.ts';
import { escapeCode, escapeText, plainLine, sentence } from './escape.ts';
import { factsTable } from './facts.ts';
import { assuranceList, detectableSentence } from './proof.ts';
import { quarantineSentences } from './quarantine.ts';
import { clockTime, comparisonTable, metricsTable, minuteTable, timelineTable } from './tables.ts';
import { aliasSentence, headline, partOf } from './words.ts';
import type { Voice } from './words.ts';

/** Longest reason or remedy, and longest line of a list, characters. */
const PROSE = 2_000;
const LINE = 500;

/** How much of the long parts is shown: rows of the timeline, of the minutes, and lines of each list. */
export interface Detail {
  readonly turns: number;
  readonly minutes: number;
  readonly lines: number;
}

/** Whole blocks of Markdown, each closed in itself. */
export type Blocks = readonly string[];

const MARKDOWN: Voice = { text: (text) => escapeText(text, 200), name: (text) => escapeCode(text, 200) };

/** `## ✅ Promoted: version 8 of checkout has all traffic`. */
export function title(record: RolloutRecord): string {
  const { mark, word, claim } = headline(record, MARKDOWN);
  return `## ${mark} ${word}: ${claim}`;
}

function prose(text: string): string {
  const line = plainLine(text, PROSE);
  return sentence(escapeText(`${line.charAt(0).toUpperCase()}${line.slice(1)}`));
}

/** What leads into the reason. The verdict is news only after a promotion: elsewhere it is not what decided, or is told. */
function leadIn({ command, result, verdict }: RolloutRecord): string {
  if (command === 'status' && result !== 'failed') return '';
  return result === 'promoted' && verdict !== 'none' ? `**Verdict: ${verdict}.** ` : '**Why:** ';
}

/** Why it ended so, what to do, and what callers get now. What to do comes before the state unless all is well. */
export function answer(record: RolloutRecord): Blocks {
  const why = record.reason === '' ? '' : `${leadIn(record)}${prose(record.reason)}`;
  const next = record.next === '' ? '' : `**Next:** ${prose(record.next)}`;
  const now = `**Now:** ${aliasSentence(record, MARKDOWN)}`;
  const well = record.result === 'promoted' || (record.result === 'unchanged' && record.command !== 'status');
  const rest = well ? [now, next] : [next, now];
  return [why, ...quarantineSentences(record), ...rest].filter((block) => block !== '');
}

/** Evidence beside what is needed: `1:38. It takes 1:100 to roll back`. */
function evidenceSentence({ settings }: RolloutRecord, evidence: number): string {
  const found = `Evidence that the canary is worse: **${formatEvidence(evidence)}**.`;
  if (settings === undefined) {
    return found;
  }
  const alpha = 1 - settings.confidence;
  const odds = `a healthy release gets there in at most ${Number((alpha * 100).toPrecision(3))}% of rollouts`;
  return `${found} It takes **${formatEvidence(-Math.log(alpha))}** to roll back (${odds}).`;
}

/** What the table rests on, below it. */
function basis(record: RolloutRecord): Blocks {
  if (record.previousVersion === undefined) {
    return ['There was no version before to compare with.'];
  }
  const evidence = record.polls.findLast((poll) => poll.evidence !== undefined)?.evidence;
  if (evidence === undefined) {
    return [];
  }
  return [evidenceSentence(record, evidence), ...assuranceList(record), ...detectableSentence(record)];
}

/** The tables of both versions, the evidence and what is proven; nothing when nothing was shifted or measured. */
export function comparison(record: RolloutRecord): Blocks {
  if (record.command === 'status') return traffic(record);
  if (record.shiftedAt === undefined || record.command !== 'deploy') return [];
  const table = comparisonTable(record);
  if (table !== undefined) {
    const others = metricsTable(record);
    return [table, ...(others === undefined ? [] : [others]), ...basis(record)];
  }
  if (record.polls.length === 0) {
    return [];
  }
  const readable = record.polls.some((poll) => poll.evidence !== undefined);
  return [readable ? 'No traffic was seen since the first shift.' : 'What to judge by could not be read at any time.'];
}

/** What the versions did lately, for who only looks; nothing when nothing could be seen. */
function traffic(record: RolloutRecord): Blocks {
  const table = comparisonTable(record);
  const first = record.minutes[0];
  if (table === undefined || first === undefined) return [];
  return [`Since ${clockTime(first.start)} UTC, as far as CloudWatch has published it:`, table];
}

/** A fold. Its content stands between empty lines, or GitHub would not read it as Markdown. */
function fold(summary: string, content: Blocks): string {
  return [`<details><summary>${summary}</summary>`, ...content, '</details>'].join('\n\n');
}

/** The legend, which xychart lacks, and how to read the lines. */
function key(record: RolloutRecord, chart: Chart): string {
  const part = (side: Side): string => escapeText(partOf(record, side), LINE);
  const legend = chart.lines.map(({ side, swatch }) => `${swatch} ${part(side)}`).join(' &emsp; ');
  const silent = chart.silent.filter((side) => side === 'canary' || record.previousVersion !== undefined);
  const remarks = [
    `Each point is ${pointLength(chart)}.`,
    ...silent.map((side) => `There is no line for ${part(side)}: it had no traffic.`),
    ...(chart.carried ? ['Where a version had no traffic, its line keeps the last rate.'] : []),
  ];
  return `${legend}<br>${remarks.join(' ')}`;
}

/** The chart, its legend in words, and the numbers behind it. */
export function rates(record: RolloutRecord, detail: Detail): Blocks {
  const first = record.minutes[0];
  const isLook = record.command === 'status' && first !== undefined;
  const chart = isLook ? renderChart(record.minutes, `${clockTime(first.start)} UTC`) : renderChart(record.minutes);
  if (chart === undefined) {
    return [];
  }
  const drawing = `\`\`\`mermaid\n${chart.diagram}\n\`\`\``;
  const blocks = ['### Error rates', key(record, chart), drawing];
  return detail.minutes === 0 ? blocks : [...blocks, minutes(record, detail.minutes)];
}

function minutes(record: RolloutRecord, most: number): string {
  const { table, left } = minuteTable(record, most);
  return fold('Minute by minute', left === '' ? [table] : [left, table]);
}

/** The turns of the rollout. */
export function timeline(record: RolloutRecord, detail: Detail): Blocks {
  return record.timeline.length === 0 ? [] : ['### Timeline', timelineTable(record, detail.turns)];
}

function list(heading: string, lines: readonly string[], most: number): Blocks {
  if (lines.length === 0) {
    return [];
  }
  const shown = lines.slice(0, most).map((line) => `- ${escapeText(line, LINE)}`);
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
