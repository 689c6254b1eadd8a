import { describe, expect, test } from '@jest/globals';
import { binomial, logFactorial, normalTail, poisson } from '../../bench/draws.ts';
import { Random } from '../../bench/random.ts';

const DRAWS = 20_000;

function sample(draw: (random: Random) => number): number[] {
  const random = new Random().seed(11, 12, 13);
  return Array.from({ length: DRAWS }, () => draw(random));
}

/** Pearson's statistic against the exact distribution, over its degrees of freedom; rare values are put together. */
function misfit(drawn: readonly number[], logMass: (value: number) => number): number {
  const counts = new Map<number, number>();
  for (const value of drawn) counts.set(value, (counts.get(value) ?? 0) + 1);
  let [statistic, cells, restExpected, restCount] = [0, 0, DRAWS, DRAWS];
  for (const value of [...counts.keys()].sort((a, b) => a - b)) {
    const expected = DRAWS * Math.exp(logMass(value));
    if (expected < 10) continue;
    const count = counts.get(value) ?? 0;
    statistic += (count - expected) ** 2 / expected;
    restExpected -= expected;
    restCount -= count;
    cells += 1;
  }
  if (restExpected > 10) statistic += (restCount - restExpected) ** 2 / restExpected;
  return statistic / cells;
}

describe('binomial', () => {
  test.each([
    [1, 0.3],
    [40, 0.02],
    [100, 0.1],
    [1_000, 0.1],
    [300, 0.5],
    [10_000, 0.1],
    [10_000, 0.0005],
    [100_000, 0.97],
  ])('of %d at %d has the exact distribution', (trials, chance) => {
    const choose = (k: number): number => logFactorial(trials) - logFactorial(k) - logFactorial(trials - k);
    const mass = (k: number): number => choose(k) + k * Math.log(chance) + (trials - k) * Math.log1p(-chance);
    expect(
      misfit(
        sample((random) => binomial(random, trials, chance)),
        mass,
      ),
    ).toBeLessThan(2);
  });

  test.each([
    [0, 0.5, 0],
    [10, 0, 0],
    [10, 1, 10],
  ])('of %d at %d is %d', (trials, chance, expected) => {
    expect(binomial(new Random().seed(1, 2, 3), trials, chance)).toBe(expected);
  });

  test('more chance is never fewer hits where the walk is used', () => {
    const hits = [0.001, 0.01, 0.05, 0.1].map((chance) => binomial(new Random().seed(4, 5, 6), 100, chance));
    expect(hits).toEqual(hits.toSorted((a, b) => a - b));
  });
});

describe('poisson', () => {
  test.each([0.1, 3, 19.9, 20.1, 100, 10_000])('of mean %d has the exact distribution', (mean) => {
    const mass = (k: number): number => k * Math.log(mean) - mean - logFactorial(k);
    expect(
      misfit(
        sample((random) => poisson(random, mean)),
        mass,
      ),
    ).toBeLessThan(2);
  });

  test('of mean 0 is 0', () => {
    expect(poisson(new Random().seed(1, 2, 3), 0)).toBe(0);
  });
});

test.each([
  [0, 0],
  [5, Math.log(120)],
  [31, 78.09222355331531],
  [32, 81.55795945611504],
  [1000, 5912.128178488163],
])('ln(%d!)', (n, expected) => {
  expect(logFactorial(n)).toBeCloseTo(expected, 9);
});

test.each([
  [0, 0.5],
  [1.959963984540054, 0.025],
  [-1, 0.8413447460685429],
  [2, 0.022750131948179195],
  [3, 0.0013498980316300933],
  [3.0001, 0.0013494548],
  [5, 2.866515718791939e-7],
])('P(normal > %d)', (z, expected) => {
  expect(normalTail(z) / expected).toBeCloseTo(1, 4);
});
