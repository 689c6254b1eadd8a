import type { Log } from '../model/log.ts';

/** A process, as far as its signals go. */
interface SignalSource {
  on(name: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/**
 * Aborts at the first SIGINT or SIGTERM. A cancelled job gets SIGINT, 7.5 s later SIGTERM, and is killed 2.5 s after that
 * (actions/runner, ProcessInvoker): time enough for one write to the alias. Later signals change nothing.
 */
export function cancellation(process: SignalSource, log: Log): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) return;
      log.info(`${name}: the job is being cancelled.`);
      controller.abort();
    });
  }
  return controller.signal;
}
