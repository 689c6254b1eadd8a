import { ActionFailure, Cancelled } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import { type Clock, SECOND, formatDuration } from '../model/time.ts';
import type { FunctionVersion } from './ports.ts';
import { type Waiting, pause } from './wait.ts';

/** Makes Lambda get a version ready that was idle for so long that it was put away. */
export interface Waker {
  /**
   * Returns as soon as Lambda has been asked. Throws when that came to nothing; what is not permanent may be tried again, as
   * long as the version is Inactive.
   */
  wake(version: string): Promise<void>;
}

interface Sleeper {
  readonly found: FunctionVersion;
  readonly waker: () => Promise<Waker>;
  readonly log: Log;
  readonly patience: WakePatience;
}

export interface WakePatience {
  /** How long Lambda may take to get the version ready, ms. */
  readonly limit: number;
  /** How long the version may stay Inactive, whatever is done, ms. */
  readonly asleep: number;
}

const FIRST_PAUSE = SECOND;
const PAUSE = 3 * SECOND;
/** A version that is Inactive so long after Lambda was asked, ms, is asked for again. */
const AGAIN = 9 * SECOND;
const PROGRESS = 30 * SECOND;

/**
 * Wakes a version that is Inactive: Lambda takes the resources of one that had no traffic for weeks (SnapStart: 14 days) and
 * refuses invocations until it has made them anew, so that whoever sends traffic there at once sends it into errors. Only
 * warns when it cannot be done: the version is no worse off than before. Throws {@link Cancelled}.
 */
export async function awaken(waiting: Waiting, sleeper: Sleeper): Promise<void> {
  const { found, log } = sleeper;
  if (found.state !== 'Inactive') return;
  const { version } = found;
  log.info(`Version ${version} was idle for so long that Lambda has put it away (Inactive). Waking it.`);
  try {
    const alarm = new Alarm(await sleeper.waker(), { version, clock: waiting.clock });
    const state = await untilAwake(waiting, sleeper, alarm);
    if (state === 'Active') log.info(`Version ${version} is Active again.`);
    else
      log.warn(`Version ${version} is ${state ?? 'gone'} after an attempt to wake it${alarm.problem}. ${BY_TRAFFIC}`);
  } catch (error) {
    if (!(error instanceof ActionFailure) || error instanceof Cancelled) throw error;
    log.warn(`Version ${version} is Inactive and could not be woken: ${error.message}. ${error.next} ${BY_TRAFFIC}`);
  }
}

const BY_TRAFFIC = 'The first invocations of it will fail, until Lambda has it ready.';

/** Asks Lambda for one version: at once, again when a call was lost, and now and then while it stays Inactive. */
class Alarm {
  #waker: Waker;
  #version: string;
  #clock: Clock;
  #next = 0;
  #problem: string | undefined;

  constructor(waker: Waker, { version, clock }: { version: string; clock: Clock }) {
    this.#waker = waker;
    this.#version = version;
    this.#clock = clock;
  }

  /** Why the last call came to nothing, for the end of a sentence; '' when it did not. */
  get problem(): string {
    return this.#problem === undefined ? '' : ` (${this.#problem})`;
  }

  /** Throws what would be refused again. Only for a version that is Inactive: one that is ready would run the code. */
  async ring(): Promise<void> {
    if (this.#clock.now() < this.#next) return;
    this.#problem = await this.#call();
    this.#next = this.#problem === undefined ? this.#clock.now() + AGAIN : 0;
  }

  async #call(): Promise<string | undefined> {
    try {
      await this.#waker.wake(this.#version);
      return undefined;
    } catch (error) {
      if (!(error instanceof ActionFailure) || error.permanent) throw error;
      return error.message;
    }
  }
}

async function untilAwake(
  waiting: Waiting,
  { found: { version }, log, patience: { limit, asleep } }: Sleeper,
  alarm: Alarm,
): Promise<string | undefined> {
  const { functions, clock } = waiting;
  const start = clock.now();
  let told = start;
  await alarm.ring();
  for (let ms = FIRST_PAUSE; ; ms = Math.min(2 * ms, PAUSE)) {
    await pause(waiting, ms);
    const state = (await functions.describe(version))?.state;
    const elapsed = clock.now() - start;
    if ((state !== 'Inactive' && state !== 'Pending') || elapsed >= (state === 'Inactive' ? asleep : limit))
      return state;
    if (state === 'Inactive') await alarm.ring();
    if (clock.now() - told < PROGRESS) continue;
    told = clock.now();
    log.info(`Version ${version} is still ${state} after ${formatDuration(elapsed)}.`);
  }
}
