import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

export type ServiceName = 'lambda' | 's3' | 'cloudwatch' | 'logs' | 'ecr' | 'github' | 'sts' | 'sns';

/** One request as the services see it. */
export interface ApiRequest {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The whole body; empty for S3, which reads `stream`. */
  readonly body: Buffer;
  readonly stream: Readable;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
  /** The error's name as the SDK shows it. */
  readonly errorCode?: string;
}

/** An answer other than success, in any service's shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  /** More fields of the error's body. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: { extra?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.extra = more.extra ?? {};
    this.headers = more.headers ?? {};
  }
}

/** The failures every service has, each under a name of its own. */
export type FailureKind = 'throttle' | 'server-error' | 'access-denied' | 'expired-token';

/** What a request asks for. */
export interface Operation {
  /** As in the SDK, without `Command`: `UpdateAlias`. */
  readonly action: string;
  /** The IAM action it needs, `lambda:UpdateAlias`. */
  readonly permission: string;
  /** The ARN that an access-denied sentence names. */
  readonly resource: string;
  /** The request's telling fields. */
  readonly summary: Readonly<Record<string, unknown>>;
  readonly run: () => ApiResponse | Promise<ApiResponse>;
}

/** One AWS service (or GitHub) behind the one port. */
export interface Service {
  readonly name: ServiceName;
  readonly streams: boolean;
  accepts(request: Pick<ApiRequest, 'method' | 'path' | 'headers'>): boolean;
  operation(request: ApiRequest): Operation;
  /** This service's name and status for a common failure. */
  failure(kind: FailureKind, message?: string): ApiError;
  /** An error on the wire. */
  render(error: ApiError, request: Pick<ApiRequest, 'method'>): ApiResponse;
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): ApiResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** Statuses, codes and sentences of the common failures: `[status, code, message]`. */
export type FailureTable = Readonly<Record<FailureKind, readonly [number, string, string]>>;

export function failureFrom(table: FailureTable, kind: FailureKind, message?: string): ApiError {
  const [status, code, standard] = table[kind];
  return new ApiError(status, code, message ?? standard);
}

/** A JSON body as an object; `{}` when it is none. */
export function parseObject(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string field, undefined when absent or of another type. */
export function text(fields: Record<string, unknown>, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}
