import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AliasState, AliasTarget } from '../../../src/model/alias.ts';
import { SECOND } from '../../../src/model/time.ts';
import { AliasWriter, ForeignChange, WriteFailed } from '../../../src/rollout/act/alias-writer.ts';
import { DrivenClock } from '../../support/driven-clock.ts';
import { FakeAlias, type Fate, anAlias } from '../../support/fake-alias.ts';
import { BACK, ON_CANARY, failureOf, setUp } from '../../support/writer-lab.ts';

const SPLIT: AliasTarget = { functionVersion: '7', weights: { 8: 10 }, description: '[marker]' };
/** Markers of two runs; the second still needs its end. */
const OURS = '[canary 7->8 by acme/shop run 1001.1 until 2026-01-15T18:00Z at 10% #a1b2c3]';
const THEIRS = '[canary 7->9 by acme/shop run 1002.1 until 2026-01-15T18:00Z';
const FOREIGN = { functionVersion: '9', description: 'by hand' };

describe('looking again', () => {
  test('finds the alias as it was made, or whose it is now', async () => {
    const { port, writer } = setUp();
    await writer.write(SPLIT);
    expect(await writer.refresh()).toMatchObject(SPLIT);
    port.change({ ...SPLIT, ...FOREIGN });
    await expect(writer.refresh()).rejects.toThrow(ForeignChange);
  });
});

describe('a write', () => {
  test('is one, and is read back', async () => {
    const { port, clock, writer } = setUp();
    const found = await writer.write(SPLIT);
    expect(found).toMatchObject(SPLIT);
    expect(writer.known).toBe(port.state);
    expect(port.writes).toEqual([SPLIT]);
    expect(clock.sleeps).toEqual([]);
  });

  test('names the revision of the one before', async () => {
    const { port, writer } = setUp();
    for (const target of [SPLIT, { ...SPLIT, weights: { 8: 50 } }, ON_CANARY, BACK]) await writer.write(target);
    expect([port.writes.length, port.landed]).toEqual([4, 4]);
    expect(port.state).toMatchObject(BACK);
  });

  test.each<{ fates: Fate[]; writes: number; pauses: number[] }>([
    { fates: ['answer lost'], writes: 1, pauses: [] },
    { fates: ['lost'], writes: 2, pauses: [1] },
    { fates: ['lost', 'lost', 'answer lost'], writes: 3, pauses: [1, 2] },
    { fates: ['lost', 'lost', 'lost'], writes: 4, pauses: [1, 2, 3] },
  ])('$fates takes $writes writes', async ({ fates, writes, pauses }) => {
    const { port, clock, writer } = setUp();
    port.fates.push(...fates);
    await writer.write(SPLIT);
    expect([port.writes.length, port.landed]).toEqual([writes, 1]);
    expect(port.state).toMatchObject(SPLIT);
    expect(clock.sleeps).toEqual(pauses.map((seconds) => seconds * SECOND));
  });

  test.each<{ fates: Fate[]; writes: number; message: string; next: string }>([
    { fates: ['lost', 'lost', 'lost', 'lost'], writes: 4, message: 'no answer', next: 'Deploy again.' },
    { fates: ['refused for good'], writes: 1, message: 'not allowed', next: 'Allow it.' },
    { fates: ['lost', 'refused for good'], writes: 2, message: 'not allowed', next: 'Allow it.' },
  ])('$fates is given up', async ({ fates, writes, message, next }) => {
    const { port, writer } = setUp();
    port.fates.push(...fates);
    const failure = await failureOf(writer.write(SPLIT));
    expect(failure).toBeInstanceOf(WriteFailed);
    expect(failure).toMatchObject({ message: `alias live still serves version 7: ${message}`, next });
    expect([port.writes.length, port.landed]).toEqual([writes, 0]);
  });

  test('says what a failure without advice was', async () => {
    const { writer, port } = setUp();
    port.write = () => Promise.reject(new TypeError('odd'));
    expect(await failureOf(writer.write(SPLIT))).toMatchObject({
      message: 'alias live still serves version 7: odd',
      next: 'Run this step again; if it happens again, look at the AWS status page.',
    });
    const odder = 'odder' as unknown as Error;
    port.write = () => Promise.reject(odder);
    expect(await failureOf(writer.write(SPLIT))).toMatchObject({ message: 'alias live still serves version 7: odder' });
  });
});

describe('somebody else', () => {
  test('who wrote between our read and our write keeps what they wrote', async () => {
    const { port, writer } = setUp();
    port.meanwhile = () => {
      port.change(FOREIGN);
    };
    const failure = await failureOf(writer.write(SPLIT));
    expect(failure).toBeInstanceOf(ForeignChange);
    expect(failure).toMatchObject({
      message: 'alias live was changed by somebody else during the rollout: it now serves version 9 and says "by hand"',
      found: port.state,
    });
    expect([port.writes.length, port.landed]).toEqual([1, 0]);
  });

  test('who wrote right after our write keeps it, too', async () => {
    const { port, writer } = setUp();
    const write = port.write.bind(port);
    port.write = async (...request) => {
      await write(...request);
      port.change({ ...FOREIGN, description: '', weights: { 3: 5 } });
    };
    expect(await failureOf(writer.write(SPLIT))).toMatchObject({
      name: 'ForeignChange',
      message:
        'alias live was changed by somebody else during the rollout: it now serves version 9 (95%) and version 3 (5%)',
    });
    expect(port.state?.functionVersion).toBe('9');
  });

  test.each<[string, Partial<AliasState>, Partial<AliasState>, string]>([
    [
      'with a rollout of its own',
      {},
      { description: `${THEIRS} at 10% #k3f9a2] the shop`, weights: { 9: 10 } },
      'run https://ghe.acme.io/acme/shop/actions/runs/1002 of acme/shop has taken alias live during the rollout: it now serves version 7 (90%) and version 9 (10%)',
    ],
    [
      'with a rollout of its own, which somebody weighted since',
      {},
      { description: `${THEIRS} at 10% #k3f9a2]`, weights: { 9: 60 } },
      'run https://ghe.acme.io/acme/shop/actions/runs/1002 of acme/shop has taken alias live during the rollout: it now serves version 7 (40%) and version 9 (60%)',
    ],
    [
      'with a rollout that has no page',
      {},
      { description: '[canary 7->9 by local run 0.1 until 2026-01-15T18:00Z]', weights: { 9: 10 } },
      'alias live was changed by somebody else during the rollout: it now serves version 7 (90%) and version 9 (10%) and says "[canary 7->9 by local run 0.1 until 2026-01-15T18:00Z]"',
    ],
    [
      'by other weights beside our marker',
      {},
      { description: OURS, weights: { 8: 60 } },
      `alias live was changed by somebody else during the rollout: it now serves version 7 (40%) and version 8 (60%) and says "${OURS}"`,
    ],
    [
      'as it was before the rollout',
      {},
      {},
      'alias live was put back on version 7 during the rollout, by `command: rollback`, another run or a person',
    ],
    [
      'to the split that it had before',
      { weights: { 3: 5 } },
      {},
      'alias live was changed by somebody else during the rollout: it now serves version 7 (95%) and version 3 (5%) and says "the shop"',
    ],
    [
      'to what it was, with a marker that was left there',
      { description: OURS },
      { description: `${OURS} ` },
      `alias live was changed by somebody else during the rollout: it now serves version 7 and says "${OURS} "`,
    ],
  ])('who changed it %s is named as far as is known', async (_, before, change, message) => {
    const port = new FakeAlias(anAlias(before));
    const server = 'https://ghe.acme.io';
    const writer = new AliasWriter({ name: 'live', port, clock: new DrivenClock(), known: anAlias(before), server });
    await writer.write({ ...SPLIT, description: OURS });
    port.change({ ...anAlias(before), ...change });
    const failure = await failureOf(writer.refresh());
    expect(failure).toBeInstanceOf(ForeignChange);
    expect(failure).toMatchObject({ message });
  });

  test('who deleted the alias is told of', async () => {
    const { port, writer } = setUp();
    await writer.write(SPLIT);
    port.state = undefined;
    expect(await failureOf(writer.write(BACK))).toMatchObject({
      name: 'ForeignChange',
      message: 'alias live was deleted by somebody else during the rollout',
      found: undefined,
    });
  });

  test('who only changes the description is not overwritten', async () => {
    const { port, writer } = setUp();
    await writer.write(SPLIT);
    port.change({ description: 'hello' });
    expect(await failureOf(writer.write(BACK))).toBeInstanceOf(ForeignChange);
    expect(port.state).toMatchObject({ description: 'hello', weights: SPLIT.weights });
  });

  test('who brings back an earlier step of ours after the rollback is not overruled', async () => {
    const { port, writer } = setUp();
    await writer.write(SPLIT);
    await writer.write(BACK);
    port.change(SPLIT);
    expect(await failureOf(writer.write(ON_CANARY))).toBeInstanceOf(ForeignChange);
    expect(port.state).toMatchObject(SPLIT);
  });

  test('who weights the alias again after its promotion is not taken for Lambda once that is confirmed', async () => {
    const { port, writer } = setUp();
    await writer.write(SPLIT);
    await writer.write(BACK);
    port.change({ weights: { 8: 30 }, description: 'mine' });
    expect(await failureOf(writer.write(BACK))).toBeInstanceOf(ForeignChange);
  });
});

describe('reads that lag', () => {
  test.each([1, 5, 9])('%d of them delay the confirmation by a second each', async (late) => {
    const { port, clock, writer } = setUp();
    port.lateReads = late;
    await writer.write(SPLIT);
    expect(clock.sleeps).toEqual(Array.from({ length: late }, () => SECOND));
    expect(port.writes).toHaveLength(1);
  });

  test('for longer than ten seconds leave the write unconfirmed, yet known as ours', async () => {
    const { port, clock, writer } = setUp();
    port.lateReads = 11;
    const failure = await failureOf(writer.write(SPLIT));
    expect(failure).toMatchObject({
      name: 'WriteFailed',
      message: 'the change of alias live was accepted but could not be confirmed: it serves version 7',
    });
    expect(clock.sleeps).toHaveLength(10);
    await writer.write(BACK);
    expect(port.state).toMatchObject(BACK);
    expect([port.writes.length, port.landed]).toEqual([3, 2]);
  });

  test('that fail leave the write unconfirmed, and it can still be taken back', async () => {
    const { port, writer } = setUp();
    port.failingReads = 1;
    expect(await failureOf(writer.write(SPLIT))).toMatchObject({ message: 'the network is gone' });
    await writer.write(BACK);
    expect(port.state).toMatchObject(BACK);
  });

  test('do not make a lost rollback look done because the alias once was like that', async () => {
    const { port, writer } = setUp();
    await writer.write(SPLIT);
    port.fates.push('lost');
    port.lateReads = 1; // Shows the alias before the split: the baseline alone, as the rollback wants it.
    await writer.write(BACK);
    expect(port.state).toMatchObject(BACK);
    expect(port.landed).toBe(2);
  });

  test('do not make an old state of ours look foreign', async () => {
    const { port, writer } = setUp();
    await writer.write(SPLIT);
    await writer.write({ ...SPLIT, weights: { 8: 50 } });
    const old = anAlias();
    const read = port.read.bind(port);
    let count = 0;
    port.read = () => (count++ === 0 ? Promise.resolve(old) : read());
    await writer.write(ON_CANARY);
    expect(port.state).toMatchObject(ON_CANARY);
  });

  test('let a write that lands late be taken back', async () => {
    const { port, writer } = setUp();
    port.fates.push('lost', 'lost', 'lost', 'lost');
    expect(await failureOf(writer.write(SPLIT))).toBeInstanceOf(WriteFailed);
    port.change(SPLIT);
    await writer.write(BACK);
    expect(port.state).toMatchObject(BACK);
  });
});

describe('whatever the network does', () => {
  const fates = fc.array(fc.constantFrom<Fate>('lands', 'answer lost', 'lost', 'refused for good'), { maxLength: 12 });
  const lags = fc.array(fc.record({ late: fc.nat(12), failing: fc.nat(1) }), { minLength: 3, maxLength: 3 });
  const targets = [SPLIT, ON_CANARY, BACK];

  test('nothing of ours is taken for foreign, and a healthy network brings the alias back', async () => {
    await fc.assert(
      fc.asyncProperty(fates, lags, async (fate, lag) => {
        const { port, writer } = setUp();
        port.fates.push(...fate);
        for (const [index, target] of targets.entries()) {
          port.lateReads = lag[index]?.late ?? 0;
          port.failingReads = lag[index]?.failing ?? 0;
          const failure = await failureOf(writer.write(target));
          expect(failure).not.toBeInstanceOf(ForeignChange);
          if (failure === undefined) expect(port.state).toMatchObject(target);
        }
        Object.assign(port, { lateReads: 0, failingReads: 0 });
        port.fates.length = 0;
        await writer.write(BACK);
        expect(port.state).toMatchObject(BACK);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('a foreign change is never overwritten', async () => {
    await fc.assert(
      fc.asyncProperty(fates, lags, fc.nat(2), async (fate, lag, turn) => {
        const { port, writer } = setUp();
        port.fates.push(...fate);
        for (const [index, target] of targets.entries()) {
          port.lateReads = lag[index]?.late ?? 0;
          if (index === turn)
            port.meanwhile = () => {
              port.change(FOREIGN);
            };
          const failure = await failureOf(writer.write(target));
          if (index >= turn) expect(failure).toBeDefined();
        }
        expect(port.state).toMatchObject(FOREIGN);
      }),
      { seed: 2, numRuns: 500 },
    );
  });
});
