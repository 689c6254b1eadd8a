import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Case, enumerate, sample } from './cases.ts';
import { draw } from './draw.ts';
import { inParallel } from './parallel.ts';
import { perform } from './play.ts';
import { readReference, tryCase } from './trial.ts';

jest.setTimeout(90_000);

let cases: readonly Case[] = [];

beforeAll(async () => {
  cases = enumerate(await readReference());
});

/** `npm run test:faults` and `npm run test:chaos` try all of it. */
describe('whatever meets a rollout, the alias keeps its promises', () => {
  test('a sample of the matrix', async () => {
    const broken: Record<string, readonly string[]> = {};
    await inParallel(sample(cases, { count: 25, seed: 7 }), 3, async (at) => {
      const found = await tryCase(at);
      if (found.length > 0) broken[at.id] = found;
    });
    expect(broken).toEqual({});
  });

  // The moments at which most can go wrong: a write that landed and whose run is gone, or cannot read it back.
  test.each([
    { ending: 'promote', write: 'first', fault: 'kill-after', family: 'post' },
    { ending: 'promote', write: 'last', fault: 'kill-after', family: 'next' },
    { ending: 'roll-back', write: 'first', fault: 'lost-response', family: 'post' },
    { ending: 'promote', write: 'last', fault: 'expired-token', family: 'post-next' },
  ])('$ending, $write write, $fault, $family', async ({ ending, write, fault, family }) => {
    const moments = cases.filter(
      (one) => one.ending === ending && one.action === 'UpdateAlias' && one.fault === fault && one.family === family,
    );
    const at = write === 'first' ? moments[0] : moments.at(-1);
    if (at === undefined) throw new Error('there is no such case');
    expect(await tryCase(at)).toEqual([]);
  });

  test('some chaos, one run at a time', async () => {
    const plays = Array.from({ length: 20 }, (_, seed) => draw(seed)).filter(({ runs }) => runs.length === 1);
    const broken: Record<string, readonly string[]> = {};
    await inParallel(plays.slice(0, 8), 3, async (play) => {
      const found = await perform(play);
      if (found.length > 0) broken[`seed ${play.seed}`] = found;
    });
    expect(broken).toEqual({});
  });
});
