import { describe, expect, test } from '@jest/globals';
import type { ExtraMetric, LimitedMetric } from '../../../src/model/metric.ts';
import { type Heeded, heedLimits } from '../../../src/rollout/observe/limits.ts';
import { at, traffic, values } from './support.ts';

const SPAN = { start: at(0), end: at(10) };
/** By default every minute to be judged is final. */
const ALL_FINAL = { span: SPAN, finalUntil: SPAN.end };

/** A metric of each version, or of the whole alias. */
function limited(change: Partial<LimitedMetric> = {}, scope: 'version' | 'alias' = 'version'): LimitedMetric {
  const expression = scope === 'version' ? 'SELECT MAX(Age) WHERE version = {{version}}' : 'SELECT MAX(Age)';
  return { kind: 'limited', name: 'queue age', value: { expression }, max: 30, min: undefined, ...change };
}

type Found = Readonly<Record<number, number>>;

function heed(
  metric: LimitedMetric,
  canary: Found,
  { baseline = {}, finalUntil = SPAN.end }: { baseline?: Found; finalUntil?: number } = {},
): Heeded {
  const found = { canary: values(canary), baseline: values(baseline) };
  const read = traffic({ limited: new Map([[metric.name, found]]) });
  return heedLimits([metric], read, { span: SPAN, finalUntil });
}

const BROKEN = 'metric "queue age" of the canary was 40, above its maximum of 30, twice in a row';
const SILENT = 'metric "queue age" has no value since the first shift';

describe('a limit of each version', () => {
  test.each<{ what: string; canary: Found; vetoes: string[] }>([
    { what: 'two minutes in a row', canary: { 0: 5, 1: 35, 2: 40 }, vetoes: [BROKEN] },
    { what: 'two with a gap between them', canary: { 1: 35, 7: 40 }, vetoes: [BROKEN] },
    { what: 'and well again since', canary: { 1: 35, 2: 40, 3: 5 }, vetoes: [BROKEN] },
    { what: 'for longer, told as when it was first known', canary: { 1: 35, 2: 40, 3: 50 }, vetoes: [BROKEN] },
    { what: 'read in another order', canary: { 2: 40, 1: 35 }, vetoes: [BROKEN] },
    { what: 'one minute', canary: { 1: 5, 2: 40, 3: 5 }, vetoes: [] },
    { what: 'every other minute', canary: { 1: 40, 2: 5, 3: 40, 4: 5 }, vetoes: [] },
    { what: 'at the limit', canary: { 1: 30, 2: 30 }, vetoes: [] },
    { what: 'one minute before the shift', canary: { [-1]: 40, 0: 40 }, vetoes: [] },
    { what: 'one minute that is not to be judged yet', canary: { 9: 40, 10: 40 }, vetoes: [] },
  ])('$what', ({ canary, vetoes }) => {
    expect(heed(limited(), canary)).toEqual({ vetoes, unknown: [] });
  });

  test.each([
    { change: { max: undefined, min: 2 }, values: { 1: 3, 2: 1, 3: 0.5 }, words: '0.5, below its minimum of 2' },
    { change: { min: 2 }, values: { 1: 40, 2: 1 }, words: '1, below its minimum of 2' },
    { change: { min: 2 }, values: { 1: 1, 2: 1 / 3 + 40 }, words: '40.3333, above its maximum of 30' },
    { change: { min: 0 }, values: { 1: -1, 2: -1 }, words: '-1, below its minimum of 0' },
  ])('says by how much: $words', ({ change, values: found, words }) => {
    expect(heed(limited(change), found).vetoes).toEqual([
      `metric "queue age" of the canary was ${words}, twice in a row`,
    ]);
  });

  test.each<{ what: string; canary: Found; baseline: Found; vetoes: string[] }>([
    { what: 'both, now', canary: { 8: 35, 9: 40 }, baseline: { 8: 35, 9: 40 }, vetoes: [] },
    { what: 'the baseline in the second', canary: { 8: 35, 9: 40 }, baseline: { 8: 5, 9: 31 }, vetoes: [] },
    { what: 'the baseline in the first', canary: { 8: 35, 9: 40 }, baseline: { 8: 31, 9: 5 }, vetoes: [] },
    { what: 'both, and over', canary: { 1: 35, 2: 40, 3: 5 }, baseline: { 1: 35, 2: 40 }, vetoes: [] },
    { what: 'the baseline at its limit', canary: { 1: 35, 2: 40 }, baseline: { 1: 30, 2: 30 }, vetoes: [BROKEN] },
    { what: 'the baseline at another time', canary: { 1: 35, 2: 40 }, baseline: { 3: 40, 4: 40 }, vetoes: [BROKEN] },
    { what: 'the baseline without a value', canary: { 1: 35, 2: 40 }, baseline: {}, vetoes: [BROKEN] },
    {
      what: 'both, and then the canary alone',
      canary: { 1: 41, 2: 42, 3: 43, 4: 40 },
      baseline: { 1: 40, 2: 40, 3: 5, 4: 5 },
      vetoes: [BROKEN],
    },
  ])("is nothing of the canary's where the baseline breaks it too: $what", ({ canary, baseline, vetoes }) => {
    expect(heed(limited(), canary, { baseline })).toEqual({ vetoes, unknown: [] });
  });
});

describe('a limit of the whole alias', () => {
  const OF_ALIAS = BROKEN.replace('of the canary', 'of the alias');
  test.each<{ what: string; found: Found; vetoes: string[] }>([
    { what: 'broken since the shift', found: { [-2]: 5, [-1]: 5, 1: 35, 2: 40 }, vetoes: [OF_ALIAS] },
    { what: 'without any history', found: { 1: 35, 2: 40 }, vetoes: [OF_ALIAS] },
    { what: 'red before the start and ever since', found: { [-1]: 50, 0: 35, 1: 40, 2: 40 }, vetoes: [] },
    { what: 'red before, recovered, red again', found: { [-1]: 50, 0: 35, 1: 5, 2: 35, 3: 40 }, vetoes: [OF_ALIAS] },
    { what: 'red before, recovered for good', found: { [-1]: 50, 0: 35, 1: 40, 2: 5 }, vetoes: [] },
    { what: 'red long before, but not at the start', found: { [-3]: 50, [-1]: 5, 1: 35, 2: 40 }, vetoes: [OF_ALIAS] },
    { what: 'red for one minute', found: { 1: 40 }, vetoes: [] },
  ])('$what', ({ found, vetoes }) => {
    expect(heed(limited({}, 'alias'), found)).toEqual({ vetoes, unknown: [] });
  });
});

describe('a minute that may still grow', () => {
  const LEAST = limited({ min: 10 });
  test.each<{ what: string; canary: Found; final: number; words: string[] }>([
    { what: 'below a minimum is on its way up', canary: { 7: 3, 8: 3, 9: 3 }, final: 7, words: [] },
    { what: 'is not the second of two either', canary: { 7: 3, 8: 4 }, final: 8, words: [] },
    { what: 'does not part two that are final', canary: { 6: 3, 7: 4, 8: 5 }, final: 8, words: ['4, below'] },
    { what: 'is final as soon as it has ended by then', canary: { 7: 3, 8: 4 }, final: 9, words: ['4, below'] },
    { what: 'within a part of it is not', canary: { 7: 3, 8: 4 }, final: 8.9, words: [] },
    { what: 'above a maximum will not come down', canary: { 8: 35, 9: 36 }, final: 8, words: ['36, above'] },
  ])('$what', ({ canary, final, words }) => {
    const { vetoes } = heed(LEAST, canary, { finalUntil: at(final) });
    expect(vetoes).toEqual(words.map((part) => expect.stringContaining(`of the canary was ${part} its m`)));
  });

  test('counts for nothing of the alias either, whether it had been below its minimum before or not', () => {
    const stock = limited({ min: 10, max: undefined }, 'alias');
    const later = { 0: 20, 1: 3, 2: 3 };
    expect(heed(stock, { [-1]: 3, ...later }, { finalUntil: at(1) }).vetoes).toEqual([]);
    expect(heed(stock, { [-1]: 20, ...later }, { finalUntil: at(1) }).vetoes).toEqual([]);
    expect(heed(stock, { [-1]: 3, ...later }).vetoes).toHaveLength(1);
  });
});

describe('a limit without a value', () => {
  test.each<{ what: string; scope: 'version' | 'alias'; canary: Found; baseline: Found; unknown: string[] }>([
    { what: 'nothing at all', scope: 'version', canary: {}, baseline: {}, unknown: [SILENT] },
    { what: 'nothing of the alias', scope: 'alias', canary: {}, baseline: {}, unknown: [SILENT] },
    { what: 'of the baseline only', scope: 'version', canary: {}, baseline: { 1: 5 }, unknown: [SILENT] },
    { what: 'before the shift only', scope: 'alias', canary: { [-1]: 5 }, baseline: {}, unknown: [SILENT] },
    { what: 'too young to be judged', scope: 'version', canary: { 10: 5 }, baseline: {}, unknown: [SILENT] },
    { what: 'one', scope: 'version', canary: { 9: 5 }, baseline: {}, unknown: [] },
    { what: 'one beyond it', scope: 'alias', canary: { 0: 40 }, baseline: {}, unknown: [] },
  ])('cannot be vouched for: $what', ({ scope, canary, baseline, unknown }) => {
    expect(heed(limited({}, scope), canary, { baseline })).toEqual({ vetoes: [], unknown });
  });
});

describe('heedLimits', () => {
  test('heeds every limit, names what was not read, and leaves out what is compared instead', () => {
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
    expect(heedLimits(metrics, traffic({ limited: found }), ALL_FINAL)).toEqual({
      vetoes: [BROKEN, 'metric "stock" of the alias was 0, below its minimum of 1, twice in a row'],
      unknown: ['metric "unread" has no value since the first shift'],
    });
  });
});
