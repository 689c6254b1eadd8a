/** An account at moto with one function, and the traffic that moto does not make: metrics of what the alias would serve. */
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateFunctionCommand, GetAliasCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import type { Simulator } from '../simulator/index.ts';
import { MINUTE, SECOND, floorMinute } from '../src/model/time.ts';

export const FUNCTION = 'checkout';
export const ALIAS = 'live';
export const BUCKET = 'releases';
const REGION = 'eu-west-1';
const PER_MINUTE = 1200;
const TICK = 10 * SECOND;

interface Counts {
  invocations: number;
  errors: number;
}

/** What an alias was, as one line: `1`, `1 2:0.1`. */
function shown(version: string, weights: Readonly<Record<string, number>>): string {
  return [version, ...Object.entries(weights).map(([other, weight]) => `${other}:${weight}`)].join(' ');
}

export class Account {
  readonly #endpoint: string;
  readonly #lambda: LambdaClient;
  readonly #cloudwatch: CloudWatchClient;
  readonly #s3: S3Client;
  /** Version → share of its invocations that fail. */
  readonly errorRates = new Map<string, number>();
  /** Every different state of the alias that the traffic met. */
  readonly states: string[] = [];

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const config = { endpoint, region: REGION, credentials };
    this.#lambda = new LambdaClient(config);
    this.#cloudwatch = new CloudWatchClient(config);
    this.#s3 = new S3Client({ ...config, forcePathStyle: true });
  }

  /** The function with its role, which our action does not create, and the bucket. */
  async create(): Promise<void> {
    await this.#createRole();
    const Code = { ZipFile: zipSync({ 'index.js': strToU8('exports.handler = async () => 0;\n') }) };
    const Role = `arn:aws:iam::123456789012:role/${FUNCTION}`;
    const runtime = { Runtime: 'nodejs24.x' as const, Handler: 'index.handler', Timeout: 3 };
    await this.#lambda.send(new CreateFunctionCommand({ FunctionName: FUNCTION, Role, Code, ...runtime }));
    await this.#s3.send(
      new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
    );
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await this.#s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
  }

  /** By hand: for one call another SDK client is too much. moto looks at a signature only for whom it is meant. */
  async #createRole(): Promise<void> {
    const scope = 'Credential=test/20260101/us-east-1/iam/aws4_request';
    const answer = await fetch(this.#endpoint, {
      method: 'POST',
      headers: { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=none` },
      body: new URLSearchParams({
        ...{ Action: 'CreateRole', Version: '2010-05-08', RoleName: FUNCTION },
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        }),
      }),
    });
    if (!answer.ok) throw new Error(`moto does not create the role: ${await answer.text()}`);
  }

  async alias(): Promise<{ version: string; weights: Record<string, number>; description: string }> {
    const command = new GetAliasCommand({ FunctionName: FUNCTION, Name: ALIAS });
    const {
      FunctionVersion: version = '',
      RoutingConfig: routing,
      Description: description = '',
    } = await this.#lambda.send(command);
    return { version, weights: routing?.AdditionalVersionWeights ?? {}, description };
  }

  /** Serves the alias from now on, on the simulator's clock; each minute is published as soon as it is over. Returns how to stop. */
  serve({ clock }: Simulator): () => void {
    const participant = clock.join();
    let [running, minute] = [true, new Map<string, Counts>()];
    const walk = async (): Promise<void> => {
      while (running) {
        await participant.sleep(TICK - (clock.now() % TICK));
        await this.#tick(minute);
        if (clock.now() % MINUTE >= TICK) continue;
        await this.#publish(floorMinute(clock.now()) - MINUTE, minute);
        minute = new Map();
      }
    };
    walk().catch((error: unknown) => {
      console.error(error);
      participant.leave();
    });
    return () => {
      running = false;
      participant.leave();
    };
  }

  async #tick(minute: Map<string, Counts>): Promise<void> {
    const { version, weights } = await this.alias();
    const state = shown(version, weights);
    if (this.states.at(-1) !== state) this.states.push(state);
    const others = Object.entries(weights);
    const own = 1 - others.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [server, share] of [[version, own] as const, ...others]) {
      const counts = minute.get(server) ?? { invocations: 0, errors: 0 };
      const invocations = (PER_MINUTE * share * TICK) / MINUTE;
      counts.invocations += invocations;
      counts.errors += invocations * (this.errorRates.get(server) ?? 0);
      minute.set(server, counts);
    }
  }

  /** Lambda's metrics of one minute: by version, for the alias, and for the function. */
  async #publish(start: number, minute: ReadonlyMap<string, Counts>): Promise<void> {
    const Timestamp = new Date(start);
    const data = [...minute].flatMap(([version, { invocations, errors }]) =>
      [
        { Resource: `${FUNCTION}:${ALIAS}`, ExecutedVersion: version },
        { Resource: `${FUNCTION}:${ALIAS}` },
        {},
      ].flatMap((more) => {
        const Dimensions = Object.entries({ FunctionName: FUNCTION, ...more }).map(([Name, Value]) => ({
          Name,
          Value,
        }));
        const datum = { Dimensions, Timestamp };
        return [
          { ...datum, MetricName: 'Invocations', Value: Math.round(invocations) },
          { ...datum, MetricName: 'Errors', Value: Math.round(errors) },
        ];
      }),
    );
    await this.#cloudwatch.send(new PutMetricDataCommand({ Namespace: 'AWS/Lambda', MetricData: data }));
  }
}
