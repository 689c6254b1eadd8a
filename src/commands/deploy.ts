import type { DeployInputs } from '../inputs/inputs.ts';
import type { AliasState, AliasTarget } from '../model/alias.ts';
import { Cancelled } from '../model/failure.ts';
import type { PackageView } from '../model/record.ts';
import type { CodePackage } from '../package/package.ts';
import { describeOrigin } from '../release/origin.ts';
import type { FunctionVersion } from '../release/ports.ts';
import { publishRelease } from '../release/publish.ts';
import { sameSettings } from '../release/settings.ts';
import { checkSplittable } from '../release/survey.ts';
import { serves } from '../rollout/act/alias-writer.ts';
import type { RolloutPlan } from '../rollout/decide/plan.ts';
import { reasonOf } from '../rollout/rollout.ts';
import { learnCanaryErrors } from './canary-errors.ts';
import { endingOf } from './deploy-words.ts';
import { untilCancelled } from './cancelled.ts';
import { configurationLines, leftInLatest } from './configuration-words.ts';
import { pacedPlan, passOutlook } from './expectation.ts';
import { NO_OUTLOOK, type Outlook, lookAround } from './look-around.ts';
import { refuseOlder } from './order.ts';
import { blindSpots, codeLines, rolloutLines } from './plan.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { Ending } from './recorder.ts';
import { rollOut } from './roll-out.ts';
import { rolloutLine } from './rollout-words.ts';
import { lookAtSurroundings, surroundingsLines, tellSurroundings, withReach } from './surroundings.ts';
import { trialLines, tryOut } from './try-out.ts';
import type { World } from './world.ts';

/**
 * `command: deploy`: look, publish, roll out. `zip` is the package that was made of `artifact`; undefined for images and
 * for objects that are in S3 already.
 */
export async function deploy(inputs: DeployInputs, world: World, zip: CodePackage | undefined): Promise<Ending> {
  const { log, recorder } = world;
  const prepared = await log.group('Look at what is there', () =>
    untilCancelled(world, () => prepare(inputs, world, zip)),
  );
  const { baseline, plan } = prepared;
  if (isServed(prepared)) return unchanged(inputs, world, baseline);

  refuseOlder(inputs, world, baseline);
  requireSplit(inputs, prepared);
  const isWatched = plan.steps.length > 0 || plan.bakeTime > 0;
  const outlook =
    baseline !== undefined && isWatched
      ? await untilCancelled(world, () => lookAround(inputs, world, baseline.version))
      : NO_OUTLOOK;
  const paced = pacedPlan(plan, outlook.past);
  recorder.learn({ strategy: { ...inputs.strategy, steps: paced.steps } });
  const expectation = passOutlook(inputs, paced, outlook.past);
  const surroundings = prepared.isNew
    ? []
    : await untilCancelled(world, () => lookAtSurroundings(inputs, world, prepared));
  if (inputs.dryRun) {
    // What changes or checks more than the code adds its lines to this list, in the order in which things happen.
    return planned(world, [
      ...(await codeLines(inputs, prepared)),
      ...trialLines(inputs, world.smokeTests),
      ...rolloutLines(inputs, { ...prepared, plan: paced, outlook, expectation }),
      ...surroundingsLines(surroundings, world),
      ...blindSpots(inputs, prepared),
    ]);
  }
  tellSurroundings(surroundings, world);
  tell(world, configurationLines(prepared, baseline));

  const published = await log.group('Publish', () => untilCancelled(world, () => publish(inputs, world, prepared)));
  if (published === undefined) return unchanged(inputs, world, baseline);
  if (world.signal.aborted) throw new Cancelled(reasonOf(world.signal));
  return bringLive(inputs, world, { published, prepared, plan: paced, outlook, expectation });
}

interface Released {
  readonly published: FunctionVersion;
  readonly prepared: Prepared;
  readonly plan: RolloutPlan;
  readonly outlook: Outlook;
  /** What the traffic lets expect of a pass; '' when nothing is known. */
  readonly expectation: string;
}

/** Tries the new version out, then lets callers have it. */
async function bringLive(
  inputs: DeployInputs,
  world: World,
  { published, prepared, plan, outlook, expectation }: Released,
): Promise<Ending> {
  const { alias } = prepared;
  const refused = await tryOut(inputs, world, { published, previous: alias?.functionVersion });
  if (refused !== undefined) return refused;
  if (alias === undefined) return createAlias(inputs, world, published);
  const canary = published.version;
  // In no group: what is folded cannot be watched.
  world.log.info(rolloutLine(inputs, { plan, baseline: alias.functionVersion, canary }), 'strong');
  if (expectation !== '') world.log.info(`${expectation.charAt(0).toUpperCase()}${expectation.slice(1)}.`);
  const outcome = await rollOut(inputs, world, { plan, alias, canary, outlook });
  await learnCanaryErrors(world, outcome, canary);
  if (outcome.result !== 'promoted') tell(world, leftInLatest(prepared, prepared.baseline));
  return withReach(endingOf(outcome, { inputs, baseline: alias.functionVersion, canary }), inputs, world);
}

/** Whether the alias serves, in code and configuration, what would be published. */
function isServed({ code, target, baseline }: Prepared): boolean {
  return baseline !== undefined && code.isIn(baseline) === true && sameSettings(target.settings, baseline.settings);
}

function requireSplit({ alias, change }: DeployInputs, { plan, target, baseline }: Prepared): void {
  if (plan.steps.length > 0) checkSplittable({ latest: target, baseline }, alias, Object.keys(change.fields));
}

function tell({ log, recorder }: World, lines: readonly string[]): void {
  for (const line of lines) {
    log.info(line);
    recorder.note(line);
  }
}

function unchanged({ alias }: DeployInputs, { recorder }: World, baseline: FunctionVersion | undefined): Ending {
  recorder.learn({ version: baseline?.version });
  const reason = `alias ${alias} already serves this code and configuration${baseline === undefined ? '' : ` as version ${baseline.version}`}`;
  return { result: 'unchanged', verdict: 'none', reason, next: '' };
}

function planned({ log, recorder }: World, lines: readonly string[]): Ending {
  recorder.learn({ plan: lines });
  for (const line of lines) log.info(line);
  return { result: 'planned', verdict: 'none', reason: 'dry-run: nothing was changed', next: '' };
}

async function publish(inputs: DeployInputs, world: World, prepared: Prepared): Promise<FunctionVersion | undefined> {
  const { functions, clock, log, recorder, signal } = world;
  const description = inputs.description ?? (world.run === undefined ? '' : describeOrigin(world.run));
  const published = await publishRelease(
    { functions, clock, signal },
    {
      ...prepared,
      change: inputs.change,
      description,
      log,
      onPublished: (number) => {
        recorder.learn({ version: number });
      },
    },
  );
  recorder.learn({
    package: hashed(prepared.code.view(), published ?? prepared.baseline),
    ...(published === undefined ? {} : { functionArn: published.functionArn }),
  });
  return published;
}

/** The hash of an object that was in S3 already is known once Lambda has taken it. */
function hashed(code: PackageView, deployed: FunctionVersion | undefined): PackageView {
  if (code.kind !== 'zip' || code.sha256 !== undefined || deployed === undefined) return code;
  return { ...code, sha256: deployed.codeSha256 };
}

/** A first deployment: there is nobody to compare with, and nobody who calls the alias yet. */
async function createAlias(inputs: DeployInputs, world: World, { version }: FunctionVersion): Promise<Ending> {
  const { clock, log, recorder } = world;
  recorder.sawAlias(await createOrFind(world, { functionVersion: version, weights: {}, description: '' }));
  const text = `alias ${inputs.alias} was created on version ${version}`;
  recorder.enter({ at: clock.now(), weight: 100, event: 'promote', text });
  log.info(text);
  const reason = `first deployment: ${text}; there was no baseline to compare it with`;
  return { result: 'promoted', verdict: 'none', reason, next: '' };
}

/** The answer to a creation can be lost: an alias that is there and serves just that was created by us. */
async function createOrFind({ alias }: World, target: AliasTarget): Promise<AliasState> {
  try {
    return await alias.create(target);
  } catch (error) {
    const found = await alias.read();
    if (found === undefined || !serves(found, target)) throw error;
    return found;
  }
}
