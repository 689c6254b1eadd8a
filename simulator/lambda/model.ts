import type { FailureSpec, FunctionSpec, SettingsSpec } from '../scenario.ts';

/** A package or image as Lambda keeps it. */
export interface Code {
  /** Base64 SHA-256 of the package; hex digest of an image. */
  readonly sha256: string;
  readonly size: number;
  readonly imageUri?: string;
  readonly resolvedImageUri?: string;
  /** Of a function in REFERENCE mode. */
  readonly object?: { readonly bucket: string; readonly key: string; readonly versionId: string };
}

/** `$LATEST` or a published version. Times are simulated epoch ms. */
export interface Configuration {
  readonly version: string;
  readonly code: Code;
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly deadLetterArn: string | undefined;
  /** Seconds. */
  readonly timeout: number;
  readonly architectures: readonly string[];
  /** All other fields, as UpdateFunctionConfiguration takes them. */
  readonly settings: SettingsSpec;
  readonly description: string;
  readonly modifiedAt: number;
  readonly revisionId: string;
  /** Pending until then. */
  readonly pendingUntil: number;
  /** The state after Pending. */
  readonly state: 'Active' | 'Inactive' | 'Failed' | 'Pending';
  readonly failure?: FailureSpec;
  /** Durable executions that go on. undefined: the function is none of that kind. */
  readonly running?: number | undefined;
}

/** Of an alias or a version. */
export interface ProvisionedConcurrency {
  readonly requested: number;
  /** How long it takes to move to another version, ms. */
  readonly moveMs: number;
  readonly readyAt: number;
  /** What it ends in; undefined: success. */
  readonly failure: string | undefined;
  /** Of an alias: what moving it to any version but `home` ends in. */
  readonly moveFails?: string | undefined;
  readonly home?: string;
  /** Of an alias: the version that Lambda keeps the traffic on, for as long as it moves. */
  readonly from?: string | undefined;
}

/** The update of `$LATEST` that is, or was last, under way. */
export interface Update {
  readonly until: number;
  readonly failure: FailureSpec | undefined;
  /** Completion changes the RevisionId. */
  readonly revisionAfter: string;
  /** It has. */
  readonly isShown?: boolean;
}

export interface Alias {
  readonly name: string;
  readonly functionVersion: string;
  /** Additional version → fraction. */
  readonly weights: Readonly<Record<string, number>>;
  readonly description: string;
  readonly revisionId: string;
}

/** One state an alias had. `weights` are percent. */
export interface AliasState {
  readonly at: number;
  readonly functionVersion: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly description: string;
  readonly revisionId: string;
}

export interface LambdaFunction {
  readonly spec: FunctionSpec;
  readonly name: string;
  readonly arn: string;
  storageMode: 'COPY' | 'REFERENCE';
  latest: Configuration;
  update: Update | undefined;
  /** An Update call was made since the last publish: what Lambda takes for a change, whatever the content. */
  changed: boolean;
  nextVersion: number;
  /** What publishing ends in; undefined: success. */
  publishFails: FailureSpec | undefined;
  readonly versions: Map<string, Configuration>;
  readonly aliases: Map<string, Alias>;
  /** By name of the alias or number of the version. */
  readonly provisioned: Map<string, ProvisionedConcurrency>;
}
