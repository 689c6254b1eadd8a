import { describe, expect, test } from '@jest/globals';
import type { JudgedMinutes } from '../../../src/rollout/judge/judge.ts';
import { judge } from '../../../src/rollout/judge/judge.ts';
import { PASS_PROOF } from '../../../src/model/verdict.ts';
import { weighSafetyButOne } from '../../../src/rollout/judge/noninferiority.ts';
import { SLOW, aWindow, custom, exactly, minutesOf, repeat, settings } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';
import { binomial, seeded } from './support/random.ts';

const PAYMENTS = custom('failed payments');

/** Minutes of two versions that fail alike. */
function alike(random: () => number, rates: readonly number[], [nb, nc]: readonly [number, number]): CountRow[] {
  return rates.map((rate) => [nb, binomial(random, nb, rate), nc, binomial(random, nc, rate)]);
}

/** What was known after so many minutes. */
function after(look: number, rows: readonly (readonly CountRow[])[]): JudgedMinutes {
  const [errors = [], slow = [], payments = []] = rows.map((list) => list.slice(0, look));
  const metrics = new Map([
    [SLOW.name, exactly(slow)],
    [PAYMENTS.name, exactly(payments)],
  ]);
  return aWindow(errors, { metrics });
}

describe('simulated', () => {
  test('rolls back at most alpha of healthy canaries by several metrics, and most bad ones, looking every minute', () => {
    const random = seeded(17);
    const [runs, minutes, alpha] = [40, 12, 0.2];
    const slow = { ...SLOW, tolerance: 0, oddsRatio: 1 };
    const all = settings({ alpha, errorTolerance: 0, maxErrorRate: 0.3, metrics: [slow, PAYMENTS] });
    const failing = (worse: number): number =>
      repeat(runs, 0).filter(() => {
        // A shared incident is nobody's fault.
        const rates = Array.from({ length: minutes }, (_, index) => (index % 6 === 3 ? 0.2 : 0.02));
        const rows = [rates, rates.map((rate) => rate * 2), rates].map((one) => alike(random, one, [180, 20]));
        const harmed = rows.map((list, metric) =>
          metric < 2 ? list : list.map(([nb, eb, nc, ec]): CountRow => [nb, eb, nc, Math.min(nc, ec + worse)]),
        );
        return rates.some((_, index) => judge(after(index + 1, harmed), all).verdict === 'fail');
      }).length;
    expect(failing(0) / runs).toBeLessThanOrEqual(alpha);
    expect(failing(3) / runs).toBeGreaterThan(0.9);
  });

  test('proves at most 5 % of canaries fit that are worse by the margin, looking every minute', () => {
    const random = seeded(23);
    const runs = 250;
    const passed = (rate: number): number =>
      repeat(runs, 0).filter(() => {
        const rows = repeat(25, 0).map((): CountRow => [
          450,
          binomial(random, 450, 0.01),
          50,
          binomial(random, 50, rate),
        ]);
        const minutes = minutesOf(rows);
        return rows.some((_, index) => weighSafetyButOne(minutes.slice(0, index + 1), 0.02) >= PASS_PROOF);
      }).length;
    expect(passed(0.03) / runs).toBeLessThanOrEqual(0.05);
    expect(passed(0.01) / runs).toBeGreaterThan(0.8);
  });

  test('finds a regression of 5 points at 1,000 requests per minute within 4 minutes, mostly', () => {
    const random = seeded(29);
    const found = repeat(100, 0).map(() => {
      const traffic = repeat(4, 0).map((): CountRow => [
        900,
        binomial(random, 900, 0.001),
        100,
        binomial(random, 100, 0.051),
      ]);
      return judge(aWindow(traffic), settings()).verdict;
    });
    expect(found.filter((verdict) => verdict === 'fail').length).toBeGreaterThan(90);
  });

  test('lets a healthy canary pass within 10 minutes at 1,000 requests per minute, mostly', () => {
    const random = seeded(37);
    const verdicts = repeat(100, 0).map(() => {
      const traffic = alike(random, repeat(10, 0.001), [900, 100]);
      return judge(aWindow(traffic), settings()).verdict;
    });
    expect(verdicts.filter((verdict) => verdict === 'pass').length).toBeGreaterThan(90);
    expect(verdicts).not.toContain('fail');
  });
});
