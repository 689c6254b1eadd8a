import { Cancelled } from '../model/failure.ts';
import { type Clock, SECOND, formatDuration } from '../model/time.ts';
import type { CapacityPort, Provisioned } from './ports.ts';

/** Lambda's control plane has 15 requests a second for the whole account. */
const PAUSE = 5 * SECOND;
const PROGRESS = 30 * SECOND;

interface Wait {
  readonly port: CapacityPort;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The alias or version. */
  readonly qualifier: string;
  /** ms */
  readonly limit: number;
  readonly onProgress: (line: string) => void;
}

/** What it came to when it is settled, or when the time for it is over. Throws {@link Cancelled}. */
export async function untilReady(wait: Wait): Promise<Provisioned | undefined> {
  const { port, clock, signal, qualifier, limit, onProgress } = wait;
  const start = clock.now();
  let told = start;
  for (;;) {
    const found = (await port.list()).get(qualifier);
    const elapsed = clock.now() - start;
    if (found?.status !== 'IN_PROGRESS' || elapsed >= limit) return found;
    if (clock.now() - told >= PROGRESS) {
      told = clock.now();
      onProgress(`${found.allocated} of ${found.requested} ready after ${formatDuration(elapsed)}`);
    }
    await clock.sleep(Math.min(PAUSE, limit - elapsed), signal);
    if (signal.aborted) throw new Cancelled();
  }
}

/** The new version cannot even start: with all traffic it would take the whole alias down. */
export function failsToStart({ status, reason }: Provisioned): boolean {
  return status === 'FAILED' && reason?.includes('INIT_FAILURE') === true;
}
