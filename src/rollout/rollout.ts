import type { AliasTarget } from '../model/alias.ts';
import { ActionFailure, JOB_CANCELLED } from '../model/failure.ts';
import type { Clock } from '../model/time.ts';
import type { Counts } from '../model/traffic.ts';
import type { JudgeSettings, Judgement } from '../model/verdict.ts';
import { unlessAborted } from '../model/abort.ts';
import { type AliasWriter, ForeignChange, Interrupted, WriteFailed } from './act/alias-writer.ts';
import { begin, next } from './decide/machine.ts';
import type { RolloutPlan } from './decide/plan.ts';
import type { Outcome, RolloutCommand, RolloutEvent, RolloutState, Turn } from './decide/state.ts';
import { type JudgedMinutes, judge } from './judge/judge.ts';
import { describeExpiry, expiring, neededUntil } from './expiry.ts';
import { Observer } from './observer.ts';
import type { AlarmSource, SessionPort, StepCheck, TrafficSource, WatchList } from './ports.ts';
import { StepChecks, bakeEnd, heldBy } from './step-checks.ts';

/** Follows a rollout, for the log and the report. */
export interface RolloutListener {
  /** A command is about to be carried out. */
  onCommand(command: RolloutCommand, moment: Moment): void;
  /** A write was carried out and confirmed; `moment` is from before it. */
  onWritten(command: RolloutCommand, moment: Moment): void;
  onPoll(poll: Poll): void;
}

/** `at` is epoch ms; `weight` is what the canary had then, percent; `state` is where the rollout stood with that command. */
export interface Moment {
  readonly at: number;
  readonly weight: number;
  readonly state: RolloutState;
}

/** Why there is nothing to judge by, and what to do about it. */
interface Unread {
  readonly problem: string;
  readonly next: string;
}

/** What one poll found. */
export interface Poll {
  readonly at: number;
  readonly weight: number;
  readonly found: { readonly judgement: Judgement; readonly minutes: JudgedMinutes } | Unread;
}

export interface Rollout {
  readonly plan: RolloutPlan;
  readonly settings: JudgeSettings;
  readonly baseline: string;
  readonly canary: string;
  /** The alias' description while the canary has so many percent in this rollout, and the one to put back. */
  readonly marker: (weight: number) => string;
  readonly description: string;
  /** What the baseline did per minute before the shift. */
  readonly past: readonly Counts[];
  /** What is read besides errors. */
  readonly watch: WatchList;
  /** Alarms that veto, by name. */
  readonly alarms: readonly string[];
  /** Those of them that were in ALARM before the first shift. */
  readonly ringing: readonly string[];
}

export interface RolloutWorld {
  readonly writer: AliasWriter;
  readonly traffic: TrafficSource;
  readonly alarms: AlarmSource;
  readonly clock: Clock;
  /** Aborts when the job is cancelled; its reason, when it is a text, says what happened instead. */
  readonly signal: AbortSignal;
  readonly session: SessionPort;
  /** What the user checks after every step. */
  readonly check?: StepCheck | undefined;
  readonly listener: RolloutListener;
}

/**
 * Carries out what the machine decides, one command at a time, and tells it what came of it. Throws
 * {@link ForeignChange} when somebody else changes the alias: then it is theirs, and nothing more is written.
 */
export async function runRollout(rollout: Rollout, world: RolloutWorld): Promise<Outcome> {
  const hands = new Hands(rollout, world);
  try {
    return await carryThrough(hands, rollout, world);
  } finally {
    hands.stop();
  }
}

async function carryThrough(hands: Hands, rollout: Rollout, world: RolloutWorld): Promise<Outcome> {
  let turn: Turn = begin(rollout.plan, world.clock.now());
  let cancelled = false;
  while (turn.command.do !== 'end') {
    if (world.signal.aborted && !cancelled) {
      cancelled = true;
      turn = next(turn.state, { type: 'cancelled', at: world.clock.now(), why: reasonOf(world.signal) });
      continue;
    }
    const moment = momentOf(turn, world);
    world.listener.onCommand(turn.command, moment);
    const event = await hands.carryOut(turn.command, turn.state);
    if (event === undefined) continue;
    if (WRITTEN.includes(event.type)) world.listener.onWritten(turn.command, moment);
    // A promotion that the signal met half-way is taken back like every other shift.
    if (event.type === 'promoted' && world.signal.aborted && !cancelled) continue;
    turn = next(turn.state, event);
  }
  world.listener.onCommand(turn.command, momentOf(turn, world));
  return turn.command.outcome;
}

function momentOf({ state }: Turn, { clock }: RolloutWorld): Moment {
  return { at: clock.now(), weight: state.weight, state };
}

/** What a signal stands for, in words. */
export function reasonOf({ reason }: AbortSignal): string {
  return typeof reason === 'string' ? reason : JOB_CANCELLED;
}

/** The events that tell of a write which is confirmed. */
const WRITTEN: readonly RolloutEvent['type'][] = ['weight-set', 'promoted', 'finished', 'rolled-back'];

/** The side of a rollout that touches the world. */
class Hands {
  #rollout: Rollout;
  #world: RolloutWorld;
  #observer: Observer;
  #checks: StepChecks;
  /** The job is being cancelled, or a check has failed: what is waited for is not worth waiting for any more. */
  #interruption: AbortSignal;
  /** What was last read, to judge by. */
  #seen: JudgedMinutes | undefined;
  /** No poll before it, epoch ms. */
  #notBefore = 0;

  constructor(rollout: Rollout, world: RolloutWorld) {
    this.#rollout = rollout;
    this.#world = world;
    // Before the first write: its traffic may be on the canary before the answer is here.
    this.#observer = new Observer(rollout, world);
    this.#checks = new StepChecks(world.check);
    this.#interruption = AbortSignal.any([world.signal, this.#checks.failed]);
  }

  /** Nothing that was begun runs on. */
  stop(): void {
    this.#checks.stop();
  }

  /** undefined: a wait was cut short by a cancellation, and nothing happened. */
  async carryOut(
    command: Exclude<RolloutCommand, { do: 'end' }>,
    state: RolloutState,
  ): Promise<RolloutEvent | undefined> {
    switch (command.do) {
      case 'set-weight':
        return this.#write(this.#split(command.weight), (at, begunAt) => {
          this.#observer.shifted({ weight: command.weight, begunAt, doneAt: at });
          if (command.shift.to === 'step') this.#check(command.weight);
          return { type: 'weight-set', at };
        });
      case 'promote':
        return this.#write(this.#allOn(this.#rollout.canary, command.bakes), (at, begunAt) => {
          this.#observer.promoted({ begunAt, doneAt: at });
          // Without a bake the rollout is over: nothing could be taken back any more.
          if (command.bakes) this.#check(100);
          return { type: 'promoted', at };
        });
      case 'finish':
        return this.#restore(this.#allOn(this.#rollout.canary, false), 'finished');
      case 'roll-back':
        this.#checks.stop();
        return this.#restore(this.#allOn(this.#rollout.baseline, false), 'rolled-back');
      case 'poll':
        return this.#poll(Math.max(command.at, this.#notBefore), state);
    }
  }

  #check(weight: number): void {
    if (!this.#world.signal.aborted) this.#checks.begin(weight);
  }

  #split(weight: number): AliasTarget {
    const { baseline, canary, marker } = this.#rollout;
    return { functionVersion: baseline, weights: { [canary]: weight }, description: marker(weight) };
  }

  #allOn(version: string, marked: boolean): AliasTarget {
    const { marker, description } = this.#rollout;
    return { functionVersion: version, weights: {}, description: marked ? marker(100) : description };
  }

  /** `done` makes the event of a write that was begun and confirmed at these times. */
  async #write(
    target: AliasTarget,
    done: (at: number, begunAt: number) => RolloutEvent,
  ): Promise<RolloutEvent | undefined> {
    const { writer, clock } = this.#world;
    const begunAt = clock.now();
    try {
      await writer.write(target);
      return done(clock.now(), begunAt);
    } catch (error) {
      return error instanceof Interrupted ? undefined : this.#failed(error);
    }
  }

  /** The last write of a rollout is not given up for a signal. */
  async #restore(target: AliasTarget, type: 'finished' | 'rolled-back'): Promise<RolloutEvent> {
    const { writer, clock } = this.#world;
    try {
      await writer.restore(target);
      return { type, at: clock.now() };
    } catch (error) {
      return this.#failed(error);
    }
  }

  #failed(error: unknown): RolloutEvent {
    if (error instanceof ForeignChange || !(error instanceof ActionFailure)) throw error;
    const untouched = error instanceof WriteFailed && error.untouched;
    const failure = { problem: error.message, next: error.next, untouched };
    return { type: 'write-failed', at: this.#world.clock.now(), failure };
  }

  async #poll(at: number, state: RolloutState): Promise<RolloutEvent | undefined> {
    const { clock, signal } = this.#world;
    await clock.sleep(Math.max(0, at - clock.now()), this.#interruption);
    try {
      return await unlessAborted(
        () => this.#look(state),
        this.#interruption,
        () => new Interrupted(),
      );
    } catch (error) {
      if (error instanceof Interrupted) return signal.aborted ? undefined : this.#vetoed(state);
      if (error instanceof ActionFailure && error.expired) return expiring(error.message, clock.now());
      throw error;
    }
  }

  /** Reads the metrics, and whether the alias is still ours. Throws when it is not, and when the credentials have expired. */
  async #look(state: RolloutState): Promise<RolloutEvent | undefined> {
    const { clock, listener, session, writer } = this.#world;
    const { weight } = state;
    const [found] = await Promise.all([this.#observe(), writer.look()]);
    const now = clock.now();
    // What a reading that was given up says is no problem of the metrics.
    if (this.#interruption.aborted) throw new Interrupted();
    listener.onPoll({ at: now, weight, found });
    const isFailing = !('problem' in found) && found.judgement.verdict === 'fail';
    const ending = isFailing ? undefined : await session.endBefore(neededUntil(now, state.plan.interval));
    if (ending !== undefined) return expiring(describeExpiry(ending), now);
    if ('problem' in found) return { type: 'unreadable', at: now, ...found };
    if (!isFailing && this.#mustWait(state, now)) return undefined;
    return { type: 'judged', at: now, judgement: found.judgement };
  }

  /** An obstacle keeps the weight, but no bake from its end: it is not told the time while a check runs. */
  #mustWait(state: RolloutState, now: number): boolean {
    if (this.#checks.pending === undefined || now < bakeEnd(state)) return false;
    if (now >= state.startedAt + state.plan.maxDuration)
      this.#checks.giveUp('max-duration was over before it had finished');
    this.#notBefore = now + state.plan.interval;
    return true;
  }

  /** A check has failed: that needs no reading, whatever the metrics say. */
  #vetoed({ weight }: RolloutState): RolloutEvent {
    const at = this.#world.clock.now();
    const minutes = { ...(this.#seen ?? this.#observer.nothing()), vetoes: this.#checks.vetoes };
    const judgement = judge(minutes, this.#rollout.settings);
    this.#world.listener.onPoll({ at, weight, found: { judgement, minutes } });
    return { type: 'judged', at, judgement };
  }

  async #observe(): Promise<Poll['found']> {
    try {
      const minutes = await this.#observer.read();
      this.#seen = minutes;
      return { judgement: heldBy(judge(minutes, this.#rollout.settings), this.#checks.pending), minutes };
    } catch (error) {
      if (!(error instanceof ActionFailure) || error.expired) throw error;
      return { problem: error.message, next: error.next };
    }
  }
}
