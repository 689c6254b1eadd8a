import { ORACLE } from './oracle.ts';
import { OURS, OURS_AUTO } from './job.ts';
import type { Figures } from './tally.ts';
import type { Cell } from './worlds/conditions.ts';

/** What was run, and what came of it: `bench/results/judge.json`. */
export interface Results {
  readonly command: string;
  readonly seed: number;
  readonly plan: string;
  readonly realTraffic: boolean;
  readonly cells: readonly CellResult[];
}

export type CellResult = Pick<Cell, 'id' | 'family' | 'kind' | 'rpm' | 'base' | 'onset' | 'metric' | 'twin'> & {
  /** By column heading. */
  readonly rules: Readonly<Record<string, Figures>>;
};

/** A peer may roll back so many healthy releases at most for its speed to count. */
const QUALIFYING = 0.05;

/** How we did in a broken cell, beside the best peer that can be trusted there. */
export interface Comparison {
  readonly cell: CellResult;
  readonly ours: Figures;
  /** Our own under `auto`, where it was measured. */
  readonly auto: Figures | undefined;
  readonly oracle: Figures | undefined;
  /** The quickest of those that qualified, and the one with the fewest failed requests; undefined when none did. */
  readonly quickest: Rival | undefined;
  readonly cheapest: Rival | undefined;
}

export interface Rival {
  readonly name: string;
  readonly figures: Figures;
}

/** @param cells all results: the healthy ones say who qualifies */
export function comparisons(cells: readonly CellResult[]): Comparison[] {
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  return cells.flatMap((cell) => {
    const ours = cell.rules[OURS];
    if (cell.kind === 'healthy' || ours === undefined) return [];
    const qualified = rivalsIn(cell, byId.get(cell.twin ?? ''));
    const [quickest] = qualified.toSorted((a, b) => slowness(a) - slowness(b) || expense(a) - expense(b));
    const [cheapest] = qualified.toSorted((a, b) => expense(a) - expense(b));
    return [{ cell, ours, auto: cell.rules[OURS_AUTO], oracle: cell.rules[ORACLE], quickest, cheapest }];
  });
}

function rivalsIn(cell: CellResult, twin: CellResult | undefined): Rival[] {
  if (twin === undefined) return [];
  return Object.entries(cell.rules).flatMap(([name, figures]) => {
    const healthy = twin.rules[name];
    const isRival = name !== OURS && name !== OURS_AUTO && name !== ORACLE;
    return isRival && healthy !== undefined && healthy.rolledBack.share <= QUALIFYING ? [{ name, figures }] : [];
  });
}

function slowness({ figures }: Rival): number {
  return figures.protection.median ?? Infinity;
}

function expense({ figures }: Rival): number {
  return figures.failures.mean;
}

/** Failed requests of a rule as a multiple of the cheapest qualified peer's; undefined where there is nothing to divide. */
export function costRatio(figures: Figures | undefined, { cheapest }: Comparison): number | undefined {
  const other = cheapest?.figures.failures.mean ?? 0;
  return figures === undefined || other === 0 ? undefined : figures.failures.mean / other;
}
