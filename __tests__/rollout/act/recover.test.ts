import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AliasState } from '../../../src/model/alias.ts';
import { MINUTE } from '../../../src/model/time.ts';
import { type Marker, formatMarker } from '../../../src/rollout/act/marker.ts';
import {
  alteredByOthers,
  inspect,
  isOver,
  restoration,
  splitByOthers,
  takenBy,
} from '../../../src/rollout/act/recover.ts';
import { NOON } from '../../support/driven-clock.ts';
import { anAlias } from '../../support/fake-alias.ts';

const MARKER: Marker = {
  baseline: '7',
  canary: '8',
  repository: 'acme/shop',
  runId: 42,
  attempt: 2,
  deadline: NOON,
  stamp: undefined,
  description: 'the shop',
};
const marked = (change: Partial<AliasState>): AliasState => anAlias({ description: formatMarker(MARKER), ...change });

const STAMP = { weight: 10, isHeld: false, nonce: 'k3f9a2' };
const stamped = (stamp: Partial<typeof STAMP>, change: Partial<AliasState>): AliasState =>
  anAlias({ description: formatMarker({ ...MARKER, stamp: { ...STAMP, ...stamp } }), ...change });

describe('an alias that is not as the rollout left it', () => {
  test.each<[string, AliasState, string]>([
    ['the weight that the marker came with', stamped({}, { weights: { 8: 10 } }), 'marked'],
    ['another weight', stamped({}, { weights: { 8: 50 } }), 'altered'],
    ['promoted by hand', stamped({}, { functionVersion: '8' }), 'altered'],
    ['all traffic taken from the canary', stamped({}, {}), 'marked'],
    ['a bake', stamped({ weight: 100 }, { functionVersion: '8' }), 'marked'],
    [
      'a bake, provisioned concurrency moving',
      stamped({ weight: 100 }, { functionVersion: '8', weights: { 7: 60 } }),
      'marked',
    ],
    ['split again in the bake', stamped({ weight: 100 }, { weights: { 8: 60 } }), 'altered'],
    ['a third version', stamped({}, { weights: { 9: 10 } }), 'split'],
  ])('%s: %s', (_, alias, kind) => {
    expect(inspect(alias).kind).toBe(kind);
  });

  test('the sentence says what it serves, what it should, and what to do', () => {
    const alias = stamped({}, { weights: { 8: 50 } });
    const marker = { ...MARKER, stamp: STAMP };
    const failure = alteredByOthers('live', { alias, marker, server: 'https://github.com' });
    expect(failure.message).toBe(
      'alias live was left in a rollout from version 7 to 8 by acme/shop, run https://github.com/acme/shop/actions/runs/42, ' +
        'and somebody else has changed it since: it serves version 7 (50%) and version 8 (50%), and the rollout had version 8 at 10%',
    );
    expect(failure.next).toContain('`command: promote` gives version 8 all traffic, `command: rollback` version 7');
  });
});

describe('inspect', () => {
  test.each<[string, AliasState, string]>([
    ['an alias on one version', anAlias(), 'clean'],
    ['one that somebody split', anAlias({ weights: { 8: 10 } }), 'split'],
    ['a rollout in a step', marked({ weights: { 8: 10 } }), 'marked'],
    ['a rollout put back by hand but for its description', marked({}), 'marked'],
    ['a bake', marked({ functionVersion: '8' }), 'marked'],
    ['a bake while provisioned concurrency moves', marked({ functionVersion: '8', weights: { 7: 60 } }), 'marked'],
    ['a marker of other versions, on one version', marked({ functionVersion: '9' }), 'stale'],
    ['a marker of other versions, split', marked({ functionVersion: '9', weights: { 8: 10 } }), 'split'],
    ['a marker beside a third version', marked({ weights: { 9: 10 } }), 'split'],
    ['a marker beside two others', marked({ weights: { 8: 10, 9: 10 } }), 'split'],
    ['a baked canary beside a third version', marked({ functionVersion: '8', weights: { 9: 10 } }), 'split'],
    ['an alias that splits with itself', marked({ weights: { 7: 10 } }), 'split'],
  ])('%s is %s', (_, alias, kind) => {
    expect(inspect(alias).kind).toBe(kind);
  });

  test('hands out the marker', () => {
    expect(inspect(marked({ weights: { 8: 50 } }))).toEqual({ kind: 'marked', marker: MARKER });
  });
});

describe('restoration', () => {
  test('leaves a canary that has baked where it is', () => {
    const baked = marked({ functionVersion: '8' });
    expect(restoration(baked, MARKER, true)).toMatchObject({ functionVersion: '8', weights: {} });
    expect(restoration(marked({ weights: { 8: 50 } }), MARKER, true)).toMatchObject({ functionVersion: '7' });
  });

  test.each<[string, AliasState, string]>([
    ['goes back to the baseline from a split', marked({ weights: { 8: 50 } }), '7'],
    ['goes back from a canary that had everything: its bake is not over', marked({ functionVersion: '8' }), '7'],
    ['only mends the description when the weights are gone', marked({}), '7'],
  ])('%s', (_, alias, functionVersion) => {
    expect(restoration(alias, MARKER)).toEqual({ functionVersion, weights: {}, description: 'the shop' });
  });

  test('of any rollout leaves an alias that is clean and in one piece', () => {
    const versions = fc.uniqueArray(fc.integer({ min: 1, max: 50 }).map(String), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(
        versions,
        fc.integer({ min: 0, max: 99 }),
        fc.string(),
        ([baseline = '', canary = ''], weight, description) => {
          const marker = { ...MARKER, baseline, canary, description };
          const weights = weight === 0 ? {} : { [canary]: weight };
          const alias = anAlias({ functionVersion: baseline, weights, description: formatMarker(marker) });
          const restored = { ...alias, ...restoration(alias, marker) };
          expect(inspect(restored)).toEqual({ kind: 'clean' });
          expect(restored).toMatchObject({ functionVersion: baseline, weights: {}, description });
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('isOver', () => {
  const observer = { repository: 'acme/shop', runId: 43, attempt: 1, now: NOON - MINUTE };
  test.each<[string, Partial<typeof observer>, boolean | undefined]>([
    ['past the deadline, whoever asks', { now: NOON + 1, repository: 'other/one' }, true],
    ['past the deadline, even its own run', { now: NOON + 1, runId: 42, attempt: 2 }, true],
    ['at the deadline only GitHub knows', { now: NOON }, undefined],
    ['another run of the repository: only GitHub knows', {}, undefined],
    ['another repository cannot ask', { repository: 'other/one' }, false],
    ['a later attempt of the run', { runId: 42, attempt: 3 }, true],
    ['the same attempt: another job of it, perhaps', { runId: 42, attempt: 2 }, false],
    ['an earlier attempt', { runId: 42, attempt: 1 }, false],
  ])('%s', (_, change, expected) => {
    expect(isOver(MARKER, { ...observer, ...change })).toBe(expected);
  });

  test('a rollout that was left on purpose needs no run any more, whoever asks', () => {
    const held = { ...MARKER, stamp: { ...STAMP, isHeld: true } };
    expect(isOver(held, { ...observer, runId: 42, attempt: 2 })).toBe(true);
    expect(isOver(held, { ...observer, repository: 'other/one' })).toBe(true);
    expect(isOver({ ...held, stamp: STAMP }, observer)).toBeUndefined();
  });
});

describe('a rollout that is under way', () => {
  const server = 'https://github.com';
  const message =
    'alias live is in the middle of a rollout from version 7 to 8 by acme/shop, run https://github.com/acme/shop/actions/runs/42';
  test.each([
    ['GitHub said so', true, /command: rollback` puts the alias back on its baseline at once\.$/],
    [
      'GitHub could not be asked',
      false,
      /`permissions: actions: read`, or wait until \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/,
    ],
  ])('says whose it is and where: %s', (_, isKnown, next) => {
    expect(takenBy('live', { marker: MARKER, server, isKnown })).toMatchObject({
      message,
      next: expect.stringMatching(next),
    });
  });
});

test('a split by others says between what', () => {
  expect(splitByOthers('live', anAlias({ weights: { 8: 10 } })).message).toBe(
    'alias live already splits its traffic between version 7 (90%) and version 8 (10%), and no rollout of this action did that',
  );
});
