import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { stretchesOf } from '../../../src/rollout/observe/stretches.ts';
import { change, minutesOf } from './support.ts';

const MINUTES = minutesOf(Array.from({ length: 10 }, (_, index) => [900 + index, 10 * (index + 1)] as const));

describe('stretchesOf', () => {
  test('adds up whole minutes between two changes: the minute of a change belongs to none', () => {
    const stretches = stretchesOf(MINUTES, [change(10, 0.2), change(25, 3.5), change(50, 6, 6.1)]);
    expect(stretches).toEqual([
      { weight: 10, baseline: 901 + 902, canary: 20 + 30 },
      { weight: 25, baseline: 904 + 905, canary: 50 + 60 },
      { weight: 50, baseline: 907 + 908 + 909, canary: 80 + 90 + 100 },
    ]);
  });

  test.each([
    { what: 'a weight that has just been reached', done: 2, first: 3 },
    { what: 'one that was reached ten seconds before the minute', done: 2 - 1 / 6, first: 2 },
    { what: 'one second less', done: 2 - 9 / 60, first: 3 },
  ])('gives the routers ten seconds: $what', ({ done, first }) => {
    const [stretch] = stretchesOf(MINUTES, [change(10, 1, done), change(25, first + 1)]);
    expect(stretch?.canary).toBe(10 * (first + 1));
  });

  test.each([
    { what: 'no change', changes: [] },
    { what: 'a canary without traffic', changes: [change(0, -5)] },
    { what: 'a canary with all of it', changes: [change(100, -5)] },
    { what: 'a stretch that ended within its minute', changes: [change(10, 9.1), change(0, 9.2)] },
    { what: 'nothing final under it yet', changes: [change(10, 30)] },
  ])('leaves out: $what', ({ changes }) => {
    expect(stretchesOf(MINUTES, changes)).toEqual([]);
  });

  describe('tells how the split is now', () => {
    const mended = (wrong: number) =>
      minutesOf(Array.from({ length: wrong + 10 }, (_, index) => [900, index < wrong ? 0 : 100] as const));
    const tenOf = (canary: number) => ({ weight: 10, baseline: 9000, canary });

    test.each([
      { what: 'mended for the last ten minutes', wrong: 5, canary: 1000 },
      { what: 'never wrong', wrong: 0, canary: 1000 },
    ])('by ten minutes: $what', ({ wrong, canary }) => {
      expect(stretchesOf(mended(wrong), [change(10, -1)])).toEqual([tenOf(canary)]);
    });

    test('and no fewer: what is mended for nine minutes still shows', () => {
      expect(stretchesOf(mended(5).slice(0, -1), [change(10, -1)])).toEqual([tenOf(900)]);
    });

    test('by the last of each weight', () => {
      const stretches = stretchesOf(mended(5), [change(10, -1), change(25, 12)]);
      expect(stretches).toEqual([tenOf(700), { weight: 25, baseline: 1800, canary: 200 }]);
    });
  });

  test('a stretch in which nobody had traffic is none', () => {
    expect(
      stretchesOf(
        minutesOf([
          [0, 0],
          [0, 0],
          [0, 0],
        ]),
        [change(10, -1)],
      ),
    ).toEqual([]);
  });

  test('no invocation is counted twice, whenever the weight changed', () => {
    const moments = fc.array(fc.double({ min: -1, max: 11, noNaN: true }), { maxLength: 8 });
    fc.assert(
      fc.property(moments, (list) => {
        const changes = list.toSorted((a, b) => a - b).map((moment, index) => change(10 + index, moment));
        const counted = stretchesOf(MINUTES, changes).reduce((sum, { canary }) => sum + canary, 0);
        expect(counted).toBeLessThanOrEqual(550);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
