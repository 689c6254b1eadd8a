/**
 * What a line is to its reader, for the runner to colour: a turn of the story, one for the better, something to watch, a
 * failure, or a sign of life. Without a tone it is plain.
 */
export type Tone = 'strong' | 'good' | 'caution' | 'bad' | 'quiet';

/** Where the story of a run is told. One line per call; text from outside must be escaped by the implementation. */
export interface Log {
  info(line: string, tone?: Tone): void;
  /** Something a reader should know that does not change the outcome: told at once, and again in the run's one annotation. */
  warn(line: string): void;
  /** Runs `work` inside a named group, which is folded: nobody who watches sees into it. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
}

/** A log that knows what it has warned of, each warning once. */
export interface RememberingLog extends Log {
  readonly warnings: readonly string[];
}

/** What GitHub shows above the log and beside the run. */
export interface Annotation {
  readonly title: string;
  readonly message: string;
}
