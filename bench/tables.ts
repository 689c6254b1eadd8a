import { markdownTable } from 'markdown-table';
import { OURS, OURS_AUTO } from './job.ts';
import { ORACLE } from './oracle.ts';
import { costRatio } from './results.ts';
import type { CellResult, Comparison } from './results.ts';
import type { Delay, Figures, Share } from './tally.ts';

type Row = readonly string[];

/** Healthy canaries rolled back, percent: ours with what else became of them, then every peer. */
export function healthyTable(cells: readonly CellResult[]): string {
  const peers = peersIn(cells);
  const head = ['healthy', 'runs', 'ours', '≤ (95 %)', 'quarantined', 'pass', 'open', 'auto', ...peers];
  return table(
    head,
    cells.map((cell) => {
      const ours = cell.rules[OURS];
      const auto = cell.rules[OURS_AUTO];
      if (ours === undefined) return [cell.id];
      return [
        cell.id,
        String(ours.runs),
        percent(ours.rolledBack),
        percentOf(ours.rolledBack.high),
        percent(ours.quarantined),
        percent(ours.passed),
        percent(ours.open),
        auto === undefined ? '' : percent(auto.rolledBack),
        ...peers.map((peer) => percentIn(cell, peer)),
      ];
    }),
  );
}

const BROKEN_HEAD: Row = [
  ...['broken', 'protected', 'min', 'rolled back', 'min', 'failed', 'pass'],
  ...['best peer', 'rolled back', 'min', 'failed', 'cheapest peer', 'failed', 'ours/cheapest'],
  ...['auto min', 'failed', 'auto/cheapest', 'oracle', 'min', 'failed', 'oracle/cheapest'],
];

/** Broken canaries: ours beside the best qualified peer, then `auto`, and the bound. */
export function brokenTable(all: readonly Comparison[]): string {
  return table(
    BROKEN_HEAD,
    all.map((comparison) => {
      const { cell, ours, auto, oracle, quickest, cheapest } = comparison;
      const { protection, restoration, passed } = ours;
      return [
        ...[cell.id, percent(protection.found), minutes(protection)],
        ...[percent(restoration.found), minutes(restoration), failed(ours), percent(passed)],
        ...[quickest?.name ?? 'none', ...speedOf(quickest?.figures)],
        ...[cheapest?.name ?? 'none', failed(cheapest?.figures), ratio(ours, comparison)],
        ...[auto === undefined ? '' : minutes(auto.protection), failed(auto), ratio(auto, comparison)],
        ...[...speedOf(oracle), ratio(oracle, comparison)],
      ];
    }),
  );
}

function speedOf(figures: Figures | undefined): string[] {
  if (figures === undefined) return ['', '', ''];
  return [percent(figures.restoration.found), minutes(figures.restoration), failed(figures)];
}

/** Every rule in every broken cell: how often it rolled back within the half hour, and after how many minutes. */
export function peerTable(cells: readonly CellResult[]): string {
  const rules = [OURS, ...peersIn(cells), ORACLE];
  return table(
    ['broken', ...rules],
    cells.map((cell) => [
      cell.id,
      ...rules.map((rule) => {
        const figures = cell.rules[rule];
        return figures === undefined ? '' : `${percent(figures.restoration.found)} ${minutes(figures.restoration)}`;
      }),
    ]),
  );
}

/** How soon `auto` promotes. */
export function autoTable(cells: readonly CellResult[]): string {
  const rows = cells.flatMap((cell) => {
    const auto = cell.rules[OURS_AUTO];
    if (auto === undefined) return [];
    const { median, p90 } = auto.promotion;
    const share = [auto.rolledBack, auto.quarantined, auto.promoted, auto.passed].map(percent);
    return [[cell.id, String(auto.runs), `${median ?? '–'} / ${p90 ?? '–'}`, ...share]];
  });
  return table(['auto', 'runs', 'promoted after, min', 'rolled back', 'quarantined', 'promoted', 'with pass'], rows);
}

/** Peers in the order of the first cell that has them: latency has others than errors. */
function peersIn(cells: readonly CellResult[]): string[] {
  const own = [OURS, OURS_AUTO, ORACLE];
  return [...new Set(cells.flatMap(({ rules }) => Object.keys(rules)))].filter((name) => !own.includes(name));
}

function table(head: Row, rows: readonly Row[]): string {
  if (rows.length === 0) return '(none)';
  const align = head.map((_, index) => (index === 0 ? 'l' : 'r'));
  return markdownTable([head, ...rows], { align });
}

function percentIn(cell: CellResult, rule: string): string {
  const figures = cell.rules[rule];
  return figures === undefined ? '' : percent(figures.rolledBack);
}

function percent({ share }: Share): string {
  return percentOf(share);
}

/** In percent, with as many decimals as a few thousand runs are good for. */
export function percentOf(share: number): string {
  const value = share * 100;
  return value === 0 || value >= 10 ? value.toFixed(0) : value.toFixed(value < 1 ? 2 : 1);
}

function minutes({ median, p90 }: Delay): string {
  return `${median ?? '–'} / ${p90 ?? '–'}`;
}

function failed(figures: Figures | undefined): string {
  return figures === undefined ? '' : `${figures.failures.mean.toFixed(1)} / ${figures.failures.median}`;
}

function ratio(figures: Figures | undefined, comparison: Comparison): string {
  return costRatio(figures, comparison)?.toFixed(2) ?? '';
}
