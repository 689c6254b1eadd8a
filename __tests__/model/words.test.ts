import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { describeServing } from '../../src/model/alias.ts';
import { ActionFailure, InvalidInputs, formatIssue } from '../../src/model/failure.ts';
import { INPUT_DEFAULTS, INPUT_NAMES, OUTPUT_NAMES, REQUIRED_INPUTS } from '../../src/model/names.ts';
import { totalDwell } from '../../src/model/strategy.ts';
import { addCounts, errorRate, NO_TRAFFIC, totalOf } from '../../src/model/traffic.ts';
import { VERSION } from '../../src/model/version.ts';

describe('describeServing', () => {
  test.each([
    [{}, 'version 7'],
    [{ 8: 10 }, 'version 7 (90%) and version 8 (10%)'],
    [{ 8: 100 }, 'version 7 (0%) and version 8 (100%)'],
    [{ 8: 0.07 }, 'version 7 (99.93%) and version 8 (0.07%)'],
  ])('%j', (weights, text) => {
    expect(describeServing({ functionVersion: '7', weights })).toBe(text);
  });

  test('never prints the noise of doubles', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (parts) => {
        const weight = parts / 10_000;
        expect(describeServing({ functionVersion: '7', weights: { 8: weight } })).toMatch(
          /^version 7 \(\d+(\.\d{1,4})?%\) and version 8 \(\d+(\.\d{1,4})?%\)$/,
        );
      }),
      { seed: 1, numRuns: 1000, examples: [[166_600], [33_333], [577_700]] },
    );
  });
});

describe('failures', () => {
  const issues = [
    { input: 'alias', problem: 'is "1"', expected: 'a name' },
    { input: 'interval', problem: '"5" has no unit', expected: '30s or 1m' },
  ];

  test('an issue is one sentence and what would be right', () => {
    expect(issues.map(formatIssue)).toEqual([
      'alias: is "1". Expected a name.',
      'interval: "5" has no unit. Expected 30s or 1m.',
    ]);
  });

  test('invalid inputs carry every issue', () => {
    const failure = new InvalidInputs(issues);
    expect(failure).toMatchObject({ name: 'InvalidInputs', issues, message: issues.map(formatIssue).join('\n') });
  });

  test('a failure says what to do, and keeps what is underneath', () => {
    const cause = new Error('socket');
    expect(new ActionFailure('no', 'Retry.')).toMatchObject({ message: 'no', next: 'Retry.', permanent: false });
    expect('cause' in new ActionFailure('no', 'Retry.')).toBe(false);
    expect(new ActionFailure('no', 'Retry.', { cause, permanent: true })).toMatchObject({ cause, permanent: true });
  });
});

describe('traffic', () => {
  const minutes = [
    { start: 0, baseline: { invocations: 90, errors: 1 }, canary: { invocations: 10, errors: 0 } },
    { start: 60_000, baseline: NO_TRAFFIC, canary: { invocations: 5, errors: 5 } },
  ];

  test('adds up by version', () => {
    expect(totalOf(minutes, 'baseline')).toEqual({ invocations: 90, errors: 1 });
    expect(totalOf(minutes, 'canary')).toEqual({ invocations: 15, errors: 5 });
    expect(totalOf([], 'canary')).toEqual(NO_TRAFFIC);
    expect(addCounts({ invocations: 1, errors: 1 }, { invocations: 2, errors: 0 })).toEqual({
      invocations: 3,
      errors: 1,
    });
  });

  test.each([
    [NO_TRAFFIC, 0],
    [{ invocations: 4, errors: 1 }, 0.25],
    [{ invocations: 4, errors: 4 }, 1],
  ])('the error rate of %j is %d', (counts, rate) => {
    expect(errorRate(counts)).toBe(rate);
  });
});

test('the dwells of a strategy add up', () => {
  expect(totalDwell({ steps: [] })).toBe(0);
  expect(
    totalDwell({
      steps: [
        { weight: 5, dwell: 3 },
        { weight: 50, dwell: 4 },
      ],
    }),
  ).toBe(7);
});

test('names are there once', () => {
  expect(INPUT_NAMES).toEqual(Object.keys(INPUT_DEFAULTS));
  expect(new Set([...INPUT_NAMES, ...OUTPUT_NAMES]).size).toBeGreaterThan(OUTPUT_NAMES.length);
  expect(new Set(OUTPUT_NAMES).size).toBe(OUTPUT_NAMES.length);
  expect(INPUT_NAMES).toEqual(expect.arrayContaining([...REQUIRED_INPUTS]));
});

test('the version is that of package.json', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(VERSION).toBe(version);
});
