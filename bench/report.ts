import { OURS } from './job.ts';
import type { Check } from './promises.ts';
import { comparisons } from './results.ts';
import type { CellResult, Results } from './results.ts';
import { autoTable, brokenTable, healthyTable, peerTable } from './tables.ts';

/** The results as a page: `bench/results/judge.md`. */
export function pageOf(results: Results, promises: readonly Check[]): string {
  const { cells } = results;
  const healthy = cells.filter(({ kind }) => kind === 'healthy');
  const broken = cells.filter(({ kind }) => kind !== 'healthy');
  const sections = [
    ['Promises', promiseLines(promises)],
    ['Healthy canaries that were rolled back, percent', byMetric(healthy, healthyTable)],
    ['Broken canaries, ours beside the best peer that qualifies', brokenTable(comparisons(cells))],
    ['Broken canaries, every rule: rolled back, percent, and minutes', byMetric(broken, peerTable)],
    ['`auto`', autoTable(cells)],
  ];
  const head = [
    '# The judge beside its peers',
    'Made by the command below; `bench/README.md` explains every column.',
    `\`${results.command}\`, seed ${results.seed}, plan ${results.plan}, ${runsIn(cells)}${realText(results)}`,
  ];
  return `${[...head, ...sections.map(([title = '', body = '']) => `## ${title}\n\n${body}`)].join('\n\n')}\n`;
}

/** One line per promise. */
export function promiseLines(promises: readonly Check[]): string {
  return promises.map((promise) => `- ${stateOf(promise)}: ${promise.name}: ${promise.found}`).join('\n');
}

function stateOf({ holds, known }: Check): string {
  if (holds) return 'kept';
  return known === undefined ? '**BROKEN**' : `**missed** (${known})`;
}

/** Latency has other peers, and therefore a table of its own. */
function byMetric(cells: readonly CellResult[], table: (cells: readonly CellResult[]) => string): string {
  const metrics = ['errors', 'latency'] as const;
  return metrics
    .map((metric) => cells.filter((cell) => cell.metric === metric))
    .filter((found) => found.length > 0)
    .map(table)
    .join('\n\n');
}

function runsIn(cells: readonly CellResult[]): string {
  const runs = cells.reduce((sum, { rules }) => sum + (rules[OURS]?.runs ?? 0), 0);
  return `${runs} runs in ${cells.length} cells`;
}

function realText({ realTraffic }: Results): string {
  return realTraffic ? '' : '; without the recorded traffic, which was not there';
}
