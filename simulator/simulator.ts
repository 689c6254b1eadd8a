import type { Server } from 'node:http';
import type { ApiCall } from './calls.ts';
import { VirtualClock } from './clock.ts';
import { createCloudWatch } from './cloudwatch/service.ts';
import type { Point } from './cloudwatch/series-minute.ts';
import { MetricStore } from './cloudwatch/store.ts';
import type { Selection } from './cloudwatch/store.ts';
import { Images, createEcr } from './ecr.ts';
import { Faults } from './faults.ts';
import { createGitHub } from './github.ts';
import { GitHubDeployments } from './github-deployments.ts';
import type { Service } from './http.ts';
import type { AliasState } from './lambda/model.ts';
import { createLambda } from './lambda/service.ts';
import { LambdaWorld } from './lambda/world.ts';
import { createLogs } from './logs/service.ts';
import { LogStore } from './logs/store.ts';
import { createRandom } from './random.ts';
import { createS3 } from './s3/service.ts';
import { S3Store } from './s3/store.ts';
import { frameOf } from './scenario.ts';
import type { Frame, RunSpec, Scenario } from './scenario.ts';
import { createSimulatorServer } from './server.ts';
import { Topics, createSns } from './sns.ts';
import { Sessions, createSts } from './sts.ts';
import { Traffic } from './traffic.ts';

/** A small AWS on a port of this machine, with a clock of its own. */
export interface Simulator {
  /** `http://127.0.0.1:PORT`, for AWS_ENDPOINT_URL. */
  readonly url: string;
  readonly frame: Frame;
  readonly clock: VirtualClock;
  /** Direct access: what is there, and changes behind the API's back. */
  readonly world: LambdaWorld;
  readonly objects: S3Store;
  /** GitHub's runs by id; may be changed. */
  readonly runs: Map<string, RunSpec>;
  /** GitHub's jobs: id → name of the runner. */
  readonly jobs: Map<string, string>;
  readonly deployments: GitHubDeployments;
  /** SNS, and what was published. */
  readonly topics: Topics;
  /** Every API call in order. */
  readonly calls: ApiCall[];
  readonly faults: Faults;
  /** OIDC tokens, and sessions that end. */
  readonly sessions: Sessions;
  /** Every state the alias ever had, the first included. */
  aliasHistory(functionName: string, alias: string): readonly AliasState[];
  /** What really happened, whether CloudWatch has published it or not. */
  truth(selection: Selection): Point;
  /** Runs `action` when the simulator is closed. */
  onClose(action: () => void): void;
  close(): Promise<void>;
}

/** Simulated ms per request. Lambda's keeps a client that waits for its answers under 15 requests per second. */
const LATENCY = { lambda: [68, 85], other: [25, 40] } as const;

function createLatency(scenario: Scenario, frame: Frame): (service: Service) => number {
  // One stream each: which of two requests at once comes first does not change how long both take.
  const random = { lambda: createRandom(frame.seed, 'latency'), other: createRandom(frame.seed, 'other latency') };
  return ({ name }) => {
    const kind = name === 'lambda' ? 'lambda' : 'other';
    const [low, high] = scenario.latency?.[kind] ?? LATENCY[kind];
    return random[kind].between(low, high);
  };
}

function createDenies(patterns: readonly string[]): (permission: string) => boolean {
  return (permission) =>
    patterns.some((pattern) => pattern === permission || pattern === `${permission.split(':')[0] ?? ''}:*`);
}

function createWorld(scenario: Scenario, frame: Frame, clock: VirtualClock, images: Images) {
  const objects = new S3Store(scenario.buckets ?? [], frame, createRandom(frame.seed, 's3'));
  const world = new LambdaWorld({
    frame,
    clock,
    objects,
    random: createRandom(frame.seed, 'revisions'),
    resolveImage: (uri) => images.resolve(uri),
    functions: scenario.functions ?? [],
    freshRoles: scenario.freshRoles,
  });
  return { objects, world };
}

/** Everything behind the port. */
function createParts(scenario: Scenario) {
  const frame = frameOf(scenario);
  const clock = new VirtualClock(frame.start);
  const images = new Images(scenario.images ?? []);
  const { objects, world } = createWorld(scenario, frame, clock, images);
  const store = new MetricStore(frame, scenario.metrics ?? {});
  const logs = new LogStore(frame);
  const traffic = new Traffic(world, store, scenario, logs);
  const runs = new Map(Object.entries(scenario.runs ?? {}));
  const jobs = new Map<string, string>();
  const deployments = new GitHubDeployments();
  const topics = new Topics(scenario.topics ?? [], frame);
  const denies = createDenies(scenario.deny ?? []);
  const sessions = new Sessions();
  traffic.advanceTo(frame.start);
  clock.onPass((until) => {
    traffic.advanceTo(until);
  });
  const services = [
    createGitHub({ runs, jobs, deployments, sessions }),
    createSns(topics, frame),
    createLambda(world, traffic),
    createCloudWatch({ frame, scenario, store, now: () => clock.now() }),
    createLogs({ frame, store: logs, now: () => clock.now() }),
    createEcr(frame, images),
    createSts({ frame, sessions, now: () => clock.now() }),
    createS3({ store: objects, clock, denies }),
  ];
  return { frame, clock, objects, world, store, runs, jobs, deployments, topics, sessions, denies, services };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
}

/** Starts a simulator on 127.0.0.1, on a port that is free. */
export async function startSimulator(scenario: Scenario): Promise<Simulator> {
  const parts = createParts(scenario);
  const { frame, clock, objects, world, store, runs, jobs, deployments, topics, sessions, denies, services } = parts;
  const faults = new Faults(frame.start);
  const calls: ApiCall[] = [];
  const endings: (() => void)[] = [];
  const latency = createLatency(scenario, frame);
  const server = createSimulatorServer({ clock, services, faults, calls, latency, denies, sessions });
  const url = await listen(server);
  const close = async (): Promise<void> => {
    clock.leave();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    objects.close();
    for (const action of endings) action();
  };
  return {
    url,
    frame,
    clock,
    world,
    objects,
    runs,
    jobs,
    deployments,
    topics,
    calls,
    faults,
    sessions,
    aliasHistory: (functionName, alias) => world.aliasHistory(functionName, alias),
    truth: (selection) => store.truth(selection),
    onClose: (action) => {
      endings.push(action);
    },
    close,
  };
}
