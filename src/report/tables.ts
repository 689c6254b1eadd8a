import { formatEvidence } from '../model/format.ts';
import type { PollEntry, RolloutRecord, TimelineEntry } from '../model/record.ts';
import { formatDuration, formatElapsed, MINUTE } from '../model/time.ts';
import { totalOf } from '../model/traffic.ts';
import type { Minute } from '../model/traffic.ts';
import { table } from './blocks.ts';
import { type Frame, partAt } from './charts/frame.ts';
import type { Side } from './charts/rates.ts';
import { type Spell, spellsOf } from './charts/weights.ts';
import { clockTime } from './clock-time.ts';
import { type Both, formatCount, NO_NUMBER, rateOf } from './compared.ts';
import { sidesWith } from './comparison.ts';
import { escapeText } from './escape.ts';
import { quarantinedAfter } from './quarantine.ts';
import { elapsed, partOf } from './words.ts';

/** Longest outside text in one table cell, characters. */
const CELL = 300;

const SIGNS: Readonly<Record<TimelineEntry['event'], string>> = {
  step: '▶️',
  hold: '⏸️',
  resume: '▶️',
  quarantine: '🔶',
  restore: '▶️',
  promote: '✅',
  'roll-back': '↩️',
  bake: '👀',
  end: '🏁',
  recover: '🛟',
};

/**
 * The turns of the rollout, at most `most`: how it began and, twice as many, what led to the end. A rollback that was
 * asked for has no canary, and so no column for its weight.
 */
export function timelineTable(record: RolloutRecord, most: number): string {
  const row = (time: string, weight: string, text: string): string[] =>
    record.command === 'deploy' ? [time, weight, text] : [time, text];
  const isQuarantined = quarantinedAfter(record.timeline);
  const rows = record.timeline.map(({ at, weight, event, text }, index) => {
    const state = isQuarantined[index] === true ? 'quarantine ' : '';
    const words = `${SIGNS[event]} ${escapeText(text, CELL)}`;
    return row(elapsed(at, record), `${state}${weight}%`, words);
  });
  const left = rows.length - most;
  if (left > 0) {
    const gap = `${formatCount(left)} turns are left out here; the report file has them all`;
    rows.splice(Math.floor(most / 3), left, row('…', '…', gap));
  }
  return table([row('elapsed', 'canary', 'what happened'), ...rows], row('l', 'r', 'l'));
}

/** Percent of traffic that the canary had when the minute ended; turns come in the order of time. */
function weightIn({ start }: Minute, { timeline }: RolloutRecord): string {
  const turn = timeline.findLast(({ at }) => at < start + MINUTE);
  return turn === undefined ? NO_NUMBER : `${turn.weight}%`;
}

function trafficCells(minute: Both, sides: readonly Side[]): string[] {
  return sides.flatMap((side) => [
    `${formatCount(minute[side].errors)} / ${formatCount(minute[side].invocations)}`,
    rateOf(minute[side]),
  ]);
}

/** A table that shows only a part of what there is, and the words that say so (empty when it is all there). */
export interface Excerpt {
  readonly table: string;
  readonly left: string;
}

/** Bad ones of all minute by minute, the last `most` of `minutes`; elapsed from the first minute on. */
export function minuteTable(record: RolloutRecord, minutes: readonly Minute[], most: number): Excerpt {
  const shown = minutes.slice(Math.max(0, minutes.length - most));
  const first = minutes.reduce((earliest, { start }) => Math.min(earliest, start), Number.POSITIVE_INFINITY);
  const sides = sidesWith(record, { baseline: totalOf(shown, 'baseline'), canary: totalOf(shown, 'canary') });
  // Who only looks does not know what the weight was in each minute.
  const isLook = record.command === 'status';
  const row = (times: readonly string[], weight: string): readonly string[] => (isLook ? times : [...times, weight]);
  const rows = shown.map((minute) => [
    ...row([formatElapsed(minute.start - first), clockTime(minute.start)], weightIn(minute, record)),
    ...trafficCells(minute, sides),
  ]);
  const head = sides.flatMap((side) => [isLook ? escapeText(partOf(record, side), CELL) : side, 'rate']);
  const left = minutes.length - shown.length;
  return {
    table: table(
      [[...row(['elapsed', 'UTC'], 'weight'), ...head], ...rows],
      [...row(['l', 'l'], 'r'), ...head.map(() => 'r')],
    ),
    left: left === 0 ? '' : `The first ${formatCount(left)} minutes are left out; the report file has them all.`,
  };
}

function spellRow(record: RolloutRecord, { began, ended }: Spell): string[] {
  const until = ended ?? record.endedAt ?? began.at;
  const lasted = formatDuration(Math.max(0, until - began.at));
  return [elapsed(began.at, record), clockTime(began.at), lasted, `${began.weight}%`];
}

/** How long the canary had which weight, the last `most` of them. */
export function weightTable(record: RolloutRecord, most: number): Excerpt {
  const spells = spellsOf(record);
  const shown = spells.slice(-most);
  const rows = shown.map((spell) => spellRow(record, spell));
  const left = spells.length - shown.length;
  return {
    table: table([['from', 'UTC', 'for', 'canary'], ...rows], ['l', 'l', 'r', 'r']),
    left: left === 0 ? '' : `The first ${formatCount(left)} weights are left out; the report file has them all.`,
  };
}

function odds(log: number | undefined): string {
  return log === undefined ? NO_NUMBER : formatEvidence(log);
}

/** The last reading of each part of the charts' time: what was known then. */
export function evidenceTable(record: RolloutRecord, frame: Frame): string {
  const last = new Map<number, PollEntry>();
  for (const poll of record.polls) last.set(partAt(frame, poll.at), poll);
  const rows = [...last.values()].map(({ at, weight, evidence, suspicion, assurance, verdict }) => {
    const read = evidence === undefined ? 'not readable' : verdict;
    return [elapsed(at, record), clockTime(at), `${weight}%`, odds(evidence), odds(suspicion), odds(assurance), read];
  });
  const head = ['elapsed', 'UTC', 'weight', 'worse', 'suspicion', 'not worse', 'verdict'];
  return table([head, ...rows], ['l', 'l', 'r', 'r', 'r', 'r', 'l']);
}
