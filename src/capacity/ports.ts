/** What one alias or version has of provisioned concurrency. Counts of execution environments. */
export interface Provisioned {
  readonly requested: number;
  /** Ready to take an invocation. */
  readonly allocated: number;
  readonly status: 'IN_PROGRESS' | 'READY' | 'FAILED';
  /** Lambda's own words for why it failed; undefined otherwise. */
  readonly reason: string | undefined;
}

/** Provisioned concurrency of one function, by qualifier: the name of an alias, or the number of a version. */
export interface CapacityPort {
  /** `quick`: one attempt, for when something waits. */
  list(quick?: 'quick'): Promise<ReadonlyMap<string, Provisioned>>;
  /** Asks for it; Lambda takes minutes to have it ready. Not again once `signal` aborts: what was sent may still land. */
  add(version: string, amount: number, signal: AbortSignal): Promise<void>;
  /** One quick attempt. Succeeds also where there is none. */
  remove(version: string): Promise<void>;
}

/** Provisioned concurrency that this action gave a canary for the time of a rollout: it costs money until it is taken back. */
export interface Loan {
  readonly version: string;
  readonly amount: number;
}

/** A loan as the `post` part of the step finds it. */
export interface OpenLoan extends Loan {
  readonly functionId: string;
  readonly region: string;
}
