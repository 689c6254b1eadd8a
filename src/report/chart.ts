import { formatDuration, MINUTE } from '../model/time.ts';
import { addCounts, errorRate, totalOf } from '../model/traffic.ts';
import type { Counts, Minute } from '../model/traffic.ts';
import { escapeLabel } from './escape.ts';

/** Points that a line can have and still be read at the width of a job summary. */
const MOST_POINTS = 60;

/** Minutes that one point may stand for; beyond, whole days. */
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440];

/** One line of the chart. `colour` is a Mermaid colour, `swatch` the square that stands for it in the legend. */
const LOOK = {
  baseline: { colour: '#3b88c3', swatch: '🟦' },
  canary: { colour: '#f4900c', swatch: '🟧' },
} as const;

const SIDES: readonly Side[] = ['baseline', 'canary'];

/** Large enough to be read when the chart is shrunk to a telephone. */
const AXIS = { labelFontSize: 16, titleFontSize: 16 };

/** Up to here every point has its own label; beyond, the axis is a scale. */
const MOST_LABELS = 12;

/** Which of the two versions. */
export type Side = keyof typeof LOOK;

/** A Mermaid diagram (without its fence) and the words that it needs beside it. */
export interface Chart {
  readonly diagram: string;
  /** Which versions have a line, in order, each with its legend square. */
  readonly lines: readonly { readonly side: Side; readonly swatch: string }[];
  /** Versions without any traffic, which have no line. */
  readonly silent: readonly Side[];
  /** How long one point is, ms. */
  readonly width: number;
  /** Somewhere a version without traffic keeps its last rate. */
  readonly carried: boolean;
}

type Bucket = Readonly<Record<Side, Counts>>;

function widthFor(span: number): number {
  return WIDTHS.find((width) => span / width <= MOST_POINTS) ?? Math.ceil(span / MOST_POINTS / 1440) * 1440;
}

/** The minutes in equal spans from the first on, the silent ones included. `width` is in minutes. */
function inBuckets(minutes: readonly Minute[]): { width: number; buckets: Bucket[] } {
  const starts = minutes.map(({ start }) => start);
  const first = starts.reduce((a, b) => Math.min(a, b));
  const span = Math.round((starts.reduce((a, b) => Math.max(a, b)) - first) / MINUTE) + 1;
  const width = widthFor(span);
  const indexOf = ({ start }: Minute): number => Math.floor(Math.round((start - first) / MINUTE) / width);
  const buckets = Array.from({ length: Math.ceil(span / width) }, (_, index) => {
    const part = minutes.filter((minute) => indexOf(minute) === index);
    return { baseline: totalOf(part, 'baseline'), canary: totalOf(part, 'canary') };
  });
  return { width, buckets };
}

/** Error rates in percent; a span without traffic keeps the rate before it, or at the start the overall one. */
function percents(counts: readonly Counts[]): number[] {
  let last = errorRate(counts.reduce(addCounts));
  return counts.map((span) => {
    last = span.invocations > 0 ? errorRate(span) : last;
    return Math.min(100, last * 100);
  });
}

/**
 * A round percentage that leaves room above `highest`, among those whose scale Mermaid divides into at most 11 ticks; 1 %
 * when there were no errors, and never so small that it prints as 0.
 */
function ceiling(highest: number): number {
  if (highest === 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 1.5, 2, 3.5, 5, 8, 10].find((factor) => factor * power >= highest * 1.05) ?? 20;
  return Math.min(100, Math.max(0.01, step * power));
}

/** Plain decimals: Mermaid knows no exponents. */
function decimal(value: number): string {
  return String(Number(value.toFixed(4)));
}

/** A lone point has no length; drawn twice it is a line across its span. */
function drawn(values: readonly number[]): string {
  return `  line [${(values.length === 1 ? [...values, ...values] : values).map(decimal).join(', ')}]`;
}

/** Labels of their own for a few points, since a scale would put fractions of a minute between them. */
function timeAxis(points: number, width: number): string {
  if (points > MOST_LABELS) {
    return `0 --> ${(points - 1) * width}`;
  }
  const labels = Array.from({ length: Math.max(2, points) }, (_, index) => escapeLabel(String(index * width)));
  return `[${labels.join(', ')}]`;
}

function directive(lines: readonly Side[]): string {
  const palette = lines.map((side) => LOOK[side].colour).join(', ');
  const init = {
    xyChart: { width: 720, height: 320, titleFontSize: 16, xAxis: AXIS, yAxis: AXIS },
    themeVariables: { xyChart: { backgroundColor: 'transparent', plotColorPalette: palette } },
  };
  return `%%{init: ${JSON.stringify(init)}}%%`;
}

/**
 * The error rates of both versions over time as a Mermaid xychart. It stays legible and short however long the rollout
 * was: minutes are put together until there are at most 60 points. The colours can be told apart on light and dark
 * ground and by the colour-blind; text colours are the theme's. A version without any traffic has no line; without any
 * line there is no chart.
 */
export function renderChart(minutes: readonly Minute[], since = 'the first shift'): Chart | undefined {
  const served = (side: Side): boolean => minutes.some((minute) => minute[side].invocations > 0);
  const sides = SIDES.filter(served);
  if (sides.length === 0) {
    return undefined;
  }
  const { width, buckets } = inBuckets(minutes);
  const rates = sides.map((side) => percents(buckets.map((bucket) => bucket[side])));
  return {
    diagram: [
      directive(sides),
      'xychart-beta',
      `  title ${escapeLabel('errors in % of invocations')}`,
      `  x-axis ${escapeLabel(`minutes since ${since}`)} ${timeAxis(buckets.length, width)}`,
      `  y-axis 0 --> ${decimal(ceiling(Math.max(...rates.flat())))}`,
      ...rates.map(drawn),
    ].join('\n'),
    lines: sides.map((side) => ({ side, swatch: LOOK[side].swatch })),
    silent: SIDES.filter((side) => !served(side)),
    width: width * MINUTE,
    carried: sides.some((side) => buckets.some((bucket) => bucket[side].invocations === 0)),
  };
}

/** What one point stands for, in the words of the inputs: `1m`, `5m`. */
export function pointLength(chart: Chart): string {
  return formatDuration(chart.width);
}
