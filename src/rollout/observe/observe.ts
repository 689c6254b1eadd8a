import { MINUTE, ceilMinute, floorMinute } from '../../model/time.ts';
import { type Counts, type Minute, NO_TRAFFIC } from '../../model/traffic.ts';
import type { AliasTraffic, MinuteSeries } from '../ports.ts';

/**
 * Age at which a minute may be held against the canary: most of its points are there, and both versions' are equally late.
 * A promotion waits longer, because slow failures arrive last.
 */
const RIPE_AGE = MINUTE;

/** What a function's timeout may add to the age of a final minute. Functions that run for longer fail later than a rollout can wait. */
const TIMEOUT_CAP = 5 * MINUTE;

/**
 * Age (ms, from its end) at which a minute is final: `metric-delay`, or the time after which an invocation that began in
 * it has ended and been counted. A metric's timestamp is the start of the invocation (Lambda developer guide).
 */
export function finalAgeFor({ metricDelay, timeout }: { metricDelay: number; timeout: number }): number {
  return Math.max(metricDelay, Math.min(timeout, TIMEOUT_CAP) + MINUTE);
}

/** When what happened. Epoch ms. */
export interface Window {
  readonly shiftedAt: number;
  /** When the canary got all traffic; undefined before. */
  readonly promotedAt: number | undefined;
  readonly now: number;
  readonly finalAge: number;
}

/** The minutes that a judgement rests on. */
interface Observation {
  /** Every minute since the first shift in which both versions had traffic to serve, silent ones included. */
  readonly concurrent: readonly Minute[];
  readonly finalMinutes: number;
  /** Every whole minute in which the canary had all traffic. */
  readonly alone: readonly Minute[];
  readonly finalAlone: number;
}

/** The span to read (epoch ms), or undefined while no minute is old enough to be judged. */
export function spanOf({ shiftedAt, now }: Window): { start: number; end: number } | undefined {
  const start = floorMinute(shiftedAt);
  const end = floorMinute(now - RIPE_AGE);
  return end > start ? { start, end } : undefined;
}

/**
 * Puts what was read into minutes. The minute of the promotion is left out: the split changes in it from the canary's
 * slice to everything, and an incident in one half of it would look like a difference between the versions.
 */
export function assemble(traffic: AliasTraffic, window: Window): Observation {
  const span = spanOf(window);
  const minutes = span === undefined ? [] : minutesOf(traffic, span);
  const promotedAt = window.promotedAt ?? Infinity;
  const concurrent = minutes.filter(({ start }) => start + MINUTE <= promotedAt);
  const alone = minutes
    .filter(({ start }) => start >= ceilMinute(promotedAt))
    .map((minute) => ({
      ...minute,
      canary: traffic.canary.get(minute.start) ?? countsAt(traffic.alias, minute.start),
    }));
  const isFinal = ({ start }: Minute): boolean => start + MINUTE + window.finalAge <= window.now;
  return {
    concurrent,
    finalMinutes: concurrent.filter(isFinal).length,
    alone,
    finalAlone: alone.filter(isFinal).length,
  };
}

/** How far back the baseline's past is read, ms. */
const PAST = 60 * MINUTE;

/** The hour before `now`: what the baseline did before it had company. Epoch ms. */
export function pastSpan(now: number): { start: number; end: number } {
  const end = floorMinute(now);
  return { start: end - PAST, end };
}

/**
 * What the baseline did per minute before the shift. Whether Lambda names the version in the metrics of an alias that is
 * not weighted is not documented; where it does not, all of the alias' traffic was the baseline's.
 */
export function pastOf(traffic: AliasTraffic): readonly Counts[] {
  const series = traffic.baseline.size > 0 ? traffic.baseline : traffic.alias;
  return [...series.values()];
}

function minutesOf(traffic: AliasTraffic, { start, end }: { start: number; end: number }): Minute[] {
  return Array.from({ length: (end - start) / MINUTE }, (_, index) => {
    const at = start + index * MINUTE;
    return { start: at, baseline: countsAt(traffic.baseline, at), canary: countsAt(traffic.canary, at) };
  });
}

function countsAt(series: MinuteSeries, start: number): Counts {
  return series.get(start) ?? NO_TRAFFIC;
}
