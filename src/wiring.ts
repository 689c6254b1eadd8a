import { tmpdir } from 'node:os';
import * as core from '@actions/core';
import { createCloudWatchClient, createLambdaClient, createLambdaUploadClient } from './aws/clients.ts';
import { CloudWatchAlarms } from './aws/cloudwatch-alarms.ts';
import { CloudWatchTraffic } from './aws/cloudwatch-traffic.ts';
import { LambdaAlias } from './aws/lambda-alias.ts';
import { LambdaFunction } from './aws/lambda-function.ts';
import { theClock } from './clock.ts';
import type { World } from './commands/world.ts';
import type { Host } from './host.ts';
import type { CommonInputs } from './inputs/inputs.ts';
import type { PostHost } from './post.ts';
import { failStep, readRawInputs, readRunContext, runnerLog } from './runner/runner.ts';
import { cancellation } from './runner/signals.ts';
import { loadRollout, saveRollout } from './runner/state.ts';

/** The services that a command speaks to. S3, ECR and GitHub, which few deployments need, are loaded when they are. */
type Services = Pick<World, 'functions' | 'alias' | 'traffic' | 'latency' | 'alarms' | 'packages' | 'images' | 'runs'>;

function connect({ functionRef, alias, region, githubToken }: CommonInputs): Services {
  const lambda = createLambdaClient(region);
  const cloudwatch = createCloudWatchClient(region);
  const { id, name: functionName } = functionRef;
  const traffic = new CloudWatchTraffic({ client: cloudwatch, functionName, alias, region });
  return {
    functions: new LambdaFunction({ client: lambda, uploadClient: () => createLambdaUploadClient(region), id, region }),
    alias: new LambdaAlias({ client: lambda, functionId: id, name: alias, region }),
    traffic,
    latency: traffic,
    alarms: new CloudWatchAlarms({ client: cloudwatch, region }),
    packages: async (ownerAccount) => new (await import('./aws/s3-packages.ts')).S3Packages({ region, ownerAccount }),
    images: async () => new (await import('./aws/ecr-images.ts')).EcrImages(),
    runs: {
      isOver: async (run) => (await import('./runner/github-runs.ts')).githubRuns(githubToken).isOver(run),
    },
  };
}

/** The runner of GitHub Actions that started this process. */
export function readHost(process: NodeJS.Process): Host {
  const { env } = process;
  const clock = theClock();
  const run = readRunContext(env);
  const signal = cancellation(process, runnerLog);
  return {
    clock,
    log: runnerLog,
    run,
    rawInputs: readRawInputs(),
    region: [env['AWS_REGION'], env['AWS_DEFAULT_REGION']].find(isGiven),
    temporaryDirectory: [env['RUNNER_TEMP']].find(isGiven) ?? tmpdir(),
    connect: (inputs) => ({ ...connect(inputs), clock, log: runnerLog, run, signal, remember: saveRollout }),
    setOutput: core.setOutput,
    writeSummary: async (markdown) => {
      await core.summary.addRaw(markdown).write();
    },
    fail: failStep,
  };
}

/** What the `post` part of the step needs of the runner and of AWS. */
export function readPostHost(): PostHost {
  return {
    log: runnerLog,
    clock: theClock(),
    rollout: loadRollout(),
    openAlias: ({ functionId, alias, region }) =>
      new LambdaAlias({ client: createLambdaClient(region), functionId, name: alias, region }),
  };
}

/** An empty variable is how a workflow says that it has none. */
function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
