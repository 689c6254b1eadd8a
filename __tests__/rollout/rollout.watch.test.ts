import { describe, expect, test } from '@jest/globals';
import type { ExtraMetric, LimitedMetric, Metric } from '../../src/model/metric.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import type { Counts } from '../../src/model/traffic.ts';
import type { AliasTraffic, BothVersions, TrafficQuery } from '../../src/rollout/ports.ts';
import { NOON } from '../support/driven-clock.ts';
import { ONE_STEP, type Run, minutesIn, roll, writesOf } from '../support/rollout-lab.ts';
import { aPlan } from '../support/rollouts.ts';

type Versions<T> = (minute: number) => { readonly baseline?: T; readonly canary?: T };

/** What both versions did, minute by minute since noon. */
function series<T>(query: TrafficQuery, at: Versions<T>): BothVersions<ReadonlyMap<number, T>> {
  const side = (version: 'baseline' | 'canary') =>
    new Map(
      minutesIn(query).flatMap((start): [number, T][] => {
        const value = at((start - NOON) / MINUTE)[version];
        return value === undefined ? [] : [[start, value]];
      }),
    );
  return { baseline: side('baseline'), canary: side('canary') };
}

function aLimit(expression: string): LimitedMetric {
  return { kind: 'limited', name: 'queue age', value: { expression }, max: 30, min: undefined };
}

function watching(metric: ExtraMetric) {
  return { watch: { latency: undefined, metrics: [metric] } };
}

function limited(at: Versions<number>) {
  return (query: TrafficQuery): Partial<AliasTraffic> => ({ limited: new Map([['queue age', series(query, at)]]) });
}

const BOTH_BREAK = { baseline: 40, canary: 40 } as const;
const BOTH_KEEP = { baseline: 5, canary: 5 } as const;

describe('a limit', () => {
  const ofAlias = watching(aLimit('AGE'));
  const ofVersion = watching(aLimit('AGE {{version}}'));

  test('that the alias breaks for two minutes rolls the canary back', async () => {
    const run = roll({ rollout: ofAlias, more: limited((minute) => ({ canary: minute >= 1 ? 31 : 5 })) });
    expect(await run.outcome).toMatchObject({
      result: 'rolled-back',
      verdict: 'fail',
      reason: 'metric "queue age" of the alias was 31, above its maximum of 30, twice in a row',
    });
    expect(run.clock.now() - NOON).toBe(4 * MINUTE);
  });

  test('that the alias broke before the shift already says nothing: five minutes of the past are read', async () => {
    const run = roll({ rollout: ofAlias, more: limited(() => ({ canary: 31 })) });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
    expect(run.queries.every(({ start }) => start === NOON - 5 * MINUTE)).toBe(true);
  });

  test('that the canary breaks and the baseline does not rolls it back', async () => {
    const run = roll({ rollout: ofVersion, more: limited((minute) => ({ baseline: 5, canary: minute > 0 ? 40 : 5 })) });
    expect(await run.outcome).toMatchObject({
      result: 'rolled-back',
      reason: expect.stringContaining('of the canary was 40'),
    });
  });

  test.each([
    { what: 'for a while', more: limited((minute) => (minute >= 2 && minute < 8 ? BOTH_BREAK : BOTH_KEEP)) },
    { what: 'to the end', more: limited(() => BOTH_BREAK) },
  ])('that both versions break is neither the fault of the canary nor in its way: $what', async ({ more }) => {
    const run = roll({ rollout: ofVersion, more });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '8 the shop']);
    expect(run.clock.now() - NOON).toBe(7 * MINUTE);
    expect(run.polls.every(({ found }) => 'judgement' in found && found.judgement.obstacle === undefined)).toBe(true);
  });

  test('that the canary breaks on when the baseline keeps it again rolls it back', async () => {
    const more = limited((minute) => (minute < 3 ? BOTH_BREAK : { baseline: 5, canary: 40 }));
    const run = roll({ rollout: ofVersion, more });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    // Minutes 3 and 4 are the first two that are the canary's alone.
    expect(run.clock.now() - NOON).toBe(6 * MINUTE);
  });

  test.each([
    { policy: 'promote', result: 'promoted' },
    { policy: 'hold', result: 'held' },
    { policy: 'rollback', result: 'rolled-back' },
  ] as const)('without a value cannot be vouched for, and the policy decides: $policy', async ({ policy, result }) => {
    const run = roll({
      plan: { ...ONE_STEP, onInconclusive: policy },
      rollout: ofVersion,
      more: limited((minute) => (minute < 0 ? BOTH_KEEP : { baseline: 5 })),
    });
    const reason = 'metric "queue age" has no value since the first shift';
    expect(await run.outcome).toEqual({ result, verdict: 'inconclusive', reason });
  });

  test('needs one value: it then passes', async () => {
    const run = roll({ rollout: ofVersion, more: limited((minute) => (minute === 3 ? BOTH_KEEP : {})) });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
  });

  test('below a minimum counts when it can grow no more', async () => {
    const stock = watching({ ...aLimit('STOCK {{version}}'), min: 10, max: undefined });
    const run: Run = roll({
      rollout: stock,
      // Each value of the canary is low until its minute is two minutes over; from minute 2 on it stays so.
      more: (query) => {
        const isFinal = (minute: number): boolean => NOON + (minute + 3) * MINUTE <= run.clock.now();
        return limited((minute) => ({ baseline: 20, canary: isFinal(minute) && minute < 2 ? 20 : 3 }))(query);
      },
    });
    expect(await run.outcome).toMatchObject({
      result: 'rolled-back',
      verdict: 'fail',
      reason: 'metric "queue age" of the canary was 3, below its minimum of 10, twice in a row',
    });
    // Minutes 2 and 3 are the first two, and final at 6.
    expect(run.clock.now() - NOON).toBe(6 * MINUTE);
  });
});

describe('what is read besides the errors', () => {
  const custom: Metric = { kind: 'custom', name: 'failed payments', tolerance: 0.01, oddsRatio: 1, margin: 0.05 };
  const payments: ExtraMetric = {
    kind: 'counted',
    name: custom.name,
    bad: { expression: 'BAD {{version}}' },
    total: { expression: 'ALL {{version}}' },
    tolerance: 0.01,
  };
  const counts = (errors: number): Counts => ({ invocations: 100, errors });

  test('is asked for with the query', async () => {
    const watch = { latency: { threshold: 300, statistic: 'trimmed-count' }, metrics: [payments] } as const;
    const run = roll({ rollout: { watch } });
    await run.outcome;
    expect(run.queries.length).toBeGreaterThan(0);
    expect(run.queries.every((query) => query.watch === watch && query.signal === run.controller.signal)).toBe(true);
  });

  test('is compared as well: payments that fail roll back a canary without errors', async () => {
    const run = roll({
      settings: { metrics: [custom] },
      rollout: watching(payments),
      more: (query) => ({
        counted: new Map([[custom.name, series(query, () => ({ baseline: counts(1), canary: counts(60) }))]]),
      }),
    });
    expect(await run.outcome).toMatchObject({
      result: 'rolled-back',
      verdict: 'fail',
      reason: expect.stringMatching(/^failed payments 60\.00% vs 1\.00%/),
    });
  });

  test('that is missing proves nothing: without its payments a canary does not pass', async () => {
    const run = roll({ settings: { metrics: [custom] }, rollout: watching(payments) });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'inconclusive' });
  });

  test.each([
    { to: 80, left: [10, 11] },
    // Half of its environments have been there before: they warm up in half of the time.
    { to: 40, left: [10] },
  ])('slow invocations do not count while environments are new: a rise from 20 to $to', async ({ to, left }) => {
    const latency: Metric = { kind: 'latency', name: 'slow', tolerance: 0.01, oddsRatio: 1, margin: undefined };
    const steps = [20, to].map((weight) => ({ weight, dwell: 10 * MINUTE }));
    const run = roll({
      plan: aPlan({ steps }),
      settings: { metrics: [latency] },
      more: (query) => ({ slow: series(query, () => ({ baseline: slow(1), canary: slow(1) })) }),
    });
    await run.outcome;
    const all = Array.from({ length: 21 }, (_, minute) => minute);
    expect(countedMinutes(run, 'slow')).toEqual(all.filter((minute) => minute >= 2 && !left.includes(minute)));
  });

  test('spill-over is what the last ten minutes had: in the way until it is that long over', async () => {
    const run = roll({
      plan: aPlan({ steps: [{ weight: 10, dwell: 5 * MINUTE }], maxDuration: 30 * MINUTE }),
      more: (query) => ({
        spillOver: series(query, (minute) => (minute < 3 ? { baseline: 0, canary: 90 } : { baseline: 0, canary: 0 })),
      }),
    });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
    const hindered = run.polls.filter(({ found }) => 'judgement' in found && found.judgement.obstacle !== undefined);
    expect(hindered[0]?.at).toBe(NOON + 3 * MINUTE);
    const minutes = run.polls.flatMap(({ found }) => ('minutes' in found ? [found.minutes.spillOver.length] : []));
    expect(Math.max(...minutes)).toBe(10);
    // At 13 the last ten that are ripe are 2 to 11, and no single minute decides.
    expect(run.clock.now() - NOON).toBe(13 * MINUTE);
  });

  test('an unequal split holds the canary, whatever its counts', async () => {
    const run = roll({
      plan: { ...ONE_STEP, maxDuration: 15 * MINUTE },
      // Of the tenth that is meant for it half arrives.
      more: (query) => ({
        canary: series(query, (minute) => (minute < 0 ? {} : { canary: { invocations: 50, errors: 0 } })).canary,
      }),
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', reason: expect.stringContaining('% of ') });
    expect(run.clock.now() - NOON).toBe(15 * MINUTE);
  });
});

describe('the split is held against the weight', () => {
  const stretchesAt = ({ polls }: Run, minute: number) => {
    const found = polls.find(({ at }) => at >= NOON + minute * MINUTE)?.found;
    return found !== undefined && 'minutes' in found ? found.minutes.stretches : [];
  };

  test('over final minutes only, from the first whole one on', async () => {
    const run = roll({});
    await run.outcome;
    // Minute 0 is the one of the shift; at 6 the minutes 1, 2 and 3 are two minutes old.
    expect(stretchesAt(run, 6)).toEqual([{ weight: 10, baseline: 2700, canary: 300 }]);
  });

  test('but for the minutes in which a write was under way', async () => {
    const run = roll({
      plan: aPlan(),
      before: ({ clock, port }) => {
        void clock.sleep(55 * SECOND);
        // The second shift is sent at 10:55, and confirmed in the next minute.
        clock.plan(9.9 * MINUTE, () => (port.lateReads = 8));
      },
    });
    await run.outcome;
    const shifted = run.polls.find(({ weight }) => weight === 50);
    expect(shifted?.at).toBeGreaterThan(NOON + 11 * MINUTE);
    expect(stretchesAt(run, 20)).toEqual([
      { weight: 10, baseline: 7200, canary: 800 },
      { weight: 50, baseline: 3000, canary: 3000 },
    ]);
  });
});

const slow = (count: number) => ({ samples: 100, least: count, most: count });

/** The minutes since noon in which a metric had something to compare, at the last poll. */
function countedMinutes({ polls }: Run, name: string): number[] {
  const found = polls.at(-1)?.found;
  const minutes = found !== undefined && 'minutes' in found ? found.minutes.metrics.get(name)?.lenient : undefined;
  return (minutes ?? []).filter(({ canary }) => canary.invocations > 0).map(({ start }) => (start - NOON) / MINUTE);
}
