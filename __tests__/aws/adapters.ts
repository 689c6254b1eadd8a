import type { Scenario, Simulator } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { CloudWatchAlarms } from '../../src/aws/cloudwatch-alarms.ts';
import { CloudWatchTraffic } from '../../src/aws/cloudwatch-traffic.ts';
import { LambdaAlias } from '../../src/aws/lambda-alias.ts';
import { LambdaFunction } from '../../src/aws/lambda-function.ts';
import { ActionFailure } from '../../src/model/failure.ts';
import { type Bench, withBench } from '../simulator/bench.ts';

/** The adapters under test, on unmodified SDK clients that do not repeat what failed. */
interface Adapters {
  readonly simulator: Simulator;
  readonly functions: LambdaFunction;
  readonly alias: LambdaAlias;
  readonly traffic: CloudWatchTraffic;
  readonly alarms: CloudWatchAlarms;
}

export function adaptersOn({ simulator, lambda, cloudwatch }: Bench, region = 'eu-west-1'): Adapters {
  const { function: functionName, alias } = NAMES;
  return {
    simulator,
    functions: new LambdaFunction({ client: lambda, uploadClient: () => lambda, id: functionName, region }),
    alias: new LambdaAlias({ client: lambda, functionId: functionName, name: alias, region }),
    traffic: new CloudWatchTraffic({ client: cloudwatch, functionName, alias, region }),
    alarms: new CloudWatchAlarms({ client: cloudwatch, region }),
  };
}

export function withAdapters(
  test: (adapters: Adapters) => Promise<void>,
  scenario: Scenario = scenarios.healthy(),
): Promise<void> {
  return withBench(scenario, (bench) => test(adaptersOn(bench)));
}

/** The failure that `work` ends in. */
export async function failureOf(work: Promise<unknown>): Promise<ActionFailure> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ActionFailure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** Makes clients that the adapters create themselves find the simulator, as a workflow's environment would. */
export function pointEnvironmentAt(url: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'AKIDTEST',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}
