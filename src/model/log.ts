/** Where the story of a run is told. One line per call; text from outside must be escaped by the implementation. */
export interface Log {
  info(line: string): void;
  /** Something a reader should know that does not change the outcome. */
  warn(line: string): void;
  /** Runs `work` inside a named, foldable group. */
  group<T>(title: string, work: () => Promise<T>): Promise<T>;
}
