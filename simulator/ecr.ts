import { ApiError, failureFrom, isObject, json, parseObject, text } from './http.ts';
import type { ApiRequest, ApiResponse, FailureTable, Operation, Service } from './http.ts';
import { callerOf } from './scenario.ts';
import type { Frame, ImageSpec } from './scenario.ts';

const TARGET = 'AmazonEC2ContainerRegistry_V20150921.';

const FAILURES: FailureTable = {
  throttle: [400, 'ThrottlingException', 'Rate exceeded'],
  'server-error': [500, 'ServerException', 'These errors are usually caused by a server-side issue.'],
  'access-denied': [400, 'AccessDeniedException', 'Access denied'],
  'expired-token': [400, 'ExpiredTokenException', 'The security token included in the request is expired'],
};

/** The registry's images. */
export class Images {
  readonly #images: readonly ImageSpec[];

  constructor(images: readonly ImageSpec[]) {
    this.#images = images;
  }

  inRepository(repository: string): readonly ImageSpec[] {
    return this.#images.filter((image) => image.repository === repository);
  }

  /** `repository:tag` or `repository@sha256:…`, the registry's host in front or not. */
  resolve(uri: string): ImageSpec | undefined {
    const path = uri.replace(/^[^/]+\.amazonaws\.com\//, '');
    return this.#images.find(
      ({ repository, tag, digest }) => path === `${repository}:${tag}` || path === `${repository}@${digest}`,
    );
  }
}

function describeImages(frame: Frame, images: Images, fields: Record<string, unknown>): ApiResponse {
  const repository = text(fields, 'repositoryName') ?? '';
  const registry = `in the registry with id '${frame.accountId}'`;
  const all = images.inRepository(repository);
  if (all.length === 0) {
    const sentence = `The repository with name '${repository}' does not exist ${registry}`;
    throw new ApiError(400, 'RepositoryNotFoundException', sentence);
  }
  const ids = Array.isArray(fields['imageIds'])
    ? fields['imageIds'].filter(isObject)
    : all.map(({ digest }) => ({ imageDigest: digest }));
  const details = ids.map((id) => {
    const found = all.find(({ tag, digest }) => tag === text(id, 'imageTag') || digest === text(id, 'imageDigest'));
    if (found !== undefined)
      return {
        registryId: frame.accountId,
        repositoryName: repository,
        imageDigest: found.digest,
        imageTags: [found.tag],
      };
    const shown = `{imageDigest:'${text(id, 'imageDigest') ?? 'null'}', imageTag:'${text(id, 'imageTag') ?? 'null'}'}`;
    const sentence = `The image with imageId ${shown} does not exist within the repository with name '${repository}' ${registry}`;
    throw new ApiError(400, 'ImageNotFoundException', sentence);
  });
  return json({ imageDetails: details }, 200, { 'content-type': 'application/x-amz-json-1.1' });
}

/** ECR's DescribeImages (AWS JSON 1.1). */
export function createEcr(frame: Frame, images: Images): Service {
  const operation = (request: ApiRequest): Operation => {
    const action = String(request.headers['x-amz-target']).slice(TARGET.length);
    const fields = parseObject(request.body);
    const repository = text(fields, 'repositoryName') ?? '';
    return {
      action,
      permission: `ecr:${action}`,
      resource: `arn:aws:ecr:${frame.region}:${frame.accountId}:repository/${repository}`,
      summary: fields,
      run: () => {
        if (action === 'DescribeImages') return describeImages(frame, images, fields);
        throw new ApiError(400, 'UnknownOperationException', `The simulator has no ${action}`);
      },
    };
  };
  return {
    name: 'ecr',
    streams: false,
    accepts: ({ path, headers }) => path === '/' && String(headers['x-amz-target']).startsWith(TARGET),
    operation,
    failure: (kind, message) =>
      failureFrom(FAILURES, kind, message === undefined ? undefined : `User: ${callerOf(frame)} ${message}`),
    render: (error) => {
      const headers = { 'content-type': 'application/x-amz-json-1.1', ...error.headers };
      return json({ __type: error.code, message: error.message, ...error.extra }, error.status, headers);
    },
  };
}
