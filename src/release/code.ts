import { readFile } from 'node:fs/promises';
import { ActionFailure } from '../model/failure.ts';
import type { PackageView } from '../model/record.ts';
import type { CodeLocation, FunctionVersion, ImageRegistry, PackageStore } from './ports.ts';

/**
 * Largest package that UpdateFunctionCode takes in the request: 50 MB zipped (Lambda quotas), which is what is left of the
 * 69,905,067 bytes of a request after base64, less some room for the other fields.
 */
export const DIRECT_LIMIT = 50 * 1024 * 1024 - 4096;

/** New code, looked at and ready to be sent, but not sent. */
export interface NewCode {
  /** It is what `$LATEST` has, and cannot be sent again. */
  readonly isKept?: true;
  /** Whether a version already has this code; undefined where only Lambda can tell (an object in a bucket). */
  isIn(version: FunctionVersion): boolean | undefined;
  /** Brings the code to where Lambda can take it from; uploads to S3 happen here. */
  locate(): Promise<CodeLocation>;
  /** For outputs and the report; complete after `locate`. */
  view(): PackageView;
}

/** A zip on disk that goes with the request. */
export function inlineCode({ path, bytes, sha256 }: { path: string; bytes: number; sha256: string }): NewCode {
  return {
    isIn: (version) => version.codeSha256 === sha256,
    locate: async () => ({ kind: 'inline', zip: await readFile(path) }),
    view: () => ({ kind: 'zip', sha256, bytes, s3Uri: undefined }),
  };
}

interface StoredCode {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly bucket: string;
  readonly key: string;
  readonly replaces: boolean;
  readonly store: PackageStore;
}

/** A zip on disk that goes to S3 first. */
export function storedCode({ store, ...object }: StoredCode): NewCode {
  const { bucket, key, sha256, bytes } = object;
  return {
    isIn: (version) => version.codeSha256 === sha256,
    locate: async () => ({ kind: 'object', bucket, key, versionId: (await store.put(object)).versionId }),
    view: () => ({ kind: 'zip', sha256, bytes, s3Uri: `s3://${bucket}/${key}` }),
  };
}

/** A zip that is in S3 already. Its hash is known once Lambda has taken it. */
export function objectCode({ store, bucket, key }: { store: PackageStore; bucket: string; key: string }): NewCode {
  return {
    isIn: () => undefined,
    locate: async () => ({ kind: 'object', bucket, key, versionId: (await store.find(bucket, key)).versionId }),
    view: () => ({ kind: 'zip', sha256: undefined, bytes: undefined, s3Uri: `s3://${bucket}/${key}` }),
  };
}

/** A container image, pinned to the digest that its tag has now. */
export async function imageCode({ registry, uri }: { registry: ImageRegistry; uri: string }): Promise<NewCode> {
  const digest = await registry.digestOf(uri);
  const pinned = `${uri.replace(/@.*$/, '').replace(/:[^:/]*$/, '')}@${digest}`;
  return {
    isIn: (version) => version.imageDigest === digest,
    locate: () => Promise.resolve({ kind: 'image', uri: pinned }),
    view: () => ({ kind: 'image', uri: pinned, digest }),
  };
}

/** The code that `$LATEST` has: configuration alone is deployed. */
export function keptCode(latest: FunctionVersion): NewCode {
  const { codeSha256: sha256, imageDigest } = latest;
  return {
    isKept: true,
    isIn: (version) =>
      imageDigest === undefined ? version.codeSha256 === sha256 : version.imageDigest === imageDigest,
    locate: () =>
      Promise.reject(
        new ActionFailure(
          '$LATEST cannot be published with the code that it had when this step began: somebody else changed it, or Lambda failed to take it',
          'Deploy with `artifact` or `image-uri`, so that the code is sent anew. The alias was not touched.',
        ),
      ),
    view: () => ({ kind: 'zip', sha256, bytes: undefined, s3Uri: undefined }),
  };
}
