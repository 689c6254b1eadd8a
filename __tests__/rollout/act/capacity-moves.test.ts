import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../src/model/time.ts';
import { AliasWriter, ForeignChange, Interrupted } from '../../../src/rollout/act/alias-writer.ts';
import { NOON } from '../../support/driven-clock.ts';
import { anAlias } from '../../support/fake-alias.ts';
import { BACK, ON_CANARY, failureOf, setUp } from '../../support/writer-lab.ts';

describe('provisioned concurrency that moves', () => {
  /** Lambda weights the alias between the two versions for so long after the promotion. */
  function movesFor(ms: number) {
    const world = setUp();
    const { port, clock } = world;
    const write = port.write.bind(port);
    port.write = async (target, revision) => {
      await write(target, revision);
      if (target.functionVersion !== '8') return;
      port.change({ weights: { 7: 100 } });
      clock.plan(ms / 2, () => {
        port.change({ weights: { 7: 40 } });
      });
      clock.plan(ms, () => {
        port.change({ weights: {} });
      });
    };
    return world;
  }

  test.each([30 * SECOND, 14 * MINUTE])('for %d ms is waited for', async (ms) => {
    const { port, clock, writer } = movesFor(ms);
    await writer.write(ON_CANARY);
    expect(port.state).toMatchObject(ON_CANARY);
    expect(clock.sleeps.reduce((sum, sleep) => sum + sleep, 0)).toBe(ms);
    await writer.write(BACK);
    expect(port.state).toMatchObject(BACK);
  });

  test('for ever is given up, and can still be taken back', async () => {
    const { port, writer } = movesFor(20 * MINUTE);
    expect(await failureOf(writer.write(ON_CANARY))).toMatchObject({
      name: 'WriteFailed',
      message:
        'Lambda has not moved the provisioned concurrency of alias live to version 8 (it is not ready yet), and until then the alias serves version 8 (60%) and version 7 (40%)',
    });
    await writer.write(BACK);
    expect(port.state).toMatchObject(BACK);
  });

  test.each([false, true])('is given up as soon as Lambda has (with a signal: %s)', async (hasSignal) => {
    const { port, clock } = movesFor(20 * MINUTE);
    const signal = hasSignal ? { signal: new AbortController().signal } : {};
    const stuck = (): Promise<string | undefined> =>
      Promise.resolve(clock.now() - NOON < MINUTE ? undefined : 'FUNCTION_ERROR_INIT_FAILURE');
    const writer = new AliasWriter({ name: 'live', port, clock, known: anAlias(), stuck, ...signal });
    expect(await failureOf(writer.write(ON_CANARY))).toMatchObject({
      message: expect.stringContaining('to version 8 (FUNCTION_ERROR_INIT_FAILURE), and until then'),
      untouched: false,
    });
    expect(clock.now() - NOON).toBe(MINUTE);
    await writer.write(BACK);
    expect(port.state).toMatchObject(BACK);
  });

  test('is not asked about right after a write: the answer may be that from before', async () => {
    const { port, clock } = movesFor(9 * SECOND);
    const stuck = (): Promise<string> => Promise.resolve('from before');
    const writer = new AliasWriter({ name: 'live', port, clock, known: anAlias(), stuck });
    await writer.write(ON_CANARY);
    expect(port.state).toMatchObject(ON_CANARY);
  });

  test('does not keep a cancelled job waiting for what Lambda says of it', async () => {
    const { port, clock } = movesFor(20 * MINUTE);
    const controller = new AbortController();
    const stuck = (): Promise<string> => {
      controller.abort();
      return new Promise(() => undefined);
    };
    const writer = new AliasWriter({ name: 'live', port, clock, known: anAlias(), stuck, signal: controller.signal });
    expect(await failureOf(writer.write(ON_CANARY))).toBeInstanceOf(Interrupted);
    expect(await writer.restore(BACK)).toMatchObject({ functionVersion: '7' });
  });

  test('only after the read-back is not taken for tampering', async () => {
    const { port, writer } = setUp();
    await writer.write(ON_CANARY);
    port.change({ weights: { 7: 100 } });
    await writer.write(BACK);
    expect(port.state).toMatchObject(BACK);
  });

  test('is no excuse for other versions', async () => {
    const { port, writer } = setUp();
    await writer.write(ON_CANARY);
    port.change({ weights: { 5: 20 } });
    expect(await failureOf(writer.write(BACK))).toBeInstanceOf(ForeignChange);
    expect(port.state).toMatchObject({ weights: { 5: 20 } });
  });
});
