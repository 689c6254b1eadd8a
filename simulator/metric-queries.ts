import { ApiError, isObject, text } from './http.ts';
import type { Selection } from './metrics.ts';

/** One MetricStat query on AWS/Lambda. */
export interface MetricQuery {
  readonly id: string;
  readonly label: string;
  readonly metric: string;
  readonly stat: string;
  /** Seconds. */
  readonly period: number;
  readonly dimensions: Selection;
  readonly returnData: boolean;
}

export interface MetricRequest {
  readonly queries: readonly MetricQuery[];
  /** Epoch ms, inclusive, down to the minute. */
  readonly from: number;
  /** Epoch ms, exclusive. */
  readonly to: number;
  readonly ascending: boolean;
  readonly maxDatapoints: number | undefined;
}

type Fields = Record<string, unknown>;

function invalid(message: string): ApiError {
  return new ApiError(400, 'ValidationError', message);
}

function records(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The dimension sets under which Lambda reports; another set selects nothing, as in CloudWatch. */
function readDimensions(metric: Fields): Selection {
  const named: Record<string, string | undefined> = {};
  for (const dimension of records(metric['Dimensions'])) {
    named[text(dimension, 'Name') ?? ''] = text(dimension, 'Value') ?? '';
  }
  const names = Object.keys(named).sort().join();
  const known = ['FunctionName', 'FunctionName,Resource', 'ExecutedVersion,FunctionName,Resource'].includes(names);
  if (!known || text(metric, 'Namespace') !== 'AWS/Lambda') return { function: '' };
  return {
    function: named['FunctionName'] ?? '',
    resource: named['Resource'],
    version: named['ExecutedVersion'],
  };
}

function readQuery(fields: Fields, isDurationStatistic: (stat: string) => boolean): MetricQuery {
  const id = text(fields, 'Id') ?? '';
  if (!/^[a-z][A-Za-z0-9_]{0,254}$/.test(id))
    throw invalid(`The value ${id} for parameter MetricDataQueries.member.1.Id is invalid.`);
  const statistic = fields['MetricStat'];
  if (!isObject(statistic) || !isObject(statistic['Metric'])) {
    throw invalid(
      'The simulator evaluates MetricStat queries only; exactly one of MetricStat and Expression is needed.',
    );
  }
  const metric = statistic['Metric'];
  const name = text(metric, 'MetricName') ?? '';
  const period = Number(statistic['Period']);
  if (!(period > 0) || period % 60 !== 0) throw invalid('The parameter MetricStat.Period must be a multiple of 60.');
  const stat = text(statistic, 'Stat') ?? '';
  if (!isDurationStatistic(stat)) throw invalid(`The value ${stat} for parameter MetricStat.Stat is not supported.`);
  return {
    id,
    label: text(fields, 'Label') ?? name,
    metric: name,
    stat,
    period,
    dimensions: readDimensions(metric),
    returnData: fields['ReturnData'] !== false,
  };
}

/** GetMetricData's input, checked as CloudWatch does. Throws ValidationError. */
export function parseQueries(fields: Fields, isDurationStatistic: (stat: string) => boolean): MetricRequest {
  const given = records(fields['MetricDataQueries']);
  if (given.length === 0) throw invalid('The parameter MetricDataQueries is required.');
  if (given.length > 500) throw invalid('The collection MetricDataQueries must not have a size greater than 500.');
  const queries = given.map((query) => readQuery(query, isDurationStatistic));
  if (new Set(queries.map(({ id }) => id)).size < queries.length) {
    throw invalid('The values for parameter id in MetricDataQueries are not unique.');
  }
  const [start, end] = [Number(fields['StartTime']), Number(fields['EndTime'])];
  if (!Number.isFinite(start) || !Number.isFinite(end)) throw invalid('StartTime and EndTime are required.');
  if (start >= end) throw invalid('The parameter StartTime must be less than the parameter EndTime.');
  const max = fields['MaxDatapoints'];
  return {
    queries,
    from: Math.floor(start / 60) * 60_000,
    to: end * 1000,
    ascending: fields['ScanBy'] === 'TimestampAscending',
    maxDatapoints: typeof max === 'number' ? max : undefined,
  };
}
