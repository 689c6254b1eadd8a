import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../src/model/time.ts';
import { describeExpiry, fixedSession } from '../../src/rollout/expiry.ts';
import { NOON } from '../support/driven-clock.ts';
import { aPlan } from '../support/rollouts.ts';
import { roll, writesOf } from '../support/rollout-lab.ts';

const LONG = aPlan({ steps: [{ weight: 10, dwell: 30 * MINUTE }] });

describe('a session that ends', () => {
  test('in the midst of a rollout: rolled back at the last poll that leaves time for it', async () => {
    const asked: number[] = [];
    const session = fixedSession(NOON + 10 * MINUTE);
    const run = roll({
      plan: LONG,
      before: (lab) => {
        lab.session = {
          endBefore: (moment) => {
            asked.push(moment - lab.clock.now());
            return session.endBefore(moment);
          },
        };
      },
    });
    expect(await run.outcome).toMatchObject({
      result: 'rolled-back',
      reason: 'the AWS credentials expire at 12:10 UTC, after which nothing could be rolled back',
    });
    expect(writesOf(run).at(-1)).toBe('7 the shop');
    expect(run.clock.now()).toBeLessThanOrEqual(NOON + 8 * MINUTE);
    expect(new Set(asked)).toEqual(new Set([LONG.interval + 2 * MINUTE]));
  });

  test('after it: nothing happens', async () => {
    const run = roll({ plan: LONG, before: (lab) => (lab.session = fixedSession(NOON + 60 * MINUTE)) });
    expect(await run.outcome).toMatchObject({ result: 'promoted' });
  });

  test('and could not be renewed: says why', () => {
    expect(describeExpiry({ at: NOON, why: 'STS said no' })).toBe(
      'the AWS credentials expire at 12:00 UTC, after which nothing could be rolled back, and could not be renewed: STS said no',
    );
  });
});
