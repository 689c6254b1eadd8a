import type { Clock } from '../../src/model/time.ts';

/** Noon, on a minute boundary. */
export const NOON = Date.UTC(2030, 0, 1, 12);

/** A clock that moves only when somebody sleeps. What is planned for a moment happens when a sleep reaches it. */
export class DrivenClock implements Clock {
  readonly sleeps: number[] = [];
  #now: number;
  #planned: { at: number; happen: () => void }[] = [];

  constructor(now = NOON) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Lets `happen` take place `ms` from now. */
  plan(ms: number, happen: () => void): void {
    this.#planned.push({ at: this.#now + ms, happen });
    this.#planned.sort((a, b) => a.at - b.at);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    const end = this.#now + ms;
    for (let next = this.#planned[0]; next !== undefined && next.at <= end; next = this.#planned[0]) {
      if (signal?.aborted === true) return Promise.resolve();
      this.#planned.shift();
      this.#now = Math.max(this.#now, next.at);
      next.happen();
    }
    if (signal?.aborted !== true) this.#now = end;
    return Promise.resolve();
  }
}
