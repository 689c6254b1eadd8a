import { describe, expect, test } from '@jest/globals';
import { ActionFailure } from '../../src/model/failure.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { ForeignChange } from '../../src/rollout/act/alias-writer.ts';
import type { Fate } from '../support/fake-alias.ts';
import { NOON } from '../support/driven-clock.ts';
import { BAKED, type Run, halfFails, roll, writesOf } from '../support/rollout-lab.ts';
import { aPlan } from '../support/rollouts.ts';

describe('metrics that cannot be read', () => {
  const trouble = new ActionFailure('CloudWatch is down', 'Wait.');

  test('hold the rollout, and roll it back after five minutes', async () => {
    const run = roll({ before: (lab) => (lab.trouble = trouble) });
    expect(await run.outcome).toEqual({
      result: 'rolled-back',
      verdict: 'inconclusive',
      reason: 'what to judge by could not be read for 5m: CloudWatch is down',
      remedy: 'Wait.',
    });
    expect(run.polls.at(-1)?.found).toEqual({ problem: 'CloudWatch is down', next: 'Wait.' });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 the shop']);
  });

  test('for a while only cost time', async () => {
    const run = roll({
      before: (lab) => {
        lab.clock.plan(4 * MINUTE, () => (lab.trouble = trouble));
        lab.clock.plan(8 * MINUTE + 15 * SECOND, () => (lab.trouble = undefined));
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'promoted', verdict: 'pass' });
    expect(run.clock.now() - NOON).toBe(8.5 * MINUTE);
  });

  test.each([
    { polls: 1, until: 8 * MINUTE + 15 * SECOND },
    { polls: 3, until: 9 * MINUTE + 15 * SECOND },
  ])('at the deadline, for $polls polls, leave it open until they can', async ({ polls, until }) => {
    const run = roll({
      plan: aPlan({ steps: [{ weight: 10, dwell: 20 * MINUTE }], maxDuration: 8 * MINUTE }),
      before: (lab) => {
        lab.clock.plan(8 * MINUTE - 15 * SECOND, () => (lab.trouble = trouble));
        lab.clock.plan(until, () => (lab.trouble = undefined));
      },
    });
    expect(await run.outcome).toMatchObject({
      result: 'promoted',
      verdict: 'pass',
      reason: expect.stringContaining('max-duration of 8m reached at 10%'),
    });
    expect(run.polls.filter(({ found }) => 'problem' in found)).toHaveLength(polls);
    expect(run.clock.now() - NOON).toBe(until + 15 * SECOND);
  });

  test.each([
    ['of their own', 'Allow it.', 'Allow it. Wait.'],
    ['that is the same', 'Wait.', 'Wait.'],
  ])(
    'and an alias that cannot be written, with a remedy %s: each is told once, apart from the reason',
    async (_, next, remedy) => {
      const run = roll({
        before: (lab) => {
          lab.trouble = trouble;
          lab.clock.plan(MINUTE, () => {
            lab.port.write = () => Promise.reject(new ActionFailure('not allowed', next, { permanent: true }));
          });
        },
      });
      expect(await run.outcome).toEqual({
        result: 'failed',
        verdict: 'inconclusive',
        reason:
          'what to judge by could not be read for 5m: CloudWatch is down; the rollback failed: alias live still serves version 7 (90%) and version 8 (10%): not allowed',
        remedy,
      });
    },
  );

  test('because of a fault in the program end it with that fault', async () => {
    const run = roll({ before: (lab) => (lab.trouble = new TypeError('a bug')) });
    await expect(run.outcome).rejects.toThrow('a bug');
  });
});

describe('a cancelled job', () => {
  test.each([
    ['in the middle of a wait', 3 * MINUTE + 7 * SECOND, BAKED, '7 8:10 [marker]'],
    ['while baking', 9 * MINUTE + 7 * SECOND, BAKED, '8 [marker]'],
  ])('%s is put back at once', async (_, ms, plan, served) => {
    const run = roll({
      plan,
      before: ({ clock, controller }) => {
        clock.plan(ms, () => {
          controller.abort();
        });
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', reason: expect.stringContaining('cancelled') });
    expect(writesOf(run).slice(-2)).toEqual([served, '7 the shop']);
    expect(run.clock.now() - NOON).toBe(ms);
  });

  test('while the metrics are read does not listen to what they say', async () => {
    const run: Run = roll({
      canaryErrors: halfFails(),
      more: () => {
        run.controller.abort();
        return {};
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'inconclusive' });
    expect(run.polls.every(({ at }) => at < NOON + 2 * MINUTE)).toBe(true);
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 the shop']);
  });

  test('before the first shift never shifts', async () => {
    const run = roll({
      before: ({ controller }) => {
        controller.abort();
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'none' });
    expect(writesOf(run)).toEqual(['7 the shop']);
  });

  test('while its rollback is under way changes nothing', async () => {
    const run = roll({
      canaryErrors: halfFails(),
      before: ({ clock, port, controller }) => {
        clock.plan(3 * MINUTE, () => port.fates.push('lost'));
        clock.plan(3 * MINUTE + SECOND, () => {
          controller.abort();
        });
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(writesOf(run)).toEqual(['7 8:10 [marker]', '7 8:1 [marker]', '7 the shop', '7 the shop']);
    expect(run.port.landed).toBe(3);
  });
});

describe('the alias', () => {
  test('that somebody else changes is theirs', async () => {
    const run = roll({
      before: ({ clock, port }) => {
        clock.plan(2 * MINUTE, () => {
          port.change({ functionVersion: '5', weights: {} });
        });
      },
    });
    await expect(run.outcome).rejects.toBeInstanceOf(ForeignChange);
    expect(run.port.state?.functionVersion).toBe('5');
    expect(run.port.landed).toBe(1);
  });

  test('that somebody else changes in a dwell is left at the next poll', async () => {
    const run = roll({
      before: ({ clock, port }) => {
        clock.plan(100 * SECOND, () => {
          port.change({ functionVersion: '7', weights: { 8: 60 } });
        });
      },
    });
    await expect(run.outcome).rejects.toBeInstanceOf(ForeignChange);
    expect(run.clock.now()).toBe(NOON + 120 * SECOND);
    expect(run.port.writes).toHaveLength(1);
  });

  test('is brought back when the credentials expire', async () => {
    const run = roll({
      before: (lab) => {
        lab.clock.plan(100 * SECOND, () => {
          lab.trouble = new ActionFailure('the credentials expired', 'Log in.', { expired: true });
        });
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', reason: 'the credentials expired' });
    expect(run.clock.now()).toBe(NOON + 120 * SECOND);
  });

  test('that cannot be promoted goes back to the baseline', async () => {
    const run = roll({
      before: ({ clock, port }) => {
        clock.plan(MINUTE, () => port.fates.push('refused for good'));
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', reason: expect.stringContaining('not allowed') });
    expect(run.port.state).toMatchObject({ functionVersion: '7', weights: {}, description: 'the shop' });
  });

  test('that cannot be put back is for the post step', async () => {
    const run = roll({
      canaryErrors: halfFails(),
      before: ({ clock, port }) => {
        clock.plan(2.5 * MINUTE, () => port.fates.push(...Array<Fate>(60).fill('lost')));
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'failed', verdict: 'fail' });
    expect(run.port.state).toMatchObject({ weights: { 8: 1 }, description: '[marker]' });
  });

  test.each([
    { plight: 'that cannot be put in quarantine', errors: halfFails(), from: MINUTE },
    { plight: 'that cannot be let out of it', errors: halfFails(1, 2), from: 3.5 * MINUTE },
  ])('$plight goes back to the baseline', async ({ errors, from }) => {
    const run = roll({
      canaryErrors: errors,
      plan: aPlan(),
      before: ({ clock, port }) => {
        clock.plan(from, () => port.fates.push('refused for good'));
      },
    });
    expect(await run.outcome).toMatchObject({ result: 'rolled-back', reason: expect.stringContaining('not allowed') });
    expect(run.port.state).toMatchObject({ functionVersion: '7', weights: {}, description: 'the shop' });
  });
});
