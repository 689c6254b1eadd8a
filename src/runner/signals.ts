import type { Log } from '../model/log.ts';

/** A process, as far as its signals and its faults go. */
interface SignalSource {
  on(name: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  on(name: 'uncaughtException' | 'unhandledRejection', listener: (fault: unknown) => void): unknown;
  /** Where the log goes. */
  readonly stdout: { on(name: 'error', listener: () => void): unknown };
}

/**
 * Aborts at the first SIGINT or SIGTERM. A cancelled job gets SIGINT, 7.5 s later SIGTERM, and is killed 2.5 s after that
 * (actions/runner, ProcessInvoker): time enough for one write to the alias. Later signals change nothing.
 *
 * A fault that nobody catches would end the process with the alias half shifted: it stops the step like a signal, with a text
 * as the reason. So does a log that takes no more: whoever reads it is gone. Nothing is said of that, as nobody could hear it,
 * and saying it would be the next fault.
 */
export function cancellation(process: SignalSource, log: Log): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) return;
      log.info(`${name}: the job is being cancelled.`, 'caution');
      controller.abort();
    });
  }
  process.stdout.on('error', () => {
    controller.abort('the log of this step could no longer be written');
  });
  let isFaulty = false;
  for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(name, (fault) => {
      if (!isFaulty) tell(fault, log);
      isFaulty = true;
      controller.abort(
        `this action had a fault of its own (${fault instanceof Error ? fault.message : String(fault)})`,
      );
    });
  }
  return controller.signal;
}

/** One stack is enough: a fault that comes again and again would fill the log. */
function tell(fault: unknown, log: Log): void {
  const stack = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  for (const line of stack.split('\n')) log.info(line);
}
