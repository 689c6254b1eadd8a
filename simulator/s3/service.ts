import { createReadStream } from 'node:fs';
import { ApiError } from '../http.ts';
import type { ApiRequest, ApiResponse, Operation, Service } from '../http.ts';
import { callerOf } from '../scenario.ts';
import type { VirtualClock } from '../clock.ts';
import { receive } from './body.ts';
import { renderS3Error, s3Failure, xml, xmlResponse } from './errors.ts';
import { complete, findUpload } from './multipart.ts';
import type { Bucket, S3Store, StoredObject } from './store.ts';

interface S3Options {
  readonly store: S3Store;
  readonly clock: VirtualClock;
  readonly denies: (permission: string) => boolean;
}

interface Parts extends S3Options {
  readonly bucket: Bucket;
  readonly key: string;
  readonly request: ApiRequest;
}

type Handler = (parts: Parts) => ApiResponse | Promise<ApiResponse>;

function header(request: ApiRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function checksumHeaders(checksums: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(checksums)) headers[`x-amz-checksum-${name.toLowerCase()}`] = value;
  return headers;
}

function versionHeader({ versionId }: StoredObject): Record<string, string> {
  return versionId === undefined ? {} : { 'x-amz-version-id': versionId };
}

function objectHeaders(object: StoredObject, request: ApiRequest): Record<string, string> {
  return {
    'content-length': String(object.size),
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modifiedAt).toUTCString(),
    ...object.headers,
    ...versionHeader(object),
    ...(header(request, 'x-amz-checksum-mode') === 'ENABLED'
      ? { ...checksumHeaders(object.checksums), 'x-amz-checksum-type': object.checksumType }
      : {}),
  };
}

/** Without permission to list, S3 does not tell that a key is missing. */
function find({ bucket, key, request, denies }: Parts): StoredObject {
  const object = bucket.get(key, request.query.get('versionId') ?? undefined);
  if (object !== undefined) return object;
  if (denies('s3:ListBucket')) throw s3Failure('access-denied');
  throw new ApiError(404, 'NoSuchKey', 'The specified key does not exist.', { extra: { Key: key } });
}

function requireAbsent({ bucket, key, request }: Parts): void {
  if (header(request, 'if-none-match') !== '*' || bucket.get(key) === undefined) return;
  const sentence = 'At least one of the pre-conditions you specified did not hold';
  throw new ApiError(412, 'PreconditionFailed', sentence, { extra: { Condition: 'If-None-Match' } });
}

/** Content type and metadata: kept with the object, sent back with it. */
function keptHeaders(request: ApiRequest): Record<string, string> {
  const kept = Object.entries(request.headers).filter(
    ([name]) => name === 'content-type' || name.startsWith('x-amz-meta-'),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

const headObject: Handler = (parts) => ({ status: 200, headers: objectHeaders(find(parts), parts.request) });

const getObject: Handler = (parts) => {
  const object = find(parts);
  return { status: 200, headers: objectHeaders(object, parts.request), body: createReadStream(object.file) };
};

const putObject: Handler = async (parts) => {
  const { bucket, key, request, store, clock } = parts;
  requireAbsent(parts);
  const body = await receive(request.stream, request.headers, store.newFile());
  requireAbsent(parts);
  const headers = keptHeaders(request);
  const described = { ...body, key, headers, etag: body.md5, modifiedAt: clock.now() };
  const object = bucket.put({ ...described, checksumType: 'FULL_OBJECT' });
  return {
    status: 200,
    headers: { etag: `"${object.etag}"`, ...versionHeader(object), ...checksumHeaders(object.checksums) },
  };
};

const createUpload: Handler = ({ bucket, key, request }) => {
  const id = bucket.newId();
  const algorithm = header(request, 'x-amz-checksum-algorithm');
  bucket.uploads.set(id, { key, algorithm, headers: keptHeaders(request), parts: new Map() });
  const document = xml('InitiateMultipartUploadResult', { Bucket: bucket.name, Key: key, UploadId: id });
  return xmlResponse(document, 200, algorithm === undefined ? {} : { 'x-amz-checksum-algorithm': algorithm });
};

const uploadPart: Handler = async ({ bucket, request, store }) => {
  const upload = findUpload(bucket, request.query.get('uploadId') ?? '');
  const body = await receive(request.stream, request.headers, store.newFile());
  upload.parts.set(Number(request.query.get('partNumber')), body);
  return { status: 200, headers: { etag: `"${body.md5}"`, ...checksumHeaders(body.checksums) } };
};

const completeUpload: Handler = async (parts) => {
  const { store, bucket, key, request, clock } = parts;
  const chunks: Buffer[] = [];
  for await (const chunk of request.stream) chunks.push(chunk as Buffer);
  requireAbsent(parts);
  const uploadId = request.query.get('uploadId') ?? '';
  const document = Buffer.concat(chunks).toString('utf8');
  const object = await complete(store, bucket, { uploadId, document, now: clock.now() });
  const fields: Record<string, string> = { Bucket: bucket.name, Key: key, ETag: `"${object.etag}"` };
  for (const [name, value] of Object.entries(object.checksums)) fields[`Checksum${name}`] = value;
  const result = xml('CompleteMultipartUploadResult', { ...fields, ChecksumType: object.checksumType });
  return xmlResponse(result, 200, versionHeader(object));
};

const abortUpload: Handler = ({ bucket, request }) => {
  bucket.uploads.delete(request.query.get('uploadId') ?? '');
  return { status: 204 };
};

const headBucket: Handler = ({ bucket }) => ({ status: 200, headers: { 'x-amz-bucket-region': bucket.region } });

/** Action, the IAM action it needs, and what it does. */
type Route = readonly [action: string, permission: string, handler: Handler];

const ROUTES: Readonly<Record<string, Route>> = {
  'HEAD bucket': ['HeadBucket', 's3:ListBucket', headBucket],
  'HEAD object': ['HeadObject', 's3:GetObject', headObject],
  'GET object': ['GetObject', 's3:GetObject', getObject],
  'PUT object': ['PutObject', 's3:PutObject', putObject],
  'POST uploads': ['CreateMultipartUpload', 's3:PutObject', createUpload],
  'PUT upload': ['UploadPart', 's3:PutObject', uploadPart],
  'POST upload': ['CompleteMultipartUpload', 's3:PutObject', completeUpload],
  'DELETE upload': ['AbortMultipartUpload', 's3:AbortMultipartUpload', abortUpload],
};

const UNKNOWN: Route = [
  'Unknown',
  's3:Unknown',
  () => {
    throw new ApiError(501, 'NotImplemented', 'The simulator does not implement this.');
  },
];

/** What a request is about. */
function subject({ query }: ApiRequest, key: string): string {
  if (key === '') return 'bucket';
  if (query.has('uploads')) return 'uploads';
  return query.has('uploadId') ? 'upload' : 'object';
}

function routeOf(request: ApiRequest, key: string): Route {
  return ROUTES[`${request.method} ${subject(request, key)}`] ?? UNKNOWN;
}

/** The Region that the client signed for, from the credential scope. */
function signedRegion(request: ApiRequest): string | undefined {
  return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1];
}

function openBucket({ store }: S3Options, name: string, request: ApiRequest): Bucket {
  const bucket = store.bucket(name);
  if (bucket === undefined) {
    const extra = { BucketName: name };
    throw new ApiError(404, 'NoSuchBucket', 'The specified bucket does not exist', { extra });
  }
  const expected = header(request, 'x-amz-expected-bucket-owner');
  if (expected !== undefined && expected !== bucket.owner) throw s3Failure('access-denied');
  if ((signedRegion(request) ?? bucket.region) !== bucket.region) {
    const sentence = 'The bucket you are attempting to access must be addressed using the specified endpoint.';
    throw new ApiError(301, 'PermanentRedirect', `${sentence} Please send all future requests to this endpoint.`, {
      extra: { Bucket: name, Endpoint: `${name}.s3.${bucket.region}.amazonaws.com` },
      headers: { 'x-amz-bucket-region': bucket.region },
    });
  }
  return bucket;
}

/** S3 (REST-XML, path style). */
export function createS3(options: S3Options): Service {
  const operation = (request: ApiRequest): Operation => {
    const [, name = '', ...rest] = request.path.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    const [action, permission, handler] = routeOf(request, key);
    const partNumber = request.query.get('partNumber');
    return {
      action,
      permission,
      resource: `arn:aws:s3:::${name}${key === '' ? '' : `/${key}`}`,
      summary: {
        Bucket: name,
        ...(key === '' ? {} : { Key: key }),
        ...(partNumber === null ? {} : { PartNumber: Number(partNumber) }),
        ...(header(request, 'if-none-match') === undefined ? {} : { IfNoneMatch: header(request, 'if-none-match') }),
      },
      run: () => handler({ ...options, bucket: openBucket(options, name, request), key, request }),
    };
  };
  return {
    name: 's3',
    streams: true,
    accepts: ({ path }) => path.length > 1,
    operation,
    failure: (kind, message) =>
      s3Failure(kind, message === undefined ? undefined : `User: ${callerOf(options.store.frame)} ${message}`),
    render: renderS3Error,
  };
}
