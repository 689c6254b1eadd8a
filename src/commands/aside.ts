import { unlessAborted } from '../model/abort.ts';
import { ActionFailure, Cancelled } from '../model/failure.ts';
import { sentence } from '../report/escape.ts';
import type { World } from './world.ts';

/**
 * Reads what only informs, after all is decided: nothing once the job is being cancelled, and whatever goes wrong is one
 * line and one note that change nothing. `what` begins the note: `What version 8 logged`. undefined: it is not known.
 */
export async function readAside<T>(
  { log, recorder, signal }: World,
  what: string,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await unlessAborted(read, signal, () => new Cancelled());
  } catch (error) {
    if (signal.aborted) return undefined;
    const line = `${what} could not be read: ${explain(error)}`;
    log.info(line);
    recorder.note(line);
    return undefined;
  }
}

/** Running the step again is no advice for what only informs. */
function explain(error: unknown): string {
  if (!(error instanceof ActionFailure)) return sentence(String(error));
  const { message, next } = error;
  return next.includes('this step again') ? sentence(message) : `${sentence(message)} ${next}`;
}
