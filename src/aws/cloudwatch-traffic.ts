import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import { ActionFailure } from '../model/failure.ts';
import { MINUTE } from '../model/time.ts';
import type { Counts } from '../model/traffic.ts';
import type {
  AliasTraffic,
  MinuteSeries,
  TrafficQuery,
  TrafficSource,
  VersionTraffic,
  VersionTrafficSource,
} from '../rollout/ports.ts';
import { callAws } from './failures.ts';

type Server = keyof AliasTraffic;
type Span = Pick<TrafficQuery, 'start' | 'end' | 'signal'>;
type MetricName = 'Invocations' | 'Errors';

/**
 * Lambda's minute metrics of one alias, one GetMetricData call a read. The dimension values are names: `Resource` is
 * `function:alias` and never an ARN, or CloudWatch finds nothing.
 */
export class CloudWatchTraffic implements TrafficSource, VersionTrafficSource {
  #client: CloudWatchClient;
  #functionName: string;
  #alias: string;
  #region: string;

  constructor(options: { client: CloudWatchClient; functionName: string; alias: string; region: string }) {
    this.#client = options.client;
    this.#functionName = options.functionName;
    this.#alias = options.alias;
    this.#region = options.region;
  }

  async read({ baseline, canary, ...span }: TrafficQuery): Promise<AliasTraffic> {
    const queries = [
      ...this.#countsOf('baseline', baseline),
      ...(canary === undefined ? [] : this.#countsOf('canary', canary)),
      ...this.#countsOf('alias', undefined),
    ];
    const results = await this.#query(queries, span);
    return {
      baseline: toSeries(results, 'baseline'),
      canary: toSeries(results, 'canary'),
      alias: toSeries(results, 'alias'),
    };
  }

  async readVersions({
    versions,
    start,
    end,
    period,
  }: Parameters<VersionTrafficSource['readVersions']>[0]): Promise<VersionTraffic> {
    const queries = versions.map((version) =>
      this.#metric({ id: `v${version}`, metric: 'Invocations', version, period }),
    );
    const results = await this.#query(queries, { start, end });
    return new Map(versions.map((version) => [version, pointsOf(results, `v${version}`)]));
  }

  #countsOf(server: Server, version: string | undefined): MetricDataQuery[] {
    return (['Invocations', 'Errors'] as const).map((metric) =>
      this.#metric({ id: queryId(server, metric), metric, version, period: MINUTE }),
    );
  }

  #metric(what: { id: string; metric: MetricName; version: string | undefined; period: number }): MetricDataQuery {
    const dimensions = [
      { Name: 'FunctionName', Value: this.#functionName },
      { Name: 'Resource', Value: `${this.#functionName}:${this.#alias}` },
      ...(what.version === undefined ? [] : [{ Name: 'ExecutedVersion', Value: what.version }]),
    ];
    return {
      Id: what.id,
      MetricStat: {
        Metric: { Namespace: 'AWS/Lambda', MetricName: what.metric, Dimensions: dimensions },
        Period: what.period / 1000,
        Stat: 'Sum',
      },
    };
  }

  /** All pages of the answer; a single one up to 100,800 points, which is days of minutes. */
  async #query(queries: MetricDataQuery[], { start, end, signal }: Span): Promise<MetricDataResult[]> {
    const input = { MetricDataQueries: queries, StartTime: new Date(start), EndTime: new Date(end) };
    const call = {
      action: 'cloudwatch:GetMetricData',
      subject: `the metrics of alias ${this.#alias} of ${this.#functionName}`,
      region: this.#region,
    };
    return callAws(call, async () => {
      const results: MetricDataResult[] = [];
      const options = signal === undefined ? {} : { abortSignal: signal };
      for await (const page of paginateGetMetricData({ client: this.#client }, input, options)) {
        results.push(...(page.MetricDataResults ?? []));
      }
      assertComplete(queries, results);
      return results;
    });
  }
}

function queryId(server: Server, metric: MetricName): string {
  return `${server}${metric}`;
}

/** A partial answer is no answer: the missing part would look like silence. */
function assertComplete(queries: readonly MetricDataQuery[], results: readonly MetricDataResult[]): void {
  for (const { Id: id } of queries) {
    const pages = results.filter((result) => result.Id === id);
    const status = pages.at(-1)?.StatusCode ?? 'missing';
    if (status !== 'Complete') {
      throw new ActionFailure(
        `CloudWatch answered incompletely (${id ?? '?'}: ${status})`,
        'This usually passes; run this step again, or look at the AWS status page.',
      );
    }
  }
}

/** Points that cannot be counts are no measurement: taken for silence, they would hide a failing canary. */
function pointsOf(results: readonly MetricDataResult[], id: string): Map<number, number> {
  const points = new Map<number, number>();
  for (const { Id: own, Timestamps: timestamps = [], Values: values = [] } of results) {
    if (own !== id) continue;
    if (timestamps.length !== values.length)
      throw unusable(`${id} has ${timestamps.length} times and ${values.length} values`);
    for (const [index, timestamp] of timestamps.entries()) {
      const value = values[index];
      if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
        throw unusable(`${id} has the value ${String(value)}`);
      points.set(timestamp.getTime(), Math.round(value));
    }
  }
  return points;
}

function unusable(problem: string): ActionFailure {
  return new ActionFailure(
    `CloudWatch answered with something that is no count: ${problem}`,
    'This usually passes; run this step again, or look at the AWS status page.',
  );
}

/**
 * Missing Errors where there are Invocations are zero errors; Lambda does not promise points for nothing. Counts are
 * whole, and errors that were published before their invocations are cut to them until the rest arrives.
 */
function toSeries(results: readonly MetricDataResult[], server: Server): MinuteSeries {
  const errors = pointsOf(results, queryId(server, 'Errors'));
  const series = new Map<number, Counts>();
  for (const [start, invocations] of pointsOf(results, queryId(server, 'Invocations'))) {
    series.set(start, { invocations, errors: Math.min(invocations, errors.get(start) ?? 0) });
  }
  return series;
}
