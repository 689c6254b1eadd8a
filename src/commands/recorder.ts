import type { AliasState } from '../model/alias.ts';
import type { PollEntry, RolloutRecord, TimelineEntry } from '../model/record.ts';
import type { Result, Verdict } from '../model/verdict.ts';

/** Which part of a record a command may settle as it learns it. */
type Findings = Partial<
  Pick<
    RolloutRecord,
    | 'command'
    | 'dryRun'
    | 'functionName'
    | 'region'
    | 'alias'
    | 'functionArn'
    | 'strategy'
    | 'settings'
    | 'package'
    | 'version'
    | 'previousVersion'
    | 'shiftedAt'
    | 'promotedAt'
    | 'past'
    | 'minutes'
    | 'metrics'
    | 'stretches'
    | 'assurances'
    | 'detectable'
    | 'plan'
    | 'canaryErrors'
    | 'durations'
  >
>;

/** How a command ended. */
export interface Ending {
  readonly result: Result;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly next: string;
}

/** Gathers the record of a command while it runs, so that it is whole wherever the command stops. */
export class Recorder {
  #record: RolloutRecord;
  #aliasArn = '';
  #follower: ((entry: TimelineEntry) => void) | undefined;

  constructor(
    start: Pick<RolloutRecord, 'command' | 'dryRun' | 'run' | 'functionName' | 'region' | 'alias' | 'startedAt'>,
  ) {
    this.#record = {
      schema: 1,
      ...start,
      functionArn: undefined,
      strategy: undefined,
      settings: undefined,
      package: undefined,
      version: undefined,
      previousVersion: undefined,
      shiftedAt: undefined,
      endedAt: undefined,
      timeline: [],
      polls: [],
      minutes: [],
      metrics: [],
      stretches: [],
      past: [],
      promotedAt: undefined,
      detectable: undefined,
      assurances: [],
      result: 'failed',
      verdict: 'none',
      reason: 'the command did not run to its end',
      next: '',
      aliasNow: undefined,
      plan: [],
      notes: [],
      canaryErrors: undefined,
      durations: undefined,
    };
  }

  get record(): RolloutRecord {
    return this.#record;
  }

  /** ARN of the alias; '' while it is not known. */
  get aliasArn(): string {
    return this.#aliasArn;
  }

  learn(findings: Findings): void {
    this.#record = { ...this.#record, ...findings };
  }

  note(text: string): void {
    this.#record = { ...this.#record, notes: [...this.#record.notes, text] };
  }

  /** Calls `follower` with every turn from now on. */
  follow(follower: (entry: TimelineEntry) => void): void {
    this.#follower = follower;
  }

  enter(entry: TimelineEntry): void {
    this.#record = { ...this.#record, timeline: [...this.#record.timeline, entry] };
    this.#follower?.(entry);
  }

  poll(entry: PollEntry): void {
    this.#record = { ...this.#record, polls: [...this.#record.polls, entry] };
  }

  /** What the alias was last read to serve; undefined when that is not known, or when there is none. */
  sawAlias(alias: AliasState | undefined): void {
    if (alias === undefined) {
      this.#record = { ...this.#record, aliasNow: undefined };
      return;
    }
    const { functionVersion, weights, description } = alias;
    this.#aliasArn = alias.arn;
    this.#record = { ...this.#record, aliasNow: { functionVersion, weights, description } };
  }

  /** `reason` becomes the one sentence that it is said to be, whatever AWS put into it. */
  end(ending: Ending, endedAt: number): void {
    const reason = ending.reason.replace(/\s+/g, ' ').trim();
    this.#record = { ...this.#record, ...ending, reason, endedAt };
  }
}
