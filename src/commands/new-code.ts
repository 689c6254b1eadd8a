import type { DeployInputs } from '../inputs/inputs.ts';
import { InvalidInputs } from '../model/failure.ts';
import { formatBytes } from '../model/format.ts';
import type { CodePackage } from '../package/package.ts';
import { DIRECT_LIMIT, type NewCode, imageCode, inlineCode, objectCode, storedCode } from '../release/code.ts';
import type { World } from './world.ts';

/**
 * Where the code that is to be deployed comes from. `zip` is the package that was made of `artifact`; `functionArn` tells
 * the account that must own the bucket.
 */
export async function prepareCode(
  { source, s3Bucket, s3Key, s3BucketOwner, functionRef }: DeployInputs,
  { zip, functionArn, world }: { zip: CodePackage | undefined; functionArn: string; world: World },
): Promise<NewCode> {
  if (source.kind === 'image') return imageCode({ registry: await world.images(), uri: source.uri });
  const openStore = () => world.packages(s3BucketOwner ?? functionArn.split(':')[4]);
  if (source.kind === 'object') return objectCode({ store: await openStore(), bucket: source.bucket, key: source.key });
  if (zip === undefined) throw new Error('the artifact was not packaged');
  const { path, bytes, sha256 } = zip;
  if (s3Bucket === undefined) return inlineCode({ path, bytes, sha256 });
  const key = s3Key ?? defaultKey(functionRef.name, sha256);
  const replaces = s3Key !== undefined;
  return storedCode({ path, bytes, sha256, bucket: s3Bucket, key, replaces, store: await openStore() });
}

/** `lambda/<function>/<sha256>.zip`: named by its content, so an unchanged package is never sent twice. */
function defaultKey(functionName: string, sha256: string): string {
  return `lambda/${functionName}/${Buffer.from(sha256, 'base64').toString('hex')}.zip`;
}

/** A package that is too large for the request needs a bucket; known before AWS is asked anything. */
export function requireBucketForSize({ s3Bucket }: DeployInputs, { bytes }: CodePackage): void {
  if (s3Bucket !== undefined || bytes <= DIRECT_LIMIT) return;
  throw new InvalidInputs([
    {
      input: 's3-bucket',
      problem: `is not given, and the package of ${formatBytes(bytes)} is too large to be sent with the request (${formatBytes(DIRECT_LIMIT)} at most)`,
      expected: "a bucket in the function's region",
    },
  ]);
}
