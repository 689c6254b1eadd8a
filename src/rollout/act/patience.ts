import { ActionFailure } from '../../model/failure.ts';
import { type Clock, MINUTE, SECOND } from '../../model/time.ts';

/** How long an alias is tried to be brought back while nobody is in a hurry, ms. */
export const RESCUE_LIMIT = 5 * MINUTE;
/**
 * How long once the job is being cancelled, ms. The runner kills the process 10 s after the first signal (actions/runner,
 * ProcessInvoker); the last attempt, the outputs and the summary have to fit in, too.
 */
export const HURRY_LIMIT = 4 * SECOND;

const LONGEST_PAUSE = 15 * SECOND;
const HURRIED_PAUSE = 0.25 * SECOND;

/** Pauses between attempts, longer each time, until the time for them is over. A signal leaves little of it. */
export class Patience {
  #clock: Clock;
  #signal: AbortSignal | undefined;
  #end: number;
  #pause = SECOND / 2;

  /** `limit`, ms from now on. */
  constructor({ clock, signal }: { clock: Clock; signal?: AbortSignal | undefined }, limit: number) {
    this.#clock = clock;
    this.#signal = signal;
    this.#end = clock.now() + limit;
    if (this.isHurried) this.#hurry();
    else
      signal?.addEventListener(
        'abort',
        () => {
          this.#hurry();
        },
        { once: true },
      );
  }

  /** The job is being cancelled. */
  get isHurried(): boolean {
    return this.#signal?.aborted === true;
  }

  get isOver(): boolean {
    return this.#clock.now() >= this.#end;
  }

  /** Waits before another attempt. Resolves with false when there is to be none. */
  async pause(): Promise<boolean> {
    if (this.isOver) return false;
    const left = this.#end - this.#clock.now();
    if (this.isHurried) {
      await this.#clock.sleep(Math.min(HURRIED_PAUSE, left));
    } else {
      this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
      await this.#clock.sleep(Math.min(this.#pause, left), this.#signal);
    }
    return true;
  }

  #hurry(): void {
    this.#end = Math.min(this.#end, this.#clock.now() + HURRY_LIMIT);
  }
}

/** What `work` comes to, tried again until it succeeds, would be refused again, or the time for it is over. */
export async function persistently<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if ((error instanceof ActionFailure && error.permanent) || !(await patience.pause())) throw error;
    }
  }
}
