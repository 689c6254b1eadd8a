import type { MetricRecord, RolloutRecord } from '../model/record.ts';
import { formatDuration, MINUTE } from '../model/time.ts';
import { PASS_PROOF } from '../model/verdict.ts';
import { formatEvidence } from '../model/format.ts';
import { type Blocks, type Detail, fold } from './blocks.ts';
import { evidenceChart } from './charts/evidence.ts';
import { type Frame, measuredFrame, rolloutFrame } from './charts/frame.ts';
import { type Compared, type RatesChart, type Side, ratesChart } from './charts/rates.ts';
import { weightsChart } from './charts/weights.ts';
import { COLOURS } from './charts/xychart.ts';
import { escapeText } from './escape.ts';
import { points } from './proof.ts';
import { type Excerpt, evidenceTable, minuteTable, weightTable } from './tables.ts';
import { partOf } from './words.ts';

/** Longest outside text in a legend, characters. */
const NAME = 200;

/** Space between two entries of a legend. */
const APART = ' &emsp; ';

function drawing(diagram: string): string {
  return `\`\`\`mermaid\n${diagram}\n\`\`\``;
}

function entry(of: keyof typeof COLOURS, words: string): string {
  return `${COLOURS[of].swatch} ${words}`;
}

function folded(summary: string, { table, left }: Excerpt): string {
  return fold(summary, left === '' ? [table] : [left, table]);
}

/** Where the ceiling of the error rate is, in words; '' where there is none. */
function ceilingWords({ ceiling = 0 }: Compared, { hasCeiling }: RatesChart): string {
  if (hasCeiling === undefined) return '';
  const limit = `${Number((ceiling * 100).toPrecision(6))}%`;
  return hasCeiling ? '' : `The highest error rate that is allowed, ${limit}, is far above this chart.`;
}

/** The legend, which xychart lacks, and how to read the lines. */
function ratesKey(record: RolloutRecord, compared: Compared, chart: RatesChart): string {
  const name = (side: Side): string => escapeText(partOf(record, side), NAME);
  const band = `tolerated: up to ${points(compared.tolerance ?? 0, 6)} above the baseline`;
  const legend = [
    ...chart.lines.map((side) => entry(side, name(side))),
    ...(chart.hasBand ? [entry('tolerated', band)] : []),
    ...(chart.hasCeiling === true ? [entry('worse', 'highest that is allowed')] : []),
  ];
  const silent = chart.silent.filter((side) => side === 'canary' || record.previousVersion !== undefined);
  const { width } = compared.frame;
  const remarks = [
    ...(width === 1 ? [] : [`Each point is ${formatDuration(width * MINUTE)}.`]),
    ...silent.map((side) => `There is no line for ${name(side)}: it had no traffic.`),
    ...(chart.carried
      ? ['Where a version had no traffic, its line keeps the last rate; at the ends, its overall one.']
      : []),
    ceilingWords(compared, chart),
  ];
  const words = remarks.join(' ').trim();
  return `${legend.join(APART)}${words === '' ? '' : `<br>${words}`}`;
}

function ratesBlocks(record: RolloutRecord, what: Omit<Compared, 'frame'>, most: number): Blocks {
  const frame = measuredFrame(what.minutes);
  if (frame === undefined) return [];
  const compared = { ...what, frame };
  const chart = ratesChart(compared);
  if (chart === undefined) return [];
  const numbers = folded('The numbers, minute by minute', minuteTable(record, compared.minutes, most));
  return [ratesKey(record, compared, chart), drawing(chart.diagram), numbers];
}

/** Who only looks has no settings, and no tolerance to draw. */
function errorRates({ minutes, settings }: RolloutRecord): Omit<Compared, 'frame'> {
  const [tolerance, ceiling] = [settings?.errorTolerance, settings?.maxErrorRate];
  return { title: 'errors, % of invocations', minutes, tolerance, ceiling };
}

/** The metric besides the error rate that the reason is about; its minutes as they speak least against the canary. */
function decisive({ metrics, reason }: RolloutRecord): MetricRecord | undefined {
  return metrics.find(({ metric }) => reason.startsWith(metric.name));
}

function decisiveRates(record: RolloutRecord, most: number): Blocks {
  const found = decisive(record);
  if (found === undefined) return [];
  const { metric, lenient: minutes } = found;
  const compared = { title: `${metric.name}, %`, minutes, tolerance: metric.tolerance, ceiling: undefined };
  return ratesBlocks(record, compared, most);
}

function weightBlocks(record: RolloutRecord, frame: Frame, most: number): Blocks {
  const diagram = weightsChart(record, frame);
  if (diagram === undefined) return [];
  const key = entry('canary', escapeText(partOf(record, 'canary'), NAME));
  return [key, drawing(diagram), folded('The numbers, weight by weight', weightTable(record, most))];
}

function evidenceBlocks(record: RolloutRecord, frame: Frame): Blocks {
  const chart = evidenceChart(record, frame);
  if (chart === undefined) return [];
  const { limit, hasSuspicion, hasProof, isCut } = chart;
  const dashed = (log: number, what: string): string => ` (dashed: ${formatEvidence(log)} ${what})`;
  const legend = [
    entry('worse', `evidence that the canary is worse${limit === undefined ? '' : dashed(limit, 'rolls back')}`),
    ...(hasSuspicion ? [entry('suspected', 'suspicion: the same before one bad minute is ruled out')] : []),
    ...(hasProof ? [entry('proven', `evidence that it is not${dashed(PASS_PROOF, 'passes')}`)] : []),
  ];
  const remark = isCut ? '<br>What goes beyond the scale is drawn at its top.' : '';
  const numbers = fold('The numbers, reading by reading', [evidenceTable(record, frame)]);
  return [`${legend.join(APART)}${remark}`, drawing(chart.diagram), numbers];
}

/** What happened over time: rates, the canary's weight, the evidence; each chart with its legend and its numbers. */
export function drawings(record: RolloutRecord, detail: Detail): Blocks {
  if (!detail.charts) return [];
  const frame = record.command === 'deploy' ? rolloutFrame(record) : undefined;
  const blocks = [
    ...decisiveRates(record, detail.minutes),
    ...ratesBlocks(record, errorRates(record), detail.minutes),
    ...(frame === undefined ? [] : [...weightBlocks(record, frame, detail.turns), ...evidenceBlocks(record, frame)]),
  ];
  return blocks.length === 0 ? [] : ['### Over time', ...blocks];
}
