import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../src/model/time.ts';
import { assemble, finalAgeFor, pastOf, pastSpan, spanOf } from '../../../src/rollout/observe/observe.ts';
import { aWindow, at, change, series, traffic } from './support.ts';

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
    expect(spanOf(aWindow({ shiftedAt: 0, now: 0 }))).toBeUndefined();
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
    const found = assemble(traffic(), aWindow({ promotion: { begunAt: at(promoted), doneAt: at(promoted) } }));
    const startsOf = (minutes: readonly { start: number }[]): number[] =>
      minutes.map(({ start }) => (start - at(0)) / MINUTE);
    expect([startsOf(found.concurrent), startsOf(found.alone)]).toEqual([concurrent, alone]);
    expect(found.finalAlone).toBe(alone.filter((minute) => minute < 8).length);
  });

  test('counts all of the alias for the canary where it is alone and not named', () => {
    const found = assemble(
      traffic({ canary: series({ 1: 10, 5: 70 }), alias: series({ 1: 100, 4: 80, 5: 99 }) }),
      aWindow({ promotion: { begunAt: at(3), doneAt: at(3) } }),
    );
    expect(found.concurrent.map(({ canary }) => canary.invocations)).toEqual([0, 10, 0]);
    expect(found.alone.map(({ canary }) => canary.invocations)).toEqual([0, 80, 70, 0, 0, 0]);
  });
});

describe('a minute that contradicts itself', () => {
  const WRONG = { invocations: 5, errors: 6 };

  test.each([
    { what: 'the canary', read: { canary: series({ 2: WRONG }) } },
    { what: 'the baseline', read: { baseline: series({ 2: WRONG }) } },
  ])('stays open, and so do those after it: $what', ({ read }) => {
    expect(assemble(traffic(read), aWindow())).toMatchObject({ finalMinutes: 2 });
  });

  test.each([
    { now: 17.99, final: 2 },
    { now: 18, final: 16 },
  ])('is taken as it is after 15 minutes: $now', ({ now, final }) => {
    const found = assemble(traffic({ canary: series({ 2: WRONG }) }), aWindow({ now: at(now) }));
    expect(found.finalMinutes).toBe(final);
    expect(found.concurrent[2]?.canary).toEqual(WRONG);
  });

  test('counts in the bake as well', () => {
    const window = aWindow({ promotion: { begunAt: at(2), doneAt: at(2) } });
    expect(assemble(traffic({ canary: series({ 4: WRONG }) }), window)).toMatchObject({
      finalMinutes: 2,
      finalAlone: 2,
    });
  });
});

describe('the highest weight of a minute', () => {
  const peaks = (changes: ReturnType<typeof change>[]): (number | undefined)[] =>
    assemble(traffic(), aWindow({ now: at(6), changes })).concurrent.map(({ peakWeight }) => peakWeight);

  test.each([
    { what: 'no change', changes: [], found: [undefined, undefined, undefined, undefined, undefined] },
    { what: 'the first shift', changes: [change(10, 0.5)], found: [10, undefined, undefined, undefined, undefined] },
    { what: 'a rise', changes: [change(10, 0.5), change(50, 2.5)], found: [10, undefined, 50, undefined, undefined] },
    { what: 'a fall', changes: [change(50, 0.5), change(1, 2.5)], found: [50, undefined, 50, undefined, undefined] },
    { what: 'a write that took its time', changes: [change(10, 0.9, 2.1)], found: [10, 10, 10, undefined, undefined] },
    {
      what: 'one that may not be everywhere yet',
      changes: [change(10, 0.9, 0.9)],
      found: [10, 10, undefined, undefined, undefined],
    },
    {
      what: 'one on the boundary',
      changes: [change(10, -1), change(25, 2)],
      found: [undefined, undefined, 25, undefined, undefined],
    },
  ])('$what', ({ changes, found }) => {
    expect(peaks(changes)).toEqual(found);
  });
});

describe('the past', () => {
  test('is the hour of whole minutes before', () => {
    expect(pastSpan(at(7.5))).toEqual({ start: at(-53), end: at(7) });
  });

  test.each([
    ['the baseline by name', { baseline: series({ 3: 5 }), alias: series({ 2: 9, 3: 9 }) }, [5]],
    ['all of the alias where it is not named', { alias: series({ 2: 9, 3: 8 }) }, [9, 8]],
    ['silent minutes included, from the first with traffic on', { baseline: series({ 0: 5, 2: 7 }) }, [5, 0, 7, 0]],
    ['nothing', {}, []],
  ])('is %s', (_, found, invocations) => {
    expect(pastOf(traffic(found), { end: at(4) }).map((counts) => counts.invocations)).toEqual(invocations);
  });
});
