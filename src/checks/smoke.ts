import type { Hide } from '../model/environment-hider.ts';
import type { ReadyTest } from '../model/smoke.ts';
import { type Clock, formatLatency, SECOND } from '../model/time.ts';
import { sayMismatch } from './differences.ts';
import { mismatches } from './mismatches.ts';
import type { Invocation, Invoker } from './ports.ts';

/** Time for a cold start and the way there and back, ms, where the limit is the function's own timeout. */
const OVERHEAD = 30 * SECOND;

/** What came of a smoke test. */
export interface Tried {
  readonly label: string;
  /** ms, from the request to the answer. */
  readonly took: number;
  /** What was not as expected; none: it passed. */
  readonly problems: readonly string[];
  /** The end of the function's log; undefined where there was no answer, or where it must not be seen. */
  readonly log: string | undefined;
}

interface Trial {
  readonly invoker: Pick<Invoker, 'invoke'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly version: string;
  /** The function's own, ms. */
  readonly timeout: number;
  /** Takes out of the answer and the log what must not be seen; undefined: nobody knows what that is. */
  readonly hide: Hide | undefined;
}

/** Invokes the version with one payload and compares the answer. Throws when Lambda does not invoke it. */
export async function trySmokeTest(
  { label, payload, expect, maxDuration }: ReadyTest,
  { invoker, clock, signal, version, timeout, hide }: Trial,
): Promise<Tried> {
  const limit = maxDuration ?? timeout + OVERHEAD;
  const start = clock.now();
  const answer = await invoker.invoke({ version, payload, limit, signal });
  const took = clock.now() - start;
  const wrong = answer === undefined ? [] : mismatches(expect, answer).map((one) => sayMismatch(one, hide));
  const isLate = answer === undefined || took > limit;
  const late = isLate ? [`expected an answer within ${formatLatency(limit)}, got ${lateness(answer, took)}`] : [];
  const log = answer === undefined ? undefined : hide?.(wholeLines(answer.log));
  return { label, took, problems: [...wrong, ...late], log };
}

/** A tail of this length (bytes; Lambda API reference, Invoke, LogType) may begin in the middle of a line, and of a value. */
const FULL_TAIL = 4096;

function wholeLines(tail: string): string {
  return Buffer.byteLength(tail) < FULL_TAIL ? tail : tail.slice(tail.search(/[\r\n]|$/));
}

function lateness(answer: Invocation | undefined, took: number): string {
  return answer === undefined ? 'none' : `one after ${formatLatency(took)}`;
}
