import type { CanaryErrors } from './canary-errors.ts';
import type { Durations } from './durations.ts';
import type { Metric } from './metric.ts';
import type { Command } from './names.ts';
import type { Pace, Step } from './strategy.ts';
import type { Counts, Minute, Stretch } from './traffic.ts';
import type { Assurance, Result, Verdict } from './verdict.ts';

/** Where a run of the action can be found, and what set it off. */
export interface RunContext {
  /** `owner/repository`. */
  readonly repository: string;
  readonly runId: number;
  readonly attempt: number;
  readonly sha: string;
  /** Link to the run's page. */
  readonly url: string;
}

/** A change of what the alias serves, or a turn of the rollout, as the timeline shows it. Times are epoch ms. */
export interface TimelineEntry {
  readonly at: number;
  /** Percent of traffic on the canary from then on. */
  readonly weight: number;
  readonly event:
    'step' | 'hold' | 'resume' | 'quarantine' | 'restore' | 'promote' | 'roll-back' | 'bake' | 'end' | 'recover';
  /** One line in plain words. */
  readonly text: string;
}

/** One poll: what was known, what it said. */
export interface PollEntry {
  readonly at: number;
  readonly weight: number;
  readonly verdict: Verdict;
  /** Natural log of the combined e-value; absent when the metrics could not be read. */
  readonly evidence: number | undefined;
  /** The same before one bad minute is ruled out; absent like `evidence`. */
  readonly suspicion: number | undefined;
  /** Natural log of the least e-value for a pass among the metrics (ln 20 is proof); absent like `evidence`. */
  readonly assurance: number | undefined;
  /** Canary invocations still missing for a pass, estimated; absent like `evidence`. */
  readonly missing: number | undefined;
  readonly baseline: Counts;
  readonly canary: Counts;
  readonly reason: string;
}

/** What an alias serves. */
export interface AliasView {
  readonly functionVersion: string;
  /** Version → percent, empty when one version has all traffic. */
  readonly weights: Readonly<Record<string, number>>;
  readonly description: string;
}

/** The package that was deployed. */
export type PackageView =
  | {
      readonly kind: 'zip';
      /** Base64, as Lambda's CodeSha256; undefined until Lambda has taken an object that was in S3 already. */
      readonly sha256: string | undefined;
      readonly bytes: number | undefined;
      readonly s3Uri: string | undefined;
    }
  | { readonly kind: 'image'; readonly uri: string; readonly digest: string };

/** The settings that decided, for readers and for judging the record again. Rates are fractions, times ms. */
export interface RecordSettings {
  readonly confidence: number;
  readonly errorTolerance: number;
  readonly passMargin: number;
  readonly maxErrorRate: number | undefined;
  /** ms */
  readonly latencyThreshold: number | undefined;
  readonly latencyTolerance: number;
  readonly alarms: readonly string[];
  readonly minInvocations: number;
  readonly onInconclusive: 'promote' | 'rollback' | 'hold';
  readonly interval: number;
  readonly metricDelay: number;
  /** Age at which a minute was final: `metric-delay`, or longer where the function's timeout asks for it. */
  readonly finalAge: number;
  readonly bakeTime: number;
  readonly maxDuration: number;
}

/** One metric besides the error rate, minute by minute; see the judge's settings and minutes. */
export interface MetricRecord {
  readonly metric: Metric;
  /** As they speak least against the canary, and most: the same where the counts are exact. */
  readonly lenient: readonly Minute[];
  readonly strict: readonly Minute[];
}

/**
 * Everything that was measured and decided, as the `report` file holds it (JSON) and the job summary shows it.
 * Built up while the command runs; complete on every path, also when it failed early.
 */
export interface RolloutRecord {
  readonly schema: 1;
  readonly command: Command;
  readonly dryRun: boolean;
  readonly run: RunContext | undefined;
  readonly functionName: string;
  readonly functionArn: string | undefined;
  readonly region: string;
  readonly alias: string;
  readonly strategy: { readonly name: string; readonly steps: readonly Step[]; readonly pace: Pace } | undefined;
  readonly settings: RecordSettings | undefined;
  readonly package: PackageView | undefined;
  /** The canary; for `rollback` the version that was gone back to, for `status` the one that serves where it is alone. */
  readonly version: string | undefined;
  /** What the alias served before. */
  readonly previousVersion: string | undefined;
  /** When the command began and ended, and when the first traffic was shifted; epoch ms. */
  readonly startedAt: number;
  readonly shiftedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly timeline: readonly TimelineEntry[];
  readonly polls: readonly PollEntry[];
  /** Both versions minute by minute since the first shift, as last read. */
  readonly minutes: readonly Minute[];
  /** The other metrics in the minutes in which both versions served. */
  readonly metrics: readonly MetricRecord[];
  /** How the traffic was split while each weight stood. */
  readonly stretches: readonly Stretch[];
  /** What the baseline did per minute in the hour before the first shift. */
  readonly past: readonly Counts[];
  /** When the canary got all traffic; epoch ms. */
  readonly promotedAt: number | undefined;
  /** Smallest increase in error rate, a fraction, that this traffic would as likely as not have shown; see the judge. */
  readonly detectable: number | undefined;
  /** How sure the last poll was, metric by metric, that none got worse by its margin. */
  readonly assurances: readonly Assurance[];
  readonly result: Result;
  readonly verdict: Verdict;
  readonly reason: string;
  /** What to do next, one or two sentences; empty when there is nothing to do. */
  readonly next: string;
  /** What the alias was read back to serve at the end; undefined when it could not be read or does not exist. */
  readonly aliasNow: AliasView | undefined;
  /** For `planned`: the checks that were made and what would happen, one line each. */
  readonly plan: readonly string[];
  /** Things a reader should know that changed nothing (no baseline, recovered alias, …). */
  readonly notes: readonly string[];
  /** What a canary that was rolled back wrote to its log; undefined where it was not read. */
  readonly canaryErrors?: CanaryErrors | undefined;
  /** What invocations took while both versions served; undefined where it was not read. */
  readonly durations?: Durations | undefined;
}
