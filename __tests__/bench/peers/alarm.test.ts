import { describe, expect, test } from '@jest/globals';
import {
  errorsOnFunction,
  errorsOnVersion,
  fivePercent,
  onePercent,
  slowestOnce,
  slowestThrice,
} from '../../../bench/peers/alarm.ts';
import { minutesOf, rollsBackAfter, times } from './minutes.ts';

const QUIET = [900, 0, 100, 0] as const;

describe('Errors >= 1, 1 of 1', () => {
  test('a single error rolls back, of however many invocations', () => {
    expect(rollsBackAfter(errorsOnVersion, minutesOf(QUIET, [900_000, 0, 100_000, 1]))).toBe(2);
  });

  test("on the version the baseline's errors do not matter, on the function they do", () => {
    const minutes = minutesOf(QUIET, [900, 1, 100, 0], QUIET);
    expect(rollsBackAfter(errorsOnVersion, minutes)).toBeUndefined();
    expect(rollsBackAfter(errorsOnFunction, minutes)).toBe(2);
  });

  test('an alarm that was red before the shift stops the deployment of the remedy (SAM#716)', () => {
    const past = minutesOf(...times(5, [1000, 200, 0, 0]));
    expect(rollsBackAfter(errorsOnFunction, minutesOf(...times(3, [900, 0, 100, 0])), past)).toBe(0);
    expect(rollsBackAfter(errorsOnVersion, minutesOf(...times(3, [900, 180, 100, 0])), past)).toBeUndefined();
  });

  test('missing data points are skipped: what was OK before stays it, and what was not as well', () => {
    expect(rollsBackAfter(errorsOnVersion, minutesOf(QUIET, [900, 0, 0, 0], [900, 0, 0, 0]))).toBeUndefined();
  });
});

describe('error rate > 1 %, 2 of 3', () => {
  test.each([
    ['one bad minute', [[900, 0, 100, 50], QUIET, QUIET, QUIET], undefined],
    ['two in three', [[900, 0, 100, 2], QUIET, [900, 0, 100, 2]], 3],
    ['two in four', [[900, 0, 100, 2], QUIET, QUIET, [900, 0, 100, 2]], undefined],
    ['exactly 1 %', times(5, [900, 0, 100, 1]), undefined],
    [
      'a silent minute between them',
      [
        [900, 0, 100, 2],
        [900, 0, 0, 0],
        [900, 0, 100, 2],
      ],
      3,
    ],
  ] as const)('%s', (_, rows, expected) => {
    expect(rollsBackAfter(onePercent, minutesOf(...rows))).toBe(expected);
  });
});

test('error rate > 5 %, 3 of 3, takes three bad minutes in a row', () => {
  expect(rollsBackAfter(fivePercent, minutesOf(...times(2, [900, 0, 100, 60]), QUIET, QUIET))).toBeUndefined();
  expect(rollsBackAfter(fivePercent, minutesOf(QUIET, ...times(3, [900, 0, 100, 6])))).toBe(4);
});

test('a 99th percentile is above its limit when more than one in a hundred is', () => {
  const minutes = minutesOf([900, 0, 100, 1], [900, 0, 100, 2], [900, 0, 100, 2], [900, 0, 100, 2]);
  expect(rollsBackAfter(slowestOnce, minutes)).toBe(2);
  expect(rollsBackAfter(slowestThrice, minutes)).toBe(4);
});
