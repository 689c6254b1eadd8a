import type { TimeSeries } from './series.ts';

/** What an expression is worth: a number, a time series, or an array of them. */
export type Value = number | TimeSeries | readonly TimeSeries[];

/** Why an expression has no value, in a sentence. */
export class MathProblem extends Error {
  override readonly name = 'MathProblem';
}

/** What an expression may refer to. */
export interface MathContext {
  /** The value of another query. */
  readonly named: (id: string) => Value;
  /** The request's metrics whose id contains `part`. */
  readonly metrics: (part: string) => readonly TimeSeries[];
  /** `period` in seconds. */
  readonly search: (text: string, query: { stat: string; period: number }) => readonly TimeSeries[];
  /** Epoch ms; `to` is exclusive and not in the future. */
  readonly from: number;
  readonly to: number;
}

export function isSeries(value: Value): value is TimeSeries {
  return typeof value === 'object' && 'points' in value;
}

/** The series of a value; none for a number. */
export function seriesOf(value: Value): readonly TimeSeries[] {
  if (typeof value === 'number') return [];
  return isSeries(value) ? [value] : value;
}

/** Applies `change` to each point's value. */
export function mapSeries(series: TimeSeries, change: (value: number) => number): TimeSeries {
  return { ...series, points: new Map(Array.from(series.points, ([at, value]) => [at, change(value)])) };
}

/** Two series, where both have points. */
function combineSeries(a: TimeSeries, b: TimeSeries, join: (a: number, b: number) => number): TimeSeries {
  const points = new Map<number, number>();
  for (const [at, value] of a.points) {
    const other = b.points.get(at);
    if (other !== undefined) points.set(at, join(value, other));
  }
  return { ...a, points };
}

/** An operator, point by point; with an array, series by series. */
export function combine(a: Value, b: Value, join: (a: number, b: number) => number): Value {
  if (typeof a === 'number') {
    if (typeof b === 'number') return join(a, b);
    const change = (series: TimeSeries): TimeSeries => mapSeries(series, (value) => join(a, value));
    return isSeries(b) ? change(b) : b.map(change);
  }
  if (isSeries(a)) {
    if (typeof b === 'number') return mapSeries(a, (value) => join(value, b));
    return isSeries(b) ? combineSeries(a, b, join) : b.map((series) => combineSeries(a, series, join));
  }
  if (typeof b === 'number') return a.map((series) => mapSeries(series, (value) => join(value, b)));
  if (isSeries(b)) return a.map((series) => combineSeries(series, b, join));
  throw new MathProblem('An operator between two arrays is not supported by the simulator');
}
