import type { AliasTarget } from '../model/alias.ts';
import { ActionFailure } from '../model/failure.ts';
import type { Clock } from '../model/time.ts';
import type { Counts } from '../model/traffic.ts';
import type { JudgeSettings, Judgement } from '../model/verdict.ts';
import { type AliasWriter, ForeignChange, WriteFailed } from './act/alias-writer.ts';
import { begin, next } from './decide/machine.ts';
import type { RolloutPlan } from './decide/plan.ts';
import type { Outcome, RolloutCommand, RolloutEvent, Turn } from './decide/state.ts';
import { type JudgedMinutes, judge } from './judge/judge.ts';
import { Observer } from './observer.ts';
import type { AlarmSource, TrafficSource, WatchList } from './ports.ts';

/** Follows a rollout, for the log and the report. */
export interface RolloutListener {
  /** A command is about to be carried out. */
  onCommand(command: RolloutCommand, moment: Moment): void;
  /** A write was carried out and confirmed; `moment` is from before it. */
  onWritten(command: RolloutCommand, moment: Moment): void;
  onPoll(poll: Poll): void;
}

/** `at` is epoch ms; `weight` is what the canary had then, percent. */
export interface Moment {
  readonly at: number;
  readonly weight: number;
}

/** What one poll found. */
export interface Poll {
  readonly at: number;
  readonly weight: number;
  readonly found: { readonly judgement: Judgement; readonly minutes: JudgedMinutes } | { readonly problem: string };
}

export interface Rollout {
  readonly plan: RolloutPlan;
  readonly settings: JudgeSettings;
  readonly baseline: string;
  readonly canary: string;
  /** The alias' description while the rollout runs, and the one to put back. */
  readonly marker: string;
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
  /** Aborts when the job is cancelled. */
  readonly signal: AbortSignal;
  readonly listener: RolloutListener;
}

/**
 * Carries out what the machine decides, one command at a time, and tells it what came of it. Throws
 * {@link ForeignChange} when somebody else changes the alias: then it is theirs, and nothing more is written.
 */
export async function runRollout(rollout: Rollout, world: RolloutWorld): Promise<Outcome> {
  const hands = new Hands(rollout, world);
  let turn: Turn = begin(rollout.plan, world.clock.now());
  let cancelled = false;
  while (turn.command.do !== 'end') {
    if (world.signal.aborted && !cancelled) {
      cancelled = true;
      turn = next(turn.state, { type: 'cancelled', at: world.clock.now() });
      continue;
    }
    const moment = { at: world.clock.now(), weight: turn.state.weight };
    world.listener.onCommand(turn.command, moment);
    const event = await hands.carryOut(turn.command, turn.state.weight);
    if (event === undefined) continue;
    if (WRITTEN.includes(event.type)) world.listener.onWritten(turn.command, moment);
    turn = next(turn.state, event);
  }
  world.listener.onCommand(turn.command, { at: world.clock.now(), weight: turn.state.weight });
  return turn.command.outcome;
}

/** The events that tell of a write which is confirmed. */
const WRITTEN: readonly RolloutEvent['type'][] = ['weight-set', 'promoted', 'finished', 'rolled-back'];

/** The side of a rollout that touches the world. */
class Hands {
  #rollout: Rollout;
  #world: RolloutWorld;
  #observer: Observer;

  constructor(rollout: Rollout, world: RolloutWorld) {
    this.#rollout = rollout;
    this.#world = world;
    // Before the first write: its traffic may be on the canary before the answer is here.
    this.#observer = new Observer(rollout, world);
  }

  /** undefined: a wait was cut short by a cancellation, and nothing happened. */
  async carryOut(command: Exclude<RolloutCommand, { do: 'end' }>, weight: number): Promise<RolloutEvent | undefined> {
    switch (command.do) {
      case 'set-weight':
        return this.#write(this.#split(command.weight), (at, begunAt) => {
          this.#observer.shifted({ weight: command.weight, begunAt, doneAt: at });
          return { type: 'weight-set', at };
        });
      case 'promote':
        return this.#write(this.#allOn(this.#rollout.canary, command.bakes), (at, begunAt) => {
          this.#observer.promoted({ begunAt, doneAt: at });
          return { type: 'promoted', at };
        });
      case 'finish':
        return this.#write(this.#allOn(this.#rollout.canary, false), (at) => ({ type: 'finished', at }));
      case 'roll-back':
        return this.#write(this.#allOn(this.#rollout.baseline, false), (at) => ({ type: 'rolled-back', at }));
      case 'poll':
        return this.#poll(command.at, weight);
    }
  }

  #split(weight: number): AliasTarget {
    const { baseline, canary, marker } = this.#rollout;
    return { functionVersion: baseline, weights: { [canary]: weight }, description: marker };
  }

  #allOn(version: string, marked: boolean): AliasTarget {
    const { marker, description } = this.#rollout;
    return { functionVersion: version, weights: {}, description: marked ? marker : description };
  }

  /** `done` makes the event of a write that was begun and confirmed at these times. */
  async #write(target: AliasTarget, done: (at: number, begunAt: number) => RolloutEvent): Promise<RolloutEvent> {
    const { writer, clock } = this.#world;
    const begunAt = clock.now();
    try {
      await writer.write(target);
      return done(clock.now(), begunAt);
    } catch (error) {
      if (error instanceof ForeignChange || !(error instanceof ActionFailure)) throw error;
      const untouched = error instanceof WriteFailed && error.untouched;
      const failure = { problem: error.message, next: error.next, untouched };
      return { type: 'write-failed', at: clock.now(), failure };
    }
  }

  async #poll(at: number, weight: number): Promise<RolloutEvent | undefined> {
    const { clock, signal, listener } = this.#world;
    const isCancelled = (): boolean => signal.aborted;
    await clock.sleep(Math.max(0, at - clock.now()), signal);
    if (isCancelled()) return undefined;
    const found = await this.#observe();
    // What a reading that was given up says is no problem of the metrics.
    if (isCancelled()) return undefined;
    const now = clock.now();
    listener.onPoll({ at: now, weight, found });
    return 'problem' in found
      ? { type: 'unreadable', at: now, problem: found.problem }
      : { type: 'judged', at: now, judgement: found.judgement };
  }

  async #observe(): Promise<Poll['found']> {
    try {
      const minutes = await this.#observer.read();
      return { judgement: judge(minutes, this.#rollout.settings), minutes };
    } catch (error) {
      if (!(error instanceof ActionFailure)) throw error;
      return { problem: `${error.message}. ${error.next}` };
    }
  }
}
