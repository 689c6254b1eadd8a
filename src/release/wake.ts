import { ActionFailure, Cancelled } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import { SECOND, formatDuration } from '../model/time.ts';
import type { FunctionVersion } from './ports.ts';
import type { Waiting } from './wait.ts';

/** Makes Lambda get a version ready that was idle for so long that it was put away. */
export interface Waker {
  /** Returns as soon as it has been asked for. */
  wake(version: string): Promise<void>;
}

interface Sleeper {
  readonly found: FunctionVersion;
  readonly waker: () => Promise<Waker>;
  readonly log: Log;
  /** How long it may take, ms. */
  readonly limit: number;
}

const PAUSE = 3 * SECOND;
const PROGRESS = 30 * SECOND;

/**
 * Wakes a version that is Inactive: Lambda takes the resources of one that had no traffic for weeks (SnapStart: 14 days) and
 * refuses invocations until it has made them anew, so that whoever sends traffic there at once sends it into errors. Only
 * warns when it cannot be done: the version is no worse off than before. Throws {@link Cancelled}.
 */
export async function awaken(waiting: Waiting, { found, waker, log, limit }: Sleeper): Promise<void> {
  if (found.state !== 'Inactive') return;
  const { version } = found;
  log.info(`Version ${version} was idle for so long that Lambda has put it away (Inactive). Waking it.`);
  try {
    await (await waker()).wake(version);
    const state = await untilAwake(waiting, { version, log, limit });
    if (state === 'Active') log.info(`Version ${version} is Active again.`);
    else log.warn(`Version ${version} is ${state ?? 'gone'}${STILL} ${BY_TRAFFIC}`);
  } catch (error) {
    if (!(error instanceof ActionFailure) || error instanceof Cancelled) throw error;
    log.warn(`Version ${version} is Inactive and could not be woken: ${error.message}. ${error.next} ${BY_TRAFFIC}`);
  }
}

const STILL = ' after an attempt to wake it.';
const BY_TRAFFIC = 'The first invocations of it will fail, until Lambda has it ready.';

async function untilAwake(
  { functions, clock, signal }: Waiting,
  { version, log, limit }: { version: string; log: Log; limit: number },
): Promise<string | undefined> {
  const start = clock.now();
  let told = start;
  for (;;) {
    await clock.sleep(PAUSE, signal);
    if (signal.aborted) throw new Cancelled();
    const state = (await functions.describe(version))?.state;
    const elapsed = clock.now() - start;
    if ((state !== 'Inactive' && state !== 'Pending') || elapsed >= limit) return state;
    if (clock.now() - told < PROGRESS) continue;
    told = clock.now();
    log.info(`Version ${version} is still ${state} after ${formatDuration(elapsed)}.`);
  }
}
