import { escapeLabel } from '../escape.ts';
import { clockTime } from '../clock-time.ts';
import type { Frame } from './frame.ts';

/** A colour that can be told from the others on light and dark ground and by the colour-blind, and the square for it. */
interface Colour {
  readonly code: string;
  readonly swatch: string;
}

/** What lines stand for. The codes are those of the squares, as most systems draw them. */
export const COLOURS = {
  baseline: { code: '#3b88c3', swatch: '🟦' },
  canary: { code: '#f4900c', swatch: '🟧' },
  tolerated: { code: '#8b949e', swatch: '⬜' },
  worse: { code: '#dd2e44', swatch: '🟥' },
  suspected: { code: '#9b7fd1', swatch: '🟪' },
  proven: { code: '#67a346', swatch: '🟩' },
} as const satisfies Record<string, Colour>;

/** How a line looks. `area` and `band` are filled down to 0; where style is not allowed they are outlines. */
type Look = 'line' | 'limit' | 'area' | 'band';

export interface Line {
  readonly of: keyof typeof COLOURS;
  readonly look: Look;
  /** Evenly spread over the frame, ends included; within the axis. */
  readonly values: readonly number[];
}

/** A diagram in the making. */
export interface Plot {
  readonly title: string;
  readonly frame: Frame;
  /** Upper end of the axis, which begins at 0. */
  readonly top: number;
  /** px, of 560 in width. */
  readonly height: number;
  readonly lines: readonly Line[];
}

/** Small enough for a telephone, where the diagram is shrunk to half. */
const WIDTH = 560;
const AXIS = { labelFontSize: 15, titleFontSize: 15 };

/** Axis in minutes up to here, then in hours. */
const MOST_MINUTES = 600;

/** Colours with two digits more are translucent. Every rule ends with its colour: Mermaid takes `#…;` for an entity. */
const STYLES: Readonly<Record<Look, (code: string) => string>> = {
  line: () => 'stroke-width:2.5',
  limit: () => 'stroke-width:1.5;stroke-dasharray:6 4',
  area: (code) => `stroke-width:2;fill:${code}38`,
  band: (code) => `stroke:none;fill:${code}40`,
};

/** Every other label of the scale goes where there are many: Mermaid always makes some ten. */
const SPARSE = '.left-axis .label text:nth-last-child(even){display:none}';

function directive({ lines, height }: Plot): string {
  const palette = lines.map(({ of, look }) => `${COLOURS[of].code}${look === 'limit' ? 'b0' : ''}`).join(', ');
  const css = lines.map(({ of, look }, index) => `.line-plot-${index} path{${STYLES[look](COLOURS[of].code)}}`);
  const init = {
    xyChart: { width: WIDTH, height, titleFontSize: 16, titlePadding: 6, xAxis: AXIS, yAxis: AXIS },
    themeVariables: { xyChart: { backgroundColor: 'transparent', plotColorPalette: palette } },
    themeCSS: [...css, SPARSE].join(''),
  };
  return `%%{init: ${JSON.stringify(init)}}%%`;
}

/** Plain decimals: Mermaid knows no exponents. */
function decimal(value: number): string {
  return String(Number(value.toFixed(4)));
}

/** What is filled begins and ends at 0, or its outline would close through the diagram. */
function drawn({ look, values }: Line): string {
  const isFilled = look === 'area' || look === 'band';
  const points = isFilled ? [0, ...values.slice(1, -1), 0] : values;
  return `  line [${points.map(decimal).join(', ')}]`;
}

function timeAxis({ start, width, parts }: Frame): string {
  const minutes = width * parts;
  const [unit, span] = minutes <= MOST_MINUTES ? ['minutes', minutes] : ['hours', minutes / 60];
  return `${escapeLabel(`${unit} since ${clockTime(start)} UTC`)} 0 --> ${decimal(span)}`;
}

/**
 * A Mermaid xychart, without its fence. It needs nothing that Mermaid 11.4 lacks, and where GitHub should not take the
 * style (`themeCSS`) it is plainer and still true: colours, values and scales do not depend on it.
 */
export function xychart(plot: Plot): string {
  return [
    directive(plot),
    'xychart-beta',
    `  title ${escapeLabel(plot.title)}`,
    `  x-axis ${timeAxis(plot.frame)}`,
    `  y-axis 0 --> ${decimal(plot.top)}`,
    ...plot.lines.map(drawn),
  ].join('\n');
}

/** Ends of a scale that Mermaid divides into few and round steps; 10 is one, too. */
const TOPS = [1, 1.5, 2, 3.5, 5, 7.5];

/** A round number with room above `highest`, at least `least` (which is not 0). */
export function roundAbove(highest: number, least: number): number {
  const wanted = Math.max(highest * 1.05, least);
  const power = 10 ** Math.floor(Math.log10(wanted) + 1e-9);
  const factor = Math.min(10, ...TOPS.filter((top) => top * power >= wanted * (1 - 1e-9)));
  return Number((factor * power).toPrecision(3));
}
