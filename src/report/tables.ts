import { markdownTable } from 'markdown-table';
import { formatRate, formatRates } from '../model/format.ts';
import type { MetricRecord, RolloutRecord } from '../model/record.ts';
import { formatElapsed, MINUTE } from '../model/time.ts';
import { errorRate, totalOf } from '../model/traffic.ts';
import type { Counts, Minute } from '../model/traffic.ts';
import type { Side } from './chart.ts';
import { escapeText } from './escape.ts';
import { quarantinedAfter } from './quarantine.ts';
import { elapsed, partOf } from './words.ts';

/** Longest outside text in one table cell, characters. */
const CELL = 300;

/** Stands where there is no number. */
const NO_RATE = '–';

type Compared = Readonly<Record<Side, Counts>>;

/** A whole number with thousands separators: `8,964`. */
function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

function rateCell(counts: Counts): string {
  return counts.invocations === 0 ? NO_RATE : formatRate(errorRate(counts));
}

function table(rows: readonly (readonly string[])[], align: readonly string[]): string {
  return markdownTable(rows, { align, alignDelimiters: false });
}

/**
 * What both versions did, as judged: the counts of the last poll that could be read, so that the table agrees with the
 * reason. Where that poll lacks one side (after the promotion there is no baseline beside the canary), all minutes.
 */
function comparedCounts({ polls, minutes }: RolloutRecord): Compared {
  const last = polls.findLast((poll) => poll.evidence !== undefined);
  if (last !== undefined && last.baseline.invocations > 0 && last.canary.invocations > 0) {
    return last;
  }
  const totals = { baseline: totalOf(minutes, 'baseline'), canary: totalOf(minutes, 'canary') };
  const seen = totals.baseline.invocations + totals.canary.invocations > 0;
  return seen || last === undefined ? totals : last;
}

/** Baseline above canary; undefined when neither had traffic. */
export function comparisonTable(record: RolloutRecord): string | undefined {
  const counts = comparedCounts(record);
  if (counts.baseline.invocations + counts.canary.invocations === 0) {
    return undefined;
  }
  const row = (side: Side): string[] => [
    escapeText(partOf(record, side), CELL),
    formatCount(counts[side].invocations),
    formatCount(counts[side].errors),
    `**${ratesOf(counts)[side]}**`,
  ];
  const rows = sidesWith(record, counts).map(row);
  return table([['', 'invocations', 'errors', 'error rate'], ...rows], ['l', 'r', 'r', 'r']);
}

/** One metric of one version: where only a range is known, both of its ends. */
function metricCell({ lenient, strict }: MetricRecord, side: Side, text: string): string {
  const [counts, other] = [totalOf(lenient, side), totalOf(strict, side)];
  if (counts.invocations === 0) return NO_RATE;
  if (counts.errors !== other.errors) {
    const ends = [errorRate(counts), errorRate(other)];
    return formatRates(Math.min(...ends), Math.max(...ends)).join(' to ');
  }
  return `${text} (${formatCount(counts.errors)} of ${formatCount(counts.invocations)})`;
}

/** Throttling is watched always, and worth a row only where there was some. */
function isWorthARow({ metric, lenient }: MetricRecord): boolean {
  return metric.kind !== 'throttles' || lenient.some(({ baseline, canary }) => baseline.errors + canary.errors > 0);
}

/** The other metrics while both versions served, one a row; undefined when there is nothing to show. */
export function metricsTable({ metrics }: RolloutRecord): string | undefined {
  const shown = metrics.filter(isWorthARow);
  if (shown.length === 0) return undefined;
  const rows = shown.map((found) => {
    const rates = ratesOf({ baseline: totalOf(found.lenient, 'baseline'), canary: totalOf(found.lenient, 'canary') });
    const cell = (side: Side): string => metricCell(found, side, rates[side]);
    return [escapeText(found.metric.name, CELL), cell('baseline'), cell('canary')];
  });
  return table([['side by side', 'baseline', 'canary'], ...rows], ['l', 'r', 'r']);
}

/** The versions that there were: known by number, or by their traffic. */
function sidesWith(record: RolloutRecord, counts: Compared): Side[] {
  const known = { baseline: record.previousVersion, canary: record.version };
  return (['baseline', 'canary'] as const).filter((side) => counts[side].invocations > 0 || known[side] !== undefined);
}

/** Both rates with as many decimals as it takes to tell them apart. */
function ratesOf({ baseline, canary }: Compared): Record<Side, string> {
  const [first, second] = formatRates(errorRate(baseline), errorRate(canary));
  return {
    baseline: baseline.invocations === 0 ? NO_RATE : first,
    canary: canary.invocations === 0 ? NO_RATE : second,
  };
}

/**
 * The turns of the rollout, at most `most`: how it began and, twice as many, what led to the end. A rollback that was
 * asked for has no canary, and so no column for its weight.
 */
export function timelineTable(record: RolloutRecord, most: number): string {
  const row = (time: string, weight: string, text: string): string[] =>
    record.command === 'deploy' ? [time, weight, text] : [time, text];
  const isQuarantined = quarantinedAfter(record.timeline);
  const rows = record.timeline.map(({ at, weight, text }, index) => {
    const state = isQuarantined[index] === true ? 'quarantine ' : '';
    return row(elapsed(at, record), `${state}${weight}%`, escapeText(text, CELL));
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
  return turn === undefined ? NO_RATE : `${turn.weight}%`;
}

function trafficCells(minute: Minute, sides: readonly Side[]): string[] {
  return sides.flatMap((side) => [
    `${formatCount(minute[side].errors)} / ${formatCount(minute[side].invocations)}`,
    rateCell(minute[side]),
  ]);
}

/** `10:02`, UTC, to find the minute in CloudWatch. */
export function clockTime(at: number): string {
  const two = (count: number): string => String(count).padStart(2, '0');
  const minuteOfDay = Math.floor(at / MINUTE) % (24 * 60);
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}

/** A table that shows only a part of what there is, and the words that say so (empty when it is all there). */
interface Excerpt {
  readonly table: string;
  readonly left: string;
}

/** Errors and invocations minute by minute, the last `most` of them; elapsed as on the chart, from the first minute on. */
export function minuteTable(record: RolloutRecord, most: number): Excerpt {
  const { minutes } = record;
  const shown = minutes.slice(Math.max(0, minutes.length - most));
  const first = minutes.reduce((earliest, { start }) => Math.min(earliest, start), Number.POSITIVE_INFINITY);
  const sides = sidesWith(record, { baseline: totalOf(shown, 'baseline'), canary: totalOf(shown, 'canary') });
  // Who only looks does not know what the weight was in each minute.
  const isLook = record.command === 'status';
  const row = (elapsedTime: string, time: string, weight: string): string[] =>
    isLook ? [elapsedTime, time] : [elapsedTime, time, weight];
  const rows = shown.map((minute) => [
    ...row(formatElapsed(minute.start - first), clockTime(minute.start), weightIn(minute, record)),
    ...trafficCells(minute, sides),
  ]);
  const header = [
    ...row('elapsed', 'UTC', 'canary'),
    ...sides.flatMap((side) => [`${isLook ? escapeText(partOf(record, side), CELL) : side} errors`, 'rate']),
  ];
  const left = minutes.length - shown.length;
  return {
    table: table([header, ...rows], [...row('l', 'l', 'r'), ...sides.flatMap(() => ['r', 'r'])]),
    left: left === 0 ? '' : `The first ${formatCount(left)} minutes are left out; the report file has them all.`,
  };
}
