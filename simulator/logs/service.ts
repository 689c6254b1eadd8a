import { MINUTE } from '../../src/model/time.ts';
import { ApiError, failureFrom, json, parseObject, text } from '../http.ts';
import type { ApiRequest, ApiResponse, FailureTable, Operation, Service } from '../http.ts';
import { type Frame, callerOf } from '../scenario.ts';
import { createFilter } from './filter.ts';
import type { LogStore } from './store.ts';

interface LogsOptions {
  readonly frame: Frame;
  readonly store: LogStore;
  readonly now: () => number;
}

type Fields = Record<string, unknown>;

const TARGET = 'Logs_20140328.';
const TYPE = { 'content-type': 'application/x-amz-json-1.1' };

const FAILURES: FailureTable = {
  throttle: [400, 'ThrottlingException', 'Rate exceeded'],
  'server-error': [500, 'ServiceUnavailableException', 'The service cannot complete the request.'],
  'access-denied': [400, 'AccessDeniedException', 'Access denied'],
  'expired-token': [400, 'ExpiredTokenException', 'The security token included in the request is expired'],
};

/** One call searches so much of the log: what is found in it, or an empty page, with a token for the rest. */
const SEARCHED = 10 * MINUTE;
const MOST_EVENTS = 10_000;

function number(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' ? value : undefined;
}

/** Where a search goes on. */
interface Cursor {
  readonly from: number;
  /** Events at or after `from` that were given already. */
  readonly skip: number;
}

function cursorOf(fields: Fields, start: number): Cursor {
  const token = text(fields, 'nextToken');
  if (token === undefined) return { from: start, skip: 0 };
  const [, from, skip] = /^f\/(\d+)\/(\d+)$/.exec(token) ?? [];
  if (from === undefined || skip === undefined) {
    throw new ApiError(400, 'InvalidParameterException', 'The specified nextToken is invalid.');
  }
  return { from: Number(from), skip: Number(skip) };
}

function filterLogEvents({ store, now, frame }: LogsOptions, fields: Fields): ApiResponse {
  const group = text(fields, 'logGroupName') ?? '';
  if (!store.hasGroup(group)) {
    throw new ApiError(400, 'ResourceNotFoundException', 'The specified log group does not exist.');
  }
  const prefix = text(fields, 'logStreamNamePrefix') ?? '';
  const matches = createFilter(text(fields, 'filterPattern') ?? '');
  const limit = Math.min(MOST_EVENTS, number(fields, 'limit') ?? MOST_EVENTS);
  const end = Math.min(now() + 1, (number(fields, 'endTime') ?? Infinity) + 1);
  const cursor = cursorOf(fields, Math.max(frame.start - 60 * MINUTE, number(fields, 'startTime') ?? 0));
  const to = Math.min(end, cursor.from + SEARCHED);
  const found = store
    .events(group, { from: cursor.from, to })
    .filter(({ stream, seenAt, message }) => stream.startsWith(prefix) && seenAt <= now() && matches(message));
  const events = found.slice(cursor.skip, cursor.skip + limit).map(({ stream, at, seenAt, message }, index) => ({
    logStreamName: stream,
    timestamp: at,
    message,
    ingestionTime: seenAt,
    eventId: `${at}${cursor.skip + index}`,
  }));
  const given = cursor.skip + events.length;
  const next = given < found.length ? `f/${cursor.from}/${given}` : to < end ? `f/${to}/0` : undefined;
  return json({ events, searchedLogStreams: [], nextToken: next }, 200, TYPE);
}

function resourceOf({ region, accountId }: Frame, fields: Fields): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${text(fields, 'logGroupName') ?? ''}:log-stream:`;
}

/** CloudWatch Logs (AWS JSON 1.1): FilterLogEvents. */
export function createLogs(options: LogsOptions): Service {
  const operation = (request: ApiRequest): Operation => {
    const action = String(request.headers['x-amz-target']).slice(TARGET.length);
    const fields = parseObject(request.body);
    return {
      action,
      permission: `logs:${action}`,
      resource: resourceOf(options.frame, fields),
      summary: fields,
      run: () => {
        if (action === 'FilterLogEvents') return filterLogEvents(options, fields);
        throw new ApiError(400, 'UnknownOperationException', `The simulator has no ${action}`);
      },
    };
  };
  return {
    name: 'logs',
    streams: false,
    accepts: ({ path, headers }) => path === '/' && String(headers['x-amz-target']).startsWith(TARGET),
    operation,
    failure: (kind, message) =>
      failureFrom(FAILURES, kind, message === undefined ? undefined : `User: ${callerOf(options.frame)} ${message}`),
    render: (error) => json({ __type: error.code, message: error.message, ...error.extra }, error.status, TYPE),
  };
}
