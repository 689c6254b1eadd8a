import type { RolloutRecord } from '../../model/record.ts';
import { ceilMinute, floorMinute, MINUTE } from '../../model/time.ts';
import { addCounts, NO_TRAFFIC } from '../../model/traffic.ts';
import type { Counts, Minute } from '../../model/traffic.ts';

/** Parts that a line can have and still be read at the width of a job summary. */
const MOST_PARTS = 60;

/** Minutes that one part may be; beyond, whole days. Halves and quarters of them, in hours too, are exact as doubles. */
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440];

/** Points of a line that shows when something changed. */
const MOST_POINTS = 256;

/** The span of time that all charts of one summary share, in equal parts. */
export interface Frame {
  /** Start of its first minute, epoch ms. */
  readonly start: number;
  /** How long one part is, minutes. */
  readonly width: number;
  readonly parts: number;
}

function widthFor(minutes: number): number {
  return WIDTHS.find((width) => minutes / width <= MOST_PARTS) ?? Math.ceil(minutes / MOST_PARTS / 1440) * 1440;
}

function frameFrom(times: readonly number[]): Frame | undefined {
  const known = times.filter(Number.isFinite);
  if (known.length === 0) return undefined;
  const start = floorMinute(known.reduce((a, b) => Math.min(a, b)));
  const end = ceilMinute(known.reduce((a, b) => Math.max(a, b)));
  const minutes = Math.max(1, Math.round((end - start) / MINUTE));
  const width = widthFor(minutes);
  return { start, width, parts: Math.ceil(minutes / width) };
}

/** From the first measured minute to the last: a line of rates must not go on where nothing is known. */
export function measuredFrame(minutes: readonly Minute[]): Frame | undefined {
  return frameFrom(minutes.flatMap(({ start }) => [start, start + MINUTE]));
}

/** From the first shift to the last turn, reading or minute; undefined when nothing was shifted. */
export function rolloutFrame({ minutes, timeline, polls, shiftedAt }: RolloutRecord): Frame | undefined {
  if (shiftedAt === undefined) return undefined;
  const measured = minutes.map(({ start }) => start + MINUTE);
  // A little longer than the last turn, or what it led to would not be seen.
  const turns = [...timeline, ...polls].map(({ at }) => at).filter((at) => at >= shiftedAt);
  return frameFrom([shiftedAt, ...measured, ...turns.map((at) => at + MINUTE / 2)]);
}

/** Which part of the frame a time falls into. */
export function partAt({ start, width }: Frame, at: number): number {
  return Math.floor((at - start) / (width * MINUTE));
}

/** Both versions in each part of the frame, the silent ones included. */
export function inParts(frame: Frame, minutes: readonly Minute[]): Pick<Minute, 'baseline' | 'canary'>[] {
  const parts = Array.from({ length: frame.parts }, () => ({ baseline: NO_TRAFFIC, canary: NO_TRAFFIC }));
  for (const { start, baseline, canary } of minutes) {
    const part = parts[partAt(frame, start)];
    if (part === undefined) continue;
    part.baseline = addCounts(part.baseline, baseline);
    part.canary = addCounts(part.canary, canary);
  }
  return parts;
}

/** Points for each part, so many that a line is dense: a power of two, so that Mermaid's sums over them are exact. */
function density(parts: number): number {
  return 2 ** Math.max(1, Math.floor(Math.log2(MOST_POINTS / parts)));
}

/**
 * A value for each part as points of a line: in the middle of its part, with the ends drawn out to the edges. Mermaid
 * spreads points evenly over the axis, so there are two for each part, or many where `isDense`.
 */
export function throughMiddles(values: readonly number[], isDense = false): number[] {
  const each = isDense ? density(values.length) : 2;
  let before: number | undefined;
  const rising = values.flatMap((value) => {
    const [from, count] = before === undefined ? [value, each / 2] : [before, each];
    before = value;
    return Array.from({ length: count }, (_, step) => from + ((value - from) * step) / each);
  });
  return [...rising, ...values.slice(-1).flatMap((last) => Array.from({ length: each / 2 + 1 }, () => last))];
}

/** What holds at evenly spread times of the frame, ends included, dense enough that a change looks like a step. */
export function throughout({ start, width, parts }: Frame, valueAt: (at: number) => number): number[] {
  const each = density(parts);
  const stride = (width * MINUTE) / each;
  return Array.from({ length: parts * each + 1 }, (_, index) => valueAt(start + index * stride));
}

/** The last of `entries`, which are in the order of time, that had come by then. */
export function lastBy<T extends { readonly at: number }>(entries: readonly T[], at: number): T | undefined {
  return entries.findLast((entry) => entry.at <= at);
}

/** What one version did in all parts together. */
export function total(parts: readonly Counts[]): Counts {
  return parts.reduce(addCounts, NO_TRAFFIC);
}
