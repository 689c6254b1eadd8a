/** Errors of one version that say the same, but for numbers and ids. */
export interface ErrorGroup {
  /** One line, made safe of secrets: as it was written where all say the very same, else with `<n>`, `<id>` … where they differ. */
  readonly message: string;
  /** Invocations that said so, as far as the log tells them apart; at least so many where {@link CanaryErrors.isPartial}. */
  readonly count: number;
  /** Epoch ms. */
  readonly firstSeen: number;
  /** The first few; empty where the runtime does not say which request it was. */
  readonly requestIds: readonly string[];
}

/** What the canary wrote to its own log when it failed: the most frequent first. */
export interface CanaryErrors {
  readonly logGroup: string;
  readonly groups: readonly ErrorGroup[];
  /** Log events that were looked at; CloudWatch has picked out those that may tell of an error. */
  readonly scanned: number;
  /** The log had more than there was time to read. */
  readonly isPartial?: boolean | undefined;
}
