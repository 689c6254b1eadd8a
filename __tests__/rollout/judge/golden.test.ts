import { describe, expect, test } from '@jest/globals';
import { weighSplit } from '../../../src/rollout/judge/concurrent.ts';
import { minutesOf, repeat } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';

const LN_2 = Math.LN2;

interface Golden {
  readonly id: string;
  readonly odds?: number;
  readonly rows: readonly CountRow[];
  /** Plain value after each minute, then without the worst one. */
  readonly plain: readonly number[];
  readonly without: readonly number[];
}

const FALLING = [-0.568972, -0.910618, -1.156441, -1.348882, -1.507201];
const GOLDEN: readonly Golden[] = [
  { id: 'V1', rows: [[900, 0, 100, 3]], plain: [5.581062], without: [0] },
  {
    id: 'V2',
    rows: [
      [900, 1, 100, 2],
      [900, 0, 100, 2],
      [880, 2, 120, 5],
    ],
    plain: [1.404838, 5.245445, 11.208477],
    without: [0, 1.404838, 5.245445],
  },
  { id: 'V3', rows: repeat(5, [900, 9, 100, 1] as const), plain: FALLING, without: FALLING },
  {
    id: 'V4',
    odds: 1.25,
    rows: repeat(2, [900, 0, 100, 3] as const),
    plain: [5.040252, 11.149648],
    without: [0, 5.040252],
  },
  {
    id: 'V5 late onset',
    rows: [...repeat(3, [900, 0, 100, 0] as const), ...repeat(2, [900, 0, 100, 3] as const)],
    plain: [0, 0, 0, 6.049651, 12.744875],
    without: [0, 0, 0, 0, 6.049651],
  },
  {
    id: 'V6 weights change',
    rows: [
      [950, 1, 50, 1],
      [750, 1, 250, 4],
      [500, 2, 500, 9],
    ],
    plain: [0.584737, 3.188266, 4.745106],
    without: [0, 0.584737, 1.815484],
  },
  {
    id: 'V7 silent canary',
    rows: [
      [900, 5, 0, 0],
      [900, 0, 100, 3],
    ],
    plain: [0, 5.867801],
    without: [0, 0],
  },
  { id: 'V8 all fail', rows: [[900, 0, 100, 100]], plain: [227.188793], without: [0] },
  { id: 'V9 huge', rows: [[9e8, 9e5, 1e8, 1e5]], plain: [-LN_2], without: [-LN_2] },
];

describe('weighSplit', () => {
  test.each(GOLDEN)('$id after each minute', ({ odds = 1, rows, plain, without }) => {
    const minutes = minutesOf(rows);
    const values = rows.map((_, index) =>
      weighSplit(minutes.slice(0, index + 1), { oddsRatio: odds, proof: Math.log(100) }),
    );
    values.forEach((value, index) => {
      expect(Math.abs(value.plain - Number(plain[index]))).toBeLessThan(1e-6);
      expect(Math.abs(value.withoutWorst - Number(without[index]))).toBeLessThan(1e-6);
      expect(value.clipped).toBeLessThanOrEqual(value.plain);
    });
  });
});
