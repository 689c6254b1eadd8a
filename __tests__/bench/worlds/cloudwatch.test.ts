import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../bench/random.ts';
import { CloudWatch, ripeMinutes } from '../../../bench/worlds/cloudwatch.ts';
import { PROMPT } from '../../../bench/worlds/conditions.ts';
import type { Publication } from '../../../bench/worlds/conditions.ts';
import type { Truth } from '../../../bench/worlds/world.ts';

const served = (invocations: number, errors: number) => ({ invocations, errors, slow: 0, verySlow: 0, refused: 0 });
const TRUTH: Truth = { baseline: served(900, 9), canary: served(100, 10) };

/** The canary's (invocations, errors) of minute 0 in each poll, minutes going on and on. */
function readings(publication: Publication, polls: number, seed = 0): (readonly [number, number] | undefined)[] {
  const metrics = new CloudWatch(publication);
  const random = new Random().seed(3, 4, seed);
  return Array.from({ length: polls }, (_, poll) => {
    metrics.record(poll, TRUTH, random);
    const first = metrics.read(poll)[0]?.canary;
    return first === undefined ? undefined : [first.invocations, first.errors];
  });
}

test.each([
  [0, 0],
  [1, 0],
  [2, 1],
  [32, 31],
])('half a minute into minute %d, %d minutes are a minute old', (poll, minutes) => {
  expect(ripeMinutes(poll)).toBe(minutes);
});

describe('a minute of the canary, poll after poll', () => {
  const none = [0, 0] as const;
  const all = [100, 10] as const;

  test('is there when it is old enough', () => {
    expect(readings(PROMPT, 4)).toEqual([undefined, undefined, all, all]);
  });

  test('comes late', () => {
    expect(readings({ delay: [140, 140] }, 5)).toEqual([undefined, undefined, none, all, all]);
    expect(readings({ delay: [180, 180] }, 6)).toEqual([undefined, undefined, none, none, all, all]);
  });

  test('never comes', () => {
    expect(readings({ delay: [60, 90], lost: 1 }, 4)).toEqual([undefined, undefined, none, none]);
  });

  test('comes in two parts', () => {
    const [, , part, whole] = readings({ delay: [60, 90], partial: true }, 4);
    expect(part?.[0]).toBeGreaterThan(20);
    expect(part?.[0]).toBeLessThan(80);
    expect(part?.[1]).toBeLessThan(10);
    expect(whole).toEqual(all);
  });

  test('comes without its errors first: a failing invocation is counted when it ends', () => {
    const lateErrors = { baseline: 2, canary: 2 };
    const early = [90, 0] as const;
    expect(readings({ delay: [60, 90], lateErrors }, 6)).toEqual([undefined, undefined, early, early, all, all]);
  });

  test('delays differ between versions', () => {
    const late = { delay: [60, 180] } as const;
    const found = Array.from({ length: 50 }, (_, seed) => readings(late, 3, seed)[2]?.[0]);
    expect(new Set(found)).toEqual(new Set([0, 100]));
  });
});

test('what was read does not change afterwards', () => {
  const metrics = new CloudWatch({ delay: [140, 140] });
  const random = new Random().seed(1, 1, 1);
  metrics.record(0, TRUTH, random);
  const early = metrics.read(2);
  metrics.read(3);
  expect(early[0]?.canary.invocations).toBe(0);
});
