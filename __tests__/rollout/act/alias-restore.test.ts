import { describe, expect, test } from '@jest/globals';
import type { AliasTarget } from '../../../src/model/alias.ts';
import { ActionFailure } from '../../../src/model/failure.ts';
import { MINUTE, SECOND } from '../../../src/model/time.ts';
import { AliasWriter, ForeignChange, Interrupted } from '../../../src/rollout/act/alias-writer.ts';
import { HURRY_LIMIT } from '../../../src/rollout/act/patience.ts';
import { DrivenClock, NOON } from '../../support/driven-clock.ts';
import { FakeAlias, type Fate, anAlias } from '../../support/fake-alias.ts';

const SPLIT: AliasTarget = { functionVersion: '7', weights: { 8: 10 }, description: '[marker]' };
const ON_CANARY: AliasTarget = { functionVersion: '8', weights: {}, description: '[marker]' };
const BACK: AliasTarget = { functionVersion: '7', weights: {}, description: 'the shop' };

function setUp() {
  const port = new FakeAlias();
  const clock = new DrivenClock();
  const controller = new AbortController();
  const writer = new AliasWriter({ name: 'live', port, clock, known: anAlias(), signal: controller.signal });
  return { port, clock, controller, writer };
}

const lost = (count: number): Fate[] => Array<Fate>(count).fill('lost');

describe('bringing the alias back', () => {
  test('uses the urgent client alone', async () => {
    const { port, clock } = setUp();
    const dead = new FakeAlias();
    dead.failingReads = Infinity;
    const writer = new AliasWriter({ name: 'live', port: dead, urgent: port, clock, known: anAlias() });
    expect(await writer.restore(BACK)).toMatchObject(BACK);
    expect([dead.writes.length, port.writes.length]).toEqual([0, 1]);
  });

  test.each([1, 5, 20])('outlasts %d writes that are lost', async (count) => {
    const { port, clock, writer } = setUp();
    await writer.write(SPLIT);
    port.fates.push(...lost(count));
    expect(await writer.restore(BACK)).toMatchObject(BACK);
    expect(port.landed).toBe(2);
    expect(clock.now() - NOON).toBeLessThan(5 * MINUTE);
  });

  test('outlasts reads that fail, and writes only once', async () => {
    const { port, writer } = setUp();
    await writer.write(SPLIT);
    port.failingReads = 9;
    expect(await writer.restore(BACK)).toMatchObject(BACK);
    expect(port.writes).toHaveLength(2);
  });

  test('takes what was read for the answer that was lost', async () => {
    const { port, writer } = setUp();
    await writer.write(SPLIT);
    port.fates.push('answer lost');
    expect(await writer.restore(BACK)).toMatchObject(BACK);
    expect(port.writes).toHaveLength(2);
  });

  test('is given up when the time is over, or when it would be refused again', async () => {
    const { port, clock, writer } = setUp();
    await writer.write(SPLIT);
    port.fates.push(...lost(99));
    await expect(writer.restore(BACK, MINUTE)).rejects.toMatchObject({ name: 'WriteFailed', untouched: false });
    expect(clock.now()).toBe(NOON + MINUTE);
    port.fates.splice(0, 99, 'refused for good');
    await expect(writer.restore(BACK)).rejects.toMatchObject({ name: 'WriteFailed', untouched: true });
  });

  test('that is accepted and never shown is not taken for done', async () => {
    const { port, writer } = setUp();
    await writer.write(SPLIT);
    port.lateReads = Infinity;
    await expect(writer.restore(BACK, MINUTE)).rejects.toThrow('could not be confirmed');
  });

  test('is left when somebody else has changed the alias', async () => {
    const { port, writer } = setUp();
    await writer.write(SPLIT);
    port.change({ functionVersion: '9' });
    await expect(writer.restore(BACK)).rejects.toBeInstanceOf(ForeignChange);
    expect(port.landed).toBe(1);
  });

  test('has seconds when the job is being cancelled', async () => {
    const { port, clock, controller, writer } = setUp();
    await writer.write(SPLIT);
    controller.abort();
    port.fates.push(...lost(99));
    await expect(writer.restore(BACK)).rejects.toThrow('no answer');
    expect(clock.now()).toBe(NOON + HURRY_LIMIT);
  });

  /** Lambda moves capacity back after the rollback, for ever unless `ms` says how long. */
  async function movingBack(ms = Infinity) {
    const world = setUp();
    const { port, clock, writer } = world;
    await writer.write(ON_CANARY);
    const write = port.write.bind(port);
    port.write = async (...request) => {
      await write(...request);
      port.change({ weights: { 8: 100 } });
      if (ms === Infinity) return;
      clock.plan(ms, () => {
        port.change({ weights: {} });
      });
    };
    return world;
  }

  test('waits while Lambda moves its capacity, as long as a promotion waits', async () => {
    const { port, clock, writer } = await movingBack(14 * MINUTE);
    expect(await writer.restore(BACK)).toMatchObject(BACK);
    expect(clock.now() - NOON).toBeGreaterThanOrEqual(14 * MINUTE);
    expect(port.writes).toHaveLength(2);
  });

  test.each([MINUTE, undefined])('does not wait for that for ever (limit: %d)', async (limit) => {
    const { port, clock, writer } = await movingBack();
    await expect(writer.restore(BACK, limit)).rejects.toMatchObject({
      name: 'WriteFailed',
      message: expect.stringContaining('until then the alias serves version 7 (0%) and version 8 (100%)'),
    });
    expect(clock.now() - NOON).toBe(limit ?? 15 * MINUTE);
    expect(port.writes).toHaveLength(2);
    expect(writer.known.weights).toEqual({ 8: 100 });
  });

  test('does not wait for it at all when the job is being cancelled', async () => {
    const { clock, controller, writer } = await movingBack();
    controller.abort();
    expect(await writer.restore(BACK)).toMatchObject({ functionVersion: '7', weights: { 8: 100 } });
    expect(clock.now()).toBe(NOON);
  });
});

describe('a signal', () => {
  test('ends a write that waits, and what lands of it is brought back', async () => {
    const { port, controller, writer } = setUp();
    const write = port.write.bind(port);
    port.write = async (...request) => {
      await write(...request);
      controller.abort();
      await new Promise(() => undefined);
    };
    await expect(writer.write(SPLIT)).rejects.toBeInstanceOf(Interrupted);
    port.write = write;
    expect(await writer.restore(BACK)).toMatchObject(BACK);
    expect(port.state).toMatchObject(BACK);
  });

  test('ends the pause before another attempt', async () => {
    const { port, clock, controller, writer } = setUp();
    port.fates.push(...lost(9));
    clock.plan(SECOND / 2, () => {
      controller.abort();
    });
    await expect(writer.write(SPLIT)).rejects.toBeInstanceOf(Interrupted);
    expect(clock.now()).toBe(NOON + SECOND / 2);
  });
});

describe('a look at the alias', () => {
  test('tells of somebody else, and of credentials that have expired', async () => {
    const { port, writer } = setUp();
    await writer.look();
    port.change({ functionVersion: '9' });
    await expect(writer.look()).rejects.toBeInstanceOf(ForeignChange);
    port.read = () => Promise.reject(new ActionFailure('over', 'Log in.', { expired: true }));
    await expect(writer.look()).rejects.toThrow('over');
  });

  test('that fails tells nothing', async () => {
    const { port, writer } = setUp();
    port.failingReads = 1;
    await writer.look();
    port.read = () => Promise.reject(new TypeError('odd'));
    await writer.look();
    expect(writer.known).toEqual(anAlias());
  });
});
