import { describe, expect, test } from '@jest/globals';
import type { ExtraMetric } from '../../src/model/metric.ts';
import { ActionFailure } from '../../src/model/failure.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { NOON } from '../support/driven-clock.ts';
import { BAKED, type Lab, type Run, halfFails, roll, writesOf } from '../support/rollout-lab.ts';

const NO_METRICS = new ActionFailure('no metrics', 'Wait.');
const NO_AGE = new ActionFailure('no queue age', 'Mend it.');
const NO_ALARMS = new ActionFailure('no alarms', 'Wait.');
const ALARMED = { alarms: ['pages'] };

const QUEUE_AGE: ExtraMetric = {
  kind: 'limited',
  name: 'queue age',
  value: { expression: 'AGE' },
  max: 30,
  min: undefined,
};
const WATCHED = { watch: { latency: undefined, metrics: [QUEUE_AGE] } };

/** How many metrics of the user's were asked for, query by query. */
function askedIn({ queries }: Lab): number[] {
  return queries.map(({ watch }) => watch.metrics.length);
}

function problemsOf({ polls }: Run): (string | undefined)[] {
  return polls.map(({ found }) => ('problem' in found ? found.problem : undefined));
}

describe('an alarm that goes off while the counts cannot be read', () => {
  test.each([
    { when: 'before the promotion', plan: {}, at: 4 * MINUTE, writes: ['7 8:10 [marker]', '7 the shop'] },
    {
      when: 'during the bake',
      plan: { plan: BAKED },
      at: 9 * MINUTE,
      writes: ['7 8:10 [marker]', '8 [marker]', '7 the shop'],
    },
  ])('rolls back at the next poll, $when', async ({ plan, at, writes }) => {
    const run = roll({
      ...plan,
      rollout: ALARMED,
      before: (lab) => {
        lab.clock.plan(at - 45 * SECOND, () => (lab.trouble = NO_METRICS));
        lab.clock.plan(at + SECOND, () => lab.alarms.set('pages', 'ALARM'));
      },
    });
    const reason = 'alarm "pages" went to ALARM: too high';
    expect(await run.outcome).toEqual({ result: 'rolled-back', verdict: 'fail', reason });
    expect(run.clock.now() - NOON).toBe(at + 30 * SECOND);
    expect(writesOf(run)).toEqual(writes);
    expect(problemsOf(run).slice(-2)).toEqual(['no metrics', undefined]);
  });

  test('says nothing where it was red before', async () => {
    const run = roll({
      rollout: { ...ALARMED, ringing: ['pages'] },
      before: (lab) => {
        lab.alarms.set('pages', 'ALARM');
        lab.trouble = NO_METRICS;
      },
    });
    const reason = 'what to judge by could not be read for 5m: no metrics';
    expect(await run.outcome).toEqual({ result: 'rolled-back', verdict: 'inconclusive', reason, remedy: 'Wait.' });
  });

  test('has recovered meanwhile, and is heeded when it goes off again', async () => {
    const run = roll({
      rollout: { ...ALARMED, ringing: ['pages'] },
      before: (lab) => {
        lab.alarms.set('pages', 'ALARM');
        lab.clock.plan(2 * MINUTE + SECOND, () => (lab.trouble = NO_METRICS));
        lab.clock.plan(3 * MINUTE + SECOND, () => lab.alarms.set('pages', 'OK'));
        lab.clock.plan(4 * MINUTE + SECOND, () => {
          lab.alarms.set('pages', 'ALARM');
          lab.trouble = undefined;
        });
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(run.clock.now() - NOON).toBe(4.5 * MINUTE);
  });
});

describe('alarms that cannot be read', () => {
  test('do not save a canary whose counts prove it broken', async () => {
    const run = roll({ rollout: ALARMED, canaryErrors: halfFails(), before: (lab) => (lab.alarmTrouble = NO_ALARMS) });
    const outcome = await run.outcome;
    expect(outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(outcome.reason).toMatch(/^error rate 50\.00% vs 0\.11%/);
    // Without proof there is no quarantine either: nothing but proof is taken from half a reading.
    expect(run.clock.now() - NOON).toBe(3 * MINUTE);
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 the shop']);
    expect(new Set(problemsOf(run).slice(0, -1))).toEqual(new Set(['no alarms']));
  });
});

describe('a metric of the user that cannot be read', () => {
  test("does not hide what Lambda's own counts prove: they are read alone", async () => {
    const run = roll({ rollout: WATCHED, canaryErrors: halfFails(), before: (lab) => (lab.metricTrouble = NO_AGE) });
    const outcome = await run.outcome;
    expect(outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(outcome.reason).toMatch(/^error rate 50\.00% vs 0\.11%/);
    expect(run.clock.now() - NOON).toBe(3 * MINUTE);
    expect(askedIn(run)).toEqual([1, 0, 1, 0, 1, 0]);
    const [whole, own] = run.queries;
    expect(own).toEqual({ ...whole, watch: { latency: undefined, metrics: [] } });
  });

  test('holds a canary that nothing is proven of, and rolls it back when that lasts: counts alone are no health', async () => {
    const run = roll({
      rollout: WATCHED,
      more: () => ({ limited: new Map([['queue age', { baseline: new Map(), canary: new Map([[NOON, 5]]) }]]) }),
      before: (lab) => {
        lab.clock.plan(4 * MINUTE + SECOND, () => (lab.metricTrouble = NO_AGE));
      },
    });
    const reason = 'what to judge by could not be read for 5m: no queue age';
    expect(await run.outcome).toEqual({ result: 'rolled-back', verdict: 'inconclusive', reason, remedy: 'Mend it.' });
    expect(run.clock.now() - NOON).toBe(9.5 * MINUTE);
    expect(problemsOf(run).at(-1)).toBe('no queue age');
  });

  test('is told by what is in the way of the counts where these cannot be read either', async () => {
    const run = roll({ rollout: WATCHED, before: (lab) => (lab.trouble = NO_METRICS) });
    expect(await run.outcome).toMatchObject({ reason: 'what to judge by could not be read for 5m: no metrics' });
    expect(askedIn(run).slice(0, 4)).toEqual([1, 0, 1, 0]);
  });

  test('is not tried without where there is none: counts that cannot be read are asked for once', async () => {
    const run = roll({ before: (lab) => (lab.trouble = NO_METRICS) });
    await run.outcome;
    expect(run.queries).toHaveLength(run.polls.filter(({ at }) => at >= NOON + 2 * MINUTE).length);
  });

  test('does not silence an alarm', async () => {
    const run = roll({
      rollout: { ...WATCHED, ...ALARMED },
      before: (lab) => {
        lab.metricTrouble = NO_AGE;
        lab.clock.plan(3 * MINUTE + SECOND, () => lab.alarms.set('pages', 'ALARM'));
      },
    });
    expect(await run.outcome).toMatchObject({ verdict: 'fail', reason: 'alarm "pages" went to ALARM: too high' });
    expect(run.clock.now() - NOON).toBe(3.5 * MINUTE);
  });
});
