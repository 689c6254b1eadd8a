import { flyOurs, flyPeers, rulesFor } from './flight.ts';
import { PASS_MARGIN } from './settings.ts';
import type { PlanName } from './settings.ts';
import { count, emptyTally } from './tally.ts';
import type { Tally } from './tally.ts';
import { hasRealTraffic } from './worlds/azure.ts';
import { brokenCells } from './worlds/broken.ts';
import type { Cell } from './worlds/conditions.ts';
import { healthyCells } from './worlds/healthy.ts';

/** What our own rule is called in every table, under the plan and under `auto`. */
export const OURS = 'ours';
export const OURS_AUTO = 'ours auto';

/** Runs `from` to `to` (exclusive) of a cell. Plain data: it crosses to a worker. */
export interface Job {
  readonly cell: string;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
  readonly plan: PlanName;
}

export type Tallies = Record<string, Tally>;

/** Every cell there is; `auto` is measured in some of them. */
export function allCells(): readonly Cell[] {
  const real = hasRealTraffic();
  return [...healthyCells(real), ...brokenCells(real, PASS_MARGIN)];
}

/**
 * Where `auto` is measured too. With few requests or many errors it takes its two hours to tell a healthy release, which
 * cost as much here as everything else together.
 */
export function hasAuto({ family, rpm, base, kind, metric }: Cell): boolean {
  if (metric === 'latency' || rpm < 100 || (rpm < 1000 && base > 0.005)) return false;
  return kind !== 'healthy' || family === 'N1' || (family === 'N5' && rpm === 1000);
}

/** Whether something is promised of one run in a hundred, or in ten thousand: such cells need many more runs. */
export function isLarge({ kind, id }: Cell): boolean {
  return kind === 'healthy' || id.startsWith('A1 +5 ');
}

/** Runs of `auto` in a cell, for the same reason; but where it must never go wrong it gets all of them. */
const AUTO_RUNS = 2_000;

const cells = new Map(allCells().map((cell) => [cell.id, cell]));

export function carryOut({ cell: id, from, to, seed, plan }: Job): Tallies {
  const cell = cells.get(id);
  if (cell === undefined) throw new Error(`there is no cell ${id}`);
  const rules = rulesFor(cell);
  const tallies: Tallies = {};
  for (const name of [OURS, ...(hasAuto(cell) ? [OURS_AUTO] : []), ...rules]) tallies[name] = emptyTally();
  const add = (name: string, flight: Parameters<typeof count>[1]): void => {
    count((tallies[name] ??= emptyTally()), flight, cell.onset);
  };
  for (let run = from; run < to; run += 1) {
    add(OURS, flyOurs({ cell, seed, run }, plan));
    if (hasAuto(cell) && (run < AUTO_RUNS || cell.kind !== 'healthy'))
      add(OURS_AUTO, flyOurs({ cell, seed, run }, 'auto'));
    for (const [index, flight] of flyPeers({ cell, seed, run }, plan).entries()) add(rules[index] ?? '', flight);
  }
  return tallies;
}
