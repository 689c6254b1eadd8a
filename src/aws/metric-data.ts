import {
  type CloudWatchClient,
  type MessageData,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import { ActionFailure } from '../model/failure.ts';
import { quote } from '../model/text.ts';
import { callAws, isRefusal, type AwsCall } from './failures.ts';

/** One series that CloudWatch is asked for. */
export interface Asked {
  readonly query: MetricDataQuery & { readonly Id: string };
  /** Name of the user's metric that it belongs to; undefined for the metrics of Lambda. */
  readonly metric?: string;
}

/** Id of a query → start of a period (epoch ms) → finite value. Every query is there, periods without a point are not. */
export type Points = ReadonlyMap<string, ReadonlyMap<number, number>>;

interface Reading {
  readonly client: CloudWatchClient;
  readonly call: AwsCall;
  readonly asked: readonly Asked[];
  /** Epoch ms; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * All points of all series, or a failure: a partial answer is no answer, as the missing part would look like silence. It
 * takes one call, and one more for every Metrics Insights query (CloudWatch user guide, "Metrics Insights quotas": a
 * GetMetricData operation can have only one).
 */
export async function readMetricData(reading: Reading): Promise<Points> {
  return callAws(reading.call, async () => {
    const points = new Map<string, ReadonlyMap<number, number>>();
    for (const batch of batchesOf(reading.asked)) {
      const results = await resultsOf(reading, batch);
      for (const asked of batch) points.set(asked.query.Id, pointsOf(asked, results));
    }
    return points;
  });
}

function batchesOf(asked: readonly Asked[]): readonly (readonly Asked[])[] {
  const isInsights = ({ query }: Asked): boolean => /^\s*SELECT\s/i.test(query.Expression ?? '');
  const together = asked.filter((one) => !isInsights(one));
  return [together, ...asked.filter(isInsights).map((one) => [one])].filter((batch) => batch.length > 0);
}

/** The results of all pages; a single one up to 100,800 points, which is days of minutes. */
async function resultsOf({ client, start, end, signal }: Reading, batch: readonly Asked[]) {
  const input = {
    MetricDataQueries: batch.map(({ query }) => query),
    StartTime: new Date(start),
    EndTime: new Date(end),
  };
  const results: MetricDataResult[] = [];
  try {
    const pages = paginateGetMetricData({ client }, input, signal === undefined ? {} : { abortSignal: signal });
    for await (const { MetricDataResults: page = [], Messages: messages = [] } of pages) {
      assertSingle(batch, page);
      assertWhole(messages);
      results.push(...page);
    }
  } catch (error) {
    throw rejectedMetric(error, batch) ?? error;
  }
  return results;
}

/** CloudWatch refuses the whole call for one bad query, which it calls by its Id, its place in the list, or its text. */
function rejectedMetric(error: unknown, batch: readonly Asked[]): ActionFailure | undefined {
  if (!isRefusal(error)) return undefined;
  const place = /\bmember\.(\d+)\b/.exec(error.message)?.[1];
  const isNamed = ({ query: { Id, Expression = Id } }: Asked): boolean =>
    error.message.includes(Id) || error.message.includes(Expression);
  const placed = place === undefined ? [] : batch.slice(Number(place) - 1, Number(place));
  const culprit = [...placed, ...batch.filter(isNamed)].find(({ metric }) => metric !== undefined);
  if (culprit === undefined) return undefined;
  return new ActionFailure(
    `CloudWatch does not accept the query of ${nameOf(culprit)} (${quote(error.message)})`,
    'Mend the metrics input, then run this step again.',
    { cause: error, permanent: true },
  );
}

/** Several series under one Id come of an expression that finds several; which of them was meant, nobody can say. */
function assertSingle(batch: readonly Asked[], page: readonly MetricDataResult[]): void {
  for (const asked of batch) {
    const found = page.filter(({ Id }) => Id === asked.query.Id).length;
    if (found < 2) continue;
    throw new ActionFailure(
      `the query of ${nameOf(asked)} finds ${found} series instead of one`,
      'Mend the metrics input: wrap the expression in SUM(…), or whatever makes one series of them.',
      { permanent: true },
    );
  }
}

/** CloudWatch leaves out what it found too much of, and says so only here. */
function assertWhole(messages: readonly MessageData[]): void {
  const told = messages.filter(({ Code = '', Value = '' }) => /exceed/i.test(`${Code} ${Value}`));
  if (told.length > 0) throw incomplete(wordsOf(told));
}

/** Points that are no numbers are no measurement: taken for silence, they would hide a failing canary. */
function pointsOf(asked: Asked, results: readonly MetricDataResult[]): ReadonlyMap<number, number> {
  const pages = results.filter(({ Id }) => Id === asked.query.Id);
  assertComplete(asked, pages);
  const points = new Map<number, number>();
  for (const { Timestamps: timestamps = [], Values: values = [] } of pages) {
    if (timestamps.length !== values.length)
      throw unusable(`${nameOf(asked)} has ${timestamps.length} times and ${values.length} values`);
    for (const [index, timestamp] of timestamps.entries()) {
      const value = values[index];
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw unusable(`${nameOf(asked)} has the value ${typeof value === 'number' ? value : quote(String(value))}`);
      points.set(timeOf(timestamp, asked), value);
    }
  }
  return points;
}

/** A point without a time belongs to no minute, and would be left out as if nothing had been measured. */
function timeOf(timestamp: Date, asked: Asked): number {
  const time = timestamp.getTime();
  if (Number.isNaN(time)) throw unusable(`${nameOf(asked)} has a value without a time`);
  return time;
}

/** A search that finds nothing may come back without a result: a version that never ran has no metrics to be found. */
function assertComplete(asked: Asked, pages: readonly MetricDataResult[]): void {
  if (pages.length === 0 && asked.query.Expression !== undefined) return;
  const last = pages.at(-1);
  const status = last?.StatusCode ?? 'missing';
  if (status === 'Complete') return;
  const words = wordsOf(last?.Messages ?? []);
  throw incomplete(`${nameOf(asked)}: ${status.slice(0, 100)}${words === '' ? '' : `, ${words}`}`);
}

function nameOf({ query, metric }: Asked): string {
  return metric === undefined ? query.Id : `the metric ${quote(metric)}`;
}

function wordsOf(messages: readonly MessageData[]): string {
  return messages.map(({ Code = '', Value = '' }) => quote([Code, Value].filter(Boolean).join(': '))).join(', ');
}

const IT_PASSES = 'This usually passes; run this step again, or look at the AWS status page.';

function incomplete(detail: string): ActionFailure {
  return new ActionFailure(`CloudWatch answered incompletely (${detail})`, IT_PASSES);
}

/** For an answer that cannot be a measurement. */
export function unusable(problem: string): ActionFailure {
  return new ActionFailure(`CloudWatch answered with something that is no measurement: ${problem}`, IT_PASSES);
}
