import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runAction, runPost, startSimulator } from '../../../simulator/index.ts';
import type { AliasState, ApiCall, RunOptions, RunResult, Scenario, Simulator } from '../../../simulator/index.ts';
import { NAMES } from '../../../simulator/scenarios.ts';

/** Packages that are committed beside the tests: `index.handler` for Node.js, `app.handler` for Python. */
export const APP = fixture('node');
export const PYTHON_APP = fixture('python');

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

/** The JSON of the `report` output, as far as tests read it. */
interface Report {
  readonly result: string;
  readonly verdict: string;
  readonly reason: string;
  readonly next: string;
  readonly version: string | null;
  readonly previousVersion: string | null;
  readonly aliasNow: { readonly functionVersion: string; readonly weights: Record<string, number> } | null;
  readonly timeline: readonly {
    readonly at: string;
    readonly event: string;
    readonly weight: number;
    readonly text: string;
  }[];
  readonly polls: readonly { readonly verdict: string; readonly reason: string }[];
  readonly strategy: { readonly steps: readonly { readonly weight: number }[] } | null;
  readonly assurances: readonly { readonly metric: string }[];
  readonly plan: readonly string[];
  readonly notes: readonly string[];
  readonly canaryErrors: {
    readonly logGroup: string;
    readonly groups: readonly { message: string; count: number; firstSeen: string; requestIds: string[] }[];
    readonly scanned: number;
  } | null;
  readonly durations: {
    readonly start: string;
    readonly end: string;
    readonly baseline: { readonly p50: number; readonly p99: number } | null;
    readonly canary: { readonly p50: number; readonly p99: number } | null;
  } | null;
}

/** One run of the built action, and what it left behind. */
export interface Step extends RunResult {
  readonly inputs: Readonly<Record<string, string>>;
  readonly report: Report | undefined;
  /** What the alias was before this run, and every state since. */
  readonly history: readonly AliasState[];
  /** This run's calls only. */
  readonly calls: readonly ApiCall[];
}

export type StepOptions = Omit<RunOptions, 'simulator' | 'inputs'> & {
  readonly inputs?: Readonly<Record<string, string>>;
};

/** Node keeps the compiled bundle there, which halves the time that a child process takes to start. */
const CACHE = {
  NODE_COMPILE_CACHE: join(tmpdir(), 'lambda-canary-deploy-compile-cache'),
  // Lines are compared as they are read.
  NO_COLOR: '1',
} as const;

const DEPLOY = { 'function-name': NAMES.function, artifact: APP } as const;

/** Starts `scenario`, hands it to `test`, and takes it down again. */
export async function within<T>(scenario: Scenario, test: (simulator: Simulator) => Promise<T>): Promise<T> {
  const simulator = await startSimulator(scenario);
  try {
    return await test(simulator);
  } finally {
    await simulator.close();
  }
}

/** Runs the built `main`. `inputs` are added to a function and an artifact; `''` takes one away. */
export async function step(simulator: Simulator, options: StepOptions = {}): Promise<Step> {
  const inputs = { ...DEPLOY, ...options.inputs };
  const seen = { calls: simulator.calls.length, states: historyOf(simulator).length };
  const run = await runAction({ ...options, simulator, inputs, env: { ...CACHE, ...options.env } });
  return {
    ...run,
    inputs,
    report: readReport(run.outputs['report'] ?? ''),
    history: historyOf(simulator).slice(Math.max(0, seen.states - 1)),
    calls: simulator.calls.slice(seen.calls),
  };
}

/** A scenario for one run. `arrange` happens before it. */
export function stepIn(
  scenario: Scenario,
  inputs: Readonly<Record<string, string>> = {},
  { arrange, ...options }: StepOptions & { arrange?: (simulator: Simulator) => void } = {},
): Promise<Step> {
  return within(scenario, (simulator) => {
    arrange?.(simulator);
    return step(simulator, { ...options, inputs });
  });
}

/** Runs the built `post` with what `main` saved. */
export function post(
  simulator: Simulator,
  { state }: Pick<RunResult, 'state'>,
  options: StepOptions = {},
): Promise<RunResult> {
  const inputs = { ...DEPLOY, ...options.inputs };
  return runPost({ ...options, simulator, inputs, state, env: { ...CACHE, ...options.env } });
}

function historyOf(simulator: Simulator): readonly AliasState[] {
  return simulator.aliasHistory(NAMES.function, NAMES.alias);
}

function readReport(path: string): Report | undefined {
  return path === '' ? undefined : (JSON.parse(readFileSync(path, 'utf8')) as Report);
}

const WRITES = /^(Update|Publish|Create|Put|Delete|Upload|Complete|Abort)/;

/** Actions of calls that change something. */
export function writes({ calls }: Pick<Step, 'calls'>): readonly string[] {
  return calls.map(({ action }) => action).filter((action) => WRITES.test(action));
}

/** What the alias went through, one line a state: `3 4:10`, then `4`. */
export function story({ history }: Pick<Step, 'history'>): readonly string[] {
  return history.map(({ functionVersion, weights }) =>
    [functionVersion, ...Object.entries(weights).map(([version, percent]) => `${version}:${percent}`)].join(' '),
  );
}

/** The same without the dips of a quarantine. */
export function plannedStory(step: Step): readonly string[] {
  const dips = step.report?.timeline.filter(({ event }) => event === 'quarantine').map(({ weight }) => `:${weight}`);
  return story(step).filter((state) => dips?.some((dip) => state.endsWith(dip)) !== true);
}

export function errorsOf({ annotations }: RunResult): readonly { title: string | undefined; message: string }[] {
  return annotations.filter(({ level }) => level === 'error');
}
