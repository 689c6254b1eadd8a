import { describe, expect, test } from '@jest/globals';
import { compareVersions } from '../../../src/rollout/judge/concurrent.ts';
import { smallestDetectable } from '../../../src/rollout/judge/power.ts';
import { minutesOf, repeat } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';
import { binomial, seeded } from './support/random.ts';

const PROOF = Math.log(100);
const QUESTION = { proof: PROOF, tolerance: 0.001 };

function detectable(rows: readonly CountRow[], question = QUESTION): number {
  return smallestDetectable(minutesOf(rows), question) ?? NaN;
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
    expect(detectable(repeat(30, [900, 1, 100, 0] as const), { ...QUESTION, proof: Math.log(1000) })).toBeGreaterThan(
      usual,
    );
  });

  test('is not below the tolerance, however much traffic there is', () => {
    const rows = repeat(60, [9e6, 9e3, 1e6, 0] as const);
    expect(detectable(rows, { ...QUESTION, tolerance: 0.02 })).toBeCloseTo(0.02, 4);
  });

  test('does not depend on what the canary did', () => {
    const [quiet, loud] = [0, 40].map((errors) => detectable(repeat(30, [900, 1, 100, errors] as const)));
    expect(quiet).toBe(loud);
  });

  test.each([
    { nb: 900, nc: 100, rate: 0.001, minutes: 30 },
    { nb: 900, nc: 100, rate: 0.03, minutes: 30 },
    { nb: 500, nc: 500, rate: 0.005, minutes: 15 },
    { nb: 95, nc: 5, rate: 0.005, minutes: 60 },
  ])('is found about half the time: $nb and $nc at $rate over $minutes minutes', ({ nb, nc, rate, minutes }) => {
    const increase = detectable(repeat(minutes, [nb, nb * rate, nc, 0] as const));
    const random = seeded(41);
    const runs = 150;
    const found = repeat(runs, 0).filter(() => {
      const rows = repeat(minutes, 0).map((): CountRow => [
        nb,
        binomial(random, nb, rate),
        nc,
        binomial(random, nc, rate + increase),
      ]);
      const comparison = { name: 'error rate', tolerance: 0.001, oddsRatio: 1, proof: PROOF };
      return compareVersions(minutesOf(rows), comparison).evidence >= PROOF;
    });
    expect(found.length / runs).toBeGreaterThan(0.35);
    expect(found.length / runs).toBeLessThan(0.65);
  });
});
