import { describe, expect, test } from '@jest/globals';
import { ActionFailure } from '../../src/model/failure.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { NOON } from '../support/driven-clock.ts';
import { BAKED, roll, writesOf } from '../support/rollout-lab.ts';

const WATCHED = { alarms: ['pages', 'queue'] };

describe('an alarm', () => {
  test('that goes off rolls the canary back at the next poll, whatever the counts say', async () => {
    const run = roll({
      rollout: WATCHED,
      before: ({ clock, alarms }) => {
        clock.plan(4 * MINUTE + 5 * SECOND, () => alarms.set('queue', 'ALARM'));
      },
    });
    const reason = 'alarm "queue" went to ALARM: too high';
    expect(await run.outcome).toEqual({ result: 'rolled-back', verdict: 'fail', reason });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 the shop']);
    expect(run.clock.now() - NOON).toBe(4.5 * MINUTE);
  });

  test('counts before the first minute can be read, and without any traffic', async () => {
    const run = roll({ rate: 0, rollout: WATCHED, before: ({ alarms }) => alarms.set('pages', 'ALARM') });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(run.clock.now() - NOON).toBe(30 * SECOND);
    expect(run.queries).toEqual([]);
  });

  test('counts during the bake', async () => {
    const run = roll({
      plan: BAKED,
      rollout: WATCHED,
      before: ({ clock, alarms }) => {
        clock.plan(9 * MINUTE, () => alarms.set('pages', 'ALARM'));
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '8 [marker]', '7 the shop']);
  });

  test('that was red before the start says nothing', async () => {
    const run = roll({
      rollout: { ...WATCHED, ringing: ['pages'] },
      before: ({ alarms }) => alarms.set('pages', 'ALARM'),
    });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
  });

  test.each([
    { then: 'OK', result: 'rolled-back' },
    // Without data nobody has said that the old trouble is over.
    { then: 'INSUFFICIENT_DATA', result: 'promoted' },
  ] as const)('that was red before the start, went to $then and is red again: $result', async ({ then, result }) => {
    const run = roll({
      rollout: { ...WATCHED, ringing: ['pages'] },
      before: ({ clock, alarms }) => {
        alarms.set('pages', 'ALARM');
        clock.plan(2 * MINUTE + SECOND, () => alarms.set('pages', then));
        clock.plan(4 * MINUTE + SECOND, () => alarms.set('pages', 'ALARM'));
      },
    });
    expect((await run.outcome).result).toBe(result);
  });

  test('that is red with another names both', async () => {
    const run = roll({
      rollout: WATCHED,
      before: ({ alarms }) => {
        for (const name of WATCHED.alarms) alarms.set(name, 'ALARM');
      },
    });
    const reason = 'alarm "pages" went to ALARM: too high; alarm "queue" went to ALARM: too high';
    expect(await run.outcome).toMatchObject({ reason });
  });
});

describe('alarms', () => {
  test('are read once at every poll, all of them together', async () => {
    const run = roll({ rollout: WATCHED });
    await run.outcome;
    expect(run.alarmReads).toEqual(run.polls.map(() => WATCHED.alarms));
  });

  test('are not asked for where there are none', async () => {
    const run = roll({});
    await run.outcome;
    expect(run.alarmReads).toEqual([]);
  });

  test('that cannot be read hold the rollout as metrics do, and roll it back after five minutes', async () => {
    const run = roll({
      rollout: WATCHED,
      before: (lab) => {
        lab.clock.plan(3 * MINUTE + SECOND, () => (lab.alarmTrouble = new ActionFailure('no alarms', 'Wait.')));
      },
    });
    const reason = 'what to judge by could not be read for 5m: no alarms';
    expect(await run.outcome).toEqual({ result: 'rolled-back', verdict: 'inconclusive', reason, remedy: 'Wait.' });
    expect(run.polls.at(-1)?.found).toEqual({ problem: 'no alarms', next: 'Wait.' });
  });

  test('that cannot be read for a while only cost time, and what was red before stays old', async () => {
    const run = roll({
      rollout: { ...WATCHED, ringing: ['pages'] },
      before: (lab) => {
        lab.alarms.set('pages', 'ALARM');
        lab.clock.plan(6 * MINUTE, () => (lab.alarmTrouble = new ActionFailure('no alarms', 'Wait.')));
        lab.clock.plan(8 * MINUTE, () => (lab.alarmTrouble = undefined));
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'promoted' });
    expect(run.clock.now() - NOON).toBe(8 * MINUTE);
  });

  test('that cannot be read together with the metrics are one problem', async () => {
    const run = roll({
      rollout: WATCHED,
      before: (lab) => {
        lab.trouble = new ActionFailure('no metrics', 'Wait.');
        lab.clock.plan(2 * MINUTE, () => (lab.alarmTrouble = new ActionFailure('no alarms', 'Wait.')));
      },
    });
    expect(await run.outcome).toMatchObject({
      result: 'rolled-back',
      reason: 'what to judge by could not be read for 5m: no metrics',
      remedy: 'Wait.',
    });
  });

  test('that fail by a fault in the program end the rollout with that fault', async () => {
    const run = roll({ rollout: WATCHED, before: (lab) => (lab.alarmTrouble = new TypeError('a bug')) });
    await expect(run.outcome).rejects.toThrow('a bug');
  });
});
