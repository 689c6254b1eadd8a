import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRandom } from '../../simulator/random.ts';

function moments(draw: () => number, count = 4000): { mean: number; variance: number } {
  const values = Array.from({ length: count }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1) };
}

describe('createRandom', () => {
  test('is decided by seed and name', () => {
    const draw = (seed: number, name: string): number[] => {
      const random = createRandom(seed, name);
      return [random.next(), random.next(), random.poisson(10)];
    };
    expect(draw(1, 'traffic')).toEqual(draw(1, 'traffic'));
    expect(draw(1, 'traffic')).not.toEqual(draw(2, 'traffic'));
    expect(draw(1, 'traffic')).not.toEqual(draw(1, 'latency'));
  });

  test.each([0.05, 3, 170, 1700])('poisson(%d) has its mean and variance', (mean) => {
    const random = createRandom(7, 'poisson');
    const found = moments(() => random.poisson(mean));
    expect(Math.abs(found.mean - mean)).toBeLessThan(4 * Math.sqrt(mean / 4000));
    expect(found.variance / mean).toBeGreaterThan(0.85);
    expect(found.variance / mean).toBeLessThan(1.15);
  });

  test.each([
    [10, 0.1],
    [170, 0.001],
    [170, 0.9],
    [3000, 0.5],
  ])('binomial(%d, %d) has its mean and variance', (trials, p) => {
    const random = createRandom(7, 'binomial');
    const found = moments(() => random.binomial(trials, p));
    const variance = trials * p * (1 - p);
    expect(Math.abs(found.mean - trials * p)).toBeLessThan(4 * Math.sqrt(variance / 4000));
    expect(found.variance / variance).toBeGreaterThan(0.85);
    expect(found.variance / variance).toBeLessThan(1.15);
  });

  test('binomial stays within its trials', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer(), (trials, p, seed) => {
        const value = createRandom(seed, 'x').binomial(trials, p);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(trials);
      }),
    );
  });

  test('uuids have the shape of RevisionIds', () => {
    const random = createRandom(1, 'ids');
    const ids = Array.from({ length: 100 }, () => random.uuid());
    expect(new Set(ids).size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
