import { ActionFailure } from '../model/failure.ts';
import type { FunctionSettings, SettingsUpdate } from '../model/settings.ts';

/** A function's code and configuration in one version, as far as a deployment needs to know it. */
export interface FunctionVersion {
  /** Without a qualifier. */
  readonly functionArn: string;
  /** `$LATEST` or the number. */
  readonly version: string;
  /** '' when there is none. */
  readonly description: string;
  /** Base64 SHA-256 of the package (for images, what Lambda reports in its place). */
  readonly codeSha256: string;
  /** Size of the package; absent where Lambda does not say. */
  readonly codeBytes?: number | undefined;
  readonly packageType: 'Zip' | 'Image';
  readonly runtime: string | undefined;
  readonly handler: string | undefined;
  /** Code comes from elsewhere too: layers, a file system, NODE_PATH or PYTHONPATH. */
  readonly otherCode: boolean;
  readonly architectures: readonly string[];
  readonly role: string | undefined;
  readonly deadLetterArn: string | undefined;
  /** ms */
  readonly timeout: number;
  readonly state: string | undefined;
  readonly stateReason: string | undefined;
  readonly lastUpdateStatus: string | undefined;
  readonly lastUpdateReason: string | undefined;
  /** `sha256:…` of the image; undefined for zip packages. */
  readonly imageDigest: string | undefined;
  /** Whether Lambda has its snapshot, for a function with SnapStart; undefined without it. */
  readonly snapshot?: 'ready' | 'missing' | undefined;
  /** The code stays in the user's bucket (S3ObjectStorageMode REFERENCE), and every update has to say so again. */
  readonly storedByReference: boolean;
  /** Everything that a deployment can configure. */
  readonly settings: FunctionSettings;
  /** Changes with every change of the version; undefined where Lambda does not tell. */
  readonly revisionId: string | undefined;
}

/** Where Lambda finds the new code. */
export type CodeLocation =
  | { readonly kind: 'inline'; readonly zip: Uint8Array }
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string; readonly versionId: string | undefined }
  | { readonly kind: 'image'; readonly uri: string };

export interface CodeUpdate {
  readonly code: CodeLocation;
  /** Sent as they are now: Lambda's documented default for an omitted value is x86_64. */
  readonly architectures: readonly string[];
  readonly byReference: boolean;
}

/** Lambda is still working on an earlier change of the function (409 ResourceConflictException); it passes. */
export class FunctionBusy extends ActionFailure {
  override readonly name = 'FunctionBusy';
}

/** The function is not what it was when it was read (412 PreconditionFailedException): by somebody else, or by ourselves. */
export class RevisionMoved extends ActionFailure {
  override readonly name = 'RevisionMoved';
}

/** There is such a function by now (409 of CreateFunction). */
export class FunctionExists extends ActionFailure {
  override readonly name = 'FunctionExists';
}

/** Lambda cannot assume the execution role: not yet, when the role is a few seconds old. */
export class RoleNotReady extends ActionFailure {
  override readonly name = 'RoleNotReady';
}

/** A function that is to be. */
export interface FunctionCreation {
  readonly code: CodeLocation;
  readonly settings: FunctionSettings;
}

/** One Lambda function. Every change throws {@link FunctionBusy} while an earlier one is under way. */
export interface FunctionPort {
  /** A version, an alias or `$LATEST`; undefined when there is none such. */
  describe(qualifier?: string): Promise<FunctionVersion | undefined>;
  updateCode(update: CodeUpdate): Promise<void>;
  /**
   * Changes what the update names, provided the function still has that revision (else {@link RevisionMoved}); resolves with
   * the configuration as Lambda has taken it. May throw {@link RoleNotReady}.
   */
  updateSettings(update: SettingsUpdate, revisionId: string | undefined): Promise<FunctionSettings>;
  /** Creates the function; may throw {@link FunctionExists} and {@link RoleNotReady}. */
  create(creation: FunctionCreation): Promise<void>;
  /**
   * Publishes `$LATEST`, provided its code still has that hash and it has that revision (else {@link RevisionMoved});
   * resolves with the number.
   */
  publish(request: { codeSha256: string; description: string; revisionId?: string | undefined }): Promise<string>;
  /** Numbers of all published versions, oldest first. */
  listVersions(): Promise<readonly string[]>;
}

/** A package to be stored, and where. */
export interface PackageObject {
  readonly bucket: string;
  readonly key: string;
  /** Path of the zip on disk. */
  readonly path: string;
  readonly bytes: number;
  /** Base64 SHA-256 of the zip. */
  readonly sha256: string;
  /** The key is the user's and not made from the content: what is there may be another package, and is replaced. */
  readonly replaces: boolean;
}

/** S3, as far as packages are kept there. */
export interface PackageStore {
  /** Stores the package unless the key holds that very package already; resolves with its version id in a versioned bucket. */
  put(object: PackageObject): Promise<{ stored: boolean; versionId: string | undefined }>;
  /** The object at `key`, which must exist. */
  find(bucket: string, key: string): Promise<{ versionId: string | undefined }>;
}

/** ECR, as far as tags are resolved there. */
export interface ImageRegistry {
  /** `sha256:…` of the image that a URI with a tag names now. */
  digestOf(uri: string): Promise<string>;
}
