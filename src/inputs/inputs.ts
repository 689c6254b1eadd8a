import type { ExtraMetric } from '../model/metric.ts';
import type { SettingsChange } from '../model/settings.ts';
import type { SmokeTest } from '../model/smoke.ts';
import type { Strategy } from '../model/strategy.ts';

/** A Lambda function as the user named it. */
export interface FunctionRef {
  /** The bare name: what metrics call it. */
  readonly name: string;
  /** What API calls are given: the name, partial ARN or ARN as written. */
  readonly id: string;
  /** From a full ARN; undefined otherwise. */
  readonly region: string | undefined;
}

/** Where the code comes from. */
export type Source =
  | { readonly kind: 'artifact'; readonly path: string; readonly exclude: readonly string[] }
  | { readonly kind: 'image'; readonly uri: string }
  /** An object that is already in the bucket (`s3-bucket` and `s3-key` without `artifact` and `image-uri`). */
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string }
  /** The code that the function has: configuration alone is deployed. */
  | { readonly kind: 'kept' };

/** What every command reads. */
export interface CommonInputs {
  readonly functionRef: FunctionRef;
  readonly alias: string;
  readonly region: string;
  /** ARN of the role to assume with OIDC; undefined: the environment has the credentials. */
  readonly role: string | undefined;
  readonly dryRun: boolean;
  /** Write the job summary. */
  readonly summary: boolean;
  /** Token for asking GitHub whether another run is over, and for deployments; undefined where there is none. */
  readonly githubToken: string | undefined;
  /** Environment in which GitHub records the deployment; undefined: none is recorded. */
  readonly githubEnvironment: string | undefined;
  /** SNS topic that is told of rollbacks and failures. */
  readonly topicArn: string | undefined;
}

/** Durations are ms, rates fractions. */
export interface DeployInputs extends CommonInputs {
  readonly command: 'deploy';
  readonly source: Source;
  readonly s3Bucket: string | undefined;
  readonly s3Key: string | undefined;
  /** Account that must own the bucket; undefined: the function's. */
  readonly s3BucketOwner: string | undefined;
  /** What `configuration` and `environment` name. */
  readonly change: SettingsChange;
  /** undefined: the default of the contract is made from the run. */
  readonly description: string | undefined;
  readonly strategy: Strategy;
  readonly bakeTime: number;
  readonly interval: number;
  readonly metricDelay: number;
  readonly maxDuration: number;
  /** 0.99 for `99%`. */
  readonly confidence: number;
  readonly errorTolerance: number;
  readonly passMargin: number;
  readonly maxErrorRate: number | undefined;
  /** ms; undefined: latency is not judged. */
  readonly latencyThreshold: number | undefined;
  readonly latencyTolerance: number;
  /** Bare names, each once. */
  readonly alarms: readonly string[];
  readonly metrics: readonly ExtraMetric[];
  readonly minInvocations: number;
  readonly onInconclusive: 'promote' | 'rollback' | 'hold';
  readonly smokeTests: readonly SmokeTest[];
  /** A shell script; undefined: nothing is checked. */
  readonly check: string | undefined;
  /** How long the check may take, ms. */
  readonly checkTimeout: number;
  /** What a cancelled job does with a canary that has traffic. */
  readonly onCancel: 'rollback' | 'keep';
  /** How many older versions stay after a promotion whatever refers to them; undefined: none is deleted. */
  readonly keepVersions: number | undefined;
  /** Deploy also over a version that a newer workflow run published. */
  readonly allowOlder: boolean;
}

export interface RollbackInputs extends CommonInputs {
  readonly command: 'rollback';
  /** The version to go back to; undefined: the previous one. */
  readonly version: string | undefined;
}

export interface PromoteInputs extends CommonInputs {
  readonly command: 'promote';
  /** As with `deploy`. */
  readonly keepVersions: number | undefined;
}

export interface StatusInputs extends CommonInputs {
  readonly command: 'status';
}

/** One typed, validated answer to everything the workflow said. */
export type Inputs = DeployInputs | RollbackInputs | PromoteInputs | StatusInputs;
