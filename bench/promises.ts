import { OURS, OURS_AUTO } from './job.ts';
import { comparisons, costRatio } from './results.ts';
import type { CellResult, Comparison } from './results.ts';
import { quantile, wilson } from './statistics.ts';
import { percentOf } from './tables.ts';
import type { Figures } from './tally.ts';

/** One promise of the judge, held against what was measured. */
export interface Check {
  readonly name: string;
  readonly holds: boolean;
  /** The figure and where it is worst. */
  readonly found: string;
  /** Why it is missed, where that is understood and no worse than it has to be; undefined: it must not be. */
  readonly known?: string | undefined;
}

/** How far above the oracle's cost, which no test can beat, ours may be, as a factor. */
const NEAR_THE_BOUND = 1.1;

/** Families in which the upper 95 % bound of false rollbacks is promised to be at most 1 %. */
const CALM_FAMILIES = ['N1', 'N2', 'N3', 'N4', 'N6', 'N7', 'N8', 'N9', 'NR'];

/** What the judge promises, as far as the cells that were run can say. */
export function promisesOf(cells: readonly CellResult[]): Check[] {
  const compared = comparisons(cells).filter(({ cell }) => cell.kind === 'broken');
  return [
    ...CALM_FAMILIES.map((family) => falseRollbacks(family, inFamily(cells, family))),
    falseRollbacks(
      'N5 up to 1k rpm',
      inFamily(cells, 'N5').filter(({ rpm }) => rpm <= 1000),
    ),
    inTime(compared),
    undisturbed(cells, compared),
    halfTheCost(compared),
    quickQuarantine(cells),
    boundary(cells),
    noBadPass(cells),
    healthyAuto(cells),
  ].filter((promise) => promise !== undefined);
}

function inFamily(cells: readonly CellResult[], family: string): CellResult[] {
  return cells.filter((cell) => cell.family === family);
}

function falseRollbacks(name: string, cells: readonly CellResult[]): Check | undefined {
  if (cells.length === 0) return undefined;
  const ours = cells.flatMap(({ rules }) => rules[OURS] ?? []);
  const hits = ours.reduce((sum, { rolledBack }) => sum + rolledBack.hits, 0);
  const runs = ours.reduce((sum, figures) => sum + figures.runs, 0);
  const { high } = wilson(hits, runs);
  const [worst] = cells.toSorted((a, b) => falseShare(b) - falseShare(a));
  return {
    name: `${name}: healthy releases rolled back, upper 95 % bound <= 1 %`,
    holds: high <= 0.01,
    found: `${percentOf(high)} % (${hits} of ${runs}; worst ${worst?.id ?? ''}: ${percentOf(falseShare(worst))} %)`,
  };
}

function falseShare(cell: CellResult | undefined): number {
  return cell?.rules[OURS]?.rolledBack.share ?? 0;
}

/**
 * Protected no later than the quickest qualified peer has rolled back. Where even the oracle is later, a peer that may be
 * wrong in one case of twenty and knows the base rate beforehand is ahead of what any test with our error budget can reach:
 * there it has to be as quick as the oracle. With durations the oracle is no bound, as it leaves out the minutes of cold
 * starts like ours.
 */
function inTime(compared: readonly Comparison[]): Check | undefined {
  const rivalled = compared.filter(({ quickest }) => quickest !== undefined);
  if (rivalled.length === 0) return undefined;
  const behind = rivalled.filter(({ ours, quickest }) => delayOf(ours) > delayOf(quickest?.figures));
  const late = behind.filter(({ cell, ours, oracle }) => cell.metric === 'latency' || delayOf(ours) > delayOf(oracle));
  const names = late.map(({ cell }) => cell.id).join(', ');
  return {
    name: 'protected no later than the best peer with at most 5 % false rollbacks, or than the oracle; median, every cell',
    holds: late.length === 0,
    known: late.every(({ cell }) => cell.metric === 'latency')
      ? 'durations of the first two minutes do not count, or cold starts would roll back'
      : undefined,
    found:
      `no later than the peer in ${rivalled.length - behind.length} of ${rivalled.length} cells, ` +
      `than the oracle in ${behind.length - late.length} more${names === '' ? '' : `; later in ${names}`}`,
  };
}

/** What that costs healthy releases: ours is protected by a quarantine where a peer has to roll back. */
function undisturbed(cells: readonly CellResult[], compared: readonly Comparison[]): Check | undefined {
  const twins = new Set(compared.map(({ cell }) => cell.twin));
  const share = ({ rules }: CellResult): number => rules[OURS]?.quarantined.share ?? 0;
  const [worst] = cells.filter(({ id }) => twins.has(id)).toSorted((a, b) => share(b) - share(a));
  if (worst === undefined) return undefined;
  return {
    name: 'healthy releases in quarantine for a while: at most 10 % in any cell that peers are compared in',
    holds: share(worst) <= 0.1,
    found: `at most ${percentOf(share(worst))} % (${worst.id})`,
  };
}

function delayOf(figures: Figures | undefined): number {
  return figures?.protection.median ?? Infinity;
}

/** Failed requests against the cheapest qualified peer's, in the median cell. */
function halfTheCost(compared: readonly Comparison[]): Check | undefined {
  const median = (of: (comparison: Comparison) => Figures | undefined): number =>
    quantile(
      compared.flatMap((comparison) => costRatio(of(comparison), comparison) ?? []),
      0.5,
    );
  const ours = median((comparison) => comparison.ours);
  const auto = median((comparison) => comparison.auto);
  if (Number.isNaN(ours)) return undefined;
  const oracle = median((comparison) => comparison.oracle);
  return {
    name: 'failed requests until restored at most half of the cheapest such peer, median cell',
    holds: ours <= 0.5 || auto <= 0.5,
    known: ours <= NEAR_THE_BOUND * oracle ? 'the oracle, which knows both rates, cannot do it either' : undefined,
    found: `${ours.toFixed(2)} under the plan, ${auto.toFixed(2)} under auto; oracle under the plan ${oracle.toFixed(2)}`,
  };
}

/** Minute 0 is 90 s old at 2:30, and a write takes effect at the next full minute. */
const FIRST_CHANCE = 3;

function quickQuarantine(cells: readonly CellResult[]): Check | undefined {
  const cell = cells.find(({ id }) => id.startsWith('A1 +100 1k rpm'));
  const delay = cell?.rules[OURS]?.protection;
  if (delay === undefined) return undefined;
  return {
    name: 'a total failure at 1,000 rpm is in quarantine after the first readable minute',
    holds: delay.p90 === FIRST_CHANCE,
    found: `median ${delay.median ?? '–'}, p90 ${delay.p90 ?? '–'} minutes`,
  };
}

function boundary(cells: readonly CellResult[]): Check | undefined {
  return passes(
    cells.filter(({ kind }) => kind === 'boundary'),
    { name: 'worse by exactly pass-margin: promoted with pass <= 5 %', most: 0.05 },
  );
}

function noBadPass(cells: readonly CellResult[]): Check | undefined {
  return passes(
    cells.filter(({ id, rpm }) => id.startsWith('A1 +5 ') && rpm >= 100),
    { name: '+5 points at >= 100 rpm: never promoted with pass', most: 0 },
  );
}

function passes(cells: readonly CellResult[], { name, most }: { name: string; most: number }): Check | undefined {
  const all = cells.flatMap(({ id, rules }) =>
    [OURS, OURS_AUTO].flatMap((rule) => {
      const figures = rules[rule];
      return figures === undefined ? [] : [{ at: `${id}, ${rule}`, runs: figures.runs, ...figures.passed }];
    }),
  );
  const [worst] = all.toSorted((a, b) => b.share - a.share);
  if (worst === undefined) return undefined;
  return { name, holds: worst.share <= most, found: `at most ${worst.hits} of ${worst.runs} (${worst.at})` };
}

function healthyAuto(cells: readonly CellResult[]): Check | undefined {
  const autos = cells.flatMap(({ id, family, rpm, base, rules }) => {
    const auto = rules[OURS_AUTO];
    return family === 'N1' && rpm === 1000 && base <= 0.01 && auto !== undefined
      ? [{ id, median: auto.promotion.median ?? Infinity }]
      : [];
  });
  const [worst] = autos.toSorted((a, b) => b.median - a.median);
  if (worst === undefined) return undefined;
  return {
    name: 'auto promotes a healthy release at 1,000 rpm within 8 minutes, median',
    holds: worst.median <= 8,
    found: `${worst.median} minutes (${worst.id})`,
  };
}
