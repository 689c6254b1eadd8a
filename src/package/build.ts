import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ActionFailure } from '../model/failure.ts';
import { quote } from '../model/text.ts';
import { FileChanged, zipDirectory } from './pack.ts';
import type { CodePackage, ExaminedArchive, ExaminedArtifact, ExaminedDirectory } from './package.ts';
import { why } from './text.ts';

const WRITE_BYTES = 1024 * 1024;

/**
 * Makes the zip that will be deployed. A directory is zipped into a file below `workDirectory`, hashed on the way,
 * in memory that does not grow with its size; a ready archive stays where it is and is only hashed.
 * Fails with ActionFailure when a file changed since it was examined or the zip cannot be written.
 */
export async function buildPackage(artifact: ExaminedArtifact, workDirectory: string): Promise<CodePackage> {
  return artifact.kind === 'archive' ? hashArchive(artifact) : zipToFile(artifact, workDirectory);
}

async function zipToFile(artifact: ExaminedDirectory, workDirectory: string): Promise<CodePackage> {
  const folder = await mkdtemp(join(workDirectory, 'package-')).catch((error: unknown) => {
    throw cannotWrite(workDirectory, error);
  });
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'package.zip');
  const digest = meter();
  try {
    const zip = zipDirectory(artifact.path, artifact.entries);
    await pipeline(zip, digest.tap, createWriteStream(path, { highWaterMark: WRITE_BYTES }));
  } catch (error) {
    await dispose();
    throw error instanceof FileChanged ? changedMeanwhile(error) : cannotWrite(path, error);
  }
  return { ...digest.result(), ...describe(artifact), path, dispose };
}

async function hashArchive(artifact: ExaminedArchive): Promise<CodePackage> {
  const digest = meter();
  try {
    const nowhere = new Writable({
      write: (_chunk, _encoding, done) => {
        done();
      },
    });
    await pipeline(createReadStream(artifact.path, { highWaterMark: WRITE_BYTES }), digest.tap, nowhere);
  } catch (error) {
    throw changedMeanwhile(new FileChanged(artifact.path, error));
  }
  const result = digest.result();
  if (result.bytes !== artifact.bytes) throw changedMeanwhile(new FileChanged(artifact.path));
  return { ...result, ...describe(artifact), path: artifact.path, dispose: () => Promise.resolve() };
}

function describe({ unzippedBytes, tree }: ExaminedArtifact): Pick<CodePackage, 'unzippedBytes' | 'files' | 'has'> {
  return { unzippedBytes, files: tree.files, has: (file) => tree.has(file) };
}

/** Counts and hashes what flows through `tap`. */
function meter(): {
  readonly tap: (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array, void, undefined>;
  readonly result: () => { bytes: number; sha256: string };
} {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    async *tap(chunks) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    result: () => ({ bytes, sha256: hash.digest('base64') }),
  };
}

function changedMeanwhile({ file, cause }: FileChanged): ActionFailure {
  return new ActionFailure(
    `${quote(file)} changed while it was being packaged`,
    'Let every build step that writes to the artifact end before this step begins.',
    { cause },
  );
}

function cannotWrite(path: string, error: unknown): ActionFailure {
  return new ActionFailure(
    `the package cannot be written to ${quote(path)}: ${why(error)}`,
    'See that the folder exists, can be written to and has room for the package.',
    {
      cause: error,
    },
  );
}
