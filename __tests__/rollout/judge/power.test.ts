import { describe, expect, test } from '@jest/globals';
import type { JudgeSettings } from '../../../src/model/verdict.ts';
import { combine } from '../../../src/rollout/judge/combine.ts';
import { compareVersions } from '../../../src/rollout/judge/concurrent.ts';
import { smallestDetectable } from '../../../src/rollout/judge/power.ts';
import { SLOW, THROTTLED, aResult, custom, minutesOf, repeat, settings } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';
import { binomial, seeded } from './support/random.ts';

const PROOF = Math.log(100);

function detectable(rows: readonly CountRow[], change: Partial<JudgeSettings> = {}): number {
  return smallestDetectable(minutesOf(rows), settings(change)) ?? NaN;
}

describe('smallestDetectable', () => {
  test.each([
    { what: 'no minutes', rows: [] },
    { what: 'one minute, which never is proof', rows: [[900, 0, 100, 0]] },
    { what: 'hardly any traffic', rows: repeat(2, [2, 0, 1, 0] as const) },
    { what: 'a baseline that fails always', rows: repeat(30, [900, 900, 100, 100] as const) },
    { what: 'a silent baseline', rows: repeat(30, [0, 0, 100, 0] as const) },
  ])('is nothing: $what', ({ rows }) => {
    expect(detectable(rows as CountRow[])).toBeNaN();
  });

  test('falls with traffic and with time, and rises with the usual errors and the proof that is asked for', () => {
    const usual = detectable(repeat(30, [900, 1, 100, 0] as const));
    expect(usual).toBeGreaterThan(0.001);
    expect(usual).toBeLessThan(0.02);
    expect(detectable(repeat(30, [9000, 10, 1000, 0] as const))).toBeLessThan(usual);
    expect(detectable(repeat(60, [900, 1, 100, 0] as const))).toBeLessThan(usual);
    expect(detectable(repeat(30, [900, 45, 100, 0] as const))).toBeGreaterThan(usual);
    expect(detectable(repeat(30, [900, 1, 100, 0] as const), { alpha: 0.001 })).toBeGreaterThan(usual);
  });

  test('is not below the tolerance, however much traffic there is', () => {
    const rows = repeat(60, [9e6, 9e3, 1e6, 0] as const);
    expect(detectable(rows, { errorTolerance: 0.02 })).toBeCloseTo(0.02, 4);
  });

  test('does not depend on what the canary did', () => {
    const [quiet, loud] = [0, 40].map((errors) => detectable(repeat(30, [900, 1, 100, errors] as const)));
    expect(quiet).toBe(loud);
  });

  test.each([
    { what: 'nothing at all', change: {} },
    { what: 'a ceiling', change: { maxErrorRate: 0.05 } },
    { what: 'the past', change: { bakes: true, metrics: [SLOW] } },
  ])('is nothing where the versions are not compared but held against $what', ({ change }) => {
    const rows = repeat(30, [900, 1, 100, 0] as const);
    expect(detectable(rows, change)).toBeGreaterThan(0.001);
    expect(detectable(rows, { ...change, splits: false })).toBeNaN();
  });

  test('is more where other tests have a part of the budget', () => {
    const rows = repeat(30, [900, 1, 100, 0] as const);
    const alone = detectable(rows);
    const [ceiling, few, all] = [
      { maxErrorRate: 0.05 },
      { metrics: [SLOW, THROTTLED] },
      { metrics: [SLOW, THROTTLED, custom('failed payments')], maxErrorRate: 0.05, bakes: true },
    ].map((change) => detectable(rows, change));
    expect(ceiling).toBeGreaterThan(alone);
    expect(few).toBeGreaterThan(Number(ceiling));
    expect(all).toBeGreaterThan(Number(few));
  });

  const OTHERS = [SLOW, THROTTLED, custom('failed payments'), custom('late orders')];
  test.each([
    { nb: 900, nc: 100, rate: 0.001, minutes: 30, metrics: [] },
    { nb: 900, nc: 100, rate: 0.03, minutes: 30, metrics: [] },
    { nb: 900, nc: 100, rate: 0.001, minutes: 30, metrics: OTHERS },
    { nb: 500, nc: 500, rate: 0.005, minutes: 15, metrics: [] },
    { nb: 500, nc: 500, rate: 0.005, minutes: 15, metrics: OTHERS },
    { nb: 95, nc: 5, rate: 0.005, minutes: 60, metrics: [] },
  ])(
    'is found about half the time: $nb and $nc at $rate over $minutes minutes, beside $metrics.length metrics',
    ({ nb, nc, rate, minutes, metrics }) => {
      const increase = detectable(repeat(minutes, [nb, nb * rate, nc, 0] as const), { metrics });
      const random = seeded(41);
      const runs = 150;
      // What the errors have to reach together with metrics that say nothing.
      const weight = metrics.length === 0 ? 1 : 0.6;
      const rest = { weight: 1 - weight, result: aResult() };
      const found = repeat(runs, 0).filter(() => {
        const rows = repeat(minutes, 0).map((): CountRow => [
          nb,
          binomial(random, nb, rate),
          nc,
          binomial(random, nc, rate + increase),
        ]);
        const comparison = { name: 'error rate', tolerance: 0.001, oddsRatio: 1, proof: PROOF };
        const result = compareVersions(minutesOf(rows), comparison);
        return combine([{ weight, result }, rest], 'evidence') >= PROOF;
      });
      expect(found.length / runs).toBeGreaterThan(0.35);
      expect(found.length / runs).toBeLessThan(0.65);
    },
  );
});
