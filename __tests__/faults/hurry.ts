/**
 * Preloaded into a child process: its timers run HURRY times faster. Retry delays and request timeouts of the SDK are the
 * only ones that are real time there, and a matrix that waits for them takes days.
 */
const factor = Number(process.env['HURRY'] ?? '1');
const real = globalThis.setTimeout;

Object.assign(globalThis, {
  setTimeout: Object.assign(
    (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => real(callback, ms / factor, ...args),
    real,
  ),
});
