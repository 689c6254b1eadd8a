import { describe, expect, test } from '@jest/globals';
import { ActionFailure } from '../../../src/model/failure.ts';
import { MINUTE, SECOND } from '../../../src/model/time.ts';
import { HURRY_LIMIT, Patience, persistently } from '../../../src/rollout/act/patience.ts';
import { DrivenClock, NOON } from '../../support/driven-clock.ts';

async function exhaust(patience: Patience): Promise<void> {
  while (await patience.pause());
}

describe('patience', () => {
  test('pauses longer each time, until its time is over', async () => {
    const clock = new DrivenClock();
    await exhaust(new Patience({ clock }, MINUTE));
    expect(clock.sleeps.map((ms) => ms / SECOND)).toEqual([1, 2, 4, 8, 15, 15, 15]);
    expect(clock.now()).toBe(NOON + MINUTE);
  });

  test.each([0, 20 * SECOND])('has only seconds left when a signal comes after %d ms', async (after) => {
    const clock = new DrivenClock();
    const controller = new AbortController();
    if (after === 0) controller.abort();
    else
      clock.plan(after, () => {
        controller.abort();
      });
    const patience = new Patience({ clock, signal: controller.signal }, 5 * MINUTE);
    await exhaust(patience);
    expect(patience.isHurried).toBe(true);
    expect(clock.now()).toBe(NOON + after + HURRY_LIMIT);
  });

  test('a signal does not give it more time than it had', async () => {
    const clock = new DrivenClock();
    await exhaust(new Patience({ clock, signal: AbortSignal.abort() }, SECOND));
    expect(clock.now()).toBe(NOON + SECOND);
  });
});

describe('persistence', () => {
  function failing(times: number, failure: Error) {
    let calls = 0;
    return { work: () => (++calls > times ? Promise.resolve('done') : Promise.reject(failure)), calls: () => calls };
  }
  const passing = new ActionFailure('throttled', 'Wait.');
  const lasting = new ActionFailure('denied', 'Allow it.', { permanent: true });

  test.each([
    { times: 3, failure: passing, ends: 'done', calls: 4 },
    { times: 99, failure: passing, ends: 'throttled', calls: 8 },
    { times: 99, failure: lasting, ends: 'denied', calls: 1 },
  ])('$failure.message $times times ends in $ends', async ({ times, failure, ends, calls }) => {
    const attempts = failing(times, failure);
    const patience = new Patience({ clock: new DrivenClock() }, MINUTE);
    const end = await persistently(attempts.work, patience).catch((error: unknown) => (error as Error).message);
    expect([end, attempts.calls()]).toEqual([ends, calls]);
  });
});
