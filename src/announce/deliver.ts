import { unlessAborted } from '../model/abort.ts';
import { ActionFailure } from '../model/failure.ts';
import { type Clock, SECOND } from '../model/time.ts';

/** How long one attempt may take, ms. Real time: nothing else waits for it. */
const ATTEMPT = 5 * SECOND;
const PAUSE = SECOND;
/** Attempts at most: who is busy is not made busier. */
const MOST = 4;

/** One attempt, given up when it takes too long or `stop` aborts. */
export function attempt<T>(work: (signal: AbortSignal) => Promise<T>, stop: AbortSignal): Promise<T> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(ATTEMPT)]);
  return unlessAborted(() => work(signal), signal, noAnswer);
}

/** The same again a few times, until it succeeds, would be refused again, or the time for it is over. */
export async function deliver(
  work: (signal: AbortSignal) => Promise<void>,
  { clock, over }: { clock: Clock; over: AbortSignal },
): Promise<void> {
  for (let made = 1; ; made += 1) {
    try {
      await attempt(work, over);
      return;
    } catch (error) {
      if (isPermanent(error) || made === MOST) throw error;
      await clock.sleep(PAUSE, over);
      if (over.aborted) throw error;
    }
  }
}

export function isPermanent(error: unknown): boolean {
  return error instanceof ActionFailure && error.permanent;
}

/** What went wrong and what to do, in one line. */
export function inWords(error: unknown): string {
  if (error instanceof ActionFailure) return [`${error.message}.`, error.next].filter((part) => part !== '').join(' ');
  return `${error instanceof Error ? error.message : String(error)}.`;
}

function noAnswer(): ActionFailure {
  return new ActionFailure('no answer in time', '');
}
