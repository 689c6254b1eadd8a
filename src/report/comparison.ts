import type { Durations } from '../model/durations.ts';
import type { MetricRecord, RolloutRecord } from '../model/record.ts';
import { formatLatency } from '../model/time.ts';
import { totalOf } from '../model/traffic.ts';
import { type Blocks, table } from './blocks.ts';
import { COLOURS } from './charts/xychart.ts';
import type { Side } from './charts/rates.ts';
import { clockTime } from './clock-time.ts';
import { type Both, NO_NUMBER, comparedCounts, formatCount, pointsApart, ratesOf } from './compared.ts';
import { escapeText, prose } from './escape.ts';
import { evidenceBlocks } from './proof.ts';
import { partOf } from './words.ts';

/** Longest outside text in one table cell, characters. */
const CELL = 300;

/** The versions that there were: known by number, or by their traffic. */
export function sidesWith(record: RolloutRecord, counts: Both): Side[] {
  const known = { baseline: record.previousVersion, canary: record.version };
  return (['baseline', 'canary'] as const).filter((side) => counts[side].invocations > 0 || known[side] !== undefined);
}

function metricCounts({ lenient, strict }: MetricRecord): readonly [Both, Both] {
  const both = (minutes: MetricRecord['lenient']): Both => ({
    baseline: totalOf(minutes, 'baseline'),
    canary: totalOf(minutes, 'canary'),
  });
  return [both(lenient), both(strict)];
}

/** One metric of one version: where only a range is known, both of its ends. */
function metricCell([lenient, strict]: readonly [Both, Both], side: Side): string {
  const [least, most] = [ratesOf(lenient)[side], ratesOf(strict)[side]];
  return lenient[side].errors === strict[side].errors ? least : [least, most].sort(byNumber).join(' to ');
}

function byNumber(a: string, b: string): number {
  return Number.parseFloat(a) - Number.parseFloat(b);
}

/** Throttling is watched always, and worth a row only where there was some. */
function isWorthARow({ metric, lenient }: MetricRecord): boolean {
  return metric.kind !== 'throttles' || lenient.some(({ baseline, canary }) => baseline.errors + canary.errors > 0);
}

/** `apart`: by how much the canary is higher, with its unit, or ''. */
interface Row {
  readonly name: string;
  readonly cell: (side: Side) => string;
  readonly apart: string;
}

function withUnit(...ends: readonly string[]): string {
  const known = [...new Set(ends)].filter((end) => end !== '');
  return known.length === 0 ? '' : `${known.join(' to ')} ${known.join('') === '+1' ? 'point' : 'points'}`;
}

function metricRow(found: MetricRecord): Row {
  const counts = metricCounts(found);
  return {
    name: escapeText(found.metric.name, CELL),
    cell: (side) => metricCell(counts, side),
    apart: withUnit(pointsApart(counts[0]), pointsApart(counts[1])),
  };
}

/** What the median and the slowest hundredth of invocations took; nothing where neither version's are known. */
function durationRows(durations: Durations | undefined): Row[] {
  if (durations?.baseline === undefined && durations?.canary === undefined) return [];
  return (['p50', 'p99'] as const).map((stat) => ({
    name: `${stat} duration`,
    cell: (side) => {
      const ms = durations[side]?.[stat];
      return ms === undefined ? NO_NUMBER : formatLatency(ms);
    },
    apart: '',
  }));
}

function rowsOf({ metrics, durations }: RolloutRecord, counts: Both): Row[] {
  const rates = ratesOf(counts);
  return [
    { name: 'invocations', cell: (side) => formatCount(counts[side].invocations), apart: '' },
    { name: 'errors', cell: (side) => formatCount(counts[side].errors), apart: '' },
    { name: '**error rate**', cell: (side) => `**${rates[side]}**`, apart: withUnit(pointsApart(counts)) },
    ...metrics.filter(isWorthARow).map(metricRow),
    ...durationRows(durations),
  ];
}

/** `🟧 canary` above `version 8`, each unbroken: narrow enough for a telephone. */
function columnHead(record: RolloutRecord, side: Side): string {
  const name = escapeText(partOf(record, side), CELL).replace(/ \((version) (.*)\)$/, '<br>$1&nbsp;$2');
  return `${COLOURS[side].swatch}&nbsp;${name}`;
}

/** A row for each number, a column for each version; undefined when neither had traffic. */
function comparisonTable(record: RolloutRecord): string | undefined {
  const counts = comparedCounts(record);
  if (counts.baseline.invocations + counts.canary.invocations === 0) return undefined;
  const sides = sidesWith(record, counts);
  const rows = rowsOf(record, counts).map(({ name, cell, apart }) => {
    const below = apart === '' ? '' : `<br><sub>${apart}</sub>`;
    return [name, ...sides.map((side) => (side === 'canary' ? `${cell(side)}${below}` : cell(side)))];
  });
  return table([['', ...sides.map((side) => columnHead(record, side))], ...rows], ['l', ...sides.map(() => 'r')]);
}

/** What the versions did lately, for who only looks; nothing when nothing could be seen. */
function lately(record: RolloutRecord): Blocks {
  const shown = comparisonTable(record);
  const first = record.minutes[0];
  if (shown === undefined || first === undefined) return [];
  return [`Since ${clockTime(first.start)} UTC, as far as CloudWatch has published it:`, shown];
}

/** Both versions side by side, the evidence and what is proven; nothing when nothing was shifted or measured. */
export function comparison(record: RolloutRecord): Blocks {
  if (record.command === 'status') return lately(record);
  if (record.shiftedAt === undefined || record.command !== 'deploy') return [];
  const shown = comparisonTable(record);
  if (shown !== undefined) return [shown, ...evidenceBlocks(record)];
  const last = record.polls.findLast((poll) => poll.evidence !== undefined);
  if (last !== undefined) return [prose(last.reason)];
  return record.polls.length === 0 ? [] : ['What to judge by could not be read at any time.'];
}
