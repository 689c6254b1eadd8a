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

describe('a limit', () => {
  const ofAlias = watching(aLimit('AGE'));
  const ofVersion = watching(aLimit('AGE {{version}}'));

  test('that the alias breaks for two minutes rolls the canary back', async () => {
    const run = roll({ rollout: ofAlias, more: limited((minute) => ({ canary: minute >= 1 ? 31 : 5 })) });
    expect(await run.outcome).toMatchObject({
      result: 'rolled-back',
      verdict: 'fail',
      reason: 'metric "queue age" of the alias was 31, above its maximum of 30, for 2 minutes in a row',
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

  test('that both versions break holds the canary until it is kept again', async () => {
    const more = limited((minute) =>
      minute >= 2 && minute < 8 ? { baseline: 40, canary: 40 } : { baseline: 5, canary: 5 },
    );
    const run = roll({ rollout: ofVersion, more });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
    // Minute 8 is within the limit again, and readable at 10.
    expect(run.clock.now() - NOON).toBe(10 * MINUTE);
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '8 the shop']);
  });

  test('that both versions break to the end is the end of it at max-duration', async () => {
    const plan = { ...ONE_STEP, maxDuration: 12 * MINUTE };
    const run = roll({ plan, rollout: ofVersion, more: limited(() => ({ baseline: 40, canary: 40 })) });
    const reason = expect.stringMatching(
      /^still not fit to be judged after the max-duration of 12m: metric "queue age" of both/,
    );
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'inconclusive', reason });
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

  test('slow invocations do not count for two minutes after each rise', async () => {
    const latency: Metric = { kind: 'latency', name: 'slow', tolerance: 0.01, oddsRatio: 1, margin: undefined };
    const run = roll({
      plan: aPlan(),
      settings: { metrics: [latency] },
      more: (query) => ({ slow: series(query, () => ({ baseline: slow(1), canary: slow(1) })) }),
    });
    await run.outcome;
    expect(countedMinutes(run, 'slow')).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
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
