import type { Clock } from '../src/model/time.ts';

interface Sleep {
  readonly wakeAt: number;
  readonly wake: () => void;
}

interface Appointment {
  readonly time: number;
  readonly action: () => void;
}

/** How long the clock waits (real ms) for a signalled process to react before time passes again. */
const HOLD_LIMIT = 3_000;
/** Real ms given to a participant that woke from one of several sleeps, to go on before time passes. */
const GRACE = 10;

/** Someone whose being awake keeps time from passing: a process, or an actor within a test. */
export class Participant implements Clock {
  readonly id: string;
  readonly #clock: VirtualClock;
  readonly #sleeps = new Set<Sleep>();
  /** It was woken and other sleeps of it go on. */
  stirred = false;

  constructor(id: string, clock: VirtualClock) {
    this.id = id;
    this.#clock = clock;
  }

  get asleep(): boolean {
    return this.#sleeps.size > 0;
  }

  get wakeAt(): number {
    return Math.min(...Array.from(this.#sleeps, (sleep) => sleep.wakeAt));
  }

  now(): number {
    return this.#clock.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleeps.delete(sleep);
        signal?.removeEventListener('abort', interrupt);
        resolve();
      };
      const interrupt = (): void => {
        wake();
        this.#clock.release();
      };
      const sleep: Sleep = { wakeAt: this.#clock.now() + Math.max(0, ms), wake };
      this.#sleeps.add(sleep);
      this.stirred = false;
      signal?.addEventListener('abort', interrupt);
      this.#clock.consider();
    });
  }

  /** Ends the sleeps that are due. */
  wakeUp(): void {
    const due = Array.from(this.#sleeps).filter((sleep) => sleep.wakeAt <= this.#clock.now());
    for (const sleep of due) sleep.wake();
    this.stirred = due.length > 0 && this.asleep;
  }

  /** Ends everything; time no longer waits for this participant. */
  leave(): void {
    for (const sleep of Array.from(this.#sleeps)) sleep.wake();
    this.#clock.remove(this);
  }
}

/**
 * Simulated time. It passes by what requests cost (`advance`), and jumps to the earliest wake-up when every participant
 * is asleep and no request is being answered. As a Clock it stands for the code in this process, which becomes a
 * participant with its first sleep.
 */
export class VirtualClock implements Clock {
  #now: number;
  #own: Participant | undefined;
  readonly #participants = new Map<string, Participant>();
  readonly #listeners: ((until: number) => void)[] = [];
  #appointments: Appointment[] = [];
  #requests = 0;
  #hold: NodeJS.Timeout | undefined;
  #considering = false;
  #joined = 0;

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.#own ??= this.join();
    return this.#own.sleep(ms, signal);
  }

  /** This process no longer takes part: needed when it slept before and now waits for a child process. */
  leave(): void {
    this.#own?.leave();
    this.#own = undefined;
  }

  /** A new participant: one per process or independent actor. */
  join(id?: string): Participant {
    this.#joined += 1;
    const participant = new Participant(id ?? `participant-${this.#joined}`, this);
    this.#participants.set(participant.id, participant);
    return participant;
  }

  participant(id: string): Participant | undefined {
    return this.#participants.get(id);
  }

  remove(participant: Participant): void {
    this.#participants.delete(participant.id);
    this.release();
  }

  /** Runs `action` when simulated time reaches `time` (epoch ms): a person's change in the console, a signal. */
  at(time: number, action: () => void): void {
    this.#appointments = [...this.#appointments, { time, action }].sort((a, b) => a.time - b.time);
  }

  /** Calls `listener` before time moves, with the moment it moves to. */
  onPass(listener: (until: number) => void): void {
    this.#listeners.push(listener);
  }

  /** Lets `ms` pass, whoever sleeps. */
  advance(ms: number): void {
    this.#passTo(this.#now + ms, () => false);
    this.consider();
  }

  /** A request is being answered: no jumps until `requestEnds`. */
  requestBegins(): void {
    this.#requests += 1;
    this.release();
  }

  requestEnds(): void {
    this.#requests -= 1;
    this.consider();
  }

  /** No jumps until somebody reacts (a request, an interrupted sleep, a process that ends). */
  hold(): void {
    this.#hold ??= setTimeout(() => {
      this.release();
    }, HOLD_LIMIT).unref();
  }

  release(): void {
    clearTimeout(this.#hold);
    this.#hold = undefined;
    this.consider();
  }

  /** Jumps soon, if everybody is still asleep then. */
  consider(): void {
    if (this.#considering || !this.#mayJump()) return;
    this.#considering = true;
    const jump = (): void => {
      this.#considering = false;
      if (this.#mayJump()) this.#jump();
    };
    if (this.#everybody().some((participant) => participant.stirred)) setTimeout(jump, GRACE);
    else setImmediate(jump);
  }

  #everybody(): Participant[] {
    return Array.from(this.#participants.values());
  }

  #mayJump(): boolean {
    if (this.#requests > 0 || this.#hold !== undefined || this.#participants.size === 0) return false;
    return this.#everybody().every((participant) => participant.asleep);
  }

  #jump(): void {
    const target = Math.min(...this.#everybody().map((participant) => participant.wakeAt));
    this.#passTo(Math.max(this.#now, target), () => this.#hold !== undefined);
    this.consider();
  }

  #passTo(target: number, stop: () => boolean): void {
    while (!stop()) {
      const next = this.#appointments[0];
      const appointment = next !== undefined && next.time <= target ? next : undefined;
      this.#moveTo(Math.max(this.#now, appointment?.time ?? target));
      if (appointment === undefined) return;
      this.#appointments.shift();
      appointment.action();
    }
  }

  #moveTo(moment: number): void {
    for (const listener of this.#listeners) listener(moment);
    this.#now = moment;
    for (const participant of this.#everybody()) participant.wakeUp();
  }
}
