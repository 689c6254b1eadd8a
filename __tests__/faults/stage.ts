import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runAction, runPost, startSimulator } from '../../simulator/index.ts';
import type { RunResult, Simulator } from '../../simulator/index.ts';
import type { SignalAt } from '../../simulator/runner-signals.ts';
import { NAMES } from '../../simulator/scenarios.ts';
import { HURRY, type Setting, WHERE } from './endings.ts';
import type { Evidence, Part, State } from './invariants.ts';

const APP = fileURLToPath(new URL('../action/fixtures/node', import.meta.url));
const HURRIED = new URL('./hurry.ts', import.meta.url).href;

const ENV = {
  // Halves the time that a child process takes to start.
  NODE_COMPILE_CACHE: join(tmpdir(), 'lambda-canary-deploy-compile-cache'),
  NODE_OPTIONS: `--import ${HURRIED}`,
  HURRY: String(HURRY),
} as const;

/** One process of the built action. */
interface Run {
  readonly runId: string;
  readonly signals?: readonly SignalAt[];
  readonly isAlone?: boolean;
}

/** Lambda's own doing while provisioned concurrency moves: all to the version before. */
function isMoving(state: Pick<State, 'weights'> | undefined): boolean {
  return Object.values(state?.weights ?? {}).includes(100);
}

/** A simulator on which runs follow each other, and which remembers what they said. */
export class Stage {
  readonly simulator: Simulator;
  /** Revisions that somebody else made. */
  readonly foreign = new Set<string>();
  readonly #setting: Setting;
  readonly #parts: Part[] = [];

  private constructor(simulator: Simulator, setting: Setting) {
    this.simulator = simulator;
    this.#setting = setting;
    for (const { revisionId } of this.#history()) this.foreign.add(revisionId);
  }

  /** Plays on a stage of its own, which is taken down again. */
  static async with<T>(setting: Setting, play: (stage: Stage) => Promise<T>): Promise<T> {
    const simulator = await startSimulator(setting.scenario);
    try {
      return await play(new Stage(simulator, setting));
    } finally {
      await simulator.close();
    }
  }

  async main({ runId, signals = [], isAlone = true }: Run): Promise<RunResult> {
    const { simulator } = this;
    simulator.runs.set(runId, 'in_progress');
    const inputs = { ...this.#common(), artifact: APP, ...this.#setting.inputs };
    const env = { ...ENV, GITHUB_RUN_ID: runId };
    const run = () =>
      runAction({ simulator, inputs, env, signalAt: signals, idToken: this.#setting.role !== undefined });
    const result = await this.#record('main', isAlone, run);
    simulator.runs.set(runId, 'completed');
    return result;
  }

  post(run: Pick<RunResult, 'state'>): Promise<RunResult> {
    const { simulator } = this;
    const inputs = this.#common();
    const idToken = this.#setting.role !== undefined;
    return this.#record('post', true, () => runPost({ simulator, inputs, state: run.state, env: ENV, idToken }));
  }

  #common(): Record<string, string> {
    const { role } = this.#setting;
    return { 'function-name': NAMES.function, ...(role === undefined ? {} : { 'role-to-assume': role }) };
  }

  /** What was recorded, for the invariants. */
  evidence(): Evidence {
    const { plan } = this.#setting;
    const { calls } = this.simulator;
    const whole = calls.filter((call) => call.action === 'GetMetricData' && call.status === 200);
    const updates = calls.filter(({ action }) => action === 'UpdateAlias');
    return {
      states: this.#history().map((state): State => ({ ...state, isForeign: this.foreign.has(state.revisionId) })),
      parts: this.#parts,
      revisions: updates.map(({ request }) => request['RevisionId']),
      plan,
      fit: (version) => this.#isFit(version),
      readings: whole.map(({ at }) => at),
      isOver: true,
      lent: this.#lent(),
    };
  }

  /** Without what Lambda itself makes of the alias for a while. */
  #history() {
    const states = this.simulator.aliasHistory(...WHERE);
    return states.filter((state) => !isMoving(state));
  }

  /** Versions that have provisioned concurrency of their own. */
  #lent(): readonly string[] {
    const { provisioned } = this.simulator.world.function(NAMES.function);
    return [...provisioned.keys()].filter((qualifier) => /^\d+$/.test(qualifier));
  }

  /** By what really happened to the version's invocations on the alias; one that had none has nothing to show. */
  #isFit(version: string): boolean {
    const [fn, alias] = WHERE;
    const { invocations, errors } = this.simulator.truth({ function: fn, resource: `${fn}:${alias}`, version });
    return this.#setting.isFit && invocations > 0 && errors / invocations < 0.02;
  }

  async #record(kind: Part['kind'], isAlone: boolean, run: () => Promise<RunResult>): Promise<RunResult> {
    const { calls } = this.simulator;
    const before = { states: this.#history().length, calls: calls.length };
    const result = await run();
    const reads = calls.slice(before.calls).filter(({ action, status }) => action === 'GetAlias' && status === 200);
    this.#parts.push({
      kind,
      isAlone,
      exitCode: result.exitCode,
      stderr: result.stderr,
      outputs: result.outputs,
      startedAtState: before.states,
      states: this.#history().length,
      isMoving: isMoving(this.simulator.aliasHistory(...WHERE).at(-1)),
      lastReadAt: reads.at(-1)?.at ?? -Infinity,
    });
    return result;
  }
}
