import { describe, expect, test } from '@jest/globals';
import { argo, argoErrors } from '../../../bench/peers/argo.ts';
import { cloudRun } from '../../../bench/peers/cloud-run.ts';
import { flagger } from '../../../bench/peers/flagger.ts';
import { keptn } from '../../../bench/peers/keptn.ts';
import { peersFor } from '../../../bench/peers/peers.ts';
import { minutesOf, rollsBackAfter, times } from './minutes.ts';

const GOOD = [900, 0, 100, 0] as const;
const BAD = [900, 0, 100, 6] as const;

describe('Flagger', () => {
  test.each([1, 5, 10])('rolls back on the tick after failed check number %d', (threshold) => {
    expect(rollsBackAfter(flagger(threshold), minutesOf(...times(20, BAD)))).toBe(threshold + 1);
  });

  test('failed checks are never forgiven', () => {
    const rows = times(5, BAD).flatMap((row) => [row, GOOD, GOOD]);
    expect(rollsBackAfter(flagger(5), minutesOf(...rows))).toBe(14);
  });

  test('99 % success is enough, less is not', () => {
    expect(rollsBackAfter(flagger(1), minutesOf(...times(9, [900, 0, 100, 1])))).toBeUndefined();
    expect(rollsBackAfter(flagger(1), minutesOf(...times(9, [900, 0, 99, 1])))).toBe(2);
  });

  test('no traffic is a failed check', () => {
    expect(rollsBackAfter(flagger(1), minutesOf(...times(9, [900, 0, 0, 0])))).toBe(2);
  });
});

describe('Argo Rollouts', () => {
  test('failureLimit 3 takes four failures, at an interval of 5 minutes twenty', () => {
    expect(rollsBackAfter(argo({ interval: 5, failureLimit: 3 }), minutesOf(...times(30, BAD)))).toBe(20);
    expect(rollsBackAfter(argo({ interval: 5, failureLimit: 3 }), minutesOf(...times(19, BAD)))).toBeUndefined();
  });

  test('failureLimit 0 takes one', () => {
    expect(rollsBackAfter(argo({ interval: 1, failureLimit: 0 }), minutesOf(GOOD, GOOD, BAD))).toBe(3);
  });

  test('95 % success is enough', () => {
    const minutes = minutesOf(...times(9, [900, 0, 100, 5]));
    expect(rollsBackAfter(argo({ interval: 1, failureLimit: 0 }), minutes)).toBeUndefined();
  });

  test('a measurement takes in its whole interval, by requests and not by minutes', () => {
    const rows = [...times(4, [900, 0, 1, 1]), [900, 0, 100, 0]] as const;
    expect(rollsBackAfter(argo({ interval: 5, failureLimit: 0 }), minutesOf(...rows))).toBeUndefined();
    expect(rollsBackAfter(argo({ interval: 1, failureLimit: 0 }), minutesOf(...rows))).toBe(1);
  });

  test('a window without data is no failure, but five errors 10 s apart abort', () => {
    const minutes = minutesOf(GOOD, [900, 0, 0, 0], GOOD);
    expect(rollsBackAfter(argo({ interval: 1, failureLimit: 0 }), minutes)).toBeUndefined();
    expect(rollsBackAfter(argoErrors, minutes)).toBe(2);
    expect(rollsBackAfter(argoErrors, minutesOf(BAD, GOOD))).toBeUndefined();
  });
});

describe('Cloud Run Release Manager', () => {
  test('waits for a hundred requests', () => {
    expect(rollsBackAfter(cloudRun, minutesOf(...times(12, [90, 0, 10, 10])))).toBe(10);
  });

  test('compares with 1 % over the last 30 minutes', () => {
    expect(rollsBackAfter(cloudRun, minutesOf(...times(40, [900, 0, 100, 1])))).toBeUndefined();
    expect(rollsBackAfter(cloudRun, minutesOf([900, 0, 100, 3], ...times(40, GOOD)))).toBe(1);
    expect(rollsBackAfter(cloudRun, minutesOf(...times(35, [900, 0, 100, 0]), [900, 0, 100, 32]))).toBe(36);
  });
});

describe('Keptn', () => {
  const past = minutesOf(...times(60, [1000, 10, 0, 0]));

  test.each([
    [11, undefined],
    [12, 30],
  ])('with %d errors in 1,000 against a previous 1 %%', (errors, expected) => {
    const minutes = minutesOf(...times(35, [9000, 90, 1000, errors]));
    expect(rollsBackAfter(keptn, minutes, past)).toBe(expected);
  });

  test('after a faultless previous result any error is too many, and no request none', () => {
    const faultless = minutesOf(...times(60, [1000, 0, 0, 0]));
    expect(rollsBackAfter(keptn, minutesOf(...times(29, GOOD), [900, 0, 100, 1]), faultless)).toBe(30);
    expect(rollsBackAfter(keptn, minutesOf(...times(30, [900, 0, 0, 0])), faultless)).toBeUndefined();
  });
});

test('every peer has a name and a heading of its own', () => {
  for (const metric of ['errors', 'latency'] as const) {
    const rules = peersFor(metric).map(({ rule }) => rule);
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    expect(new Set(rules.map(({ short }) => short)).size).toBe(rules.length);
  }
});

test('nobody decides before there is anything to see, unless an alarm was red before', () => {
  for (const { rule } of peersFor('errors')) expect([rule.short, rule.start([])([])]).toEqual([rule.short, 'go on']);
});
