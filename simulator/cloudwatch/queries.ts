import { ApiError, isObject, text } from '../http.ts';
import type { MetricName } from './metric-source.ts';
import type { MetricsSpec } from './specs.ts';
import { isRangeStatistic, isStatistic } from './statistics.ts';

/** One metric with a statistic. */
export interface StatQuery {
  readonly metric: MetricName;
  readonly stat: string;
  /** Seconds. */
  readonly period: number;
}

/** One query: a metric with its statistic, or an expression. */
export interface MetricQuery {
  readonly id: string;
  readonly label: string;
  readonly returnData: boolean;
  readonly source: StatQuery | { readonly expression: string };
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

const MAX_EXPRESSION = 2048;

/** CloudWatch's answer to input that it does not take. */
export function invalid(message: string): ApiError {
  return new ApiError(400, 'ValidationError', message);
}

function records(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function readMetric(metric: Fields): MetricName {
  const dimensions: Record<string, string> = {};
  for (const dimension of records(metric['Dimensions'])) {
    dimensions[text(dimension, 'Name') ?? ''] = text(dimension, 'Value') ?? '';
  }
  return { namespace: text(metric, 'Namespace') ?? '', name: text(metric, 'MetricName') ?? '', dimensions };
}

/** Throws ValidationError for a statistic or period (seconds) that CloudWatch would refuse. */
export function checkStatistic({ stat, period }: Pick<StatQuery, 'stat' | 'period'>, spec: MetricsSpec): void {
  if (!(period > 0) || period % 60 !== 0) throw invalid('The parameter MetricStat.Period must be a multiple of 60.');
  const rejected = spec.durationStatistics === 'rejected' && isRangeStatistic(stat);
  if (rejected || !isStatistic(stat))
    throw invalid(`The value ${stat} for parameter MetricStat.Stat is not supported.`);
}

function readStat(fields: Fields, spec: MetricsSpec): StatQuery | undefined {
  const statistic = fields['MetricStat'];
  if (!isObject(statistic) || !isObject(statistic['Metric'])) return undefined;
  const query = { stat: text(statistic, 'Stat') ?? '', period: Number(statistic['Period']) };
  checkStatistic(query, spec);
  return { ...query, metric: readMetric(statistic['Metric']) };
}

/** A query has one of the two. */
function readSource(id: string, fields: Fields, spec: MetricsSpec): MetricQuery['source'] {
  const stat = readStat(fields, spec);
  const expression = text(fields, 'Expression');
  if ((expression?.length ?? 0) > MAX_EXPRESSION)
    throw invalid(`The expression of ${id} is longer than ${MAX_EXPRESSION} characters.`);
  if (stat !== undefined && expression === undefined) return stat;
  if (stat === undefined && expression !== undefined) return { expression };
  throw invalid(`Query ${id} needs exactly one of MetricStat and Expression.`);
}

function readQuery(fields: Fields, spec: MetricsSpec): MetricQuery {
  const id = text(fields, 'Id') ?? '';
  if (!/^[a-z][A-Za-z0-9_]{0,254}$/.test(id))
    throw invalid(`The value ${id} for parameter MetricDataQueries.member.1.Id is invalid.`);
  const source = readSource(id, fields, spec);
  const label = text(fields, 'Label') ?? ('metric' in source ? source.metric.name : id);
  return { id, label, returnData: fields['ReturnData'] !== false, source };
}

/** GetMetricData's input, checked as CloudWatch does. Throws ValidationError. */
export function parseQueries(fields: Fields, spec: MetricsSpec): MetricRequest {
  const given = records(fields['MetricDataQueries']);
  if (given.length === 0) throw invalid('The parameter MetricDataQueries is required.');
  if (given.length > 500) throw invalid('The collection MetricDataQueries must not have a size greater than 500.');
  const queries = given.map((query) => readQuery(query, spec));
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
