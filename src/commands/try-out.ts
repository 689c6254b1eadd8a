import { type Check, runCheck } from '../checks/check.ts';
import { type Tried, trySmokeTest } from '../checks/smoke.ts';
import type { DeployInputs } from '../inputs/inputs.ts';
import type { AliasState } from '../model/alias.ts';
import { environmentHider } from '../model/environment-hider.ts';
import type { ReadyTest } from '../model/smoke.ts';
import { MINUTE, formatLatency } from '../model/time.ts';
import type { FunctionVersion } from '../release/ports.ts';
import { Patience, persistently } from '../rollout/act/patience.ts';
import type { StepCheck } from '../rollout/ports.ts';
import { untilCancelled } from './cancelled.ts';
import { lookAtAlias } from './failed.ts';
import type { Ending } from './recorder.ts';
import type { World } from './world.ts';

/** A version before anybody calls it. */
interface Candidate {
  readonly published: FunctionVersion;
  /** What the alias serves; undefined on a first deployment. */
  readonly previous: string | undefined;
}

/** Smoke tests, then the first check, before any traffic. Resolves with how the deployment ends when one of them fails. */
export async function tryOut(inputs: DeployInputs, world: World, candidate: Candidate): Promise<Ending | undefined> {
  const problem = (await smoke(world, candidate)) ?? (await firstCheck(inputs, world, candidate));
  if (problem === undefined) return undefined;
  await lookAtAlias(world);
  return { result: 'failed', verdict: 'fail', reason: problem, next: nextStep(inputs, candidate) };
}

function nextStep({ alias }: DeployInputs, { published, previous }: Candidate): string {
  const state =
    previous === undefined
      ? `Alias ${alias} was not created`
      : `No traffic was shifted: alias ${alias} serves version ${previous} as before`;
  return `${state}. The log of this step has the details; version ${published.version} stays without callers. Mend it and deploy again.`;
}

async function smoke(world: World, { published }: Candidate): Promise<string | undefined> {
  const { smokeTests, log, recorder } = world;
  const { version } = published;
  if (smokeTests.length === 0) return undefined;
  const tried = await log.group('Smoke tests', () => untilCancelled(world, () => tryAll(world, published)));
  const failed = tried.filter(({ problems }) => problems.length > 0);
  for (const one of failed.slice(0, MOST_LOGS)) await showLog(world, published, one);
  const [first] = failed;
  if (first === undefined) {
    const slowest = Math.max(...tried.map(({ took }) => took));
    recorder.note(
      `${counted(tried.length)} passed on version ${version}, the slowest after ${formatLatency(slowest)}.`,
    );
    return undefined;
  }
  const others = failed.length === 1 ? '' : `; ${failed.length} of ${counted(tried.length)} failed`;
  return `${first.label} failed on version ${version}: ${first.problems.slice(0, MOST_PROBLEMS).join('; ')}${others}`;
}

/** Logs that are shown, and problems that a sentence names. */
const MOST_LOGS = 10;
const MOST_PROBLEMS = 3;

function counted(tests: number): string {
  return tests === 1 ? '1 smoke test' : `${tests} smoke tests`;
}

/** One after the other, also after a failure: what else fails tells what is wrong. */
async function tryAll(world: World, published: FunctionVersion): Promise<readonly Tried[]> {
  const { clock, signal, log } = world;
  const invoker = await world.invoker();
  const { version, timeout } = published;
  const { variables } = published.settings;
  const hide = variables === undefined ? undefined : environmentHider(variables);
  const tried: Tried[] = [];
  for (const test of world.smokeTests) {
    const one = await persistently(
      () => trySmokeTest(test, { invoker, clock, signal, version, timeout, hide }),
      new Patience({ clock, signal }, MINUTE),
    );
    // Nobody waits for it any more.
    if (signal.aborted) break;
    tried.push(one);
    log.info(`${one.problems.length === 0 ? '✓' : '✗'} ${one.label}: ${formatLatency(one.took)}`);
    for (const problem of one.problems.slice(0, MOST_LINES)) log.info(`    ${problem}`);
  }
  return tried;
}

/** Lines that the problems of one test may take in the log. */
const MOST_LINES = 50;

const UNSHOWN =
  'It is not shown: it may hold values of environment variables, and without kms:Decrypt for their key nobody can tell which.';

async function showLog({ log }: World, { version, settings }: FunctionVersion, tried: Tried): Promise<void> {
  const { label, log: tail } = tried;
  await log.group(`What version ${version} wrote to its log in ${label}`, () => {
    const lines = (tail ?? '').trimEnd().split(/\r?\n/);
    if (settings.variables === undefined) log.info(UNSHOWN);
    else if (tail === undefined || lines.join('') === '') log.info('Lambda gave no log with its answer.');
    else for (const line of lines) log.info(line);
    return Promise.resolve();
  });
}

async function firstCheck(inputs: DeployInputs, world: World, candidate: Candidate): Promise<string | undefined> {
  const { published, previous } = candidate;
  const check = checkOf(inputs, world, { version: published.version, previous });
  if (check === undefined) return undefined;
  const problem = await untilCancelled(world, () => runCheck(check, 0, world.signal));
  return problem === undefined ? undefined : `the check before the first shift failed: ${problem}`;
}

type Versions = Pick<Check['context'], 'version' | 'previous'>;

function checkOf(inputs: DeployInputs, { shell, log }: World, versions: Versions): Check | undefined {
  const { check: script, checkTimeout: limit, functionRef, alias } = inputs;
  if (script === undefined) return undefined;
  return { script, limit, context: { functionName: functionRef.name, alias, ...versions }, shell, log };
}

/** The check after each step of a rollout from what `alias` served before. */
export function stepCheckOf(
  inputs: DeployInputs,
  world: World,
  { alias, canary }: { alias: AliasState; canary: string },
): StepCheck | undefined {
  const check = checkOf(inputs, world, { version: canary, previous: alias.functionVersion });
  return check === undefined ? undefined : (weight, signal) => runCheck(check, weight, signal);
}

/** What a deployment would try out, for `dry-run`. */
export function trialLines(
  { check, strategy, bakeTime }: DeployInputs,
  tests: readonly ReadyTest[],
): readonly string[] {
  const after = [
    ...(strategy.steps.length > 0 ? ['after every step'] : []),
    ...(bakeTime > 0 ? ['when it has all traffic'] : []),
  ];
  return [
    ...(tests.length === 0 ? [] : [`invoke the new version before it gets traffic: ${named(tests)}`]),
    ...(check === undefined ? [] : [`run the check ${['before the first shift', ...after].join(', ')}`]),
  ];
}

const MOST_NAMES = 10;

function named(tests: readonly ReadyTest[]): string {
  const left = tests.length - MOST_NAMES;
  const labels = tests.slice(0, MOST_NAMES).map(({ label }) => label);
  return `${labels.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
