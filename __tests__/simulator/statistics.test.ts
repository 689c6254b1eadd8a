import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isStatistic, statisticOf } from '../../simulator/cloudwatch/statistics.ts';
import type { Samples } from '../../simulator/cloudwatch/statistics.ts';

const SAMPLES: Samples = [
  [30, 1],
  [10, 2],
  [20, 1],
];

describe('statisticOf', () => {
  test.each([
    ['SampleCount', 4],
    ['Sum', 70],
    ['Average', 17.5],
    ['Minimum', 10],
    ['Maximum', 30],
    ['p50', 10],
    ['p51', 20],
    ['p99.9', 30],
    ['TC(:20)', 3],
    ['TC(10:20)', 1],
    ['TC(20:)', 1],
    ['PR(:10)', 50],
    ['PR(30:)', 0],
  ])('%s', (stat, expected) => {
    expect(statisticOf(stat, SAMPLES)).toBe(expected);
  });

  test.each(['SampleCount', 'Average', 'p90', 'TC(:1)'])('%s of nothing is nothing', (stat) => {
    expect([statisticOf(stat, []), statisticOf(stat, [[5, 0]])]).toEqual([undefined, undefined]);
  });

  test.each(['', 'Summe', 'p100', 'TC(10%:90%)', 'tm90', 'IQM'])('%s is none that it knows', (stat) => {
    expect(isStatistic(stat)).toBe(false);
  });

  test('below and above a threshold are everything; a percentile is where the rank says', () => {
    const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(samples, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 99 }), (all, limit, percent) => {
        const of = (stat: string): number => statisticOf(stat, all) ?? -1;
        const count = of('SampleCount');
        expect(of(`TC(:${limit})`) + of(`TC(${limit}:)`)).toBe(count);
        expect(of(`PR(:${limit})`)).toBeCloseTo((100 * of(`TC(:${limit})`)) / count, 9);
        expect(of(`TC(:${of(`p${percent}`)})`)).toBeGreaterThanOrEqual((count * percent) / 100 - 1e-9);
        expect(of('Average')).toBeCloseTo(of('Sum') / count, 9);
      }),
    );
  });
});
