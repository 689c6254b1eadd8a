import { tmpdir } from 'node:os';
import * as core from '@actions/core';
import {
  createCloudWatchClient,
  createLambdaClient,
  createLambdaUploadClient,
  createLookingLambdaClient,
  createUrgentLambdaClient,
} from './aws/clients.ts';
import { type AssumedRole, type Credentials, assumedRole } from './aws/credentials.ts';
import type { Audience } from './announce/ports.ts';
import { CloudWatchAlarms } from './aws/cloudwatch-alarms.ts';
import { CloudWatchTraffic } from './aws/cloudwatch-traffic.ts';
import { LambdaAlias } from './aws/lambda-alias.ts';
import { LambdaFunction } from './aws/lambda-function.ts';
import { LambdaSurroundings } from './aws/lambda-surroundings.ts';
import { theClock } from './clock.ts';
import type { World } from './commands/world.ts';
import type { Host } from './host.ts';
import type { CommonInputs } from './inputs/inputs.ts';
import type { Log } from './model/log.ts';
import { type SessionEnd, sessionEnd } from './model/session.ts';
import type { PostHost } from './post.ts';
import { fixedSession, timeOfDay } from './rollout/expiry.ts';
import { loadDebt, saveDebt } from './runner/debt.ts';
import { idToken } from './runner/oidc.ts';
import { failStep, makeNonce, makeRunnerLog, readRawInputs, readRunContext, remark } from './runner/runner.ts';
import { hide, learnSecrets, secrets } from './runner/secrets.ts';
import { cancellation } from './runner/signals.ts';
import { loadLoan, loadRollout, saveLoan, saveRollout } from './runner/state.ts';

/** The services that a command speaks to. S3, ECR, GitHub and the logs, which few deployments need, are loaded when they are. */
type Services = Pick<
  World,
  | 'functions'
  | 'alias'
  | 'urgent'
  | 'traffic'
  | 'latency'
  | 'durations'
  | 'alarms'
  | 'surroundings'
  | 'logs'
  | 'packages'
  | 'images'
  | 'invoker'
  | 'capacity'
  | 'versions'
  | 'waker'
  | 'runs'
  | 'session'
> &
  Audience;

/** What a step has of its runner. */
interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

function connect(
  { functionRef, alias, region, role, githubToken }: CommonInputs,
  { env, log }: Surroundings,
): Services {
  const assumed = roleOf(role, region, { env, log });
  const access = { region, credentials: assumed?.credentials };
  const lambda = createLambdaClient(access);
  const cloudwatch = createCloudWatchClient(access);
  const { id, name: functionName } = functionRef;
  const traffic = new CloudWatchTraffic({ client: cloudwatch, functionName, alias, region });
  return {
    ...audienceOf(githubToken, () => access.credentials, env),
    session: assumed ?? fixedSession(endOf(sessionEnd(env))),
    functions: new LambdaFunction({ client: lambda, uploadClient: () => createLambdaUploadClient(access), id, region }),
    alias: new LambdaAlias({ client: lambda, functionId: id, name: alias, region }),
    urgent: new LambdaAlias({ client: createUrgentLambdaClient(access), functionId: id, name: alias, region }),
    traffic,
    latency: traffic,
    durations: traffic,
    alarms: new CloudWatchAlarms({ client: cloudwatch, region }),
    surroundings: new LambdaSurroundings({
      lambda: createLookingLambdaClient(access),
      cloudwatch,
      functionName,
      alias,
      region,
    }),
    logs: async () =>
      new (await import('./aws/cloudwatch-logs.ts')).CloudWatchLogs({ access, functionId: id, functionName }),
    packages: async (ownerAccount) =>
      new (await import('./aws/s3-packages.ts')).S3Packages({ ...access, ownerAccount }),
    images: async () => new (await import('./aws/ecr-images.ts')).EcrImages(access),
    invoker: async () => new (await import('./aws/lambda-invoke.ts')).LambdaInvoke({ ...access, id }),
    capacity: once(async () => new (await import('./aws/lambda-capacity.ts')).LambdaCapacity({ ...access, id })),
    versions: once(async () => new (await import('./aws/lambda-versions.ts')).LambdaVersions({ ...access, id })),
    waker: async () => new (await import('./aws/lambda-waker.ts')).LambdaWaker({ ...access, id }),
    runs: {
      isOver: async (run, signal) =>
        (await import('./runner/github-runs.ts')).githubRuns(githubToken).isOver(run, signal),
    },
  };
}

/** GitHub's deployments and the SNS topic. */
function audienceOf(
  token: string | undefined,
  credentials: (region: string) => Credentials | undefined,
  env: NodeJS.ProcessEnv,
): Audience {
  return {
    deployments: async () =>
      (await import('./runner/github-deployments.ts')).githubDeployments(token, [env['RUNNER_NAME']].find(isGiven)),
    topic: async (arn) => new (await import('./aws/sns-topic.ts')).SnsTopic({ arn, credentials }),
    owe: saveDebt,
  };
}

/** Made when it is first asked for. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** The role that the workflow names; undefined: the environment has the credentials. */
function roleOf(arn: string | undefined, region: string, { env, log }: Surroundings): AssumedRole | undefined {
  if (arn === undefined) return undefined;
  const role = assumedRole({
    arn,
    region,
    sessionName: `lambda-canary-deploy-${env['GITHUB_RUN_ID'] ?? 'local'}`,
    clock: theClock(),
    token: async () => {
      const fresh = await idToken(env);
      hide(fresh);
      return fresh;
    },
    onFailedRenewal: (why, end) => {
      log.info(`The session of the role ends at ${timeOfDay(end)} and could not be renewed yet: ${why}.`, 'caution');
    },
  });
  return {
    ...role,
    credentials: async () => {
      const session = await role.credentials();
      hide(session.accessKeyId, session.secretAccessKey, session.sessionToken);
      return session;
    },
  };
}

/** Whether and when the credentials of the environment end; those of `role` are renewed. */
function credentialsEnd(
  { role }: CommonInputs,
  env: NodeJS.ProcessEnv,
): Pick<World, 'credentialsEnd' | 'isEndUnknown'> {
  const end = role === undefined ? sessionEnd(env) : 'never';
  return { credentialsEnd: endOf(end), isEndUnknown: end === 'unknown' };
}

/** Epoch ms, where it is known. */
function endOf(end: SessionEnd): number | undefined {
  return typeof end === 'number' ? end : undefined;
}

/** The runner of GitHub Actions that started this process. */
export function readHost(process: NodeJS.Process): Host {
  const { env } = process;
  learnSecrets(env);
  const clock = theClock();
  const run = readRunContext(env);
  const log = makeRunnerLog(env);
  const signal = cancellation(process, log);
  return {
    clock,
    log,
    run,
    signal,
    isHosted: env['RUNNER_ENVIRONMENT'] === 'github-hosted',
    rawInputs: readRawInputs(),
    region: [env['AWS_REGION'], env['AWS_DEFAULT_REGION']].find(isGiven),
    temporaryDirectory: [env['RUNNER_TEMP']].find(isGiven) ?? tmpdir(),
    examineArtifact: async (path, exclude) => (await import('./package/examine.ts')).examineArtifact(path, exclude),
    buildPackage: async (artifact, directory) => (await import('./package/build.ts')).buildPackage(artifact, directory),
    connect: (inputs) => ({
      ...connect(inputs, { env, log }),
      clock,
      log,
      shell: async (script) => (await import('./runner/shell.ts')).runShell(script),
      run,
      nonce: makeNonce(),
      signal,
      ...credentialsEnd(inputs, env),
      remember: saveRollout,
      rememberLoan: saveLoan,
    }),
    conceal: (value) => secrets.concealAll(value),
    setOutput: core.setOutput,
    writeSummary,
    fail: failStep,
    remark,
  };
}

async function writeSummary(markdown: string): Promise<void> {
  await core.summary.addRaw(markdown).write();
}

/** What the `post` part of the step needs of the runner and of AWS. */
export function readPostHost({ env, stdout }: NodeJS.Process): PostHost {
  // Without a listener, a log that nobody reads any more would end this part before the alias is back.
  stdout.on('error', () => undefined);
  const role = [core.getInput('role-to-assume')].find(isGiven);
  const log = makeRunnerLog(env);
  const credentials = (region: string): Credentials | undefined => roleOf(role, region, { env, log })?.credentials;
  learnSecrets(env);
  return {
    log,
    remark,
    conceal: (value) => secrets.concealAll(value),
    clock: theClock(),
    rollout: loadRollout(),
    debt: loadDebt(),
    audience: audienceOf([core.getInput('github-token')].find(isGiven), credentials, env),
    loan: loadLoan(),
    openCapacity: async ({ functionId: id, region }) =>
      new (await import('./aws/lambda-capacity.ts')).LambdaCapacity({
        region,
        credentials: credentials(region),
        id,
      }),
    writeSummary: /^false$/i.test(core.getInput('summary')) ? undefined : writeSummary,
    openAlias: ({ functionId, alias, region }) =>
      new LambdaAlias({
        client: createUrgentLambdaClient({ region, credentials: credentials(region) }),
        functionId,
        name: alias,
        region,
      }),
  };
}

/** An empty variable is how a workflow says that it has none. */
function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
