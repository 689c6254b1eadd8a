import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE, SECOND } from '../../../src/model/time.ts';
import type { Counts } from '../../../src/model/traffic.ts';
import { judge } from '../../../src/rollout/judge/judge.ts';
import { type Window, assemble, finalAgeFor, pastOf, pastSpan, spanOf } from '../../../src/rollout/observe/observe.ts';
import type { AliasTraffic, MinuteSeries } from '../../../src/rollout/ports.ts';

const at = (minutes: number): number => 1000 * MINUTE + minutes * MINUTE;

function aWindow(change: Partial<Window> = {}): Window {
  return { shiftedAt: at(0), promotedAt: undefined, now: at(10), finalAge: 2 * MINUTE, ...change };
}

/** Minute → invocations (errors: none) or both. */
function series(counts: Record<number, number | Counts>): MinuteSeries {
  const entries = Object.entries(counts).map(([minute, count]): [number, Counts] => [
    at(Number(minute)),
    typeof count === 'number' ? { invocations: count, errors: 0 } : count,
  ]);
  return new Map(entries);
}

function traffic(change: Partial<AliasTraffic> = {}): AliasTraffic {
  return { baseline: new Map(), canary: new Map(), alias: new Map(), ...change };
}

test.each([
  { metricDelay: 2 * MINUTE, timeout: 3 * SECOND, age: 2 * MINUTE },
  { metricDelay: 2 * MINUTE, timeout: 90 * SECOND, age: 150 * SECOND },
  { metricDelay: 2 * MINUTE, timeout: 15 * MINUTE, age: 6 * MINUTE },
  { metricDelay: 10 * MINUTE, timeout: 15 * MINUTE, age: 10 * MINUTE },
  { metricDelay: 0, timeout: SECOND, age: 61 * SECOND },
])('a minute is final after $age ms: delay $metricDelay, timeout $timeout', ({ metricDelay, timeout, age }) => {
  expect(finalAgeFor({ metricDelay, timeout })).toBe(age);
});

describe('spanOf', () => {
  test.each([
    ['nothing is a minute old', 0.5, 2.4, 0, 1],
    ['the first minute has just ripened', 0.5, 2, 0, 1],
    ['ten minutes in', 0.9, 10, 0, 9],
    ['just before the tenth is ripe', 0.9, 10.99, 0, 9],
  ])('%s', (_, shifted, now, start, end) => {
    expect(spanOf(aWindow({ shiftedAt: at(shifted), now: at(now) }))).toEqual({ start: at(start), end: at(end) });
  });

  test.each([
    [0, 0],
    [0, 1.99],
    [0.9, 1.99],
    [5, 5.5],
  ])('is nothing while no minute is ripe: shifted %d, now %d', (shifted, now) => {
    const window = aWindow({ shiftedAt: at(shifted), now: at(now) });
    expect(spanOf(window)).toBeUndefined();
    const found = assemble(traffic({ canary: series({ 0: 5, 5: 5 }) }), window);
    expect(found).toEqual({ concurrent: [], finalMinutes: 0, alone: [], finalAlone: 0 });
  });

  test('at the very beginning of time is nothing', () => {
    expect(spanOf({ shiftedAt: 0, promotedAt: undefined, now: 0, finalAge: 0 })).toBeUndefined();
  });
});

describe('assemble', () => {
  test('puts both versions beside each other, silent minutes included', () => {
    const found = assemble(
      traffic({ baseline: series({ 0: 90, 2: 80 }), canary: series({ 0: 10, 3: { invocations: 4, errors: 1 } }) }),
      aWindow({ now: at(6) }),
    );
    expect(
      found.concurrent.map(({ start, baseline, canary }) => [
        start - at(0),
        baseline.invocations,
        canary.invocations,
        canary.errors,
      ]),
    ).toEqual([
      [0, 90, 10, 0],
      [MINUTE, 0, 0, 0],
      [2 * MINUTE, 80, 0, 0],
      [3 * MINUTE, 0, 4, 1],
      [4 * MINUTE, 0, 0, 0],
    ]);
    expect(found.alone).toEqual([]);
  });

  test.each([
    { now: 2, final: 0 },
    { now: 2.99, final: 0 },
    { now: 3, final: 1 },
    { now: 10, final: 8 },
  ])('at $now minutes $final of them are final', ({ now, final }) => {
    expect(assemble(traffic(), aWindow({ now: at(now) }))).toMatchObject({ finalMinutes: final, finalAlone: 0 });
  });

  test.each([
    { promoted: 4, concurrent: [0, 1, 2, 3], alone: [4, 5, 6, 7, 8] },
    { promoted: 4.01, concurrent: [0, 1, 2, 3], alone: [5, 6, 7, 8] },
    { promoted: 4.99, concurrent: [0, 1, 2, 3], alone: [5, 6, 7, 8] },
    { promoted: 8.5, concurrent: [0, 1, 2, 3, 4, 5, 6, 7], alone: [] },
    { promoted: 9.5, concurrent: [0, 1, 2, 3, 4, 5, 6, 7, 8], alone: [] },
    { promoted: 0.2, concurrent: [], alone: [1, 2, 3, 4, 5, 6, 7, 8] },
  ])('promoted at $promoted', ({ promoted, concurrent, alone }) => {
    const found = assemble(traffic(), aWindow({ promotedAt: at(promoted) }));
    const startsOf = (minutes: readonly { start: number }[]): number[] =>
      minutes.map(({ start }) => (start - at(0)) / MINUTE);
    expect([startsOf(found.concurrent), startsOf(found.alone)]).toEqual([concurrent, alone]);
    expect(found.finalAlone).toBe(alone.filter((minute) => minute < 8).length);
  });

  test('counts all of the alias for the canary where it is alone and not named', () => {
    const found = assemble(
      traffic({ canary: series({ 1: 10, 5: 70 }), alias: series({ 1: 100, 4: 80, 5: 99 }) }),
      aWindow({ promotedAt: at(3) }),
    );
    expect(found.concurrent.map(({ canary }) => canary.invocations)).toEqual([0, 10, 0]);
    expect(found.alone.map(({ canary }) => canary.invocations)).toEqual([0, 80, 70, 0, 0, 0]);
  });
});

describe('the past', () => {
  test('is the hour of whole minutes before', () => {
    expect(pastSpan(at(7.5))).toEqual({ start: at(-53), end: at(7) });
  });

  test.each([
    ['the baseline by name', { baseline: series({ 0: 5 }), alias: series({ 0: 9, 1: 9 }) }, [5]],
    ['all of the alias where it is not named', { alias: series({ 0: 9, 1: 8 }) }, [9, 8]],
    ['nothing', {}, []],
  ])('is %s', (_, found, invocations) => {
    expect(pastOf(traffic(found)).map((counts) => counts.invocations)).toEqual(invocations);
  });
});

const minuteCounts = fc.dictionary(
  fc.integer({ min: 0, max: 40 }).map(String),
  fc.record({ invocations: fc.nat(500), errors: fc.nat(20) }),
);
const windows = fc
  .record({
    shiftedAt: fc.nat(20 * 60).map((second) => at(0) + second * SECOND),
    later: fc.nat(30 * 60),
    promoted: fc.option(fc.nat(20 * 60), { nil: undefined }),
    finalAge: fc.integer({ min: 60, max: 360 }).map((seconds) => seconds * SECOND),
  })
  .map(({ shiftedAt, later, promoted, finalAge }): Window => ({
    shiftedAt,
    now: shiftedAt + later * SECOND,
    promotedAt:
      promoted === undefined ? undefined : Math.min(shiftedAt + promoted * SECOND, shiftedAt + later * SECOND),
    finalAge,
  }));

describe('whatever was read', () => {
  test('minutes are without gaps, ripe, and final ones come first', () => {
    fc.assert(
      fc.property(minuteCounts, minuteCounts, windows, (baseline, canary, window) => {
        const found = assemble(traffic({ baseline: series(baseline), canary: series(canary) }), window);
        const all = [...found.concurrent, ...found.alone];
        const gaps = all.slice(1).filter((minute, index) => minute.start !== (all[index]?.start ?? 0) + MINUTE);
        // Only the minute of the promotion may be missing.
        expect(gaps.length).toBeLessThanOrEqual(window.promotedAt === undefined ? 0 : 1);
        expect(all.every(({ start }) => start % MINUTE === 0 && start + 2 * MINUTE <= window.now)).toBe(true);
        const isFinal = ({ start }: { start: number }): boolean => window.now - start - MINUTE >= window.finalAge;
        expect(found.concurrent.map(isFinal)).toEqual(found.concurrent.map((_, index) => index < found.finalMinutes));
        expect(found.alone.map(isFinal)).toEqual(found.alone.map((_, index) => index < found.finalAlone));
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test('the same counts in the end give the same judgement, in whatever order they came', () => {
    const settings = {
      alpha: 0.01,
      errorTolerance: 0.001,
      maxErrorRate: 0.5,
      minInvocations: 1,
      splits: true,
      bakes: true,
    };
    fc.assert(
      fc.property(minuteCounts, minuteCounts, windows, fc.integer(), (baseline, canary, window, seed) => {
        const judged = (order: (entries: [number, Counts][]) => [number, Counts][]) => {
          const shuffled = (counts: Record<string, Counts>): MinuteSeries => new Map(order([...series(counts)]));
          const read = traffic({ baseline: shuffled(baseline), canary: shuffled(canary) });
          // What an earlier poll made of half of it must not matter.
          const half = traffic({ canary: new Map([...read.canary].slice(0, seed & 7)) });
          judge({ ...assemble(half, window), past: [] }, settings);
          const observation = assemble(read, window);
          return judge({ ...observation, past: observation.concurrent.map((minute) => minute.baseline) }, settings);
        };
        const byHash = (entries: [number, Counts][]) =>
          entries.toSorted(([a], [b]) => ((a * 7919) ^ seed) - ((b * 7919) ^ seed));
        expect(judged(byHash)).toEqual(judged((entries) => entries));
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});
