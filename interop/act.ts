/**
 * The README's workflow, word for word, run by act on this machine against the simulator: to its end, cancelled, and on a
 * runner that dies.
 *
 * What act (v0.2.89, pkg/common/context.go and pkg/runner/step.go) does at the first Ctrl-C: it decides each running step's
 * `if:` anew, kills the process of a step that has none (SIGKILL, no signal before it), reads the state that the step had
 * saved, and runs all `post` parts. So this tries what `post` does after a `main` that could not do anything; that `main`
 * gets a SIGINT and time, as from GitHub's runner, is for `__tests__/action/cancel.test.ts`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Scenario, type Simulator, startSimulator } from '../simulator/index.ts';
import { NAMES, scenarios } from '../simulator/scenarios.ts';
import { MINUTE } from '../src/model/time.ts';
import { Expectations } from './expect.ts';
import { ROOT, installAct } from './tools.ts';
import { type RunOptions, type Said, type WorkflowRun, runWorkflow, workflowOf } from './workflow.ts';

/** Real time that one workflow may take, ms. */
const LIMIT = 2 * 60_000;
const ACTION = 'lambda-canary-deploy/lambda-canary-deploy@v1';
const ECHO = 'echo "Version $VERSION is live"';

function resultOf({ said }: WorkflowRun, stage: string, step: string): string | undefined {
  return said.find((line) => line.stage === stage && line.step === step && line.stepResult !== undefined)?.stepResult;
}

function commandsOf({ said }: WorkflowRun, command: string): readonly Said[] {
  return said.filter((line) => line.command === command);
}

function outputsOf(run: WorkflowRun): Readonly<Record<string, string>> {
  return Object.fromEntries(commandsOf(run, 'set-output').map(({ name = '', arg = '' }) => [name, arg]));
}

interface Served {
  readonly version: string;
  readonly weights: Readonly<Record<string, number>>;
  readonly description: string;
}

/** Every state that the alias had. */
function statesOf(simulator: Simulator): readonly Served[] {
  const history = simulator.aliasHistory(NAMES.function, NAMES.alias);
  return history.map(({ functionVersion: version, weights, description }) => ({ version, weights, description }));
}

function servedBy(simulator: Simulator): Served | undefined {
  return statesOf(simulator).at(-1);
}

/** The alias wholly on one version, with the description that it had before the first rollout. */
function wholly(version: string): Served {
  return { version, weights: {}, description: 'callers use this' };
}

type Play = (options?: Pick<RunOptions, 'runId' | 'end'>) => Promise<WorkflowRun>;

/** Starts the scenario, and hands over what runs the workflow in it, as often as one likes. */
async function within(
  act: string,
  scenario: Scenario,
  look: (play: Play, simulator: Simulator) => Promise<void>,
): Promise<void> {
  const simulator = await startSimulator({ ...scenario, region: 'eu-central-1' });
  const workflow = workflowOf(readFileSync(join(ROOT, 'README.md'), 'utf8'));
  try {
    await look(async (options) => {
      const run = await runWorkflow({ act, workflow, simulator, limitMs: LIMIT, ...options });
      if (run.said.length < 10) console.log(run.said.map(({ msg }) => `    ${msg}`).join('\n'));
      return run;
    }, simulator);
  } finally {
    await simulator.close();
  }
}

function lookAtPromotion(expect: Expectations, run: WorkflowRun, simulator: Simulator): void {
  const { result, verdict, version } = outputsOf(run);
  const [summary] = commandsOf(run, 'summary');
  const echoed = run.said.find(({ step, raw_output: isOutput }) => step === ECHO && isOutput === true)?.msg.trim();
  expect.equal('a healthy release: the job succeeds', run.exitCode, 0);
  expect.equal('main succeeds', resultOf(run, 'Main', ACTION), 'success');
  expect.equal(
    'the outputs are set',
    { result, verdict, version },
    { result: 'promoted', verdict: 'pass', version: '4' },
  );
  expect.equal('the next step reads them', echoed, 'Version 4 is live');
  expect.includes('the summary says so', summary?.content, 'Promoted');
  expect.equal('post runs, and has nothing to mend', resultOf(run, 'Post', ACTION), 'success');
  const calls = simulator.calls.map(({ service, action }) => `${service}:${action}`);
  expect.equal('the role was assumed with the token of the job', calls.includes('sts:AssumeRoleWithWebIdentity'), true);
  expect.equal('the token is masked', commandsOf(run, 'add-mask').length > 0, true);
  expect.equal('the alias serves the new version', servedBy(simulator), wholly('4'));
}

function lookAtRollback(expect: Expectations, run: WorkflowRun, simulator: Simulator): void {
  const [error, ...more] = commandsOf(run, 'error');
  expect.equal('a broken release: the job fails', run.exitCode, 1);
  expect.equal('main fails', resultOf(run, 'Main', ACTION), 'failure');
  expect.equal('its outputs are set nevertheless', outputsOf(run)['result'], 'rolled-back');
  expect.equal(
    'there is one error, with words',
    { words: error?.arg !== '', more: more.length },
    { words: true, more: 0 },
  );
  expect.equal('the next step does not run', resultOf(run, 'Main', ECHO), undefined);
  expect.includes('the summary says so', commandsOf(run, 'summary')[0]?.content, 'Rolled back');
  expect.equal('post runs', resultOf(run, 'Post', ACTION), 'success');
  expect.equal('the alias serves the old version', servedBy(simulator), wholly('3'));
}

/** In the second step of the README's strategy, ms since the scenario's start. */
const MID_ROLLOUT = 8 * MINUTE;

function isHalfWay(state: Served | undefined): boolean {
  return state?.version === '3' && state.weights['4'] === 25 && state.description.includes('3->4 by acme/shop run 1.1');
}

function lookAtCancellation(expect: Expectations, run: WorkflowRun, simulator: Simulator): void {
  const isKilled = run.said.some(({ msg }) => msg.includes('cancelled: signal: killed'));
  expect.equal('a Ctrl-C in mid-rollout: act kills main', isKilled, true);
  expect.equal('the job fails', run.exitCode, 1);
  expect.equal('the next step does not run', resultOf(run, 'Main', ECHO), undefined);
  expect.equal('post runs', resultOf(run, 'Post', ACTION), 'success');
  const [warning, ...more] = commandsOf(run, 'warning');
  expect.includes('and says what it did', warning?.arg, 'Alias live was put back: it serves version 3');
  expect.equal('once', more, []);
  expect.includes('and in the summary', commandsOf(run, 'summary')[0]?.content, 'was put back');
  expect.equal('the alias was half-way before', isHalfWay(statesOf(simulator).at(-2)), true);
  expect.equal('and serves the old version now', servedBy(simulator), wholly('3'));
}

function lookAtDeath(expect: Expectations, run: WorkflowRun, simulator: Simulator): void {
  expect.equal('a runner that dies in mid-rollout: post does not run', resultOf(run, 'Post', ACTION), undefined);
  expect.equal('the alias stays half-way', isHalfWay(servedBy(simulator)), true);
}

function lookAtNext(expect: Expectations, run: WorkflowRun, simulator: Simulator): void {
  const { result, 'previous-version': previous } = outputsOf(run);
  const states = statesOf(simulator);
  const left = states.findLastIndex(isHalfWay);
  expect.equal('the next run puts it back first', states[left + 1], wholly('3'));
  expect.includes('and says so', commandsOf(run, 'summary')[0]?.content, 'left alias');
  expect.equal('then it deploys', { result, previous }, { result: 'promoted', previous: '3' });
  expect.equal('the alias serves the new version', servedBy(simulator), wholly('4'));
}

export async function runUnderAct(): Promise<void> {
  const act = installAct();
  const expect = new Expectations();
  await within(act, scenarios.healthy(), async (play, simulator) => {
    lookAtPromotion(expect, await play(), simulator);
  });
  await within(act, scenarios.broken(), async (play, simulator) => {
    lookAtRollback(expect, await play(), simulator);
  });
  await within(act, scenarios.healthy(), async (play, simulator) => {
    const cancelled = await play({ end: { signal: 'SIGINT', atSimulatedMs: MID_ROLLOUT } });
    lookAtCancellation(expect, cancelled, simulator);
  });
  await within(act, { ...scenarios.healthy(), runs: { 1: 'completed' } }, async (play, simulator) => {
    const killed = await play({ end: { signal: 'SIGKILL', atSimulatedMs: MID_ROLLOUT } });
    lookAtDeath(expect, killed, simulator);
    lookAtNext(expect, await play({ runId: '2' }), simulator);
  });
  expect.finish();
}
