import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE } from '../../src/model/time.ts';
import { type Reference, prunable } from '../../src/release/prune.ts';
import type { OldVersion } from '../../src/release/old-versions.ts';

function versions(...numbers: readonly number[]): readonly OldVersion[] {
  return numbers.map((number) => aged(number, 30 * DAY));
}

/** Published so long before NOW, ms. */
function aged(number: number, age: number | undefined): OldVersion {
  const publishedAt = age === undefined ? undefined : NOW - age;
  return { version: String(number), bytes: 1000 * number, publishedAt, isDurable: false };
}

const NOW = Date.UTC(2030, 0, 1, 12);
const DAY = 24 * 60 * MINUTE;
const LIVE: Reference = { name: 'live', versions: ['9'] };
const EIGHT = versions(1, 2, 3, 4, 5, 6, 7, 8, 9);
const BASE = {
  versions: EIGHT,
  alias: 'live',
  promoted: '9',
  baseline: '8',
  keep: 2,
  aliases: [LIVE],
  reach: 1,
  used: [],
  now: NOW,
} as const;

type Change = Partial<Parameters<typeof prunable>[0]>;

function chosen(change: Change): readonly string[] {
  return prunable({ ...BASE, ...change }).map(({ version }) => version);
}

describe('what is deleted', () => {
  test.each<[string, Change, readonly string[]]>([
    ['all but the newest', {}, ['1', '2', '3', '4', '5', '6']],
    ['whatever their order in the list', { versions: EIGHT.toReversed() }, ['1', '2', '3', '4', '5', '6']],
    ['numbers, not texts', { versions: versions(8, 9, 10, 11), promoted: '11', baseline: '10', aliases: [] }, ['8']],
    ['nothing where all are kept', { keep: 8 }, []],
    ['nothing where more are kept than there are', { keep: 100 }, []],
    ['not the version just replaced, however old', { baseline: '2' }, ['1', '3', '4', '5', '6']],
    ['not what another alias serves', { aliases: [LIVE, { name: 'b', versions: ['1'] }] }, ['2', '3', '4', '5', '6']],
    ['nor what that alias would go back to', { aliases: [LIVE, { name: 'b', versions: ['4'] }] }, ['1', '2', '5', '6']],
    [
      'nor both sides of a split, with what is below each',
      { aliases: [LIVE, { name: 'b', versions: ['3', '6'] }] },
      ['1', '4'],
    ],
    [
      'nor anything that it may have served before',
      { aliases: [LIVE, { name: 'b', versions: ['5'] }], reach: 50 },
      ['6'],
    ],
    [
      'as far as a rollback of it looks back',
      { aliases: [LIVE, { name: 'b', versions: ['5'] }], reach: 2 },
      ['1', '2', '6'],
    ],
    ['this one goes back to what it has just replaced', { reach: 50 }, ['1', '2', '3', '4', '5', '6']],
    [
      'not what another run may be about to shift to',
      { versions: [...versions(1, 2), aged(3, DAY - 1), aged(4, DAY), ...versions(5, 6, 7, 8, 9)] },
      ['1', '2', '4', '5', '6'],
    ],
    ['nor what is of unknown age', { versions: [aged(1, undefined), ...versions(2, 3, 8, 9)] }, ['2']],
    ['not what something else uses', { used: ['2', 'live', '5', ''] }, ['1', '3', '4', '6']],
    ['nothing newer than the promoted one', { promoted: '5', baseline: '4', aliases: [] }, ['1', '2']],
    ['gaps count for nothing', { versions: versions(1, 5, 9), keep: 1 }, ['1']],
    [
      'before the new one is published',
      { promoted: undefined, baseline: '9', keep: 3 },
      ['1', '2', '3', '4', '5', '6'],
    ],
    ['a first version', { versions: versions(9), baseline: undefined, keep: 1 }, []],
  ])('%s', (_, change, expected) => {
    expect(chosen(change)).toEqual(expected);
  });

  const number = fc.integer({ min: 1, max: 30 });
  const situations = fc
    .record({
      present: fc.uniqueArray(number, { minLength: 1, maxLength: 25, size: 'max' }),
      pick: fc.nat(),
      back: fc.nat(),
      keep: fc.integer({ min: 1, max: 6 }),
      aliases: fc.array(fc.array(number, { minLength: 1, maxLength: 4 }), { maxLength: 2 }),
      used: fc.array(number, { maxLength: 4 }),
      reach: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ present, pick, back, keep, aliases, used, reach }) => {
      const sorted = present.toSorted((a, b) => a - b);
      const promoted = sorted[pick % sorted.length] ?? 1;
      const older = sorted.filter((one) => one < promoted);
      return {
        versions: versions(...present),
        alias: 'alias0',
        reach,
        now: NOW,
        promoted: String(promoted),
        baseline: older.length === 0 ? undefined : String(older[back % older.length]),
        keep,
        aliases: aliases.map((served, index) => ({ name: `alias${index}`, versions: served.map(String) })),
        used: used.map(String),
      };
    });

  test('is never needed by anything', () => {
    let deleted = 0;
    fc.assert(
      fc.property(situations, (situation) => {
        const found = prunable(situation).map(({ version }) => version);
        deleted += found.length;
        const { promoted, baseline, keep, aliases, used } = situation;
        const all = situation.versions.map(({ version }) => Number(version)).sort((a, b) => a - b);
        const needed = [promoted, baseline, ...aliases.flatMap((alias) => alias.versions), ...used];
        for (const version of needed) expect(found).not.toContain(version);
        const left = all.filter((version) => !found.includes(String(version)));
        // What a rollback without any traffic to tell by goes to is still the same.
        for (const version of [promoted, ...aliases.flatMap((alias) => alias.versions)].map(Number)) {
          expect(left.findLast((one) => one < version)).toBe(all.findLast((one) => one < version));
        }
        const older = all.filter((version) => version < Number(promoted));
        expect(left).toEqual(expect.arrayContaining(older.slice(-keep)));
        for (const version of found) expect(older).toContain(Number(version));
        expect(found).toEqual(found.toSorted((a, b) => Number(a) - Number(b)));
      }),
      { seed: 1, numRuns: 1000 },
    );
    expect(deleted).toBeGreaterThan(1000);
  });

  test('is the same when nothing has changed since: a second run finds nothing', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const gone = new Set(prunable(situation).map(({ version }) => version));
        const left = situation.versions.filter(({ version }) => !gone.has(version));
        expect(prunable({ ...situation, versions: left })).toEqual([]);
      }),
      { seed: 2, numRuns: 500 },
    );
  });
});
