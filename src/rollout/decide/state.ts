import type { Judgement, Verdict } from '../../model/verdict.ts';
import type { RolloutPlan } from './plan.ts';

/** Where a rollout stands. Times are epoch ms. */
export type Phase =
  | { readonly name: 'setting-weight'; readonly shift: Shift }
  /** `seen`: canary invocations that were known of when the dwell began. */
  | {
      readonly name: 'dwelling';
      readonly index: number;
      readonly since: number;
      readonly until: number;
      readonly seen: number;
    }
  /** The last dwell is over; its minutes are becoming final. */
  | { readonly name: 'settling'; readonly until: number }
  | { readonly name: 'promoting' }
  | { readonly name: 'baking'; readonly until: number }
  /** Baked: the description that was there is being put back. */
  | { readonly name: 'finishing' }
  /** `remedy`: what to do about it, where somebody has to. */
  | { readonly name: 'rolling-back'; readonly why: string; readonly remedy?: string | undefined }
  | { readonly name: 'ended'; readonly outcome: Outcome };

/** The phases in which metrics are read and judged. */
export type Watching = Extract<Phase, { name: 'dwelling' | 'settling' | 'baking' }>;

/** Why the weight changes, and where the rollout goes on afterwards. `index` is that of the step in the plan. */
export type Shift =
  | { readonly to: 'step'; readonly index: number }
  /** As little traffic as still settles a suspicion. */
  | { readonly to: 'quarantine'; readonly resume: Watching }
  /** The suspicion has gone: what the canary had before. */
  | { readonly to: 'restored'; readonly resume: Watching };

/** A canary under suspicion, on less traffic than the plan gives it. */
export interface Quarantine {
  /** What it had before, percent. */
  readonly weight: number;
  readonly since: number;
}

/** Why a rollout waits although its time may have come. */
export interface Holding {
  readonly because: 'suspicion' | 'obstacle' | 'unreadable';
  /** In plain words, with the numbers of the moment. */
  readonly text: string;
}

export interface RolloutState {
  readonly plan: RolloutPlan;
  readonly phase: Phase;
  /** The command that is under way. */
  readonly pending: RolloutCommand;
  readonly startedAt: number;
  /** Percent of traffic on the canary after the last write that was verified. */
  readonly weight: number;
  /** The last time metrics could be read. */
  readonly judgement: Judgement | undefined;
  /** Since when metrics cannot be read; undefined while they can. */
  readonly unreadableSince: number | undefined;
  /** undefined while the rollout moves. */
  readonly holding: Holding | undefined;
  readonly quarantine: Quarantine | undefined;
}

/** A write that did not succeed. */
export interface FailedWrite {
  readonly problem: string;
  /** What to do about it. */
  readonly next: string;
  /** The alias is known to be as it was. */
  readonly untouched: boolean;
}

/** What happened in the world. `at` is epoch ms. */
export type RolloutEvent =
  | { readonly type: 'weight-set'; readonly at: number }
  | { readonly type: 'judged'; readonly at: number; readonly judgement: Judgement }
  /** `next`: what to do about the problem, in sentences. */
  | { readonly type: 'unreadable'; readonly at: number; readonly problem: string; readonly next: string }
  | { readonly type: 'promoted'; readonly at: number }
  | { readonly type: 'finished'; readonly at: number }
  | { readonly type: 'rolled-back'; readonly at: number }
  /** A write could not be made or confirmed: the alias may be as it was, or as it was meant to be, unless `untouched`. */
  | { readonly type: 'write-failed'; readonly at: number; readonly failure: FailedWrite }
  /** `why`: what cut the rollout short, in words, if it was not that the job was cancelled. */
  | { readonly type: 'cancelled'; readonly at: number; readonly why?: string }
  /** The credentials have expired, or soon will: what is not brought back now cannot be brought back later. */
  | { readonly type: 'expiring'; readonly at: number; readonly problem: string };

/** How a rollout ended. */
export interface Outcome {
  readonly result: 'promoted' | 'rolled-back' | 'held' | 'failed';
  readonly verdict: Verdict;
  readonly reason: string;
  /** What to do about it, where that is more than follows from the result. */
  readonly next?: string;
  /** How to mend what made the rollout go back, and what stands in the way of bringing the alias back. */
  readonly remedy?: string | undefined;
}

/** What to do to the world next; exactly one thing. */
export type RolloutCommand =
  /** `why` is '' for the first step. */
  | { readonly do: 'set-weight'; readonly weight: number; readonly shift: Shift; readonly why: string }
  /** Wait until `at`, then read the metrics and judge. `holding` says why the rollout waits, if it does. */
  | { readonly do: 'poll'; readonly at: number; readonly holding: Holding | undefined }
  /** One write that gives the canary all traffic; the marker stays while a bake follows. */
  | { readonly do: 'promote'; readonly bakes: boolean; readonly why: string }
  | { readonly do: 'finish' }
  /** One write that gives the baseline all traffic. */
  | { readonly do: 'roll-back'; readonly why: string }
  | { readonly do: 'end'; readonly outcome: Outcome };

export interface Turn {
  readonly state: RolloutState;
  readonly command: RolloutCommand;
}
