import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CAUTION } from '../../../src/model/verdict.ts';
import { judge } from '../../../src/rollout/judge/judge.ts';
import { trafficOf } from '../../../src/rollout/judge/probe.ts';
import { SLOW, aWindow, aloneOf, counts, custom, exactly, repeat, settings } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';

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
    expect(judge(aWindow(repeat(9, HEALTHY), { finalMinutes: 0 }), settings()).verdict).toBe('inconclusive');
    const passed = judge(aWindow(repeat(9, HEALTHY), { finalMinutes: 5 }), settings());
    expect(passed).toMatchObject({ verdict: 'pass', finalCanary: counts(500, 0), finalMinutes: 5 });
  });

  test('passes when the margin is proven, and says how sure it is', () => {
    const judgement = judge(aWindow(repeat(10, HEALTHY)), settings());
    expect(judgement).toMatchObject({ verdict: 'pass', missing: 0, ruledOut: 0.004, obstacle: undefined });
    expect(judgement.reason).toBe(
      'error rate 0.00% vs 0.11% (0/1000 vs 10/9000), no evidence against the canary, 95% sure that it rose by less than 0.4 points',
    );
  });

  test('says how much traffic is missing before that', () => {
    const judgement = judge(aWindow(repeat(2, HEALTHY)), settings());
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.reason).toBe(
      `error rate 0.00% vs 0.11% (0/200 vs 2/1800), but too little for a pass: about ${judgement.missing} more canary invocations are needed to rule out a rise of the error rate by 1 point`,
    );
    expect(judgement.missing).toBeGreaterThan(50);
    expect(judgement.missing).toBeLessThan(400);
    expect(judgement.ruledOut).toBeUndefined();
  });

  test('does not roll back within the tolerance, however sure the difference is', () => {
    const rows = repeat(60, [90_000, 90, 10_000, 15] as const);
    const judgement = judge(aWindow(rows), settings());
    expect(judgement.tests[0]?.evidence).toBeGreaterThan(LN_100);
    expect(judgement.verdict).toBe('pass');
    expect(judgement.evidence).toBe(0);
  });

  test('neither fails nor passes on one bad minute that has only just been', () => {
    const judgement = judge(aWindow([HEALTHY, HEALTHY, [900, 0, 100, 100]]), settings());
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.suspicion).toBeGreaterThanOrEqual(LN_100);
    expect(judgement.reason).toMatch(/, suspicion 1:\de\d+, 1:1 without the worst minute: not confirmed$/);
  });

  test('fails above the ceiling although the baseline is as bad', () => {
    const rows = repeat(30, [900, 180, 100, 20] as const);
    expect(judge(aWindow(rows), settings({ passMargin: 0.1 })).verdict).toBe('pass');
    const judgement = judge(aWindow(rows), settings({ maxErrorRate: 0.05 }));
    expect(judgement.verdict).toBe('fail');
    expect(judgement.reason).toContain('error rate 20.00% vs max-error-rate 5.00% (600/3000 in the last 30 minutes)');
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
    expect(judgement.reason).toContain("vs 0.10% in the baseline's past (300/3000 in the last 3 minutes vs 40/39000)");
  });

  test('passes in the bake on its final minutes when all traffic moved at once', () => {
    const bake = { alone: aloneOf(repeat(3, [1000, 1] as const)), finalAlone: 2, past: PAST };
    const judgement = judge(aWindow([], bake), settings({ splits: false, bakes: true }));
    expect(judgement).toMatchObject({
      verdict: 'pass',
      finalCanary: counts(2000, 2),
      finalMinutes: 2,
      ruledOut: undefined,
    });
    expect(judgement.reason).toBe(
      "error rate 0.10% vs 0.10% in the baseline's past (3/3000 vs 30/30000), no evidence against the canary",
    );
  });

  test('does not pass in the bake by too little traffic, nor without a past', () => {
    const baking = settings({ splits: false, bakes: true });
    const few = judge(aWindow([], { alone: aloneOf([[50, 0]]), past: PAST }), baking);
    expect(few.verdict).toBe('inconclusive');
    expect(few.reason).toMatch(
      /about \d+ more canary invocations are needed to rule out a rise of the error rate by 1 point$/,
    );
    const unknown = judge(aWindow([], { alone: aloneOf(repeat(9, [1000, 0] as const)) }), baking);
    expect(unknown.verdict).toBe('inconclusive');
    expect(unknown.reason).toBe(
      'error rate 0.00% (0/9000), but too little for a pass: there is nothing to compare with',
    );
  });

  test('with nothing to test by, has nothing against it and nothing for it', () => {
    const nothing = settings({ splits: false });
    expect(judge(aWindow([]), nothing)).toMatchObject({
      verdict: 'inconclusive',
      evidence: 0,
      suspicion: 0,
      tests: [],
    });
    expect(judge(aWindow([HEALTHY]), nothing)).toMatchObject({ verdict: 'inconclusive', probeWeight: undefined });
  });

  test('tells how much traffic there is lately, and the weight at which what it suspects would still show', () => {
    const rows: CountRow[] = [...repeat(20, [9000, 0, 1000, 100] as const), ...repeat(5, [180, 0, 20, 2] as const)];
    expect(judge(aWindow(rows), settings())).toMatchObject({ traffic: 200, probeWeight: 5 });
    const above = judge(aWindow(repeat(4, [90, 36, 10, 4] as const)), settings({ maxErrorRate: 0.05 }));
    expect(above.suspicion).toBeGreaterThan(CAUTION);
    expect(above).toMatchObject({ traffic: 100, probeWeight: undefined });
    const bake = { alone: aloneOf(repeat(9, [1000, 0] as const)) };
    expect(judge(aWindow([], bake), settings({ bakes: true }))).toMatchObject({ traffic: 0, probeWeight: undefined });
  });

  test('never passes without invocations, even when none are asked for', () => {
    const rows = repeat(60, [900, 0, 0, 0] as const);
    expect(judge(aWindow(rows), settings({ minInvocations: 0 })).verdict).toBe('inconclusive');
  });

  test('takes more errors than invocations for all there were', () => {
    const judgement = judge(aWindow([[10, 12, 5, 9]]), settings());
    expect(judgement).toMatchObject({ baseline: counts(10, 10), canary: counts(5, 5) });
  });

  test('does not forget within which minutes the weight changed', () => {
    const window = aWindow(repeat(9, HEALTHY));
    const changed = { ...window, concurrent: window.concurrent.map((minute) => ({ ...minute, peakWeight: 10 })) };
    expect(judge(window, settings()).verdict).toBe('pass');
    expect(judge(changed, settings()).verdict).toBe('inconclusive');
  });

  const row = fc.tuple(fc.nat(500), fc.nat(30), fc.nat(200), fc.nat(30)).map((values): CountRow => values);
  const rows = fc.array(row, { maxLength: 8 });
  test('holds its promises for any counts', () => {
    fc.assert(
      fc.property(rows, rows, rows, fc.nat(8), fc.boolean(), (before, after, slow, final, ceiling) => {
        const alone = aloneOf(after.map(([, , n, e]) => [n, e]));
        const metrics = new Map([[SLOW.name, exactly(slow.map(([nb, eb, nc, ec]) => [nb + 30, eb, nc + 30, ec]))]]);
        const window = aWindow(before, { finalMinutes: Math.min(final, before.length), alone, past: PAST, metrics });
        const maxErrorRate = ceiling ? 0.05 : undefined;
        const extras = { metrics: [SLOW, custom('failed payments')] };
        const judgement = judge(window, settings({ bakes: true, maxErrorRate, minInvocations: 20, ...extras }));
        const { verdict, evidence, suspicion, finalCanary, missing, probeWeight = 1 } = judgement;
        expect(verdict === 'fail').toBe(evidence >= LN_100);
        expect(suspicion).toBeGreaterThanOrEqual(evidence - 1e-9);
        // Without data of the user's metric nothing passes.
        expect(verdict).not.toBe('pass');
        expect(Number.isSafeInteger(missing) && missing > 0).toBe(true);
        expect(judgement.ruledOut).toBeUndefined();
        expect(Number.isInteger(probeWeight) && probeWeight >= 1 && probeWeight <= 100).toBe(true);
        expect(judgement.traffic).toBe(trafficOf(window.concurrent));
        expect(finalCanary.invocations).toBeLessThanOrEqual(judgement.canary.invocations);
        expect(judgement.reason).not.toMatch(/NaN|undefined|Infinity/);
      }),
      { seed: 9, numRuns: 150 },
    );
  });

  test('stays finite for counts of 1e9 with all tests on', () => {
    const bake = { alone: aloneOf(repeat(60, [1e9, 1e9] as const)), past: repeat(60, counts(1e9, 1)) };
    const huge = repeat(60, [1e9, 1e9, 1e9, 1e9] as const);
    const metrics = new Map([[SLOW.name, exactly(huge)]]);
    const judgement = judge(
      aWindow(huge, { ...bake, metrics, stretches: [{ weight: 50, baseline: 6e10, canary: 6e10 }] }),
      settings({ bakes: true, maxErrorRate: 0.01, metrics: [SLOW] }),
    );
    expect(judgement.verdict).toBe('fail');
    for (const value of [judgement.evidence, judgement.suspicion, judgement.missing]) {
      expect(Number.isFinite(value)).toBe(true);
    }
    expect(judgement.assurances.every(({ evidence }) => Number.isFinite(evidence))).toBe(true);
  });
});
