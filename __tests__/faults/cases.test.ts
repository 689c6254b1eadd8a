import { describe, expect, test } from '@jest/globals';
import { ENDINGS, FAULTS, type Reference, enumerate, sample } from './cases.ts';
import { draw } from './draw.ts';

const CALLS = ['GetFunction', 'GetAlias', 'UpdateAlias', 'GetAlias'];
const REFERENCE: Reference = new Map(ENDINGS.map((ending) => [ending, CALLS]));
const ALL = enumerate(REFERENCE);

describe('the cases', () => {
  test('meet every call of every ending with every fault, but for changes before the first look', () => {
    const met = new Set(ALL.map(({ ending, k, fault }) => `${ending} ${k} ${fault}`));
    // Somebody's change before call 1 or 2, or after call 1, is what the run finds; two calls do not read the alias.
    expect(met.size).toBe(ENDINGS.length * (CALLS.length * FAULTS.length - 5));
    expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length);
  });

  test('have a post and a next run for everything that kills or fails', () => {
    for (const fault of FAULTS) {
      const families = new Set(ALL.filter((at) => at.fault === fault).map(({ family }) => family));
      expect(families).toContain('post');
      expect(families.has('next')).toBe(!fault.startsWith('foreign'));
    }
  });

  test('are sampled alike by the same seed, in their order', () => {
    const drawn = sample(ALL, { count: 20, seed: 3 });
    expect(sample(ALL, { count: 20, seed: 3 })).toEqual(drawn);
    expect(sample(ALL, { count: 20, seed: 4 })).not.toEqual(drawn);
    expect(drawn).toEqual(ALL.filter((at) => drawn.includes(at)));
    expect(drawn).toHaveLength(20);
    expect(sample(ALL, { count: 1e9, seed: 1 })).toEqual(ALL);
  });
});

describe('a play', () => {
  const plays = Array.from({ length: 200 }, (_, seed) => draw(seed));

  test('is decided by its seed', () => {
    const told = (seed: number): string => JSON.stringify(draw(seed));
    for (const { seed } of plays) expect(told(seed)).toBe(told(seed));
    expect(new Set(plays.map(({ seed }) => told(seed))).size).toBeGreaterThan(150);
  });

  test('comes in every kind', () => {
    expect(new Set(plays.map(({ family }) => family)).size).toBe(3);
    expect(new Set(plays.map(({ runs }) => runs.length))).toEqual(new Set([1, 2]));
    expect(plays.some(({ byHand }) => byHand !== undefined)).toBe(true);
    expect(plays.some(({ faults }) => faults.length === 0)).toBe(true);
    expect(new Set(plays.flatMap(({ faults }) => faults.map(({ effect }) => effect))).size).toBe(9);
  });
});
