/** A published version, as far as its deletion is concerned. */
export interface OldVersion {
  readonly version: string;
  /** Size of its package, bytes; 0 for an image. */
  readonly bytes: number;
  /** Epoch ms; undefined where Lambda does not tell. */
  readonly publishedAt: number | undefined;
  /** It may have executions that go on for months. */
  readonly isDurable: boolean;
}

/** An alias of a function, as it is listed. */
export interface ListedAlias {
  readonly name: string;
  readonly functionVersion: string;
  /** Further versions that get a share of its traffic. */
  readonly others: readonly string[];
  readonly description: string;
}

/** The published versions of one function and what refers to them. */
export interface OldVersions {
  list(): Promise<readonly OldVersion[]>;
  listAliases(): Promise<readonly ListedAlias[]>;
  /** Versions that event sources are mapped to by number, as far as one question about the whole function tells. */
  listMapped(): Promise<readonly string[]>;
  /** The same, asked about one version. */
  isMapped(version: string): Promise<boolean>;
  /** Durable executions of the version are going on. */
  isRunning(version: string): Promise<boolean>;
  remove(version: string): Promise<void>;
}
