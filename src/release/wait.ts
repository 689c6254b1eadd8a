import { ActionFailure, Cancelled } from '../model/failure.ts';
import { type Clock, MINUTE, SECOND, formatDuration } from '../model/time.ts';
import { FunctionBusy, type FunctionPort, type FunctionVersion } from './ports.ts';

/** Init of a SnapStart version and of managed instances may take 15 minutes (Lambda developer guide). */
const LIMIT = 16 * MINUTE;
/** A change is seen within 2 s, the calls included; the first looks come sooner, as most updates take a second or two. */
const FIRST_PAUSE = 0.5 * SECOND;
const LAST_PAUSE = 1.75 * SECOND;
/** How long an Active version may be without the snapshot that belongs to it, ms. */
const SNAPSHOT_LIMIT = 2 * MINUTE;
/** How often a long wait is told. */
const PROGRESS = 30 * SECOND;

export interface Waiting {
  readonly functions: FunctionPort;
  readonly clock: Clock;
  /** Aborts when the job is cancelled; waiting then ends with {@link Cancelled}. */
  readonly signal: AbortSignal;
  /** Told now and then what is being waited for. */
  readonly onWait?: (line: string) => void;
}

/**
 * Waits until `$LATEST` can be changed: it is neither being created nor updated. However its last update ended, one that
 * failed is no obstacle to the next.
 * Asks by hand: the SDK's waiters repeat every error, also a missing permission, until their time is over.
 */
export function untilSettled(waiting: Waiting, known?: FunctionVersion): Promise<FunctionVersion> {
  return poll(waiting, { qualifier: undefined, known, isOver: isSettled });
}

function isSettled({ state, lastUpdateStatus }: FunctionVersion): boolean {
  return state !== 'Pending' && lastUpdateStatus !== 'InProgress';
}

/** Waits until the update of `$LATEST` that was asked for is done. */
export async function untilUpdated(waiting: Waiting): Promise<FunctionVersion> {
  const latest = await untilSettled(waiting);
  if (latest.lastUpdateStatus === 'Failed') {
    throw new ActionFailure(
      `Lambda could not update the function: ${latest.lastUpdateReason ?? 'no reason given'}`,
      'Mend what Lambda names, then deploy again. The alias was not touched.',
    );
  }
  return latest;
}

/**
 * Waits until a published version can be invoked; SnapStart, images and VPCs take their time. With SnapStart it can once it
 * is Active and its OptimizationStatus is On (Lambda developer guide, "Activating SnapStart").
 */
export async function untilActive(waiting: Waiting, version: string): Promise<FunctionVersion> {
  const found = await poll(waiting, { qualifier: version, known: undefined, isOver: (it) => it.state !== 'Pending' });
  if (found.state === 'Failed') {
    throw new ActionFailure(
      `version ${version} failed to start: ${found.stateReason ?? 'no reason given'}`,
      'Mend what Lambda names, then deploy again. The alias was not touched.',
    );
  }
  return withSnapshot(waiting, found);
}

/** Without its snapshot an Active version still works, so that this is waited for only so long. */
async function withSnapshot(waiting: Waiting, published: FunctionVersion): Promise<FunctionVersion> {
  const end = waiting.clock.now() + SNAPSHOT_LIMIT;
  let found = published;
  while (found.state === 'Active' && found.snapshot === 'missing' && waiting.clock.now() < end) {
    await pause(waiting, LAST_PAUSE);
    found = (await waiting.functions.describe(found.version)) ?? found;
  }
  return found;
}

/** Runs `work` again after each time that Lambda says it is busy with another change. */
export async function whenIdle<T>(waiting: Waiting, work: () => Promise<T>): Promise<T> {
  const start = waiting.clock.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof FunctionBusy) || waiting.clock.now() - start > LIMIT) throw error;
      await pause(waiting, LAST_PAUSE);
      await untilSettled(waiting);
    }
  }
}

interface Poll {
  readonly qualifier: string | undefined;
  readonly known: FunctionVersion | undefined;
  readonly isOver: (found: FunctionVersion) => boolean;
}

async function poll(waiting: Waiting, { qualifier, known, isOver }: Poll): Promise<FunctionVersion> {
  const { functions, clock } = waiting;
  const start = clock.now();
  let told = start;
  for (let found = known, ms = FIRST_PAUSE; ; ms = Math.min(2 * ms, LAST_PAUSE)) {
    found ??= await functions.describe(qualifier);
    if (found !== undefined && isOver(found)) return found;
    if (clock.now() - start > LIMIT) throw tookTooLong(qualifier);
    if (clock.now() - told >= PROGRESS) {
      told = clock.now();
      waiting.onWait?.(waitLine(found, qualifier, told - start));
    }
    await pause(waiting, ms);
    found = undefined;
  }
}

function waitLine(found: FunctionVersion | undefined, qualifier: string | undefined, elapsed: number): string {
  const after = `after ${formatDuration(elapsed)}`;
  if (qualifier === undefined) return `The update of the function is still under way ${after}.`;
  const snapshot =
    found?.snapshot === undefined ? '' : ': Lambda takes its snapshot (SnapStart), which can take minutes';
  return `Version ${qualifier} is not ready ${after}${snapshot}.`;
}

function tookTooLong(qualifier: string | undefined): ActionFailure {
  const what = qualifier === undefined ? 'the update of the function' : `version ${qualifier}`;
  return new ActionFailure(
    `${what} was not ready after ${formatDuration(LIMIT)}`,
    'Look at the function in the Lambda console, then deploy again. The alias was not touched.',
  );
}

/** Sleeps, in ms, unless the job is cancelled. */
export async function pause({ clock, signal }: Waiting, ms: number): Promise<void> {
  await clock.sleep(ms, signal);
  if (signal.aborted) throw new Cancelled();
}
