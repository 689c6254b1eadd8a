import { errorRate } from '../../model/traffic.ts';
import type { Counts, Minute } from '../../model/traffic.ts';
import { type Frame, inParts, throughMiddles, throughout, total } from './frame.ts';
import { type Line, roundAbove, xychart } from './xychart.ts';

/** Which of the two versions. */
export type Side = 'baseline' | 'canary';

const SIDES: readonly Side[] = ['baseline', 'canary'];

/** What is compared, minute by minute. Fractions. */
export interface Compared {
  readonly title: string;
  readonly frame: Frame;
  readonly minutes: readonly Minute[];
  /** How far above the baseline is tolerated; undefined: not known. */
  readonly tolerance: number | undefined;
  /** A rate that must not be exceeded; undefined: none. */
  readonly ceiling: number | undefined;
}

/** A Mermaid diagram (without its fence) and what the words beside it have to know. */
export interface RatesChart {
  readonly diagram: string;
  /** Versions with a line, and without, for lack of any traffic. */
  readonly lines: readonly Side[];
  readonly silent: readonly Side[];
  /** Somewhere a version had no traffic, and its line is one that was not measured. */
  readonly carried: boolean;
  readonly hasBand: boolean;
  /** undefined: there is no ceiling. */
  readonly hasCeiling: boolean | undefined;
}

/**
 * Rates in percent. A part without traffic keeps the rate before it; before the first and after the last traffic it is the
 * overall rate, which is also what a canary that serves alone is compared with.
 */
function percents(parts: readonly Counts[]): number[] {
  const overall = errorRate(total(parts));
  const end = parts.findLastIndex(({ invocations }) => invocations > 0);
  let last = overall;
  return parts.map((part, index) => {
    last = part.invocations > 0 ? errorRate(part) : last;
    return Math.min(100, (index > end ? overall : last) * 100);
  });
}

/** Above this multiple of the lines a ceiling would press them flat. */
const CEILING_IN_SIGHT = 4;

interface Drawn {
  readonly sides: readonly { readonly side: Side; readonly percents: readonly number[] }[];
  readonly band: readonly number[] | undefined;
}

function bandOf({ tolerance }: Compared, baseline: readonly number[] | undefined): readonly number[] | undefined {
  if (tolerance === undefined || baseline === undefined) return undefined;
  return baseline.map((percent) => Math.min(100, percent + tolerance * 100));
}

function linesOf({ sides, band }: Drawn, frame: Frame, ceiling: number | undefined): Line[] {
  const flat = (value: number): number[] => throughout(frame, () => value);
  return [
    ...(band === undefined ? [] : [{ of: 'tolerated', look: 'band', values: throughMiddles(band, true) } as const]),
    ...sides.map(({ side, percents: values }) => ({ of: side, look: 'line', values: throughMiddles(values) }) as const),
    ...(ceiling === undefined ? [] : [{ of: 'worse', look: 'limit', values: flat(ceiling) } as const]),
  ];
}

/**
 * A share by which both versions are compared, over time, with the band that is tolerated above the baseline. It stays
 * legible and short however long the rollout was. A version without any traffic has no line; without any line there is no
 * chart.
 */
export function ratesChart(compared: Compared): RatesChart | undefined {
  const parts = inParts(compared.frame, compared.minutes);
  const served = (side: Side): boolean => total(parts.map((part) => part[side])).invocations > 0;
  const sides = SIDES.filter(served).map((side) => ({ side, percents: percents(parts.map((part) => part[side])) }));
  if (sides.length === 0) return undefined;
  const band = bandOf(compared, sides.find(({ side }) => side === 'baseline')?.percents);
  const highest = Math.max(...(band ?? []), ...sides.flatMap((side) => side.percents));
  const limit = compared.ceiling === undefined ? undefined : compared.ceiling * 100;
  const isInSight = limit === undefined ? undefined : limit <= highest * CEILING_IN_SIGHT;
  const shown = isInSight === true ? limit : undefined;
  const isFlat = sides.every((side) => side.percents.every((percent) => percent === 0));
  // Without any error the scale is one of 1 % at least, and never so fine that it prints as 0.
  const top = Math.min(100, roundAbove(Math.max(highest, shown ?? 0), isFlat ? 1 : 0.01));
  return {
    diagram: xychart({ ...compared, top, height: 260, lines: linesOf({ sides, band }, compared.frame, shown) }),
    lines: sides.map(({ side }) => side),
    silent: SIDES.filter((side) => !served(side)),
    carried: sides.some(({ side }) => parts.some((part) => part[side].invocations === 0)),
    hasBand: band !== undefined,
    hasCeiling: isInSight,
  };
}
