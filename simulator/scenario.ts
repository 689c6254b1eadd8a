/** A number, or how it changes: a function of ms since the scenario's start (negative before it). */
export type OverTime = number | ((msSinceStart: number) => number);

export function valueAt(value: OverTime, msSinceStart: number): number {
  return typeof value === 'number' ? value : value(msSinceStart);
}

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
}

export interface AliasSpec {
  readonly name: string;
  readonly functionVersion: string;
  /** Additional version → percent. */
  readonly weights?: Readonly<Record<string, number>>;
  readonly description?: string;
  /** The alias has provisioned concurrency: AWS injects transient weights for `moveMs` after its version changes. */
  readonly provisionedConcurrency?: { readonly requested: number; readonly moveMs: number };
}

export interface FunctionSpec {
  readonly name: string;
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
  /** How long LastUpdateStatus stays InProgress after UpdateFunctionCode, ms; default 3000. */
  readonly updateMs?: number;
  /** The update ends in LastUpdateStatus Failed with this reason. */
  readonly updateFails?: FailureSpec;
  /** How long a published version stays Pending, ms; default 2000. */
  readonly pendingMs?: number;
  /** Every published version ends in State Failed with this reason. */
  readonly publishFails?: FailureSpec;
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

/** Something outside that fails both versions alike. Times are ms since start. */
export interface IncidentSpec {
  readonly from: number;
  readonly to: number;
  readonly errorRate: number;
}

/** Clustered errors: in any minute, with `probability`, one environment of a version fails all it gets. */
export interface BurstSpec {
  readonly probability: number;
  /** The environment's part of the version's traffic, a fraction; default 0.25. */
  readonly share?: number;
  /** Default: every version. */
  readonly versions?: readonly string[];
}

export interface TrafficSpec {
  readonly function: string;
  readonly alias: string;
  /** Mean invocations per minute; arrivals are Poisson. */
  readonly perMinute: OverTime;
  /** Version → probability that an invocation fails; `default` for the rest (0 without it). */
  readonly errorRate?: Readonly<Record<string, OverTime>>;
  readonly sharedIncidents?: readonly IncidentSpec[];
  readonly bursts?: readonly BurstSpec[];
  /** Share of requests that Lambda throttles before choosing a version. */
  readonly throttleRate?: OverTime;
  /** Median duration by version (`default` for the rest), ms; log-normal with `sigma`, default 100 ms and 0.5. */
  readonly durationMs?: Readonly<Record<string, number>>;
  readonly durationSigma?: number;
}

export interface MetricsSpec {
  /** Range of the publication delay of a minute, counted from each invocation's end, ms; default 30 s to 75 s. */
  readonly delayMs?: readonly [number, number];
  /** A share of the invocations is counted up to `maxMs` later still; default 3 % and 30 s. */
  readonly lateGrowth?: { readonly share: number; readonly maxMs: number };
  /** Minutes from `from` to `to` (ms since start) are not there, until `until` when given. */
  readonly gaps?: readonly { readonly from: number; readonly to: number; readonly until?: number }[];
  /** Whether a minute without errors has an `Errors` point of 0; default true. Unverified on AWS. */
  readonly zeroErrors?: boolean;
  /** Whether an alias without weights reports ExecutedVersion; default true. Unverified on AWS. */
  readonly executedVersionUnweighted?: boolean;
  /** Datapoints per page of GetMetricData; default 100,800. */
  readonly pageSize?: number;
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
  readonly runs?: Readonly<Record<string, RunSpec>>;
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

/** Whom AWS's sentences name: an assumed role as GitHub's OIDC sessions have it. */
export function callerOf(frame: Frame): string {
  return `arn:aws:sts::${frame.accountId}:assumed-role/deploy/GitHubActions`;
}
