import type { DeployInputs } from '../inputs/inputs.ts';
import type { AliasState } from '../model/alias.ts';
import { ActionFailure } from '../model/failure.ts';
import type { RecordSettings } from '../model/record.ts';
import { formatDuration } from '../model/time.ts';
import { findHandlerProblem } from '../package/handler.ts';
import type { CodePackage } from '../package/package.ts';
import type { NewCode } from '../release/code.ts';
import type { FunctionVersion } from '../release/ports.ts';
import { type Survey, findBaseline } from '../release/survey.ts';
import { type RolloutPlan, UNREADABLE_LIMIT, expectedDuration } from '../rollout/decide/plan.ts';
import { finalAgeFor } from '../rollout/observe/observe.ts';
import { type Subject, codeOfLatest, findSubject } from './configuration.ts';
import { prepareCode } from './new-code.ts';
import { checkCredentials } from './session.ts';
import { settledAlias } from './settle.ts';
import type { World } from './world.ts';

/** A deployment after everything has been looked at and before anything is changed. */
export interface Prepared extends Survey, Subject {
  /** undefined when it does not exist yet. */
  readonly alias: AliasState | undefined;
  readonly code: NewCode;
  readonly plan: RolloutPlan;
}

/**
 * Looks at the function, the alias and the version it serves, and refuses what could not end well. Writes nothing, but
 * where a dead run left the alias in its rollout: that is put back first.
 */
export async function prepare(inputs: DeployInputs, world: World, zip: CodePackage | undefined): Promise<Prepared> {
  const { functions, recorder, log } = world;
  const subject = await findSubject(inputs, world);
  const { latest, target, isNew } = subject;
  recorder.learn({ strategy: inputs.strategy, ...(isNew ? {} : { functionArn: latest.functionArn }) });
  checkCodeFits(inputs, target, { zip, world });
  const alias = await settledAlias(world, inputs);
  const baseline = await findBaseline(functions, { name: inputs.alias, alias });
  recorder.learn({ previousVersion: baseline?.version });
  log.info(aliasLine(inputs.alias, baseline));
  const code =
    inputs.source.kind === 'kept'
      ? codeOfLatest(latest, baseline, inputs.alias)
      : await prepareCode(inputs, { zip, functionArn: latest.functionArn, world });
  const plan = makePlan(inputs, target);
  recorder.learn({ package: code.view(), settings: { ...settingsOf(inputs), finalAge: plan.finalAge } });
  checkDeadline(plan);
  checkCredentials(plan, world);
  return { ...subject, baseline, alias, code, plan };
}

function aliasLine(name: string, baseline: FunctionVersion | undefined): string {
  return baseline === undefined
    ? `Alias ${name} does not exist yet; it will be created.`
    : `Alias ${name} serves version ${baseline.version}.`;
}

interface Given {
  readonly zip: CodePackage | undefined;
  readonly world: World;
}

/** What would break every invocation, or be refused by Lambda, however little traffic it gets. */
function checkCodeFits({ source }: DeployInputs, latest: FunctionVersion, { zip, world }: Given): void {
  if (source.kind === 'kept') return;
  const isImage = source.kind === 'image';
  if (isImage !== (latest.packageType === 'Image')) {
    throw new ActionFailure(
      `the function is made of ${isImage ? 'a zip package' : 'a container image'}, and Lambda cannot change that`,
      isImage ? 'Give `artifact` instead of `image-uri`.' : 'Give `image-uri` instead of `artifact`.',
    );
  }
  const problem = zip === undefined ? undefined : findHandlerProblem(zip, latest);
  if (problem?.severity === 'error') throw new ActionFailure(problem.message, problem.next);
  if (problem === undefined) return;
  world.log.warn(`${problem.message} ${problem.next}`);
  world.recorder.note(problem.message);
}

function makePlan(inputs: DeployInputs, latest: FunctionVersion): RolloutPlan {
  return {
    steps: inputs.strategy.steps,
    pace: inputs.strategy.pace,
    bakeTime: inputs.bakeTime,
    interval: inputs.interval,
    finalAge: finalAgeFor({ metricDelay: inputs.metricDelay, timeout: latest.timeout }),
    maxDuration: inputs.maxDuration,
    onInconclusive: inputs.onInconclusive,
    onCancel: inputs.onCancel,
    unreadableLimit: UNREADABLE_LIMIT,
  };
}

/** At the deadline a rollout has to end with what it knows: it must not come before the watch that was asked for is over. */
function checkDeadline(plan: RolloutPlan): void {
  const needed = expectedDuration(plan);
  if (needed <= plan.maxDuration) return;
  throw new ActionFailure(
    `the rollout takes ${formatDuration(needed)} until its last minutes are final (${formatDuration(plan.finalAge)} after they end), longer than the max-duration of ${formatDuration(plan.maxDuration)}`,
    `Set \`max-duration: ${formatDuration(needed)}\` or more, or make the steps and the bake-time shorter. Nothing was changed.`,
  );
}

function settingsOf(inputs: DeployInputs): Omit<RecordSettings, 'finalAge'> {
  const { confidence, errorTolerance, passMargin, maxErrorRate, minInvocations, onInconclusive } = inputs;
  const { latencyThreshold, latencyTolerance, alarms } = inputs;
  const { interval, metricDelay, bakeTime, maxDuration } = inputs;
  const limits = { confidence, errorTolerance, passMargin, maxErrorRate, minInvocations, onInconclusive };
  return {
    ...limits,
    latencyThreshold,
    latencyTolerance,
    alarms,
    interval,
    metricDelay,
    bakeTime,
    maxDuration,
  };
}
