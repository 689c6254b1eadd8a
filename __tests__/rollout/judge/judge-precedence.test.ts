import { describe, expect, test } from '@jest/globals';
import { judge } from '../../../src/rollout/judge/judge.ts';
import type { JudgedMinutes } from '../../../src/rollout/judge/judge.ts';
import { SLOW, THROTTLED, aWindow, custom, exactly, minutesOf, repeat, settings } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';

const HEALTHY = repeat(12, [900, 1, 100, 0] as const);
const BROKEN = repeat(4, [900, 1, 100, 5] as const);
const BURST: CountRow[] = [...repeat(10, [900, 1, 100, 0] as const), [900, 1, 100, 90]];
const VETO = { vetoes: ['alarm "queue age" went to ALARM'] };
const MISROUTED = { stretches: [{ weight: 10, baseline: 9999, canary: 1 }] };
const UNKNOWN = { unknown: ['metric "age" has no value', 'metric "depth" has no value'] };
const SPILLING = { spillOver: minutesOf(repeat(4, [900, 0, 100, 60] as const)) };

interface Case {
  readonly what: string;
  readonly rows: readonly CountRow[];
  readonly change?: Partial<JudgedMinutes>;
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly reason: RegExp;
}

describe('what comes first', () => {
  test.each<Case>([
    { what: 'nothing in the way', rows: HEALTHY, verdict: 'pass', reason: /95% sure/ },
    {
      what: 'a veto over a pass',
      rows: HEALTHY,
      change: VETO,
      verdict: 'fail',
      reason: /^alarm "queue age" went to ALARM$/,
    },
    { what: 'a veto over the evidence', rows: BROKEN, change: VETO, verdict: 'fail', reason: /^alarm/ },
    { what: 'a veto without any minute', rows: [], change: VETO, verdict: 'fail', reason: /^alarm/ },
    {
      what: 'the evidence over an obstacle',
      rows: BROKEN,
      change: MISROUTED,
      verdict: 'fail',
      reason: /^error rate 5/,
    },
    { what: 'the evidence over a gap', rows: BROKEN, change: UNKNOWN, verdict: 'fail', reason: /^error rate 5/ },
    {
      what: 'a suspicion over an obstacle',
      rows: BURST,
      change: { ...MISROUTED, ...UNKNOWN },
      verdict: 'inconclusive',
      reason: /not confirmed$/,
    },
    {
      what: 'the split over a pass',
      rows: HEALTHY,
      change: MISROUTED,
      verdict: 'inconclusive',
      reason: /^the canary got 0\.01%/,
    },
    {
      what: 'the spill-over over a pass and over a gap',
      rows: HEALTHY,
      change: { ...SPILLING, ...UNKNOWN },
      verdict: 'inconclusive',
      reason: /provisioned/,
    },
    {
      what: 'a gap over a pass',
      rows: HEALTHY,
      change: UNKNOWN,
      verdict: 'inconclusive',
      reason: /^metric "age" has no value$/,
    },
    {
      what: 'what is missing over a gap, as it may close until then',
      rows: HEALTHY.slice(0, 2),
      change: UNKNOWN,
      verdict: 'inconclusive',
      reason: /too little for a pass/,
    },
    {
      what: 'silence over a gap',
      rows: [],
      change: UNKNOWN,
      verdict: 'inconclusive',
      reason: /^no minute is old enough/,
    },
  ])('$what', ({ rows, change = {}, verdict, reason }) => {
    const judgement = judge(aWindow(rows, change), settings());
    expect(judgement.verdict).toBe(verdict);
    expect(judgement.reason).toMatch(reason);
  });

  test('every veto is told, and of the obstacles the first', () => {
    const vetoed = judge(aWindow(HEALTHY, { vetoes: ['a', 'b'], ...MISROUTED }), settings());
    expect(vetoed).toMatchObject({ reason: 'a; b', obstacle: expect.stringMatching(/^the canary got 0\.01%/) });
    const all = judge(aWindow(HEALTHY, { ...MISROUTED, ...SPILLING }), settings());
    expect(all.obstacle).toMatch(/^the canary got 0\.01%/);
    expect(judge(aWindow(HEALTHY, SPILLING), settings()).obstacle).toMatch(/provisioned concurrency/);
    expect(judge(aWindow(HEALTHY), settings()).obstacle).toBeUndefined();
  });

  test('a gap is no obstacle: it does not keep the weight down, and takes nothing from what is proven', () => {
    const [open, closed] = [UNKNOWN, {}].map((change) => judge(aWindow(HEALTHY, change), settings()));
    expect(closed?.verdict).toBe('pass');
    expect(open).toEqual({ ...closed, verdict: 'inconclusive', reason: UNKNOWN.unknown[0] });
  });
});

describe('several metrics', () => {
  const slow = { metrics: new Map([[SLOW.name, exactly(repeat(6, [900, 9, 100, 80] as const))]]) };

  test('the one that got worse is named', () => {
    const { verdict, reason, tests } = judge(aWindow(HEALTHY, slow), settings({ metrics: [SLOW, THROTTLED] }));
    expect(verdict).toBe('fail');
    expect(reason).toMatch(
      /^share of invocations slower than 300ms 80\.00% vs 1\.00% \(480\/600 vs 54\/5400\), evidence 1:\de\d+$/,
    );
    expect(tests.map(({ metric }) => metric)).toEqual(['error rate', SLOW.name, 'throttle rate']);
  });

  test('it fails by the lenient counts and passes by the strict ones', () => {
    const [mild, harsh] = [0, 80].map((errors) => minutesOf(repeat(6, [900, 9, 100, errors] as const)));
    const bracket = { lenient: mild ?? [], strict: harsh ?? [] };
    const window = aWindow(HEALTHY, { metrics: new Map([[SLOW.name, bracket]]) });
    const judgement = judge(window, settings({ metrics: [SLOW] }));
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.reason).toContain(`to rule out a rise of the ${SLOW.name} by 5 points`);
  });

  test('a metric without data cannot pass, unless it has no margin', () => {
    expect(judge(aWindow(HEALTHY), settings({ metrics: [THROTTLED] })).verdict).toBe('pass');
    const without = judge(aWindow(HEALTHY), settings({ metrics: [custom('failed payments')] }));
    expect(without.verdict).toBe('inconclusive');
    expect(without.reason).toMatch(
      /too little for a pass: no minute has counted yet for the failed payments, so nothing rules out a rise of the failed payments by 1 point$/,
    );
  });

  test('the sum is told as well where it took all metrics and none is proven alone', () => {
    const metrics = [custom('failed payments')];
    const judged = Array.from({ length: 160 }, (_, index) => {
      const rows = repeat(1 + Math.floor(index / 4), [900, 1, 100, 1 + (index % 4)] as const);
      const healthy = new Map([['failed payments', exactly(rows.map(() => [900, 1, 100, 0]))]]);
      return judge(aWindow(rows, { metrics: healthy }), settings({ metrics }));
    });
    const failed = judged.filter(({ verdict }) => verdict === 'fail');
    const together = failed.filter(({ reason }) => reason.endsWith(' with all metrics together'));
    expect(failed.length).toBeGreaterThan(together.length);
    expect(together.length).toBeGreaterThan(0);
    for (const { reason } of together) {
      expect(reason).toMatch(/^error rate .*, evidence 1:1\d\d with all metrics together$/);
    }
  });
});
