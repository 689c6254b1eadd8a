import { MINUTE } from '../src/model/time.ts';
import type { AlarmSpec, CustomMetricSpec, MetricsSpec } from './cloudwatch/specs.ts';
import type { LoggingSpec } from './logs/specs.ts';
import type { TrafficSpec } from './traffic-spec.ts';

export type { AlarmSpec, CustomMetricSpec, MetricsSpec } from './cloudwatch/specs.ts';
export type { FailureLogSpec, LoggingSpec } from './logs/specs.ts';
export type { OverTime } from './over-time.ts';
export type { BurstSpec, IncidentSpec, TrafficSpec } from './traffic-spec.ts';

/** What a version runs: a label (its hash stands for the package), the package itself, or its base64 SHA-256. */
export type CodeSpec = string | { readonly zip: Uint8Array } | { readonly sha256: string };

export interface VersionSpec {
  /** For `packageType: 'Image'`: the image as `repository:tag` or `repository@sha256:…`, registry optional. */
  readonly code: CodeSpec;
  /** Default: one more than the version before. */
  readonly version?: number;
  /** Default: the function's. `null`: none. */
  readonly role?: string;
  readonly deadLetterArn?: string | null;
  readonly state?: 'Active' | 'Inactive' | 'Failed' | 'Pending';
  readonly description?: string;
  /** More of its configuration, as UpdateFunctionConfiguration takes it; default: the function's. */
  readonly settings?: SettingsSpec;
  /** Size of the package, bytes; default: that of the code, or 1024. */
  readonly bytes?: number;
  /** How long before the start it was published, ms; default: 30 days. */
  readonly ageMs?: number;
  /** Makes the version a durable one with so many executions that go on. */
  readonly running?: number;
  /** Provisioned concurrency of the version's own, ready. */
  readonly provisionedConcurrency?: number;
}

/** Fields of UpdateFunctionConfiguration that have no property of their own in a spec: `MemorySize`, `Environment`, … */
export type SettingsSpec = Readonly<Record<string, unknown>>;

export interface AliasSpec {
  readonly name: string;
  readonly functionVersion: string;
  /** Additional version → percent. */
  readonly weights?: Readonly<Record<string, number>>;
  readonly description?: string;
  /**
   * The alias has provisioned concurrency: AWS injects transient weights for `moveMs` after its version changes. `moveFails`:
   * on any other version it ends in this, and the weights stay.
   */
  readonly provisionedConcurrency?: {
    readonly requested: number;
    readonly moveMs: number;
    readonly moveFails?: string;
  };
}

/** What calls a function, and under which qualifier; none: its bare name. */
export interface CallersSpec {
  /** Event source mappings. `state`: Enabled. Without an ARN it is Kafka of one's own. */
  readonly eventSources?: readonly { readonly arn?: string; readonly qualifier?: string; readonly state?: string }[];
  readonly urls?: readonly { readonly qualifier?: string }[];
  /** Qualifier (`''`: none) → the statements of the resource policy, or the text that GetPolicy answers with. */
  readonly policies?: Readonly<Record<string, readonly object[] | string>>;
}

export interface FunctionSpec {
  readonly name: string;
  readonly callers?: CallersSpec;
  readonly tags?: Readonly<Record<string, string>>;
  readonly runtime?: string;
  readonly handler?: string;
  readonly packageType?: 'Zip' | 'Image';
  readonly architectures?: readonly string[];
  readonly role?: string;
  readonly deadLetterArn?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly snapStart?: boolean;
  readonly storageMode?: 'COPY' | 'REFERENCE';
  /** Rising. `$LATEST` runs the code of the last one unless `latest` says otherwise. */
  readonly versions?: readonly VersionSpec[];
  readonly latest?: CodeSpec;
  readonly aliases?: readonly AliasSpec[];
  readonly settings?: SettingsSpec;
  /** The caller may not decrypt the environment variables: Lambda answers with an error in their place. */
  readonly environmentHidden?: boolean;
  /** What it does when it is invoked through the API; default: nothing, and it fails like its traffic. */
  readonly answers?: (invocation: { readonly version: string; readonly payload: unknown }) => AnswerSpec;
  /** How long LastUpdateStatus stays InProgress after an update, ms; default 3000. */
  readonly updateMs?: number;
  /** The update ends in LastUpdateStatus Failed with this reason; of the code, of the configuration. */
  readonly updateFails?: FailureSpec;
  readonly configureFails?: FailureSpec;
  /** How long a published version stays Pending, ms; default 2000. */
  readonly pendingMs?: number;
  /** Provisioned concurrency that is asked for: how long it takes, ms (default 90000), and what it ends in; whether an
   * alias that has some may split its traffic with a version that has its own (default: it may). */
  readonly provisioning?: { readonly readyMs?: number; readonly fails?: string; readonly splits?: 'refused' };
  /** How long an Inactive version takes to wake when it is invoked, ms; default 60000. */
  readonly wakeMs?: number | 'never';
  /** Every published version ends in State Failed with this reason. */
  readonly publishFails?: FailureSpec;
  readonly logging?: LoggingSpec;
}

/** The end of one invocation. One that takes longer than the function's timeout ends in that. */
export interface AnswerSpec {
  /** Any JSON; default `null`. */
  readonly response?: unknown;
  /** A function error instead. */
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
  /** Between Lambda's own lines in the log. */
  readonly log?: string;
  /** Default 20. */
  readonly durationMs?: number;
}

export interface FailureSpec {
  readonly reason: string;
  /** `StateReasonCode`, for example `InvalidImage`. */
  readonly code: string;
}

export interface BucketSpec {
  readonly name: string;
  /** Default: the scenario's. */
  readonly region?: string;
  /** Account id; default: the scenario's. */
  readonly owner?: string;
  readonly versioned?: boolean;
  readonly objects?: Readonly<Record<string, Uint8Array | string>>;
}

export interface ImageSpec {
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…` */
  readonly digest: string;
}

/** A GitHub run: its status, `completed` runs with a conclusion. */
export type RunSpec = string | { readonly status: string; readonly conclusion?: string | null };

export interface Scenario {
  readonly seed?: number;
  /** Epoch ms; default 2026-01-15T12:00:00Z. */
  readonly start?: number;
  readonly region?: string;
  readonly accountId?: string;
  /** Traffic before the start that the metrics remember, ms; default 10 minutes. */
  readonly historyMs?: number;
  readonly functions?: readonly FunctionSpec[];
  readonly buckets?: readonly BucketSpec[];
  readonly images?: readonly ImageSpec[];
  readonly traffic?: readonly TrafficSpec[];
  readonly metrics?: MetricsSpec;
  readonly customMetrics?: readonly CustomMetricSpec[];
  readonly alarms?: readonly AlarmSpec[];
  readonly runs?: Readonly<Record<string, RunSpec>>;
  /** Execution roles that Lambda cannot assume yet: ARN → ms after the start from which it can. */
  readonly freshRoles?: Readonly<Record<string, number>>;
  /** Names of SNS topics, in the scenario's region and account. */
  readonly topics?: readonly string[];
  /** IAM actions that are denied: `lambda:UpdateAlias`, `s3:*`. */
  readonly deny?: readonly string[];
  /** Simulated ms that a request takes, low and high. */
  readonly latency?: { readonly lambda?: readonly [number, number]; readonly other?: readonly [number, number] };
}

/** A scenario's frame with its defaults filled in. */
export interface Frame {
  readonly seed: number;
  readonly start: number;
  readonly region: string;
  readonly accountId: string;
}

export function frameOf(scenario: Scenario): Frame {
  return {
    seed: scenario.seed ?? 1,
    start: scenario.start ?? Date.UTC(2026, 0, 15, 12),
    region: scenario.region ?? 'eu-west-1',
    accountId: scenario.accountId ?? '123456789012',
  };
}

/** How long before the start traffic begins, ms. */
export function historyOf({ historyMs }: Scenario): number {
  return historyMs ?? 10 * MINUTE;
}

/** Whom AWS's sentences name: an assumed role as GitHub's OIDC sessions have it. */
export function callerOf(frame: Frame): string {
  return `arn:aws:sts::${frame.accountId}:assumed-role/deploy/GitHubActions`;
}
