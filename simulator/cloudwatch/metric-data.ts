import { json } from '../http.ts';
import type { ApiResponse } from '../http.ts';
import { MathProblem, isSeries } from './math-values.ts';
import type { MathContext, Value } from './math-values.ts';
import { calculate } from './math.ts';
import type { MetricSource } from './metric-source.ts';
import { checkStatistic, invalid, parseQueries } from './queries.ts';
import type { MetricQuery, MetricRequest } from './queries.ts';
import { searchMetrics } from './search.ts';
import { readSeries } from './series.ts';
import type { TimeSeries } from './series.ts';
import type { MetricsSpec } from './specs.ts';
import { isRangeStatistic } from './statistics.ts';
import { NAMESPACE } from './lambda-metrics.ts';

export interface MetricDataOptions {
  readonly source: MetricSource;
  readonly spec: MetricsSpec;
  readonly now: () => number;
}

const MAX_POINTS = 100_800;

/** TC and PR of Lambda's Duration may be a statistic that CloudWatch takes and has no data for. */
function hiding(source: MetricSource, spec: MetricsSpec, stat: string): MetricSource {
  if (spec.durationStatistics !== 'percentiles' || !isRangeStatistic(stat)) return source;
  return {
    list: () => source.list(),
    read: (metric, span) =>
      metric.namespace === NAMESPACE && metric.name === 'Duration' ? new Map() : source.read(metric, span),
  };
}

/** Values of all queries of a request, expressions by way of those they name. */
class Evaluation {
  readonly #options: MetricDataOptions;
  readonly #request: MetricRequest;
  readonly #values = new Map<string, Value>();
  readonly #begun = new Set<string>();

  constructor(options: MetricDataOptions, request: MetricRequest) {
    this.#options = options;
    this.#request = request;
  }

  value(query: MetricQuery): Value {
    const known = this.#values.get(query.id);
    if (known !== undefined) return known;
    if (this.#begun.has(query.id)) throw new MathProblem(`${query.id} refers to itself`);
    this.#begun.add(query.id);
    const { source } = query;
    const value =
      'metric' in source ? this.#read({ ...source, label: query.label }) : this.#calculate(source.expression);
    this.#values.set(query.id, value);
    return value;
  }

  #read(query: Parameters<typeof readSeries>[1]): TimeSeries {
    const { source, spec, now } = this.#options;
    return readSeries(hiding(source, spec, query.stat), query, { ...this.#request, now: now() });
  }

  #calculate(expression: string): Value {
    const { source, spec, now } = this.#options;
    const { queries, from, to } = this.#request;
    const context: MathContext = {
      named: (id) => {
        const query = queries.find((candidate) => candidate.id === id);
        if (query === undefined) throw new MathProblem(`Undefined identifier ${id}`);
        return this.value(query);
      },
      metrics: (part) =>
        queries
          .filter(({ id, source: own }) => 'metric' in own && id.includes(part))
          .map((query) => this.value(query))
          .filter(isSeries),
      search: (text, { stat, period }) => {
        checkStatistic({ stat, period }, spec);
        const found = searchMetrics(text, source.list());
        const series = found.map((metric) => this.#read({ metric, stat, period, label: labelOf(metric.dimensions) }));
        return series.filter(({ points }) => points.size > 0);
      },
      from,
      to: Math.min(to, now()),
    };
    return calculate(expression, context);
  }
}

function labelOf(dimensions: Readonly<Record<string, string>>): string {
  return Object.values(dimensions).join(' ');
}

interface Result {
  readonly query: MetricQuery;
  readonly label: string;
  readonly points: readonly (readonly [number, number])[];
}

/** A query's results: one, or one for each series of an array. */
function resultsOf(query: MetricQuery, value: Value, ascending: boolean): Result[] {
  if (typeof value === 'number')
    throw new MathProblem('The result is a number; it must be a time series or an array of them');
  return (isSeries(value) ? [{ ...value, label: query.label }] : value).map(({ label, points }) => {
    const finite = Array.from(points).filter(([, number]) => Number.isFinite(number));
    return { query, label, points: finite.sort(([a], [b]) => (ascending ? a - b : b - a)) };
  });
}

function evaluate(options: MetricDataOptions, request: MetricRequest): Result[] {
  const evaluation = new Evaluation(options, request);
  return request.queries.flatMap((query) => {
    try {
      const results = resultsOf(query, evaluation.value(query), request.ascending);
      return query.returnData ? results : [];
    } catch (error) {
      if (error instanceof MathProblem) throw invalid(`Error in expression '${query.id}': ${error.message}`);
      throw error;
    }
  });
}

/** One page of `size` points across all results; a result that goes on is PartialData, as AWS marks it. */
function paginate(results: readonly Result[], from: number, size: number) {
  let [skip, room] = [from, size];
  const shown = results.map((result) => {
    const { points } = result;
    const page = points.slice(Math.min(skip, points.length), Math.min(skip, points.length) + room);
    const complete = points.length <= skip + page.length;
    skip = Math.max(0, skip - points.length);
    room -= page.length;
    return { ...result, page, complete };
  });
  const total = results.reduce((sum, { points }) => sum + points.length, 0);
  const next = from + size < total ? String(from + size) : undefined;
  return { shown, next };
}

/** GetMetricData. Throws ValidationError. */
export function getMetricData(options: MetricDataOptions, fields: Record<string, unknown>): ApiResponse {
  const request = parseQueries(fields, options.spec);
  const size = Math.min(request.maxDatapoints ?? MAX_POINTS, options.spec.pageSize ?? MAX_POINTS);
  const { shown, next } = paginate(evaluate(options, request), Number(fields['NextToken'] ?? 0), size);
  const results = shown.map(({ query, label, page, complete }) => ({
    Id: query.id,
    Label: label,
    Timestamps: page.map(([start]) => start / 1000),
    Values: page.map(([, value]) => value),
    StatusCode: complete ? 'Complete' : 'PartialData',
  }));
  const body = { MetricDataResults: results, Messages: [], ...(next === undefined ? {} : { NextToken: next }) };
  return json(body, 200, { 'content-type': 'application/x-amz-json-1.0' });
}
