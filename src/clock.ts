import type { Clock } from './model/time.ts';

/** Where a program that starts this one under a clock of its own leaves it (the simulator's preload does). */
const DRIVEN_CLOCK = Symbol.for('lambda-canary-deploy.clock');

const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** The system's clock, unless this process was started under a driven one. */
export function theClock(): Clock {
  const driven = (globalThis as { [DRIVEN_CLOCK]?: Clock })[DRIVEN_CLOCK];
  return driven ?? systemClock;
}
