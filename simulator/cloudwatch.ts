import { ApiError, failureFrom, isObject, json, parseObject } from './http.ts';
import type { ApiRequest, ApiResponse, FailureTable, Operation, Service } from './http.ts';
import { isDurationStatistic, readDurations } from './durations.ts';
import type { MetricStore, Selection } from './metrics.ts';
import { parseQueries } from './metric-queries.ts';
import type { MetricQuery, MetricRequest } from './metric-queries.ts';
import { callerOf } from './scenario.ts';
import type { Frame, Scenario } from './scenario.ts';

export interface CloudWatchOptions {
  readonly frame: Frame;
  readonly scenario: Scenario;
  readonly store: MetricStore;
  readonly now: () => number;
}

const TARGET = 'GraniteServiceVersion20100801.';
const MAX_POINTS = 100_800;

const FAILURES: FailureTable = {
  throttle: [400, 'Throttling', 'Rate exceeded'],
  'server-error': [500, 'InternalServiceFault', 'The request processing has failed due to an internal error.'],
  'access-denied': [403, 'AccessDenied', 'Access denied'],
  'expired-token': [403, 'ExpiredToken', 'The security token included in the request is expired'],
};

/** AWS JSON 1.0 for clients that also know the Query protocol's error names. */
function render(error: ApiError): ApiResponse {
  const fault = error.status >= 500 ? 'Receiver' : 'Sender';
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-query-error': `${error.code};${fault}`,
    ...error.headers,
  };
  const body = { __type: `com.amazonaws.cloudwatch#${error.code}`, message: error.message, ...error.extra };
  return json(body, error.status, headers);
}

/** Minute → value of the query's metric. */
function minuteValues(options: CloudWatchOptions, query: MetricQuery, span: { from: number; to: number }) {
  const { metric, stat, dimensions } = query;
  const when = { ...span, now: options.now() };
  const selection: Selection = dimensions;
  if (metric === 'Duration') return readDurations(options, selection, stat, when);
  const zeroErrors = options.scenario.metrics?.zeroErrors !== false;
  const values = new Map<number, number>();
  for (const [minute, point] of options.store.read(selection, when)) {
    if (metric === 'Invocations' && point.invocations > 0) values.set(minute, point.invocations);
    if (metric === 'Throttles') values.set(minute, point.throttles);
    if (metric === 'Errors' && point.invocations > 0 && (zeroErrors || point.errors > 0))
      values.set(minute, point.errors);
  }
  return values;
}

/** Sums (for averages and percentiles: means) over longer periods, which begin at multiples of the period. */
function byPeriod(values: Map<number, number>, { period, stat }: MetricQuery): [number, number][] {
  const length = period * 1000;
  const groups = new Map<number, number[]>();
  for (const [minute, value] of values) {
    const start = Math.floor(minute / length) * length;
    groups.set(start, [...(groups.get(start) ?? []), value]);
  }
  const adds = stat === 'Sum' || stat === 'SampleCount' || stat.startsWith('TC');
  return Array.from(groups, ([start, group]) => {
    const sum = group.reduce((total, value) => total + value, 0);
    return [start, adds ? sum : sum / group.length];
  });
}

interface Result {
  readonly query: MetricQuery;
  readonly points: readonly [number, number][];
}

function evaluate(options: CloudWatchOptions, request: MetricRequest): Result[] {
  const { ascending } = request;
  return request.queries.map((query) => {
    const length = query.period * 1000;
    const from = Math.floor(request.from / length) * length;
    const points = byPeriod(minuteValues(options, query, { from, to: request.to }), query);
    points.sort(([a], [b]) => (ascending ? a - b : b - a));
    return { query, points };
  });
}

/** One page of `size` points across all results; a result that goes on is PartialData, as AWS marks it. */
function paginate(results: readonly Result[], from: number, size: number) {
  let [skip, room] = [from, size];
  const shown = results.map(({ query, points }) => {
    const page = points.slice(Math.min(skip, points.length), Math.min(skip, points.length) + room);
    const complete = points.length <= skip + page.length;
    skip = Math.max(0, skip - points.length);
    room -= page.length;
    return { query, page, complete };
  });
  const total = results.reduce((sum, { points }) => sum + points.length, 0);
  const next = from + size < total ? String(from + size) : undefined;
  return { shown, next };
}

function getMetricData(options: CloudWatchOptions, fields: Record<string, unknown>): ApiResponse {
  const request = parseQueries(fields, isDurationStatistic);
  const size = Math.min(request.maxDatapoints ?? MAX_POINTS, options.scenario.metrics?.pageSize ?? MAX_POINTS);
  const { shown, next } = paginate(evaluate(options, request), Number(fields['NextToken'] ?? 0), size);
  const results = shown
    .filter(({ query }) => query.returnData)
    .map(({ query, page, complete }) => ({
      Id: query.id,
      Label: query.label,
      Timestamps: page.map(([start]) => start / 1000),
      Values: page.map(([, value]) => value),
      StatusCode: complete ? 'Complete' : 'PartialData',
    }));
  const body = { MetricDataResults: results, Messages: [], ...(next === undefined ? {} : { NextToken: next }) };
  return json(body, 200, { 'content-type': 'application/x-amz-json-1.0' });
}

/** What a query asks for, for the record of calls. */
function summarize(fields: Record<string, unknown>): Record<string, unknown> {
  const queries: unknown = fields['MetricDataQueries'];
  const { StartTime, EndTime, NextToken } = fields;
  const page = NextToken === undefined ? {} : { NextToken };
  return { StartTime, EndTime, ...page, queries: Array.isArray(queries) ? queries.filter(isObject).length : 0 };
}

/** CloudWatch's GetMetricData. */
export function createCloudWatch(options: CloudWatchOptions): Service {
  const operation = (request: ApiRequest): Operation => {
    const action = String(request.headers['x-amz-target']).slice(TARGET.length);
    const fields = parseObject(request.body);
    return {
      action,
      permission: `cloudwatch:${action}`,
      resource: '*',
      summary: summarize(fields),
      run: () => {
        if (action === 'GetMetricData') return getMetricData(options, fields);
        throw new ApiError(400, 'UnknownOperationException', `The simulator has no ${action}`);
      },
    };
  };
  return {
    name: 'cloudwatch',
    streams: false,
    accepts: ({ path, headers }) => path === '/' && String(headers['x-amz-target']).startsWith(TARGET),
    operation,
    failure: (kind, message) =>
      failureFrom(FAILURES, kind, message === undefined ? undefined : `User: ${callerOf(options.frame)} ${message}`),
    render,
  };
}
