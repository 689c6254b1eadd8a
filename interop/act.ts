/** The README's workflow, word for word, run by act on this machine against the simulator. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Scenario, type Simulator, startSimulator } from '../simulator/index.ts';
import { NAMES, scenarios } from '../simulator/scenarios.ts';
import { Expectations } from './expect.ts';
import { ROOT, installAct } from './tools.ts';
import { type Said, type WorkflowRun, runWorkflow, workflowOf } from './workflow.ts';

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

function servedBy(simulator: Simulator): unknown {
  const last = simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1);
  return { version: last?.functionVersion, weights: last?.weights, description: last?.description };
}

async function play(
  act: string,
  scenario: Scenario,
  look: (run: WorkflowRun, simulator: Simulator) => void,
): Promise<void> {
  const simulator = await startSimulator({ ...scenario, region: 'eu-central-1' });
  try {
    const workflow = workflowOf(readFileSync(join(ROOT, 'README.md'), 'utf8'));
    const run = await runWorkflow({ act, workflow, simulator, limitMs: LIMIT });
    look(run, simulator);
    if (run.said.length < 10) console.log(run.said.map(({ msg }) => `    ${msg}`).join('\n'));
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
  const wanted = { version: '4', weights: {}, description: 'callers use this' };
  expect.equal('the alias serves the new version', servedBy(simulator), wanted);
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
  const wanted = { version: '3', weights: {}, description: 'callers use this' };
  expect.equal('the alias serves the old version', servedBy(simulator), wanted);
}

export async function runUnderAct(): Promise<void> {
  const act = installAct();
  const expect = new Expectations();
  await play(act, scenarios.healthy(), (run, simulator) => {
    lookAtPromotion(expect, run, simulator);
  });
  await play(act, scenarios.broken(), (run, simulator) => {
    lookAtRollback(expect, run, simulator);
  });
  expect.finish();
}
