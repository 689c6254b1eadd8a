import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Random, wordOf } from '../../bench/random.ts';

const WORD = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

function numbers(name: readonly [number, number, number], count: number): number[] {
  const random = new Random().seed(...name);
  return Array.from({ length: count }, () => random.next());
}

describe('a stream', () => {
  test('is what its name makes it, whatever the generator did before', () => {
    fc.assert(
      fc.property(WORD, WORD, WORD, (a, b, c) => {
        const used = new Random().seed(1, 2, 3);
        used.next();
        used.seed(a, b, c);
        expect(numbers([a, b, c], 5)).toEqual(Array.from({ length: 5 }, () => used.next()));
      }),
    );
  });

  test('stays in [0, 1), and has the mean and the variance of a uniform number', () => {
    const drawn = numbers([7, 0, 0], 20_000);
    const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
    const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  test.each([0, 1, 2] as const)('has nothing in common with one whose word %d differs by 1', (index) => {
    const count = 20_000;
    const first = Array.from({ length: count }, (_, run) => numbers([5, run, 9], 1)[0] ?? 0);
    const second = Array.from({ length: count }, (_, run) => {
      const name: [number, number, number] = [5, run, 9];
      name[index] += 1;
      return numbers(name, 1)[0] ?? 0;
    });
    const covariance = first.reduce((sum, value, at) => sum + (value - 0.5) * ((second[at] ?? 0) - 0.5), 0) / count;
    expect(Math.abs(covariance * 12)).toBeLessThan(0.03);
  });

  test('between two bounds', () => {
    const random = new Random().seed(1, 1, 1);
    const drawn = Array.from({ length: 1000 }, () => random.between(60, 90));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(60);
    expect(Math.max(...drawn)).toBeLessThan(90);
    expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan(29);
  });
});

test('names have words of their own', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `A1 +${index} 1k rpm`);
  expect(new Set(names.map(wordOf)).size).toBe(1000);
  expect(wordOf('')).toBe(0x811c9dc5 | 0);
});
