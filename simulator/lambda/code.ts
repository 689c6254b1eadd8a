import { text } from '../http.ts';
import { imageCode, zipCode } from './build.ts';
import { conflict, constraint, invalid, staleRevision } from './errors.ts';
import { ApiError } from '../http.ts';
import type { Code, LambdaFunction } from './model.ts';
import type { LambdaWorld } from './world.ts';

type Fields = Record<string, unknown>;

/** Largest package in a request, bytes, and largest request body. Lambda quotas. */
const MAX_DIRECT = 50 * 1024 * 1024;
const MAX_REQUEST = 69_905_067;
/** How long an update takes, ms. */
export const DEFAULT_UPDATE = 3_000;

/** No update, no publish while one is under way, or while the function is being created. */
export function refuseWhileUpdating(fn: LambdaFunction, now: number): void {
  if (now < fn.latest.pendingUntil) {
    const sentence = 'The operation cannot be performed at this time. The function is currently in the following state';
    throw conflict(`${sentence}: Pending`);
  }
  if (fn.update !== undefined && now < fn.update.until) {
    const sentence = 'The operation cannot be performed at this time. An update is in progress for resource: ';
    throw conflict(`${sentence}${fn.arn}`);
  }
}

export function requireRevision(fn: LambdaFunction, fields: Fields): void {
  const revision = text(fields, 'RevisionId');
  if (revision !== undefined && revision !== fn.latest.revisionId) throw staleRevision('GetFunction');
}

function fromZip(encoded: string): Code {
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length > MAX_DIRECT || encoded.length > MAX_REQUEST) {
    const sentence = `Request must be smaller than ${MAX_REQUEST} bytes for the UpdateFunctionCode operation`;
    throw new ApiError(413, 'RequestEntityTooLargeException', sentence);
  }
  if (!bytes.subarray(0, 2).equals(Buffer.from('PK'))) {
    throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
  return zipCode(bytes);
}

function fromS3(world: LambdaWorld, bucket: string, key: string, fields: Fields): Code {
  const failed = (code: string, message: string): ApiError =>
    invalid(`Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`);
  const held = world.objects.bucket(bucket);
  if (held === undefined) throw failed('NoSuchBucket', 'The specified bucket does not exist');
  const reference = text(fields, 'S3ObjectStorageMode') === 'REFERENCE';
  if (held.region !== world.frame.region && !reference) {
    const remedy = 'Please use this region to retry the request';
    throw failed('PermanentRedirect', `The bucket is in this region: ${held.region}. ${remedy}`);
  }
  const version = text(fields, 'S3ObjectVersion');
  const object = held.get(key, version);
  if (object === undefined) throw failed('NoSuchKey', 'The specified key does not exist.');
  const code = { sha256: object.sha256, size: object.size };
  if (!reference) return code;
  if (version === undefined) throw invalid('S3ObjectVersion is required when S3ObjectStorageMode is REFERENCE.');
  return { ...code, object: { bucket, key, versionId: version } };
}

function fromImage(world: LambdaWorld, uri: string): Code {
  const code = imageCode(uri, world.surroundings());
  if (code === undefined) throw invalid(`Source image ${uri} does not exist. Provide a valid source image.`);
  return code;
}

/** The code that a request brings along, in the fields of UpdateFunctionCode. */
export function readCode(world: LambdaWorld, fn: LambdaFunction, fields: Fields): Code {
  const [zip, bucket, key, image] = ['ZipFile', 'S3Bucket', 'S3Key', 'ImageUri'].map((name) => text(fields, name));
  const wantsImage = fn.spec.packageType === 'Image';
  if (wantsImage !== (image !== undefined)) {
    const sentence = wantsImage
      ? 'Please provide ImageUri when updating a function with packageType Image.'
      : 'Please do not provide ImageUri when updating a function with packageType Zip.';
    throw invalid(sentence);
  }
  if (image !== undefined) return fromImage(world, image);
  if (zip !== undefined) return fromZip(zip);
  if (bucket === undefined || key === undefined) throw invalid('Please provide a source for function code.');
  return fromS3(world, bucket, key, fields);
}

/** Without the field Lambda is assumed to fall back to its documented default: the harsher reading. */
export function readArchitectures(fields: Fields): readonly string[] {
  const given = fields['Architectures'];
  if (given === undefined) return ['x86_64'];
  const known = Array.isArray(given) && given.length === 1 && ['x86_64', 'arm64'].includes(String(given[0]));
  if (!known) throw constraint(given, 'architectures', 'Member must have length 1 and be one of [x86_64, arm64]');
  return given.map(String);
}

/** UpdateFunctionCode without its `Publish`. */
export function updateCode(world: LambdaWorld, fn: LambdaFunction, fields: Fields): void {
  const now = world.clock.now();
  refuseWhileUpdating(fn, now);
  requireRevision(fn, fields);
  const code = readCode(world, fn, fields);
  const architectures = readArchitectures(fields);
  if (fields['DryRun'] === true) return;
  fn.storageMode = code.object === undefined ? 'COPY' : 'REFERENCE';
  fn.latest = { ...fn.latest, code, architectures, modifiedAt: now, revisionId: world.newRevision() };
  const until = now + (fn.spec.updateMs ?? DEFAULT_UPDATE);
  fn.update = { until, failure: fn.spec.updateFails, revisionAfter: world.newRevision() };
  fn.changed = true;
}
