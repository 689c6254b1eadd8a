import { expect, test } from '@jest/globals';
import { oracle } from '../../bench/oracle.ts';
import { minutesOf, rollsBackAfter, times } from './peers/minutes.ts';

const worse = (baseline: number, canary: number) => oracle(() => ({ baseline, canary }));

test('by hand: silent baseline, weight 10 %, a canary that always fails', () => {
  // Each error of the canary alone multiplies the odds by (900 + 100)/100 as the ratio goes to infinity: two make 100.
  expect(rollsBackAfter(worse(0, 1), minutesOf([900, 0, 100, 1], [899, 0, 101, 1]))).toBeUndefined();
  expect(rollsBackAfter(worse(0, 1), minutesOf([901, 0, 99, 1], [901, 0, 99, 1]))).toBe(2);
});

test('with an odds ratio of 2, e canary errors of m weigh e·ln 2 − m·ln 1.1', () => {
  const needed = Math.ceil(Math.log(100) / (Math.log(2) - Math.log(1.1)));
  const rows = (count: number) => minutesOf(...times(count, [900, 0, 100, 1]));
  expect(rollsBackAfter(worse(0.2, 1 / 3), rows(needed))).toBe(needed);
  expect(rollsBackAfter(worse(0.2, 1 / 3), rows(needed - 1))).toBeUndefined();
});

test('knows when it begins: what was before says nothing', () => {
  const late = oracle((minute) => ({ baseline: 0.01, canary: minute < 3 ? 0.01 : 0.5 }));
  expect(rollsBackAfter(late, minutesOf(...times(3, [900, 0, 100, 90])))).toBeUndefined();
});

test('is not moved by minutes in which one version had no traffic', () => {
  expect(rollsBackAfter(worse(0.01, 0.5), minutesOf(...times(9, [0, 0, 100, 90])))).toBeUndefined();
  expect(rollsBackAfter(worse(0.01, 0.5), minutesOf(...times(9, [900, 90, 0, 0])))).toBeUndefined();
});
