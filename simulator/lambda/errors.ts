import { ApiError, failureFrom, json } from '../http.ts';
import type { ApiResponse, FailureKind, FailureTable } from '../http.ts';

const FAILURES: FailureTable = {
  throttle: [429, 'TooManyRequestsException', 'Rate exceeded'],
  'server-error': [500, 'ServiceException', 'An error occurred and the request cannot be processed.'],
  'access-denied': [403, 'AccessDeniedException', 'Access denied'],
  'expired-token': [403, 'ExpiredTokenException', 'The security token included in the request is expired'],
};

export function lambdaFailure(kind: FailureKind, message?: string): ApiError {
  const error = failureFrom(FAILURES, kind, message);
  if (kind !== 'throttle') return error;
  return new ApiError(error.status, error.code, error.message, { extra: { Reason: 'CallerRateLimitExceeded' } });
}

export function invalid(message: string): ApiError {
  return new ApiError(400, 'InvalidParameterValueException', message);
}

/** The API model's own checks: patterns, ranges, lengths. */
export function constraint(value: unknown, field: string, rule: string): ApiError {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  const sentence = `1 validation error detected: Value '${shown}' at '${field}' failed to satisfy constraint: ${rule}`;
  return new ApiError(400, 'ValidationException', sentence);
}

export function notFound(message: string): ApiError {
  return new ApiError(404, 'ResourceNotFoundException', message);
}

export function conflict(message: string): ApiError {
  return new ApiError(409, 'ResourceConflictException', message);
}

export function staleRevision(api: 'GetFunction' | 'GetAlias'): ApiError {
  const remedy = `Call the GetFunction/GetAlias API to retrieve the latest Revision Id`;
  const what = api === 'GetAlias' ? 'alias' : 'function';
  return new ApiError(
    412,
    'PreconditionFailedException',
    `The Revision Id provided does not match the latest Revision Id of the ${what}. ${remedy}`,
  );
}

/** REST-JSON: the name in a header, `Type` and the message (in both spellings that Lambda uses) in the body. */
export function renderLambdaError(error: ApiError): ApiResponse {
  const type = error.status >= 500 ? 'Service' : 'User';
  const body = { Type: type, Message: error.message, message: error.message, ...error.extra };
  return json(body, error.status, { 'x-amzn-errortype': error.code, ...error.headers });
}
