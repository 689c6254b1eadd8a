import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judge } from '../../../src/rollout/judge/judge.ts';
import { aloneOf, aWindow, counts, repeat, settings } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';
import { binomial, seeded } from './support/random.ts';

const LN_100 = Math.log(100);
const HEALTHY: CountRow = [900, 1, 100, 0];
const BROKEN: CountRow = [900, 1, 100, 5];
const PAST = repeat(30, counts(1000, 1));

describe('judge', () => {
  test('fails a canary that is worse, by the comparison side by side', () => {
    const judgement = judge(aWindow(repeat(4, BROKEN)), settings());
    expect(judgement.verdict).toBe('fail');
    expect(judgement.reason).toMatch(/^error rate 5\.00% vs 0\.11% \(20\/400 vs 4\/3600\), evidence 1:\d+e\d+$/);
    expect(judgement.evidence).toBeGreaterThan(LN_100);
    expect(judgement.tests.map(({ test: name }) => name)).toEqual(['concurrent']);
    expect(judgement.evidence).toBe(judgement.tests[0]?.evidence);
    expect(judgement).toMatchObject({ baseline: counts(3600, 4), canary: counts(400, 20), finalMinutes: 4 });
  });

  test('fails on minutes that are not final, but passes on final ones only', () => {
    expect(judge(aWindow(repeat(4, BROKEN), { finalMinutes: 0 }), settings()).verdict).toBe('fail');
    expect(judge(aWindow(repeat(4, HEALTHY), { finalMinutes: 0 }), settings()).verdict).toBe('inconclusive');
    const passed = judge(aWindow(repeat(4, HEALTHY), { finalMinutes: 1 }), settings());
    expect(passed).toMatchObject({ verdict: 'pass', finalCanary: counts(100, 0), finalMinutes: 1 });
  });

  test('does not roll back within the tolerance, however sure the difference is', () => {
    const rows = repeat(60, [90_000, 90, 10_000, 15] as const);
    const judgement = judge(aWindow(rows), settings());
    expect(judgement.tests[0]?.evidence).toBeGreaterThan(LN_100);
    expect(judgement.verdict).toBe('pass');
    expect(judgement.evidence).toBe(0);
  });

  test('neither fails nor passes on one bad minute', () => {
    const judgement = judge(aWindow([HEALTHY, [900, 0, 100, 100], HEALTHY]), settings());
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.suspicion).toBeGreaterThanOrEqual(LN_100);
    expect(judgement.reason).toMatch(/evidence 1:\de\d+ but 1:1 without the worst minute: not confirmed$/);
  });

  test('fails above the ceiling although the baseline is as bad', () => {
    const rows = repeat(10, [900, 180, 100, 20] as const);
    expect(judge(aWindow(rows), settings()).verdict).toBe('pass');
    const judgement = judge(aWindow(rows), settings({ maxErrorRate: 0.05 }));
    expect(judgement.verdict).toBe('fail');
    expect(judgement.reason).toContain('error rate 20.00% vs max-error-rate 5.00% (200/1000 in the last 10 minutes)');
  });

  test('counts the minutes of the bake for the ceiling', () => {
    const bake = { alone: aloneOf(repeat(3, [1000, 300] as const)) };
    const judgement = judge(aWindow(repeat(60, HEALTHY), bake), settings({ bakes: true, maxErrorRate: 0.05 }));
    expect(judgement.verdict).toBe('fail');
    expect(judgement.canary).toEqual(counts(9000, 900));
    expect(judgement.reason).toContain('(900/3000 in the last 3 minutes)');
  });

  test('fails in the bake against the past', () => {
    const bake = { alone: aloneOf(repeat(3, [1000, 100] as const)), past: PAST };
    const judgement = judge(aWindow(repeat(10, HEALTHY), bake), settings({ bakes: true }));
    expect(judgement.verdict).toBe('fail');
    expect(judgement.reason).toContain("vs 0.10% in the baseline's past (300/3000 in the last 3 minutes vs 30/30000)");
  });

  test('passes in the bake on its final minutes when all traffic moved at once', () => {
    const bake = { alone: aloneOf(repeat(3, [1000, 1] as const)), finalAlone: 2, past: PAST };
    const judgement = judge(aWindow([], bake), settings({ splits: false, bakes: true }));
    expect(judgement).toMatchObject({ verdict: 'pass', finalCanary: counts(2000, 2), finalMinutes: 2 });
  });

  test('with nothing to test by, still wants traffic before it passes', () => {
    const nothing = settings({ splits: false });
    expect(judge(aWindow([]), nothing)).toMatchObject({
      verdict: 'inconclusive',
      evidence: 0,
      suspicion: 0,
      tests: [],
    });
    expect(judge(aWindow([HEALTHY]), nothing).verdict).toBe('pass');
  });

  test.each([
    [0, 'inconclusive'],
    [1, 'pass'],
  ])('never passes without invocations, even when none are asked for: %d', (invocations, verdict) => {
    const rows: CountRow[] = [[900, 0, invocations, 0]];
    expect(judge(aWindow(rows), settings({ minInvocations: 0 })).verdict).toBe(verdict);
  });

  test('takes more errors than invocations for all there were', () => {
    const judgement = judge(aWindow([[10, 12, 5, 9]]), settings());
    expect(judgement).toMatchObject({ baseline: counts(10, 10), canary: counts(5, 5) });
  });

  const row = fc.tuple(fc.nat(500), fc.nat(30), fc.nat(200), fc.nat(30)).map((values): CountRow => values);
  const rows = fc.array(row, { maxLength: 8 });
  test('holds its promises for any counts', () => {
    fc.assert(
      fc.property(rows, rows, fc.nat(8), fc.boolean(), (before, after, final, ceiling) => {
        const alone = aloneOf(after.map(([, , n, e]) => [n, e]));
        const window = aWindow(before, { finalMinutes: Math.min(final, before.length), alone, past: PAST });
        const maxErrorRate = ceiling ? 0.05 : undefined;
        const judgement = judge(window, settings({ bakes: true, maxErrorRate, minInvocations: 20 }));
        const { verdict, evidence, suspicion, finalCanary } = judgement;
        expect(suspicion).toBeGreaterThanOrEqual(evidence);
        expect(verdict === 'fail').toBe(evidence >= LN_100);
        if (verdict === 'pass') expect(finalCanary.invocations).toBeGreaterThanOrEqual(20);
        expect(judgement.reason).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { seed: 9, numRuns: 150 },
    );
  });

  test('rolls back at most alpha of healthy canaries, all tests on, looking every minute of 20', () => {
    const random = seeded(17);
    const [runs, alpha] = [100, 0.2];
    let failed = 0;
    for (let run = 0; run < runs; run += 1) {
      const traffic = Array.from({ length: 20 }, (_, i): CountRow => {
        const rate = i % 10 === 3 ? 0.2 : 0.02;
        return [180, binomial(random, 180, rate), 20, binomial(random, 20, rate)];
      });
      const fails = traffic.some((_, look) => {
        const window = aWindow(traffic.slice(0, look + 1));
        return judge(window, settings({ alpha, errorTolerance: 0, maxErrorRate: 0.2 })).verdict === 'fail';
      });
      failed += fails ? 1 : 0;
    }
    expect(failed / runs).toBeLessThanOrEqual(alpha / 2);
  });

  test('finds a regression of 5 points at 1,000 requests per minute within 4 minutes, mostly', () => {
    const random = seeded(29);
    const found = Array.from({ length: 100 }, () => {
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

  test('stays finite for counts of 1e9 with all tests on', () => {
    const bake = { alone: aloneOf(repeat(60, [1e9, 1e9] as const)), past: repeat(60, counts(1e9, 1)) };
    const all = settings({ bakes: true, maxErrorRate: 0.01 });
    const judgement = judge(aWindow(repeat(60, [1e9, 1e9, 1e9, 1e9] as const), bake), all);
    expect(Number.isFinite(judgement.evidence)).toBe(true);
    expect(judgement.verdict).toBe('fail');
  });
});
