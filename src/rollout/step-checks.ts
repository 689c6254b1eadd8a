import type { Judgement } from '../model/verdict.ts';
import type { RolloutState } from './decide/state.ts';
import type { StepCheck } from './ports.ts';

/**
 * The user's check after every step. It runs beside the polls, so that a rollback never waits for it: while it runs, it is
 * an obstacle to more traffic; when it fails, it is a veto. One at a time, as nothing moves on while one runs.
 */
export class StepChecks {
  #check: StepCheck | undefined;
  #stop = new AbortController();
  #failed = new AbortController();
  #weight: number | undefined;
  #vetoes: readonly string[] = [];

  constructor(check: StepCheck | undefined) {
    this.#check = check;
  }

  /** Aborts when a check has failed. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Why the canary has to go back: sentences, for the judge. */
  get vetoes(): readonly string[] {
    return this.#vetoes;
  }

  /** What is waited for, as a sentence. */
  get pending(): string | undefined {
    return this.#weight === undefined ? undefined : `the check at ${this.#weight}% has not finished`;
  }

  /** `weight`: what the canary has now, percent. */
  begin(weight: number): void {
    if (this.#check === undefined || this.#stop.signal.aborted) return;
    this.#weight = weight;
    this.#check(weight, this.#stop.signal).then(
      (problem) => {
        this.#end(weight, problem);
      },
      (error: unknown) => {
        this.#end(weight, error instanceof Error ? error.message : String(error));
      },
    );
  }

  /** The one that runs has failed, whatever will come of it. */
  giveUp(problem: string): void {
    if (this.#weight !== undefined) this.#end(this.#weight, problem);
    this.stop();
  }

  /** Ends what runs, without a word. */
  stop(): void {
    this.#weight = undefined;
    this.#stop.abort();
  }

  #end(weight: number, problem: string | undefined): void {
    if (this.#stop.signal.aborted) return;
    this.#weight = undefined;
    if (problem === undefined) return;
    this.#vetoes = [`the check at ${weight}% failed: ${problem}`];
    this.#failed.abort();
  }
}

/** The judgement while something is waited for: nothing that it says against the canary is lost, and it does not pass. */
export function heldBy(judgement: Judgement, pending: string | undefined): Judgement {
  if (pending === undefined || judgement.verdict === 'fail') return judgement;
  const obstacle = judgement.obstacle ?? pending;
  return judgement.verdict === 'pass'
    ? { ...judgement, obstacle, verdict: 'inconclusive', reason: obstacle }
    : { ...judgement, obstacle };
}

/** When a bake may be found to be over (epoch ms); never in another phase. */
export function bakeEnd({ phase, plan, startedAt }: RolloutState): number {
  return phase.name === 'baking' ? Math.min(phase.until, startedAt + plan.maxDuration) : Infinity;
}
