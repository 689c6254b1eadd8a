import { OURS, OURS_AUTO } from './job.ts';
import type { CellResult, Results } from './results.ts';
import type { Delay, Figures, Share } from './tally.ts';

/**
 * The results as `bench/results/judge.json`, one line per cell. Per rule: how many runs, how many of them were rolled back
 * with the 95 % interval of that share, and in broken cells how many within the half hour after the onset, after how many
 * minutes (median, 90th percentile; null: not reached), and the failed requests until then (mean, median, 90th percentile).
 * Ours have more to tell: quarantines, promotions.
 */
export function fileOf({ cells, ...head }: Results): string {
  const lines = cells.map((cell) => `  ${JSON.stringify(cellOf(cell))}`);
  const fields = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  return ['{', ...fields, '  "cells": [', lines.join(',\n'), '  ]', '}', ''].join('\n');
}

function cellOf({ rules, ...cell }: CellResult) {
  const isBroken = cell.kind !== 'healthy';
  const figures = Object.entries(rules).map(([name, found]) => {
    const isOurs = name === OURS || name === OURS_AUTO;
    return [name, { ...common(found), ...(isBroken ? cost(found) : {}), ...(isOurs ? own(found) : {}) }];
  });
  return { ...cell, rules: Object.fromEntries(figures) as unknown };
}

function common({ runs, rolledBack }: Figures) {
  return { runs, rolledBack: share(rolledBack) };
}

function cost({ restoration, failures }: Figures) {
  return {
    restored: delay(restoration),
    failures: [failures.mean, failures.median, failures.p90].map(short),
  };
}

function own({ quarantined, promoted, passed, open, protection, promotion }: Figures) {
  return {
    quarantined: share(quarantined),
    protected: delay(protection),
    promoted: share(promoted),
    passed: share(passed),
    open: share(open),
    promotedAfter: [promotion.median ?? null, promotion.p90 ?? null],
  };
}

function share({ hits, low, high }: Share) {
  return { hits, interval: [short(low), short(high)] };
}

function delay({ found, median, p90 }: Delay) {
  return { ...share(found), minutes: [median ?? null, p90 ?? null] };
}

/** Four digits are more than ten thousand runs are good for. */
function short(value: number): number {
  return Number(value.toPrecision(4));
}
