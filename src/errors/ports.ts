/** One event of a log, whole. `at` is epoch ms. */
export interface LogLine {
  readonly at: number;
  readonly text: string;
}

/** The log of one version. */
export interface OpenLog {
  readonly logGroup: string;
  /**
   * The events since `start` (epoch ms) that may tell of an error, oldest first, page by page; `now` (epoch ms) tells which
   * streams there can be. A page may be empty although more follow.
   */
  pages(span: { start: number; now: number; signal: AbortSignal }): AsyncIterable<readonly LogLine[]>;
}

/** The logs of a function. What the environment of a version holds never comes out of here, also where it was logged. */
export interface VersionLogs {
  /** Finds out where a version logs to. */
  open(version: string, signal: AbortSignal): Promise<OpenLog>;
}
