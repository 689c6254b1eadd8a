import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { isObject } from '../../simulator/http.ts';

/** One query of a GetMetricData call, as it went over the wire. */
export interface WireQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly Period?: number;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

/** A request, by the action's name and its fields. */
export interface Call {
  readonly action: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What the stub answers: a body, or the name and the words of an error. */
export type Answer = Readonly<Record<string, unknown>> | { readonly error: string; readonly message: string };

/** A CloudWatch that says what it is told to, a client that speaks to it, and what was asked of it. */
export async function withStub(
  answer: (call: Call) => Answer,
  test: (bench: { client: CloudWatchClient; calls: Call[] }) => Promise<void>,
): Promise<void> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString());
      const action = String(request.headers['x-amz-target']).replace(/^.*\./, '');
      const call = { action, fields: isObject(parsed) ? parsed : {} };
      calls.push(call);
      const body = answer(call);
      const failed = 'error' in body;
      response.writeHead(failed ? 400 : 200, {
        'content-type': 'application/x-amz-json-1.0',
        ...(failed ? { 'x-amzn-query-error': `${String(body.error)};Sender` } : {}),
      });
      response.end(JSON.stringify(failed ? { __type: String(body.error), message: body.message } : body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new CloudWatchClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  try {
    await test({ client, calls });
  } finally {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** The queries of a GetMetricData call. */
export function queriesOf({ fields }: Call): readonly WireQuery[] {
  return fields['MetricDataQueries'] as readonly WireQuery[];
}

/** Values minute by minute from a start (epoch ms); undefined where there is no point. */
export function result(id: string, start: number, values: readonly (number | undefined)[], more = {}) {
  const points = values.flatMap((value, index) => (value === undefined ? [] : [[start / 1000 + 60 * index, value]]));
  const [Timestamps, Values] = [0, 1].map((column) => points.map((point) => point[column]));
  return { Id: id, Label: id, Timestamps, Values, StatusCode: 'Complete', ...more };
}
