import { statisticOf } from './statistics.ts';
import type { MetricSource } from './metric-source.ts';
import type { StatQuery } from './queries.ts';
import type { Samples } from './statistics.ts';

/** A time series: start of a period (epoch ms) → value. */
export interface TimeSeries {
  readonly label: string;
  /** Ms. */
  readonly period: number;
  readonly points: ReadonlyMap<number, number>;
}

/** What is asked for and when: epoch ms, `to` exclusive. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

/** A metric's statistic by period. Periods begin at multiples of their length; the statistic is one of all its minutes. */
export function readSeries(source: MetricSource, query: StatQuery & { label: string }, window: Window): TimeSeries {
  const period = query.period * 1000;
  const from = Math.floor(window.from / period) * period;
  const groups = new Map<number, Samples[]>();
  for (const [minute, samples] of source.read(query.metric, { ...window, from })) {
    const start = Math.floor(minute / period) * period;
    groups.set(start, [...(groups.get(start) ?? []), samples]);
  }
  const points = new Map<number, number>();
  for (const [start, minutes] of groups) {
    const [first = []] = minutes;
    const value = statisticOf(query.stat, minutes.length === 1 ? first : minutes.flat());
    if (value !== undefined) points.set(start, value);
  }
  return { label: query.label, period, points };
}
