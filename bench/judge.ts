/**
 * The judge beside every peer's rule, on the same simulated rollouts; see bench/README.md. Prints the tables and writes them
 * to bench/results/. With `--reduced`, what has to hold in CI: fewer cells and runs, and exit code 1 when a promise is broken.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Checkpoint } from './checkpoint.ts';
import { allCells, isLarge } from './job.ts';
import type { Job, Tallies } from './job.ts';
import { runJobs } from './pool.ts';
import { promisesOf } from './promises.ts';
import { REDUCED } from './reduced.ts';
import { fileOf } from './file.ts';
import { pageOf, promiseLines } from './report.ts';
import type { CellResult, Results } from './results.ts';
import { PLAN_NAMES, strategyOf } from './settings.ts';
import type { PlanName } from './settings.ts';
import { emptyTally, figuresOf, merge } from './tally.ts';
import { hasRealTraffic } from './worlds/azure.ts';
import type { Cell } from './worlds/conditions.ts';

const OPTIONS = {
  runs: { type: 'string' },
  'runs-healthy': { type: 'string' },
  'runs-broken': { type: 'string' },
  cells: { type: 'string' },
  seed: { type: 'string', default: '1' },
  plan: { type: 'string', default: 'steady' },
  threads: { type: 'string' },
  checkpoint: { type: 'string' },
  reduced: { type: 'boolean', default: false },
  out: { type: 'string' },
} as const;

/** Runs that a thread does in one go: enough to be worth a message, few enough that both threads end together. */
const BATCH = 250;
const RESULTS = new URL('./results/', import.meta.url);

interface Order {
  readonly cells: readonly Cell[];
  readonly runs: (cell: Cell) => number;
  readonly seed: number;
  readonly plan: PlanName;
  readonly threads: number;
}

const { values: args } = parseArgs({ options: OPTIONS });
const plan = PLAN_NAMES.find((name) => name === args.plan);
if (plan === undefined) throw new Error(`--plan: expected one of ${PLAN_NAMES.join(', ')}`);
const order: Order = {
  cells: chosen(),
  runs,
  seed: Number(args.seed),
  plan,
  threads: Number(args.threads ?? availableParallelism()),
};
const began = performance.now();
if (!hasRealTraffic()) console.log('The recorded traffic is not there: NR and AR are left out.');
const results: Results = {
  command: commandOf(args),
  seed: order.seed,
  plan: strategyOf(plan).name,
  realTraffic: hasRealTraffic(),
  cells: await measure(order),
};
const promises = promisesOf(results.cells);
const page = pageOf(results, promises);
console.log(args.reduced ? promiseLines(promises) : page);
console.log(`${Math.round((performance.now() - began) / 1000)} s`);
if (!args.reduced) write(args.out ?? 'judge');
if (args.reduced) process.exitCode = promises.every(({ holds, known }) => holds || known !== undefined) ? 0 : 1;

/** What gives the same figures again, however many threads and sittings it takes. */
function commandOf({ seed, cells, runs, ...given }: typeof args): string {
  const options = {
    seed,
    plan: given.plan,
    cells,
    runs,
    'runs-healthy': given['runs-healthy'],
    'runs-broken': given['runs-broken'],
  };
  const words = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${/\s/.test(value) ? `'${value}'` : value}`],
  );
  return ['node bench/judge.ts', ...words, ...(given.reduced ? ['--reduced'] : [])].join(' ');
}

/** The cells that were asked for, and those in which their peers qualify. */
function chosen(): readonly Cell[] {
  const pattern = new RegExp(args.cells ?? '');
  const isChosen = ({ id }: Cell): boolean => pattern.test(id) && (!args.reduced || REDUCED.cells.has(id));
  const twins = new Set(
    allCells()
      .filter(isChosen)
      .map(({ twin }) => twin),
  );
  return allCells().filter((cell) => isChosen(cell) || twins.has(cell.id));
}

function runs(cell: Cell): number {
  if (args.runs !== undefined) return Number(args.runs);
  const [healthy, broken] = args.reduced ? [REDUCED.healthy, REDUCED.broken] : [10_000, 2_000];
  return isLarge(cell) ? Number(args['runs-healthy'] ?? healthy) : Number(args['runs-broken'] ?? broken);
}

async function measure({ cells, runs, seed, plan, threads }: Order): Promise<CellResult[]> {
  const checkpoint = new Checkpoint(args.checkpoint);
  const jobs = cells
    .flatMap((cell) => batches(runs(cell)).map((batch): Job => ({ cell: cell.id, ...batch, seed, plan })))
    .toSorted((a, b) => a.from - b.from);
  const collected = new Map<string, Tallies>(cells.map(({ id }) => [id, {}]));
  const add = (job: Job, tallies: Tallies): void => {
    const sums = collected.get(job.cell) ?? {};
    for (const [rule, tally] of Object.entries(tallies)) merge((sums[rule] ??= emptyTally()), tally);
  };
  const open = jobs.filter((job) => {
    const tallies = checkpoint.find(job);
    if (tallies !== undefined) add(job, tallies);
    return tallies === undefined;
  });
  let done = jobs.length - open.length;
  await runJobs(open, Math.min(threads, open.length), (job, tallies) => {
    add(job, tallies);
    checkpoint.add(job, tallies);
    done += 1;
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${jobs.length} jobs`);
  });
  return cells.map((cell) => resultOf(cell, collected.get(cell.id) ?? {}));
}

function batches(runs: number): Pick<Job, 'from' | 'to'>[] {
  return Array.from({ length: Math.ceil(runs / BATCH) }, (_, index) => ({
    from: index * BATCH,
    to: Math.min(runs, (index + 1) * BATCH),
  }));
}

function resultOf(cell: Cell, tallies: Tallies): CellResult {
  const { id, family, kind, rpm, base, onset, metric, twin } = cell;
  const rules = Object.fromEntries(
    Object.entries(tallies).flatMap(([rule, tally]) => (tally.runs === 0 ? [] : [[rule, figuresOf(tally)]])),
  );
  return { id, family, kind, rpm, base, onset, metric, ...(twin === undefined ? {} : { twin }), rules };
}

function write(name: string): void {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(new URL(`${name}.json`, RESULTS), fileOf(results));
  writeFileSync(new URL(`${name}.md`, RESULTS), page);
}
