/** A queue or stream that Lambda itself reads for the function. */
export interface EventSource {
  /** The function as the mapping names it, with or without a qualifier. */
  readonly functionArn: string;
  /** ARN of the queue or stream; undefined where it has none (Kafka of one's own). */
  readonly sourceArn: string | undefined;
  /** `Enabled`, `Disabled`, or on the way to either. */
  readonly state: string;
}

export interface FunctionUrl {
  /** Without a qualifier, or with that of an alias. */
  readonly functionArn: string;
  readonly url: string;
}

/** The resource policy of the function (no qualifier), of a version or of an alias, as JSON that nobody has checked. */
export interface ResourcePolicy {
  readonly qualifier: string | undefined;
  readonly text: string;
}

/** Invocations of a function in some span of time, by the name it was called under. */
export interface Reach {
  readonly total: number;
  /** Those through the alias; 0 while there is none. */
  readonly alias: number;
  /** Those under the function's bare name or `$LATEST`. */
  readonly unqualified: number;
}

/** What stands around a function. Everything may be incomplete; `denied` and `unread` say what is missing, and why. */
export interface Surroundings {
  readonly eventSources: readonly EventSource[];
  readonly urls: readonly FunctionUrl[];
  readonly policies: readonly ResourcePolicy[];
  readonly tags: Readonly<Record<string, string>>;
  /** undefined when it could not be read. */
  readonly reach: Reach | undefined;
  /** IAM actions that were refused, each once. */
  readonly denied: readonly string[];
  /** What else could not be read, and why: sentences without a full stop. */
  readonly unread: readonly string[];
}

/** A span of time, epoch ms; `end` is exclusive. `period`, ms: what is counted together. */
export interface ReachQuery {
  readonly start: number;
  readonly end: number;
  readonly period: number;
  readonly signal: AbortSignal;
}

/** Looks that a deployment can do without: none of them ever fails, and none takes longer than a few seconds. */
export interface SurroundingsSource {
  look(query: {
    /** Without a qualifier. */
    readonly functionArn: string;
    /** The version that the alias serves; undefined while there is no alias. */
    readonly version: string | undefined;
    readonly reach: Omit<ReachQuery, 'signal'>;
    readonly signal: AbortSignal;
  }): Promise<Surroundings>;
  /** undefined when it cannot be told. */
  readReach(query: ReachQuery): Promise<Reach | undefined>;
}
