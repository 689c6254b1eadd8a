import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient } from '@aws-sdk/client-ecr';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { startSimulator } from '../../simulator/index.ts';
import type { Scenario, Simulator } from '../../simulator/index.ts';

/** A simulator and unmodified SDK clients that point at it. */
export interface Bench {
  readonly simulator: Simulator;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly cloudwatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly ecr: ECRClient;
}

function clients(url: string, region: string, maxAttempts: number) {
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const settings = { endpoint: url, region, credentials, maxAttempts };
  return {
    lambda: new LambdaClient(settings),
    s3: new S3Client(settings),
    cloudwatch: new CloudWatchClient(settings),
    logs: new CloudWatchLogsClient(settings),
    ecr: new ECRClient(settings),
  };
}

/** Runs `test` against a fresh simulator. The clients do not retry unless told to. */
export async function withBench(
  scenario: Scenario,
  test: (bench: Bench) => Promise<void>,
  { region = 'eu-west-1', maxAttempts = 1 } = {},
): Promise<void> {
  const simulator = await startSimulator(scenario);
  const sdk = clients(simulator.url, region, maxAttempts);
  try {
    await test({ simulator, ...sdk });
  } finally {
    for (const client of Object.values(sdk)) client.destroy();
    await simulator.close();
  }
}
