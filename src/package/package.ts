import type { InputIssue } from '../model/failure.ts';

/**
 * What Lambda unpacks at most, function and layers together: 250 MB, counted as 250 × 1024² bytes.
 * Source: AWS Lambda Developer Guide, "Lambda quotas", deployment package (.zip file archive) size.
 */
export const MAX_UNZIPPED_BYTES = 262_144_000;

/** One file or symbolic link of a directory, as it goes into the zip. */
export type DirectoryEntry =
  | {
      readonly kind: 'file';
      /** Relative to the directory, `/` between its parts. */
      readonly path: string;
      /** 0o755 when the owner may execute the file, 0o644 otherwise; nothing else of the mode is kept. */
      readonly mode: 0o644 | 0o755;
      readonly bytes: number;
    }
  | {
      readonly kind: 'link';
      readonly path: string;
      /** As the link says it, relative to the folder that holds the link. */
      readonly target: string;
    };

/** The files of a package, with symbolic links followed. */
export interface FileTree {
  /** Paths of all files and links, sorted by the bytes of their UTF-8 names. */
  readonly files: readonly string[];
  /** Whether a file can be opened under this path, also through linked folders. */
  has(file: string): boolean;
}

/** A directory that can become a package. `entries` are sorted by the bytes of their UTF-8 paths. */
export interface ExaminedDirectory {
  readonly kind: 'directory';
  readonly path: string;
  readonly entries: readonly DirectoryEntry[];
  readonly unzippedBytes: number;
  readonly tree: FileTree;
}

/** A ready zip or jar that can be sent as it is. */
export interface ExaminedArchive {
  readonly kind: 'archive';
  readonly path: string;
  readonly bytes: number;
  readonly unzippedBytes: number;
  readonly tree: FileTree;
}

/** An artifact that was looked at and found usable, before anything is sent. */
export type ExaminedArtifact = ExaminedDirectory | ExaminedArchive;

/** What an examination found: a usable artifact, or everything that is wrong with it (`artifact`, `exclude`). */
export type Examination<Artifact extends ExaminedArtifact = ExaminedArtifact> =
  | {
      readonly ok: true;
      readonly artifact: Artifact;
      /** Whole sentences about things that are odd but do not stop a deployment. */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly issues: readonly InputIssue[] };

/** The zip that will be deployed. */
export interface CodePackage extends FileTree {
  readonly path: string;
  /** Size of the zip. */
  readonly bytes: number;
  /** Base64 of the zip's SHA-256: what Lambda calls `CodeSha256`. */
  readonly sha256: string;
  readonly unzippedBytes: number;
  /** Removes the zip when it was made here; a ready archive stays. */
  dispose(): Promise<void>;
}

/** Something is wrong with the handler's file: certain without layers, only likely with them. */
export interface HandlerProblem {
  readonly severity: 'error' | 'warning';
  /** One sentence that names the handler and what was looked for. */
  readonly message: string;
  /** What to do, one or two sentences. */
  readonly next: string;
}
