import { failureFrom } from '../http.ts';
import type { ApiError, ApiRequest, ApiResponse, FailureKind, FailureTable } from '../http.ts';

const FAILURES: FailureTable = {
  throttle: [503, 'SlowDown', 'Please reduce your request rate.'],
  'server-error': [500, 'InternalError', 'We encountered an internal error. Please try again.'],
  'access-denied': [403, 'AccessDenied', 'Access Denied'],
  'expired-token': [400, 'ExpiredToken', 'The provided token has expired.'],
};

export function s3Failure(kind: FailureKind, message?: string): ApiError {
  return failureFrom(FAILURES, kind, message);
}

export function escapeXml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** `<name><a>1</a>…</name>`; undefined fields are left out. */
export function xml(name: string, fields: Readonly<Record<string, string | number | undefined>>): string {
  const inner = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([tag, value]) => `<${tag}>${escapeXml(String(value))}</${tag}>`)
    .join('');
  return `<${name}>${inner}</${name}>`;
}

export function xmlResponse(body: string, status = 200, headers: Record<string, string> = {}): ApiResponse {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body: declaration + body };
}

/** S3's error document; an answer to HEAD has no body, so the SDK sees the status only. */
export function renderS3Error(error: ApiError, request: Pick<ApiRequest, 'method'>): ApiResponse {
  if (request.method === 'HEAD') return { status: error.status, headers: error.headers };
  const extra = Object.fromEntries(Object.entries(error.extra).map(([name, value]) => [name, String(value)]));
  const document = xml('Error', { Code: error.code, Message: error.message, ...extra, RequestId: 'SIMULATED' });
  return xmlResponse(document, error.status, { ...error.headers });
}
