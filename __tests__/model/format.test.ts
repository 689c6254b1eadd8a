import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatBytes, formatEvidence, formatRate, formatRates } from '../../src/model/format.ts';

describe('formatEvidence', () => {
  test.each([
    [-Infinity, '1:1'],
    [-5, '1:1'],
    [0, '1:1'],
    [Math.log(1.9), '1:1'],
    [Math.log(38.2), '1:38'],
    [Math.log(99.9), '1:99'],
    [Math.log(100), '1:100'],
    [Math.log(9999), '1:9999'],
    [Math.log(10_000), '1:1e4'],
    [Math.log(9.7e13), '1:9e13'],
    [Math.log(1e100), '1:1e100'],
    [5000, '1:2e2171'],
  ])('%d is %s', (evidence, text) => {
    expect(formatEvidence(evidence)).toBe(text);
  });
});

describe('formatRate', () => {
  test.each([
    [0, '0.00%'],
    [23 / 996, '2.31%'],
    [9 / 8964, '0.10%'],
    [0.0005, '0.05%'],
    [0.000012, '0.001%'],
    [1e-9, '0.0000001%'],
    [1, '100.00%'],
  ])('%d is %s', (fraction, text) => {
    expect(formatRate(fraction)).toBe(text);
  });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [4_214_301, '4.2 MB'],
  [262_144_000, '262.1 MB'],
])('formatBytes %d', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

describe('formatRates', () => {
  test.each([
    [23 / 996, 9 / 8964, '2.31%', '0.10%'],
    [0.1, 0.1, '10.00%', '10.00%'],
    [0.02314, 0.02311, '2.314%', '2.311%'],
    [0, 0.00001, '0.000%', '0.001%'],
  ])('%d and %d', (first, second, one, two) => {
    expect(formatRates(first, second)).toEqual([one, two]);
  });

  test('never prints different rates of whole counts the same', () => {
    const rate = fc.tuple(fc.nat(1e6), fc.integer({ min: 1, max: 1e9 })).map(([e, n]) => Math.min(e, n) / n);
    fc.assert(
      fc.property(rate, rate, (first, second) => {
        const [one, two] = formatRates(first, second);
        expect(one === two).toBe(first === second);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
