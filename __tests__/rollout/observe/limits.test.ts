import { describe, expect, test } from '@jest/globals';
import type { ExtraMetric, LimitedMetric } from '../../../src/model/metric.ts';
import { type Heeded, heedLimits } from '../../../src/rollout/observe/limits.ts';
import { at, traffic, values } from './support.ts';

const SPAN = { start: at(0), end: at(10) };

/** A metric of each version, or of the whole alias. */
function limited(change: Partial<LimitedMetric> = {}, scope: 'version' | 'alias' = 'version'): LimitedMetric {
  const expression = scope === 'version' ? 'SELECT MAX(Age) WHERE version = {{version}}' : 'SELECT MAX(Age)';
  return { kind: 'limited', name: 'queue age', value: { expression }, max: 30, min: undefined, ...change };
}

function heed(metric: LimitedMetric, canary: Record<number, number>, baseline: Record<number, number> = {}): Heeded {
  const found = { canary: values(canary), baseline: values(baseline) };
  return heedLimits([metric], traffic({ limited: new Map([[metric.name, found]]) }), SPAN);
}

const BROKEN = 'metric "queue age" of the canary was 40, above its maximum of 30, for 2 minutes in a row';

describe('a limit of each version', () => {
  test.each<{ what: string; canary: Record<number, number>; vetoes: string[] }>([
    { what: 'two minutes in a row', canary: { 0: 5, 1: 35, 2: 40 }, vetoes: [BROKEN] },
    { what: 'two with a gap between them', canary: { 1: 35, 7: 40 }, vetoes: [BROKEN] },
    { what: 'and well again since', canary: { 1: 35, 2: 40, 3: 5 }, vetoes: [BROKEN] },
    { what: 'read in another order', canary: { 2: 40, 1: 35 }, vetoes: [BROKEN] },
    { what: 'one minute', canary: { 1: 5, 2: 40, 3: 5 }, vetoes: [] },
    { what: 'every other minute', canary: { 1: 40, 2: 5, 3: 40, 4: 5 }, vetoes: [] },
    { what: 'at the limit', canary: { 1: 30, 2: 30 }, vetoes: [] },
    { what: 'nothing at all', canary: {}, vetoes: [] },
    { what: 'one minute before the shift', canary: { [-1]: 40, 0: 40 }, vetoes: [] },
    { what: 'one minute that is not to be judged yet', canary: { 9: 40, 10: 40 }, vetoes: [] },
  ])('$what', ({ canary, vetoes }) => {
    expect(heed(limited(), canary)).toEqual({ vetoes, obstacles: [] });
  });

  test.each([
    { change: { max: undefined, min: 2 }, values: { 1: 3, 2: 1, 3: 0.5 }, words: '0.5, below its minimum of 2' },
    { change: { min: 2 }, values: { 1: 40, 2: 1 }, words: '1, below its minimum of 2' },
    { change: { min: 2 }, values: { 1: 1, 2: 1 / 3 + 40 }, words: '40.3333, above its maximum of 30' },
    { change: { min: 0 }, values: { 1: -1, 2: -1 }, words: '-1, below its minimum of 0' },
  ])('says by how much: $words', ({ change, values: found, words }) => {
    expect(heed(limited(change), found).vetoes).toEqual([
      `metric "queue age" of the canary was ${words}, for 2 minutes in a row`,
    ]);
  });

  const SHARED =
    'metric "queue age" of both versions was 40, above its maximum of 30, for 2 minutes in a row: not the canary\'s doing alone';
  test.each<{ what: string; canary: Record<number, number>; baseline: Record<number, number>; heeded: Heeded }>([
    {
      what: 'both, now',
      canary: { 8: 35, 9: 40 },
      baseline: { 8: 35, 9: 40 },
      heeded: { vetoes: [], obstacles: [SHARED] },
    },
    {
      what: 'the baseline in one of the two',
      canary: { 8: 35, 9: 40 },
      baseline: { 8: 5, 9: 31 },
      heeded: { vetoes: [], obstacles: [SHARED] },
    },
    {
      what: 'both, and over',
      canary: { 1: 35, 2: 40, 3: 5 },
      baseline: { 1: 35, 2: 40 },
      heeded: { vetoes: [], obstacles: [] },
    },
    {
      what: 'the baseline at another time',
      canary: { 1: 35, 2: 40 },
      baseline: { 3: 40, 4: 40 },
      heeded: { vetoes: [BROKEN], obstacles: [] },
    },
    {
      what: 'both, and then the canary alone',
      canary: { 1: 40, 2: 40, 3: 40, 4: 40 },
      baseline: { 1: 40, 2: 40, 3: 5, 4: 5 },
      heeded: { vetoes: [BROKEN], obstacles: [] },
    },
  ])("is not the canary's doing where the baseline breaks it too: $what", ({ canary, baseline, heeded }) => {
    expect(heed(limited(), canary, baseline)).toEqual(heeded);
  });
});

describe('a limit of the whole alias', () => {
  const OF_ALIAS = BROKEN.replace('of the canary', 'of the alias');
  test.each<{ what: string; found: Record<number, number>; vetoes: string[] }>([
    { what: 'broken since the shift', found: { [-2]: 5, [-1]: 5, 1: 35, 2: 40 }, vetoes: [OF_ALIAS] },
    { what: 'without any history', found: { 1: 35, 2: 40 }, vetoes: [OF_ALIAS] },
    { what: 'red before the start and ever since', found: { [-1]: 50, 0: 35, 1: 40, 2: 40 }, vetoes: [] },
    { what: 'red before, recovered, red again', found: { [-1]: 50, 0: 35, 1: 5, 2: 35, 3: 40 }, vetoes: [OF_ALIAS] },
    { what: 'red before, recovered for good', found: { [-1]: 50, 0: 35, 1: 40, 2: 5 }, vetoes: [] },
    { what: 'red long before, but not at the start', found: { [-3]: 50, [-1]: 5, 1: 35, 2: 40 }, vetoes: [OF_ALIAS] },
    { what: 'red for one minute', found: { 1: 40 }, vetoes: [] },
    { what: 'nothing', found: {}, vetoes: [] },
  ])('$what', ({ found, vetoes }) => {
    expect(heed(limited({}, 'alias'), found)).toEqual({ vetoes, obstacles: [] });
  });
});

describe('heedLimits', () => {
  test('heeds every limit, and nothing that was not read or is compared instead', () => {
    const query = { expression: 'SELECT {{version}}' };
    const counted: ExtraMetric = { kind: 'counted', name: 'failed payments', bad: query, total: query, tolerance: 0 };
    const metrics = [
      counted,
      limited(),
      limited({ name: 'stock', min: 1, max: undefined }, 'alias'),
      limited({ name: 'unread' }),
    ];
    const found = new Map([
      ['queue age', { baseline: values({}), canary: values({ 1: 40, 2: 40 }) }],
      ['stock', { baseline: values({}), canary: values({ 1: 0, 2: 0 }) }],
      ['failed payments', { baseline: values({}), canary: values({ 1: 1e9, 2: 1e9 }) }],
    ]);
    expect(heedLimits(metrics, traffic({ limited: found }), SPAN)).toEqual({
      vetoes: [BROKEN, 'metric "stock" of the alias was 0, below its minimum of 1, for 2 minutes in a row'],
      obstacles: [],
    });
  });
});
