/** Whole runs of the built action against the simulator, one for each way in which a summary can come about. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type RunOptions,
  type Scenario,
  type Simulator,
  runAction,
  runPost,
  startSimulator,
} from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { STATES } from '../../__tests__/report/states.ts';
import type { Summary } from './pictures.ts';

type Inputs = Readonly<Record<string, string>>;

interface Play {
  readonly scenario: Scenario;
  readonly inputs?: Inputs;
  readonly options?: Omit<RunOptions, 'simulator' | 'inputs'>;
  /** Runs before the one that is shown. */
  readonly before?: readonly { readonly inputs: Inputs; readonly options?: Play['options'] }[];
  /** Shows what the `post` part of the last run says. */
  readonly isPost?: boolean;
}

const STEPS = { strategy: '5% 2m, 25% 3m, 50% 3m' } as const;
const NO_ARTIFACT = { artifact: '' } as const;
const CANCELLED = { signalAt: { signal: 'SIGINT', atSimulatedMs: 4 * MINUTE } } as const;
const KILLED = { signalAt: { signal: 'SIGKILL', atSimulatedMs: 4 * MINUTE } } as const;

/** Extra series that are the baseline's own, so that they say nothing against the canary. */
const SIX_METRICS = Array.from({ length: 6 }, (_, index) => {
  const series = (metric: string): string =>
    `{ namespace: AWS/Lambda, metric: ${metric}, stat: Sum, dimensions: { FunctionName: ${NAMES.function}, Resource: "${NAMES.function}:${NAMES.alias}", ExecutedVersion: "{{version}}" } }`;
  return `- name: failures of kind ${index + 1}\n  bad: ${series('Errors')}\n  total: ${series('Invocations')}\n  tolerance: 0.5%`;
}).join('\n');

const HELD = { before: [{ inputs: { ...STEPS, 'on-cancel': 'keep' }, options: CANCELLED }] } as const;

/** By the name of their files. */
const PLAYS: Readonly<Record<string, Play>> = {
  healthy: { scenario: scenarios.healthy(), inputs: STEPS },
  broken: { scenario: scenarios.broken(), inputs: STEPS },
  'total-failure': { scenario: scenarios.totalFailure() },
  'slow-burn': { scenario: scenarios.slowBurn(), inputs: STEPS },
  'shared-outage': { scenario: scenarios.sharedOutage(), inputs: { ...STEPS, 'max-error-rate': '60%' } },
  'one-bad-environment': { scenario: scenarios.oneBadEnvironment(), inputs: { strategy: '10% 6m, 50% 4m' } },
  auto: { scenario: scenarios.healthy(), inputs: { strategy: 'auto', 'bake-time': '5m' } },
  'slow-canary': { scenario: scenarios.slowCanary(), inputs: { ...STEPS, 'latency-threshold': '200ms' } },
  alarm: { scenario: scenarios.alarmRings(), inputs: { strategy: '50% 20m', alarms: 'checkout-errors' } },
  'no-traffic': { scenario: scenarios.noTraffic() },
  'low-traffic-held': { scenario: scenarios.lowTraffic(), inputs: { 'on-inconclusive': 'hold' } },
  'all-at-once': { scenario: scenarios.healthy(), inputs: { strategy: 'all-at-once' } },
  'first-deployment': { scenario: scenarios.firstDeployment() },
  planned: { scenario: scenarios.healthy(), inputs: { ...STEPS, 'dry-run': 'true' } },
  unchanged: { scenario: scenarios.healthy(), before: [{ inputs: { strategy: 'all-at-once' } }] },
  cancelled: { scenario: scenarios.healthy(), inputs: STEPS, options: CANCELLED },
  'cancelled-kept': { scenario: scenarios.healthy(), inputs: { ...STEPS, 'on-cancel': 'keep' }, options: CANCELLED },
  'cancelled-early': {
    scenario: scenarios.healthy(),
    options: { signalAt: { signal: 'SIGINT', afterCall: { action: 'PublishVersion' } } },
  },
  rescued: { scenario: scenarios.healthy(), inputs: STEPS, options: KILLED, isPost: true },
  'bad-inputs': { scenario: scenarios.healthy(), inputs: { strategy: '10%', confidence: 'high' } },
  'no-function': { scenario: scenarios.healthy(), inputs: { 'function-name': 'chekout' } },
  rollback: { scenario: scenarios.healthy(), inputs: { command: 'rollback', ...NO_ARTIFACT } },
  'rollback-out-of-a-rollout': {
    scenario: scenarios.healthy(),
    inputs: { command: 'rollback', ...NO_ARTIFACT },
    ...HELD,
  },
  promote: { scenario: scenarios.healthy(), inputs: { command: 'promote', ...NO_ARTIFACT }, ...HELD },
  status: { scenario: scenarios.healthy(), inputs: { command: 'status', ...NO_ARTIFACT } },
  'status-held': { scenario: scenarios.healthy(), inputs: { command: 'status', ...NO_ARTIFACT }, ...HELD },
  'six-hours': {
    scenario: scenarios.healthy(),
    inputs: {
      strategy: '10% 1h, 25% 2h, 50% 3h',
      'max-duration': '8h',
      'latency-threshold': '900ms',
      metrics: SIX_METRICS,
    },
  },
};

/** Ways in which the simulator does not end by itself, from the records that the tests of the summary use. */
const RECORDED = [
  'rolled-back-explained',
  'rolled-back-unreadable',
  'rolled-back-quarantined',
  'failed-foreign',
  'cancelled-badly',
  'status-baking',
] as const;

export const PLAY_NAMES: readonly string[] = [...Object.keys(PLAYS), ...RECORDED];

/** A package with the file that the function's handler names. */
function buildArtifact(): string {
  const directory = mkdtempSync(join(tmpdir(), 'summaries-artifact-'));
  writeFileSync(join(directory, 'index.js'), 'exports.handler = async () => ({ statusCode: 200 });\n');
  return directory;
}

async function shown(simulator: Simulator, play: Play, usual: Inputs): Promise<string> {
  for (const { inputs, options } of play.before ?? []) {
    await runAction({ ...options, simulator, inputs: { ...usual, ...inputs } });
  }
  const inputs = { ...usual, ...play.inputs };
  const run = await runAction({ ...play.options, simulator, inputs });
  if (play.isPost !== true) return run.summary;
  return (await runPost({ simulator, inputs, state: run.state })).summary;
}

/** Plays one run, or takes what is recorded of one, and gives its job summary. */
export async function playSummary(name: string): Promise<Summary> {
  const recorded = RECORDED.some((one) => one === name) ? STATES[name] : undefined;
  if (recorded !== undefined) return { name, markdown: renderSummary(recorded) };
  const play = PLAYS[name];
  if (play === undefined) throw new Error(`no run is called ${name}; there are ${PLAY_NAMES.join(', ')}`);
  const artifact = buildArtifact();
  const simulator = await startSimulator(play.scenario);
  try {
    const markdown = await shown(simulator, play, { 'function-name': NAMES.function, artifact });
    if (markdown === '') throw new Error(`${name} wrote no summary`);
    return { name, markdown };
  } finally {
    await simulator.close();
    rmSync(artifact, { recursive: true });
  }
}
