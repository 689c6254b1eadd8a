import type { AliasState, AliasTarget } from '../model/alias.ts';
import type { Counts } from '../model/traffic.ts';

/** The one alias that a command works on. */
export interface AliasPort {
  /** What the alias serves now; undefined when it does not exist. */
  read(): Promise<AliasState | undefined>;
  /** One write that names `revisionId`. A failure does not say that nothing was written: its answer may have been lost. */
  write(target: AliasTarget, revisionId: string): Promise<void>;
}

/** Creates the alias on a first deployment. */
export interface AliasCreator {
  create(target: AliasTarget): Promise<AliasState>;
}

/** Start of a minute (epoch ms) → what a version did in it. Minutes without traffic are absent. */
export type MinuteSeries = ReadonlyMap<number, Counts>;

/** What CloudWatch knows of the alias' traffic, by the version that served it. */
export interface AliasTraffic {
  readonly baseline: MinuteSeries;
  /** Empty when no canary was asked for. */
  readonly canary: MinuteSeries;
  /** All traffic of the alias, whichever version served it. */
  readonly alias: MinuteSeries;
}

export interface TrafficQuery {
  readonly baseline: string;
  readonly canary: string | undefined;
  /** Span of time, epoch ms; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Gives up reading when it aborts. */
  readonly signal?: AbortSignal;
}

/** Reads metrics. Throws when they cannot be read completely: a gap in reading must never look like a lack of traffic. */
export interface TrafficSource {
  read(query: TrafficQuery): Promise<AliasTraffic>;
}

/** Invocations that each version of an alias served, by period. */
export type VersionTraffic = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** Versions compared by the traffic they had on the alias. */
export interface VersionTrafficSource {
  /** Version → start of a period (epoch ms) → invocations. `period` in ms; periods without traffic are absent. */
  readVersions(query: {
    versions: readonly string[];
    start: number;
    end: number;
    period: number;
  }): Promise<VersionTraffic>;
}

/** A workflow run, by what a marker says of it. */
interface RunId {
  readonly repository: string;
  readonly runId: number;
  readonly attempt: number;
}

/** Tells whether a workflow run is over; undefined when nobody can say. Never throws. */
export interface RunDirectory {
  isOver(run: RunId): Promise<boolean | undefined>;
}

/** A rollout that has begun to shift an alias: what the `post` step has to look at should this process die. */
export interface OpenRollout extends RunId {
  readonly functionId: string;
  readonly alias: string;
  readonly region: string;
  readonly canary: string;
  /** What the alias said before, whole: the marker may have had no room for its end. */
  readonly description: string;
  /** Percents that the plan gives the canary: any other weight is somebody else's doing. */
  readonly weights: readonly number[];
  /** The canary has baked; what is left is to put the description back. */
  readonly isBaked: boolean;
}
