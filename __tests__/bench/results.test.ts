import { describe, expect, test } from '@jest/globals';
import { carryOut, OURS, OURS_AUTO } from '../../bench/job.ts';
import { fileOf } from '../../bench/file.ts';
import { promisesOf } from '../../bench/promises.ts';
import { pageOf } from '../../bench/report.ts';
import { comparisons, costRatio } from '../../bench/results.ts';
import type { CellResult } from '../../bench/results.ts';
import { count, emptyTally, figuresOf, merge } from '../../bench/tally.ts';
import type { Tally } from '../../bench/tally.ts';

interface Told {
  /** Minute of the rollback, per run; undefined where there was none. */
  readonly at: readonly (number | undefined)[];
  readonly failures?: number;
  readonly onset?: number;
  readonly verdict?: string;
}

function tallied({ at, failures = 0, onset = 0, verdict = 'none' }: Told): Tally {
  const tally = emptyTally();
  for (const rolledBack of at) {
    const promoted = rolledBack === undefined ? 33 : undefined;
    count(tally, { rolledBack, protectedAt: rolledBack, quarantined: false, failures, promoted, verdict }, onset);
  }
  return tally;
}

function cell(id: string, rules: Record<string, Told>, more: Partial<CellResult> = {}): CellResult {
  const figures = Object.fromEntries(Object.entries(rules).map(([rule, told]) => [rule, figuresOf(tallied(told))]));
  const usual = { family: 'N1', kind: 'healthy', rpm: 1000, base: 0.001, onset: 0, metric: 'errors' } as const;
  return { id, ...usual, rules: figures, ...more };
}

const never = Array<undefined>(1000).fill(undefined);
const always = (minute: number): number[] => Array<number>(1000).fill(minute);
const some = (share: number): (number | undefined)[] => never.map((_, index) => (index < share * 1000 ? 5 : undefined));

describe('figures', () => {
  test('delays count from the onset; what came before it or too late found nothing', () => {
    const { restoration } = figuresOf(tallied({ at: [10, 20, 12, 40, 18, undefined], onset: 12 }));
    expect(restoration).toMatchObject({ found: { hits: 2 }, median: undefined });
    expect(figuresOf(tallied({ at: [14, 16, 20], onset: 12 })).restoration).toMatchObject({ median: 4, p90: 8 });
  });

  test('merging is adding', () => {
    const all = tallied({ at: [3, undefined, 7, 9], failures: 2 });
    const merged = tallied({ at: [3, undefined], failures: 2 });
    merge(merged, tallied({ at: [7, 9], failures: 2 }));
    expect(figuresOf(merged)).toEqual(figuresOf(all));
  });
});

describe('comparisons', () => {
  const healthy = cell('N1', { [OURS]: { at: never }, hasty: { at: some(0.051) }, careful: { at: some(0.05) } });
  const broken = cell(
    'A1',
    {
      [OURS]: { at: always(4), failures: 10 },
      hasty: { at: always(3), failures: 5 },
      careful: { at: always(6), failures: 20 },
      oracle: { at: always(3), failures: 5 },
    },
    { kind: 'broken', family: 'A1', twin: 'N1' },
  );

  test('only a peer that leaves 19 of 20 healthy releases alone is a rival', () => {
    const [comparison] = comparisons([healthy, broken]);
    expect(comparison?.quickest?.name).toBe('careful');
    expect(comparison?.cheapest?.name).toBe('careful');
    expect(comparison === undefined ? NaN : costRatio(comparison.ours, comparison)).toBe(0.5);
  });

  test('nobody qualifies where the healthy twin was not run', () => {
    const [comparison] = comparisons([broken]);
    expect(comparison?.quickest).toBeUndefined();
    expect(comparison === undefined ? NaN : costRatio(comparison.ours, comparison)).toBeUndefined();
  });

  test('promises: in time, without disturbing healthy ones, and at half the cost', () => {
    const kept = promisesOf([healthy, broken]);
    expect(kept.map(({ holds }) => holds)).toEqual([true, true, true, true]);
    const late = cell(
      'A1',
      { [OURS]: { at: always(7), failures: 11 }, careful: { at: always(6), failures: 20 }, oracle: { at: always(3) } },
      { kind: 'broken', family: 'A1', twin: 'N1' },
    );
    expect(promisesOf([healthy, late]).map(({ holds }) => holds)).toEqual([true, false, true, false]);
  });

  test('with durations the oracle is no excuse', () => {
    const slow = (minute: number) =>
      cell(
        'A4',
        { [OURS]: { at: always(minute) }, careful: { at: always(4) }, oracle: { at: always(7) } },
        { kind: 'broken', family: 'A4', twin: 'N1', metric: 'latency' },
      );
    const inTime = (minute: number) => promisesOf([healthy, slow(minute)])[1];
    expect(inTime(4)).toMatchObject({ holds: true });
    expect(inTime(5)).toMatchObject({ holds: false, known: expect.any(String) });
  });
});

describe('promises', () => {
  test.each([
    [0.001, true],
    [0.005, false],
  ])('healthy releases rolled back: %d of 1,000 runs', (share, holds) => {
    const [promise] = promisesOf([cell('N3', { [OURS]: { at: some(share) } }, { family: 'N3' })]);
    expect(promise?.holds).toBe(holds);
  });

  test.each([
    ['B margin 1k rpm', 'boundary', 50, true],
    ['B margin 1k rpm', 'boundary', 51, false],
    ['A1 +5 1k rpm 0.1%', 'broken', 1, false],
    ['A1 +5 1k rpm 0.1%', 'broken', 0, true],
  ] as const)('%s (%s): promoted with pass %d times', (id, kind, passes, holds) => {
    const passed = Array.from({ length: 1000 }, (_, run) => (run < passes ? undefined : 5));
    const [promise] = promisesOf([cell(id, { [OURS_AUTO]: { at: passed, verdict: 'pass' } }, { kind, family: 'B' })]);
    expect(promise?.holds).toBe(holds);
  });

  test('a total failure has to be protected in the third minute', () => {
    const at = (minute: number) =>
      promisesOf([cell('A1 +100 1k rpm 0.1%', { [OURS]: { at: always(minute) } }, { kind: 'broken', family: 'A1' })]);
    expect(at(3).map(({ holds }) => holds)).toEqual([true]);
    expect(at(4).map(({ holds }) => holds)).toEqual([false]);
  });

  test('nothing is promised of what was not run', () => {
    expect(promisesOf([])).toEqual([]);
  });
});

describe('jobs', () => {
  const job = { cell: 'A1 +100 100 rpm 0.1%', seed: 7, plan: 'steady' } as const;

  test('how runs are shared out changes nothing', () => {
    const whole = carryOut({ ...job, from: 0, to: 8 });
    const [first, second] = [carryOut({ ...job, from: 0, to: 3 }), carryOut({ ...job, from: 3, to: 8 })];
    for (const [rule, tally] of Object.entries(first)) merge(tally, second[rule] ?? emptyTally());
    expect(first).toEqual(whole);
  });

  test('a cell that does not exist', () => {
    expect(() => carryOut({ ...job, cell: 'N0', from: 0, to: 1 })).toThrow('there is no cell N0');
  });

  test('the page and the file have every rule and every promise', () => {
    const rules = Object.fromEntries(
      Object.entries(carryOut({ ...job, from: 0, to: 4 })).map(([rule, tally]) => [rule, figuresOf(tally)]),
    );
    const cells = [{ ...cell(job.cell, {}, { kind: 'broken', family: 'A1' }), rules }];
    const results = { command: 'node bench/judge.ts', seed: 7, plan: '10% 30m', realTraffic: true, cells };
    const file = JSON.parse(fileOf(results)) as {
      seed: number;
      cells: { id: string; rules: Record<string, unknown> }[];
    };
    expect(file).toMatchObject({
      seed: 7,
      cells: [{ id: job.cell, rules: { oracle: { runs: 4, restored: { hits: 4 } } } }],
    });
    const page = pageOf(results, promisesOf(cells));
    for (const rule of ['Flagger 5', 'Kayenta /10', 'oracle']) expect(page).toContain(`| ${rule}`);
    expect(page).toContain('`node bench/judge.ts`, seed 7, plan 10% 30m, 4 runs in 1 cells');
    expect(page.split('\n').filter((line) => line.startsWith('- ')).length).toBe(promisesOf(cells).length);
  });
});
