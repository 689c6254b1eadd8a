import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE } from '../../../src/model/time.ts';
import {
  type Frame,
  inParts,
  measuredFrame,
  partAt,
  rolloutFrame,
  throughMiddles,
  throughout,
} from '../../../src/report/charts/frame.ts';
import { pollEntry, publishedRecord, SHIFTED, trafficMinutes, turn } from '../records.ts';

const frame = (parts: number, width = 1): Frame => ({ start: 0, width, parts });

describe('the span of time', () => {
  test.each([
    [1, 1, 1],
    [60, 1, 60],
    [61, 2, 31],
    [240, 5, 48],
    [360, 10, 36],
    [600, 10, 60],
    [601, 15, 41],
    [100_000, 2_880, 35],
  ])('%d minutes: parts of %d minutes, %d of them', (length, width, parts) => {
    expect(measuredFrame(trafficMinutes({ length }))).toMatchObject({ width, parts });
  });

  test('is none without minutes, and knows no times that are none', () => {
    expect(measuredFrame([])).toBeUndefined();
    const none = { start: Number.NaN, baseline: { invocations: 1, errors: 0 }, canary: { invocations: 1, errors: 0 } };
    expect(measuredFrame([none])).toBeUndefined();
  });

  test('of a rollout goes from the first shift to a little after the last turn or reading', () => {
    const shifted = publishedRecord({ shiftedAt: SHIFTED });
    expect(rolloutFrame(publishedRecord())).toBeUndefined();
    expect(rolloutFrame(shifted)).toEqual({ start: SHIFTED, width: 1, parts: 1 });
    const timeline = [turn(-5, 0, 'recover', 'before'), turn(0, 10, 'step', 'x'), turn(3, 0, 'roll-back', 'y')];
    expect(rolloutFrame({ ...shifted, timeline })).toEqual({ start: SHIFTED, width: 1, parts: 4 });
    expect(rolloutFrame({ ...shifted, polls: [pollEntry({ at: SHIFTED + 5.6 * MINUTE })] })?.parts).toBe(7);
    expect(rolloutFrame({ ...shifted, minutes: trafficMinutes({ length: 9 }) })?.parts).toBe(9);
  });
});

test('minutes are put together in their parts; what lies outside is left out', () => {
  const minutes = trafficMinutes({ length: 4 });
  const [first, second, third, fourth] = minutes;
  const parts = inParts({ start: SHIFTED, width: 2, parts: 1 }, minutes);
  expect(parts).toHaveLength(1);
  expect(parts[0]?.canary.invocations).toBe((first?.canary.invocations ?? 0) + (second?.canary.invocations ?? 0));
  expect(
    [third, fourth].every((minute) => partAt({ start: SHIFTED, width: 2, parts: 2 }, minute?.start ?? 0) === 1),
  ).toBe(true);
});

describe('points of a line', () => {
  test('go through the middles of the parts', () => {
    expect(throughMiddles([4])).toEqual([4, 4, 4]);
    expect(throughMiddles([4, 2])).toEqual([4, 4, 3, 2, 2]);
  });

  test('are the same line where they are dense', () => {
    const dense = throughMiddles([4, 2], true);
    expect(dense).toHaveLength(257);
    expect([dense[0], dense[64], dense[96], dense[128], dense[192], dense[256]]).toEqual([4, 4, 3.5, 3, 2, 2]);
  });

  test('say what holds at their times', () => {
    const values = throughout(frame(3, 10), (at) => at / MINUTE);
    expect(values).toHaveLength(3 * 64 + 1);
    expect([values[0], values[64], values[192]]).toEqual([0, 10, 30]);
  });

  test('are so spread that sums of their distances, in minutes or hours, are exact', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40_000 }), (length) => {
        const found = measuredFrame(trafficMinutes({ length: 1 }).concat(trafficMinutes({ length }).slice(-1)));
        if (found === undefined) throw new Error('there is no frame');
        const points = throughout(found, () => 0).length;
        const span = found.width * found.parts * (found.width * found.parts > 600 ? 1 / 60 : 1);
        // As Mermaid goes along its axis.
        let count = 0;
        for (let at = 0; at <= span; at += span / (points - 1)) count += 1;
        expect(count).toBe(points);
      }),
      { seed: 21, numRuns: 60 },
    );
  });
});
