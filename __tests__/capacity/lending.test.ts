import { describe, expect, test } from '@jest/globals';
import { Lending, removalCommand } from '../../src/capacity/lending.ts';
import type { AliasTarget } from '../../src/model/alias.ts';
import { ActionFailure } from '../../src/model/failure.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import type { AliasPort } from '../../src/rollout/ports.ts';
import { DrivenClock, NOON } from '../support/driven-clock.ts';
import { FakeCapacity } from './fake-capacity.ts';

const LOAN = { version: '8', amount: 6 } as const;
const BUSY = new ActionFailure('throttled', 'Wait.');
const DENIED = new ActionFailure('not allowed', 'Allow it.', { permanent: true });
const SAID = "Alias can't be used … on an already Provisioned version";
const CONFLICT = new ActionFailure(`lambda:UpdateAlias failed: ${SAID}`, 'Mend it.', { cause: new Error(SAID) });
/** Its name says nothing. */
const OTHER = new ActionFailure('lambda:UpdateAlias for function provisioned failed', 'Wait.', {
  cause: new Error('throttled'),
});

const SPLIT: AliasTarget = { functionVersion: '7', weights: { 8: 10 }, description: '' };
const BACK: AliasTarget = { functionVersion: '7', weights: {}, description: '' };
const PROMOTED: AliasTarget = { functionVersion: '8', weights: {}, description: '' };

/** `refusals`: of the coming writes to the alias. */
function setUp({ refusals = [] as Error[], isOld = undefined as boolean | undefined } = {}) {
  const capacity = new FakeCapacity();
  const clock = new DrivenClock();
  const order: string[] = capacity.calls;
  const alias: AliasPort = {
    read: () => Promise.resolve(undefined),
    write: ({ functionVersion, weights }) => {
      order.push(`write ${functionVersion} ${JSON.stringify(weights)}`);
      const refusal = refusals.shift();
      return refusal === undefined ? Promise.resolve() : Promise.reject(refusal);
    },
  };
  const told = { returned: 0, refused: [] as string[] };
  const lending = new Lending({
    open: () => Promise.resolve(capacity),
    clock,
    onReturned: () => {
      told.returned += 1;
    },
    onRefused: ({ version }, why) => {
      told.refused.push(`${version}: ${why}`);
    },
    inherited: isOld === undefined ? undefined : { loan: LOAN, isOld },
  });
  return {
    capacity,
    clock,
    order,
    lending,
    told,
    guarded: lending.guard(alias, MINUTE),
    quick: lending.guard(alias, 0),
  };
}

describe('the order in which things are done', () => {
  test.each([
    ['a split', SPLIT, ['write 7 {"8":10}']],
    ['a rollback', BACK, ['remove from 8', 'write 7 {}']],
    ['a promotion', PROMOTED, ['remove from 8', 'write 8 {}']],
  ])('%s', async (_, target, expected) => {
    const { lending, guarded, order, told } = setUp();
    await lending.lend(LOAN);
    await guarded.write(target, 'r1');
    expect(order).toEqual(['add 6 to 8', ...expected]);
    expect(told.returned).toBe(expected.length - 1);
    expect(lending.loan).toEqual(target === SPLIT ? LOAN : undefined);
  });

  test('with nothing on loan only the alias is written', async () => {
    const { guarded, order } = setUp();
    for (const target of [SPLIT, BACK, PROMOTED]) await guarded.write(target, 'r1');
    expect(order).toEqual(['write 7 {"8":10}', 'write 7 {}', 'write 8 {}']);
  });

  test('what is back is not taken back again', async () => {
    const { lending, guarded, order } = setUp();
    await lending.lend(LOAN);
    await guarded.write(BACK, 'r1');
    await guarded.write(PROMOTED, 'r2');
    expect(await lending.takeBack(MINUTE)).toBe(true);
    expect(order.filter((call) => call.startsWith('remove'))).toHaveLength(1);
  });
});

describe('what cannot be taken back', () => {
  test('at once does not hold up a rollback, and is taken back later', async () => {
    const { lending, quick, order, capacity, told } = setUp();
    await lending.lend(LOAN);
    capacity.refusals.push(BUSY);
    await quick.write(BACK, 'r1');
    expect(order).toEqual(['add 6 to 8', 'remove from 8', 'write 7 {}']);
    expect([lending.loan, lending.problem, told.returned]).toEqual([LOAN, BUSY, 0]);
    expect(await lending.takeBack(MINUTE)).toBe(true);
    expect([lending.loan, told.returned]).toEqual([undefined, 1]);
  });

  test('is tried again for a while before a promotion', async () => {
    const { lending, guarded, order, capacity } = setUp();
    await lending.lend(LOAN);
    capacity.refusals.push(BUSY, BUSY, BUSY);
    await guarded.write(PROMOTED, 'r1');
    expect(order.slice(-2)).toEqual(['remove from 8', 'write 8 {}']);
  });

  test('stands in the way of a promotion: a version has it in one way only', async () => {
    const { lending, guarded, order, capacity } = setUp();
    await lending.lend(LOAN);
    capacity.refusals.push(DENIED);
    await expect(guarded.write(PROMOTED, 'r1')).rejects.toMatchObject({
      message: expect.stringContaining('provisioned concurrency (6) that version 8 had of its own'),
      next: 'Allow it.',
      permanent: true,
    });
    expect(order).toEqual(['add 6 to 8', 'remove from 8']);
  });

  test('for good is not tried for long', async () => {
    const { lending, capacity, clock } = setUp();
    await lending.lend(LOAN);
    capacity.refusals.push(DENIED);
    expect(await lending.takeBack(MINUTE)).toBe(false);
    expect(clock.sleeps).toEqual([]);
  });
});

describe('a split that Lambda refuses because of it', () => {
  test('is made without it', async () => {
    const { lending, guarded, order, told } = setUp({ refusals: [CONFLICT] });
    await lending.lend(LOAN);
    await guarded.write(SPLIT, 'r1');
    expect(order).toEqual(['add 6 to 8', 'write 7 {"8":10}', 'remove from 8', 'write 7 {"8":10}']);
    expect(told.refused).toEqual([`8: ${SAID}`]);
    expect(lending.loan).toBeUndefined();
  });

  test.each([
    ['for another reason: that is for the caller', BUSY, []],
    ['for another reason, of a function with such a name', OTHER, []],
    ['and it cannot be taken back', CONFLICT, [DENIED]],
  ])('%s', async (_, refusal, removals) => {
    const { lending, guarded, capacity, told } = setUp({ refusals: [refusal] });
    await lending.lend(LOAN);
    capacity.refusals.push(...removals);
    await expect(guarded.write(SPLIT, 'r1')).rejects.toBe(refusal);
    expect([lending.loan, told.refused]).toEqual([LOAN, []]);
  });

  test('with nothing on loan a refusal stays one', async () => {
    const { guarded, order } = setUp({ refusals: [CONFLICT] });
    await expect(guarded.write(SPLIT, 'r1')).rejects.toBe(CONFLICT);
    expect(order).toEqual(['write 7 {"8":10}']);
  });
});

describe('an answer that is lost', () => {
  test('to the request for it: it counts as lent', async () => {
    const { lending, capacity } = setUp();
    capacity.refusals.push(BUSY);
    await expect(lending.lend(LOAN)).rejects.toBe(BUSY);
    expect(lending.loan).toEqual(LOAN);
  });
});

describe('a request that is still on its way when the loan is not wanted any more', () => {
  /** `add` is answered by whoever calls `answer`, and stopped by its signal. */
  function asking() {
    const world = setUp();
    const answer = Promise.withResolvers<undefined>();
    const add = world.capacity.add.bind(world.capacity);
    const signals: AbortSignal[] = [];
    world.capacity.add = async (version: string, amount: number, signal?: AbortSignal) => {
      if (signal !== undefined) signals.push(signal);
      await answer.promise;
      await add(version, amount);
    };
    const request = world.lending.lend(LOAN).catch(() => undefined);
    return { ...world, answer, signals, request };
  }

  test('is waited for before it is taken back', async () => {
    const { lending, capacity, clock, order, answer, signals, told } = asking();
    clock.sleep = () => new Promise(() => undefined);
    const back = lending.takeBack(0);
    answer.resolve(undefined);
    expect(await back).toBe(true);
    expect(order).toEqual(['add 6 to 8', 'remove from 8']);
    expect([capacity.configurations.size, lending.loan, lending.isUnanswered, told.returned]).toEqual([
      0,
      undefined,
      false,
      1,
    ]);
    expect(signals[0]?.aborted).toBe(true);
  });

  test('for long is given up: what is removed may come again, so that it counts as lent for ever', async () => {
    const { lending, clock, order, signals, told } = asking();
    expect(await lending.takeBack(0)).toBe(false);
    expect(clock.now() - NOON).toBe(1.5 * SECOND);
    expect([order, signals[0]?.aborted]).toEqual([['remove from 8'], true]);
    expect(lending.problem).toMatchObject({ message: expect.stringContaining('had not answered') });
    expect(await lending.takeBack(0)).toBe(false);
    expect(clock.now() - NOON).toBe(1.5 * SECOND);
    expect([lending.loan, lending.isUnanswered, told.returned]).toEqual([LOAN, true, 0]);
  });

  test('and is refused is nothing to wait for', async () => {
    const { lending, clock, answer, request } = asking();
    answer.reject(BUSY);
    await request;
    expect(await lending.takeBack(0)).toBe(true);
    expect(clock.sleeps).toEqual([]);
  });
});

describe('what a dead run has lent', () => {
  test.each<[string, boolean, number, readonly string[]]>([
    ['the same job: it is taken back unseen', false, 9, ['remove from 8']],
    ['another run, and it is still that', true, 6, ['list quickly', 'remove from 8']],
    ['another run, and somebody has made it something else', true, 9, ['list quickly']],
    ['another run, and it is gone', true, 0, ['list quickly']],
  ])('%s', async (_, isOld, requested, expected) => {
    const { lending, capacity, order, told } = setUp({ isOld });
    if (requested > 0) {
      capacity.configurations.set('8', { requested, allocated: 0, status: 'IN_PROGRESS', reason: undefined });
    }
    expect(await lending.takeBack(0)).toBe(true);
    expect(order).toEqual(expected);
    expect(told.returned).toBe(1);
  });
});

test('whether it could be taken back is found out without anything being there', async () => {
  const { lending, capacity } = setUp();
  await lending.requireReturn('8');
  capacity.refusals.push(DENIED);
  await expect(lending.requireReturn('8')).rejects.toBe(DENIED);
  expect(lending.loan).toBeUndefined();
});

test('nobody need be told', async () => {
  const capacity = new FakeCapacity();
  const inherited = { loan: LOAN, isOld: false };
  const lending = new Lending({ open: () => Promise.resolve(capacity), clock: new DrivenClock(), inherited });
  expect(await lending.takeBack(0)).toBe(true);
  expect(
    await lending.guard({ read: () => Promise.resolve(undefined), write: () => Promise.resolve() }, 0).read(),
  ).toBe(undefined);
});

test('a person can do it, too', () => {
  expect(removalCommand('shop', '8')).toBe(
    'aws lambda delete-provisioned-concurrency-config --function-name shop --qualifier 8',
  );
});
