import { ApiError, failureFrom, isObject, json, parseObject } from '../http.ts';
import type { ApiRequest, ApiResponse, FailureTable, Operation, Service } from '../http.ts';
import { callerOf, historyOf } from '../scenario.ts';
import type { Frame, Scenario } from '../scenario.ts';
import { describeAlarms } from './alarms.ts';
import { CustomMetrics } from './custom-metrics.ts';
import { LambdaMetrics } from './lambda-metrics.ts';
import { getMetricData } from './metric-data.ts';
import { joinSources } from './metric-source.ts';
import type { MetricStore } from './store.ts';

export interface CloudWatchOptions {
  readonly frame: Frame;
  readonly scenario: Scenario;
  readonly store: MetricStore;
  readonly now: () => number;
}

const TARGET = 'GraniteServiceVersion20100801.';

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

type Fields = Record<string, unknown>;

/** One call of the API. */
interface Action {
  readonly resource: string;
  /** What is asked for, for the record of calls. */
  readonly summarize: (fields: Fields) => Fields;
  readonly run: (fields: Fields) => ApiResponse;
}

function summarizeQueries(fields: Fields): Fields {
  const queries: unknown = fields['MetricDataQueries'];
  const { StartTime, EndTime, NextToken } = fields;
  const page = NextToken === undefined ? {} : { NextToken };
  return { StartTime, EndTime, ...page, queries: Array.isArray(queries) ? queries.filter(isObject).length : 0 };
}

/** What the account has: Lambda's metrics and the user's, and alarms on them. */
function createActions({ frame, scenario, store, now }: CloudWatchOptions): Readonly<Record<string, Action>> {
  const { metrics: spec = {}, customMetrics = [], alarms = [] } = scenario;
  const source = joinSources([
    new LambdaMetrics({ store, spec, seed: frame.seed }),
    new CustomMetrics({ frame, store, specs: customMetrics, historyMs: historyOf(scenario) }),
  ]);
  return {
    GetMetricData: {
      resource: '*',
      summarize: summarizeQueries,
      run: (fields) => getMetricData({ source, spec, now }, fields),
    },
    DescribeAlarms: {
      resource: `arn:aws:cloudwatch:${frame.region}:${frame.accountId}:alarm:*`,
      summarize: (fields) => fields,
      run: (fields) => describeAlarms({ frame, source, specs: alarms, now }, fields),
    },
  };
}

/** CloudWatch's GetMetricData and DescribeAlarms. */
export function createCloudWatch(options: CloudWatchOptions): Service {
  const actions = createActions(options);
  const operation = (request: ApiRequest): Operation => {
    const name = String(request.headers['x-amz-target']).slice(TARGET.length);
    const fields = parseObject(request.body);
    const action = actions[name];
    return {
      action: name,
      permission: `cloudwatch:${name}`,
      resource: action?.resource ?? '*',
      summary: action?.summarize(fields) ?? {},
      run: () => {
        if (action !== undefined) return action.run(fields);
        throw new ApiError(400, 'UnknownOperationException', `The simulator has no ${name}`);
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
