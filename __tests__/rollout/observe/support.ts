import { MINUTE } from '../../../src/model/time.ts';
import type { Counts, Minute } from '../../../src/model/traffic.ts';
import type { WeightChange, Window } from '../../../src/rollout/observe/observe.ts';
import type { AliasTraffic, MinuteSeries, SlowCount } from '../../../src/rollout/ports.ts';

/** A time so many minutes after the first shift; epoch ms. */
export const at = (minutes: number): number => 1000 * MINUTE + minutes * MINUTE;

export function aWindow(change: Partial<Window> = {}): Window {
  return { shiftedAt: at(0), promotion: undefined, now: at(10), finalAge: 2 * MINUTE, changes: [], ...change };
}

/** A change of the weight that was sent and confirmed at these minutes. */
export function change(weight: number, begun: number, done: number = begun): WeightChange {
  return { weight, begunAt: at(begun), doneAt: at(done) };
}

/** Minute → invocations (errors: none) or both. */
export function series(counts: Record<number, number | Counts>): MinuteSeries {
  return byMinute(counts, (count) => (typeof count === 'number' ? { invocations: count, errors: 0 } : count));
}

/** Minute → value. */
export function values(numbers: Record<number, number>): ReadonlyMap<number, number> {
  return byMinute(numbers, (value) => value);
}

/** Minute → [samples, least, most]. */
export function slow(counts: Record<number, readonly [number, number, number]>): ReadonlyMap<number, SlowCount> {
  return byMinute(counts, ([samples, least, most]) => ({ samples, least, most }));
}

function byMinute<T, U>(record: Record<number, T>, map: (value: T) => U): Map<number, U> {
  return new Map(Object.entries(record).map(([minute, value]): [number, U] => [at(Number(minute)), map(value)]));
}

export function traffic(given: Partial<AliasTraffic> = {}): AliasTraffic {
  return {
    baseline: new Map(),
    canary: new Map(),
    alias: new Map(),
    throttles: { baseline: new Map(), canary: new Map() },
    spillOver: { baseline: new Map(), canary: new Map() },
    slow: { baseline: new Map(), canary: new Map() },
    counted: new Map(),
    limited: new Map(),
    ...given,
  };
}

/** Minutes 0, 1, … with so many invocations of the baseline and the canary. */
export function minutesOf(invocations: readonly (readonly [number, number])[]): Minute[] {
  return invocations.map(([baseline, canary], index) => ({
    start: at(index),
    baseline: { invocations: baseline, errors: 0 },
    canary: { invocations: canary, errors: 0 },
  }));
}
