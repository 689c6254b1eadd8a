import { MINUTE, SECOND, ceilMinute, floorMinute } from '../../model/time.ts';
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

/** One confirmed change of the canary's weight (percent; 0 before the first). Epoch ms. */
export interface WeightChange {
  readonly weight: number;
  /** When the write was sent: from then on the traffic may be split anew. */
  readonly begunAt: number;
  /** When it was confirmed. */
  readonly doneAt: number;
}

/** When what happened. Epoch ms. */
export interface Window {
  readonly shiftedAt: number;
  /** When the write that gave the canary all traffic was sent and confirmed; undefined before. */
  readonly promotion: Pick<WeightChange, 'begunAt' | 'doneAt'> | undefined;
  readonly now: number;
  readonly finalAge: number;
  /** Every change up to now, in order. */
  readonly changes: readonly WeightChange[];
}

/** The minutes that a judgement rests on. */
export interface Observation {
  /** Every minute since the first shift in which both versions had traffic to serve, silent ones included. */
  readonly concurrent: readonly Minute[];
  readonly finalMinutes: number;
  /** Every whole minute in which the canary had all traffic. */
  readonly alone: readonly Minute[];
  readonly finalAlone: number;
}

/** The minutes to judge (epoch ms), or undefined while none is old enough. */
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
  const minutes = span === undefined ? [] : minutesOf(traffic, span).map((minute) => withPeak(minute, window.changes));
  const { begunAt, doneAt } = window.promotion ?? { begunAt: Infinity, doneAt: Infinity };
  const concurrent = minutes.filter(({ start }) => start + MINUTE <= begunAt);
  const alone = minutes
    .filter(({ start }) => start >= ceilMinute(doneAt))
    .map((minute) => ({
      ...minute,
      canary: traffic.canary.get(minute.start) ?? countsAt(traffic.alias, minute.start),
    }));
  return {
    concurrent,
    finalMinutes: finalOf(concurrent, window),
    alone,
    finalAlone: finalOf(alone, window),
  };
}

/** How long a new weight may take to reach every router; AWS does not say. */
export const PROPAGATION = 10 * SECOND;

/**
 * Marks a minute within which the weight changed. Its counts mix two splits: an incident in one half of it strikes the
 * versions unevenly although neither is worse.
 */
export function withPeak(minute: Minute, changes: readonly WeightChange[]): Minute {
  const end = minute.start + MINUTE;
  const within = changes.flatMap(({ weight, begunAt, doneAt }, index) => {
    const isWithin = begunAt < end && doneAt + PROPAGATION > minute.start;
    return isWithin ? [weight, changes[index - 1]?.weight ?? 0] : [];
  });
  return within.length === 0 ? minute : { ...minute, peakWeight: Math.max(...within) };
}

/**
 * More errors than invocations are a contradiction that the next reading resolves: what was published of the minute is
 * incomplete. It is not final before this age, however short `metric-delay` is; then it is taken as it is.
 */
const CONTRADICTION_LIMIT = 15 * MINUTE;

/** How many minutes, from the first on, are final. */
function finalOf(minutes: readonly Minute[], { now, finalAge }: Window): number {
  const open = minutes.findIndex((minute) => {
    const age = now - minute.start - MINUTE;
    return age < finalAge || (isContradictory(minute) && age < CONTRADICTION_LIMIT);
  });
  return open === -1 ? minutes.length : open;
}

function isContradictory({ baseline, canary }: Minute): boolean {
  return baseline.errors > baseline.invocations || canary.errors > canary.invocations;
}

/** How far back the baseline's past is read, ms. */
const PAST = 60 * MINUTE;

/** The hour before `now`: what the baseline did before it had company. Epoch ms. */
export function pastSpan(now: number): { start: number; end: number } {
  const end = floorMinute(now);
  return { start: end - PAST, end };
}

/**
 * What the baseline did per minute before the shift, silent minutes included, from the first with traffic on. Whether
 * Lambda names the version in the metrics of an alias that is not weighted is not documented; where it does not, all of
 * the alias' traffic was the baseline's.
 */
export function pastOf(traffic: AliasTraffic, { end }: { end: number }): readonly Counts[] {
  const series = traffic.baseline.size > 0 ? traffic.baseline : traffic.alias;
  const first = Math.min(end, ...series.keys());
  return Array.from({ length: (end - first) / MINUTE }, (_, index) => countsAt(series, first + index * MINUTE));
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
