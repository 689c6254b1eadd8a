import type { ReadyTest } from '../model/smoke.ts';
import { type Clock, formatLatency, SECOND } from '../model/time.ts';
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
  /** The end of the function's log; undefined where there was no answer. */
  readonly log: string | undefined;
}

interface Trial {
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly version: string;
  /** The function's own, ms. */
  readonly timeout: number;
}

/** Invokes the version with one payload and compares the answer. Throws when Lambda does not invoke it. */
export async function trySmokeTest(
  { label, payload, expect, maxDuration }: ReadyTest,
  { invoker, clock, signal, version, timeout }: Trial,
): Promise<Tried> {
  const limit = maxDuration ?? timeout + OVERHEAD;
  const start = clock.now();
  const answer = await invoker.invoke({ version, payload, limit, signal });
  const took = clock.now() - start;
  const wrong = answer === undefined ? [] : mismatches(expect, answer);
  const isLate = answer === undefined || took > limit;
  const late = isLate ? [`expected an answer within ${formatLatency(limit)}, got ${lateness(answer, took)}`] : [];
  return { label, took, problems: [...wrong, ...late], log: answer?.log };
}

function lateness(answer: Invocation | undefined, took: number): string {
  return answer === undefined ? 'none' : `one after ${formatLatency(took)}`;
}
