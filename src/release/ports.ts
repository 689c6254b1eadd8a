import { ActionFailure } from '../model/failure.ts';

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
  /** The code stays in the user's bucket (S3ObjectStorageMode REFERENCE), and every update has to say so again. */
  readonly storedByReference: boolean;
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

/** One Lambda function. `updateCode` and `publish` throw {@link FunctionBusy} while an earlier change is under way. */
export interface FunctionPort {
  /** A version, an alias or `$LATEST`; undefined when there is none such. */
  describe(qualifier?: string): Promise<FunctionVersion | undefined>;
  updateCode(update: CodeUpdate): Promise<void>;
  /** Publishes `$LATEST`, provided its code still has that hash; resolves with the number. */
  publish(request: { codeSha256: string; description: string }): Promise<string>;
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
