import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CAUTION } from '../../../src/model/verdict.ts';
import { type JudgedMinutes, judge } from '../../../src/rollout/judge/judge.ts';
import { SLOW, aWindow, aloneOf, counts, exactly, repeat, settings } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';

const LN_100 = Math.log(100);
const HEALTHY: CountRow = [900, 1, 100, 0];
const BURST: CountRow = [900, 1, 100, 60];

function minute(errors: number): CountRow {
  return [900, 0, 100, errors];
}

describe('one bad minute', () => {
  test('is excused when the minutes after it are healthy, and no longer in the way of a pass', () => {
    const judgement = judge(aWindow([BURST, ...repeat(20, HEALTHY)]), settings());
    expect(judgement.tests[0]?.isExcused).toBe(true);
    expect(judgement.suspicion).toBeLessThan(Math.log(5));
    expect(judgement.verdict).toBe('pass');
    expect(judgement.reason).toContain(', one bad minute of the error rate excused, ');
    expect(judgement.ruledOut).toBeLessThanOrEqual(0.01);
  });

  test('is not excused by minutes whose slow errors may still be missing', () => {
    const excusedBy = (final: number): boolean | undefined =>
      judge(aWindow([minute(20), ...repeat(4, minute(0))], { finalMinutes: 1 + final }), settings()).tests[0]
        ?.isExcused;
    expect([0, 1, 2, 3, 4].map(excusedBy)).toEqual([false, true, true, true, true]);
  });

  test('against a limit, side by side and alone, and against the past: the same', () => {
    const limited = settings({ maxErrorRate: 0.05, bakes: true });
    const bad = minute(60);
    const excused = (rows: readonly CountRow[], change: Partial<JudgedMinutes>): string[] =>
      judge(aWindow(rows, { past: repeat(30, counts(900, 1)), ...change }), limited)
        .tests.filter(({ isExcused }) => isExcused)
        .map(({ test: name }) => name);
    const sideBySide = [bad, ...repeat(3, minute(0))];
    expect(excused(sideBySide, { finalMinutes: 1 })).toEqual([]);
    expect(excused(sideBySide, { finalMinutes: 2 })).toEqual(['concurrent', 'ceiling']);
    const healthy = repeat(3, minute(0));
    const alone = aloneOf([[100, 60], ...repeat(3, [100, 0] as const)]);
    expect(excused(healthy, { alone, finalAlone: 1 })).toEqual([]);
    expect(excused(healthy, { alone, finalAlone: 2 })).toEqual(['ceiling', 'past']);
    expect(excused(healthy, { finalMinutes: 2, alone, finalAlone: 0 })).toEqual([]);
  });

  test.each([
    { errors: 1, suspected: false },
    { errors: 3, suspected: false },
    { errors: 4, suspected: true },
    { errors: 6, suspected: true },
  ])('stays excused when $errors more errors come; these count for themselves: $suspected', ({ errors, suspected }) => {
    const judgement = judge(aWindow([BURST, ...repeat(10, HEALTHY), minute(errors)]), settings());
    const [test] = judgement.tests;
    expect(test?.isExcused).toBe(true);
    expect(test?.suspicion).toBeGreaterThan(100);
    expect(judgement.suspicion).toBe(test?.withoutWorst);
    expect(judgement.suspicion >= CAUTION).toBe(suspected);
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.reason).toMatch(
      suspected ? /, suspicion .*: not confirmed$/ : /, one bad minute .* excused, but /,
    );
  });

  test('does not help the errors after it to a rollback; they have to be enough without it', () => {
    const few = judge(aWindow([minute(60), minute(1), minute(1)]), settings());
    expect(few.tests[0]).toMatchObject({ isExcused: true, beyondTolerance: true });
    expect(few.tests[0]?.evidence).toBeGreaterThan(LN_100);
    expect(few.verdict).toBe('inconclusive');
    expect(few.evidence).toBe(few.tests[0]?.withoutWorst);
    const enough = judge(aWindow([minute(60), minute(1), minute(1), minute(1)]), settings());
    expect(enough.tests[0]?.isExcused).toBe(true);
    expect(enough.verdict).toBe('fail');
    expect(enough.evidence).toBe(enough.tests[0]?.withoutWorst);
    expect(enough.reason).toBe('error rate 15.75% vs 0.00% (63/400 vs 0/3600), evidence 1:358');
  });

  test('excused or not, never proves anything together with minutes without errors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(9), fc.nat(30), (errors, before, after) => {
        const healthy = (count: number): CountRow[] => repeat(count, minute(0));
        const rows = [...healthy(before), minute(errors), ...healthy(after)];
        expect(judge(aWindow(rows), settings()).verdict).not.toBe('fail');
      }),
      { seed: 12, numRuns: 100 },
    );
  });

  test('is no excuse for the others: a canary that is bad in all of them fails without its worst', () => {
    const judgement = judge(aWindow([minute(5), minute(60), ...repeat(4, minute(5))]), settings());
    expect(judgement.tests[0]?.isExcused).toBe(true);
    expect(judgement.tests[0]?.withoutWorst).toBeGreaterThan(LN_100);
    expect(judgement.verdict).toBe('fail');
  });

  test('is told with the name of every metric that had one', () => {
    const slow = new Map([[SLOW.name, exactly([[900, 9, 100, 90], ...repeat(20, [900, 9, 100, 1] as const)])]]);
    const [both, only] = [[BURST, ...repeat(20, HEALTHY)], repeat(21, HEALTHY)].map((rows) =>
      judge(aWindow(rows, { metrics: slow }), settings({ metrics: [SLOW] })),
    );
    const pass = 'no evidence against the canary, 95% sure that it rose by less than 0.';
    expect(both?.verdict).toBe('pass');
    expect(both?.reason).toContain(`, one bad minute of the error rate and the ${SLOW.name} excused, ${pass}`);
    expect(only?.verdict).toBe('pass');
    expect(only?.reason).toContain(`, one bad minute of the ${SLOW.name} excused, ${pass}`);
  });
});
