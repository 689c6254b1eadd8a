import type { DeployInputs } from '../inputs/inputs.ts';
import { ActionFailure, Cancelled } from '../model/failure.ts';
import type { PackageView } from '../model/record.ts';
import type { CodePackage } from '../package/package.ts';
import type { OnWriting } from '../release/configure.ts';
import { describeOrigin } from '../release/origin.ts';
import type { FunctionVersion } from '../release/ports.ts';
import { publishRelease } from '../release/publish.ts';
import { sameSettings } from '../release/settings.ts';
import { checkSplittable } from '../release/survey.ts';
import { isWatched } from '../rollout/decide/plan.ts';
import { reasonOf } from '../rollout/rollout.ts';
import { type Released, bringLive } from './bring-live.ts';
import { untilCancelled } from './cancelled.ts';
import { configurationLines, leftInLatest } from './configuration-words.ts';
import { dryRun } from './dry-run.ts';
import { pacedPlan, passOutlook } from './expectation.ts';
import { NO_OUTLOOK, lookAround } from './look-around.ts';
import { refuseOlder } from './order.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { Ending } from './recorder.ts';
import { warnOfUnknownEnd } from './session.ts';
import { lookAtSurroundings, tellSurroundings } from './surroundings.ts';
import { tell } from './tell.ts';
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
  const outlook =
    baseline !== undefined && isWatched(plan)
      ? await untilCancelled(world, () => lookAround(inputs, world, baseline.version))
      : NO_OUTLOOK;
  const paced = pacedPlan(plan, outlook.past);
  recorder.learn({ strategy: { ...inputs.strategy, steps: paced.steps } });
  const expectation = passOutlook(inputs, paced, outlook.past);
  const surroundings = prepared.isNew
    ? []
    : await untilCancelled(world, () => lookAtSurroundings(inputs, world, prepared));
  if (baseline !== undefined) warnOfUnknownEnd(paced, world);
  if (inputs.dryRun) return dryRun(inputs, world, { ...prepared, plan: paced, outlook, expectation, surroundings });
  tellSurroundings(surroundings, world);
  tell(world, configurationLines(prepared, baseline));

  return release(inputs, world, { prepared, plan: paced, outlook, expectation });
}

/** Publishes, and lets callers have it. However that ends but by a promotion, it is said what stays behind in `$LATEST`. */
async function release(inputs: DeployInputs, world: World, wanted: Omit<Released, 'published'>): Promise<Ending> {
  const { prepared } = wanted;
  const left: { now: '' | 'may keep' | 'keeps' } = { now: '' };
  const onWriting = (mayBeWritten: boolean): void => {
    left.now = mayBeWritten ? 'may keep' : '';
  };
  const leftovers = (): string => (left.now === '' ? '' : leftInLatest(prepared, left.now));
  try {
    const published = await world.log.group('Publish', () =>
      untilCancelled(world, () => publish(inputs, world, { ...prepared, onWriting })),
    );
    if (published === undefined) return unchanged(inputs, world, prepared.baseline);
    left.now = 'keeps';
    if (world.signal.aborted) throw new Cancelled(reasonOf(world.signal));
    const ending = await bringLive(inputs, world, { ...wanted, published });
    return ending.result === 'promoted' ? ending : { ...ending, next: joined(ending.next, leftovers()) };
  } catch (error) {
    throw withLeftovers(error, leftovers(), world);
  }
}

function withLeftovers(error: unknown, leftovers: string, { log }: World): unknown {
  if (leftovers === '') return error;
  if (error instanceof ActionFailure) {
    const { message, next, permanent, expired } = error;
    return new ActionFailure(message, joined(next, leftovers), { cause: error, permanent, expired });
  }
  log.warn(leftovers);
  return error;
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** Whether the alias serves, in code and configuration, what would be published. */
function isServed({ code, target, baseline }: Prepared): boolean {
  return baseline !== undefined && code.isIn(baseline) === true && sameSettings(target.settings, baseline.settings);
}

function requireSplit({ alias, change }: DeployInputs, { plan, target, baseline }: Prepared): void {
  if (plan.steps.length > 0) checkSplittable({ latest: target, baseline }, alias, Object.keys(change.fields));
}

function unchanged({ alias }: DeployInputs, { recorder }: World, baseline: FunctionVersion | undefined): Ending {
  recorder.learn({ version: baseline?.version });
  const reason = `alias ${alias} already serves this code and configuration${baseline === undefined ? '' : ` as version ${baseline.version}`}`;
  return { result: 'unchanged', verdict: 'none', reason, next: '' };
}

type Publication = Prepared & { readonly onWriting: OnWriting };

async function publish(
  inputs: DeployInputs,
  world: World,
  prepared: Publication,
): Promise<FunctionVersion | undefined> {
  const { functions, clock, log, recorder, signal } = world;
  const description = inputs.description ?? (world.run === undefined ? '' : describeOrigin(world.run));
  const published = await publishRelease(
    {
      functions,
      clock,
      signal,
      onWait: (line) => {
        log.info(line);
      },
    },
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
