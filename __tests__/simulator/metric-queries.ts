import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient, GetMetricDataCommandInput, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Scenario } from '../../simulator/index.ts';
import type { TrafficSpec } from '../../simulator/scenario.ts';

export const MINUTE = 60_000;
export const START = Date.UTC(2026, 0, 15, 12);

/** Function `f`, whose alias `live` gives version 2 a quarter; half of version 2's invocations fail. */
export function scenario(more: Partial<Scenario> = {}, traffic: Partial<TrafficSpec> = {}): Scenario {
  return {
    historyMs: 0,
    functions: [
      {
        name: 'f',
        versions: [{ code: '1' }, { code: '2' }],
        aliases: [{ name: 'live', functionVersion: '1', weights: { 2: 25 } }],
      },
    ],
    traffic: [{ function: 'f', alias: 'live', perMinute: 600, errorRate: { default: 0, 2: 0.5 }, ...traffic }],
    ...more,
  };
}

export const ALIAS = { FunctionName: 'f', Resource: 'f:live' };

export const VERSION = (version: string): Record<string, string> => ({ ...ALIAS, ExecutedVersion: version });

/** A query for a metric of Lambda by the minute; the sum unless `change` says otherwise. */
export function query(
  Id: string,
  MetricName: string,
  dimensions: Record<string, string>,
  { Namespace = 'AWS/Lambda', ...change }: { Namespace?: string; Stat?: string; Period?: number } = {},
): MetricDataQuery {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 60, Stat: 'Sum', ...change } };
}

/** Half an hour from the start unless `more` says otherwise. */
export async function read(
  client: CloudWatchClient,
  queries: MetricDataQuery[],
  more: Partial<GetMetricDataCommandInput> = {},
) {
  const span = { StartTime: new Date(START), EndTime: new Date(START + 30 * MINUTE) };
  return client.send(new GetMetricDataCommand({ ...span, MetricDataQueries: queries, ...more }));
}

/** Id → its values of the first `minutes`, oldest first. */
export async function valuesOf(
  client: CloudWatchClient,
  queries: MetricDataQuery[],
  minutes: number,
): Promise<Record<string, number[]>> {
  const span = { ScanBy: 'TimestampAscending', EndTime: new Date(START + minutes * MINUTE) } as const;
  const answer = await read(client, queries, span);
  return Object.fromEntries((answer.MetricDataResults ?? []).map(({ Id = '', Values = [] }) => [Id, Values]));
}

export const sum = (values: number[] | undefined): number => (values ?? []).reduce((total, value) => total + value, 0);
