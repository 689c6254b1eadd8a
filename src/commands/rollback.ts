import type { RollbackInputs } from '../inputs/inputs.ts';
import { type AliasState, describeServing } from '../model/alias.ts';
import { ActionFailure } from '../model/failure.ts';
import { MINUTE } from '../model/time.ts';
import type { FunctionVersion } from '../release/ports.ts';
import { inspect } from '../rollout/act/recover.ts';
import { type Previous, previousVersion } from '../rollout/decide/previous.ts';
import type { VersionTraffic } from '../rollout/ports.ts';
import { untilCancelled } from './cancelled.ts';
import { planned, readAlias, usableVersion } from './existing.ts';
import { AT_ONCE, CALM, lendingOf, settleLoan, withoutTraffic } from './loan.ts';
import { isMoving, provisionedOf } from './moving.ts';
import type { Ending } from './recorder.ts';
import type { World } from './world.ts';
import { writerOf } from './writer.ts';

/**
 * `command: rollback`: all traffic of the alias on one version that served it before, in one write, whatever rollout it is
 * in. For emergencies: it needs Lambda alone, and asks CloudWatch only when the version to go back to is not plain.
 */
export async function rollback(inputs: RollbackInputs, world: World): Promise<Ending> {
  const { recorder, log } = world;
  const alias = await untilCancelled(world, () => readAlias(inputs, world, 'roll back'));
  const target = await log.group('Find the version to go back to', () =>
    untilCancelled(world, () => findTarget(inputs, world, alias)),
  );
  recorder.learn({
    version: target.version,
    previousVersion: leftBy(alias, target.version),
    functionArn: target.functionArn,
  });
  const isAlone = alias.functionVersion === target.version && Object.keys(alias.weights).length === 0;
  if (isAlone && inspect(alias).kind === 'clean') {
    const reason = `alias ${inputs.alias} already serves version ${target.version} alone`;
    return { result: 'unchanged', verdict: 'none', reason, next: '' };
  }
  const reason = `alias ${inputs.alias} is back on version ${target.version}; before, it served ${describeServing(alias)}`;
  if (inputs.dryRun)
    return planned(world, [
      `put alias ${inputs.alias}, which serves ${describeServing(alias)}, on version ${target.version}`,
    ]);
  await putOn(target.version, { inputs, world, alias });
  return { result: 'rolled-back', verdict: 'none', reason, next: '' };
}

/** The version that callers no longer reach: the one with most traffic beside `target`. Without any, what the alias serves. */
function leftBy({ functionVersion, weights }: AliasState, target: string): string {
  const rest = Object.values(weights).reduce((left, weight) => left - weight, 100);
  const [heaviest] = [[functionVersion, rest] as const, ...Object.entries(weights)]
    .filter(([version]) => version !== target)
    .toSorted(([, a], [, b]) => b - a);
  return heaviest?.[0] ?? functionVersion;
}

/** The wanted version, which must exist and be able to take traffic. */
async function findTarget(inputs: RollbackInputs, world: World, alias: AliasState): Promise<FunctionVersion> {
  const version = inputs.version ?? (await chooseVersion(inputs, world, alias));
  return usableVersion(version, world, {
    ...inputs,
    purpose: 'go back to',
    next: 'Give `version` the number of a version that is still there: aws lambda list-versions-by-function.',
  });
}

/** In a rollout: its baseline. After one: the version that carried the alias before. */
async function chooseVersion(inputs: RollbackInputs, world: World, alias: AliasState): Promise<string> {
  const finding = inspect(alias);
  if (finding.kind === 'marked' || finding.kind === 'altered') return finding.marker.baseline;
  if (finding.kind === 'split') return ofSplit(inputs, world, alias);
  const previous = await findPrevious(world, alias.functionVersion);
  if (previous === undefined) {
    throw new ActionFailure(
      `there is no version before ${alias.functionVersion}, which alias ${inputs.alias} serves`,
      'Give `version` the number of the version to go back to.',
    );
  }
  const why =
    previous.by === 'traffic'
      ? `Version ${previous.version} carried alias ${inputs.alias} before version ${alias.functionVersion}.`
      : `No traffic tells what alias ${inputs.alias} served before; version ${previous.version} is the next lower number. Give \`version\` to go elsewhere.`;
  world.log.info(why);
  if (previous.by === 'number') world.recorder.note(why);
  return previous.version;
}

/** Weights that nobody marked: Lambda's own, in a move that came from the older version or goes back to it, or a person's. */
async function ofSplit(inputs: RollbackInputs, world: World, alias: AliasState): Promise<string> {
  const { functionVersion, weights } = alias;
  if (!isMoving(alias, await provisionedOf(inputs, world))) return functionVersion;
  const [older = functionVersion] = [functionVersion, ...Object.keys(weights)].sort((a, b) => Number(a) - Number(b));
  world.log.info(`Lambda is moving provisioned concurrency between two versions; version ${older} is the older one.`);
  return older;
}

/** How many versions are compared by their traffic: far more than lie between two promotions. */
export const CANDIDATES = 50;
const HOUR = 60 * MINUTE;
/**
 * Where traffic is looked for: the minutes of the last day, which tell even quick rollouts apart, and then the hours of a
 * month. Both stay below the 100,800 points of one GetMetricData call (CloudWatch API reference).
 */
const LOOK_BACKS = [
  { span: 24 * HOUR, period: MINUTE },
  { span: 30 * 24 * HOUR, period: HOUR },
] as const;

async function findPrevious(world: World, current: string): Promise<Previous | undefined> {
  const published = await world.functions.listVersions();
  const versions = published.filter((version) => Number(version) < Number(current)).slice(-CANDIDATES);
  const served = versions.length > 1 ? await readServed(world, versions) : new Map();
  return previousVersion(current, versions, served);
}

async function readServed({ traffic, clock, log }: World, versions: readonly string[]): Promise<VersionTraffic> {
  const end = Math.ceil(clock.now() / HOUR) * HOUR;
  try {
    for (const { span, period } of LOOK_BACKS) {
      const served = await traffic.readVersions({ versions, start: end - span, end, period });
      if ([...served.values()].some((points) => points.size > 0)) return served;
    }
  } catch (error) {
    if (!(error instanceof ActionFailure)) throw error;
    log.warn(`The traffic of earlier versions could not be read: ${error.message}`);
  }
  return new Map();
}

interface Put {
  readonly inputs: RollbackInputs;
  readonly world: World;
  readonly alias: AliasState;
}

async function putOn(version: string, { inputs, world, alias }: Put): Promise<void> {
  const { clock, recorder, log } = world;
  const finding = inspect(alias);
  const description = 'marker' in finding ? finding.marker.description : alias.description;
  const lending = lendingOf(world, 'marker' in finding ? finding.marker : undefined);
  const port = lending.guard(world.urgent, AT_ONCE);
  const writer = writerOf(inputs, world, { known: alias, port });
  const settle = (): Promise<boolean> => settleLoan(inputs, world, { lending, limit: CALM });
  try {
    recorder.sawAlias(await writer.restore({ functionVersion: version, weights: {}, description }));
  } catch (error) {
    await settle();
    throw error;
  }
  const isBack = await settle();
  if (!isBack && 'marker' in finding && finding.marker.baseline === version) {
    const mark = withoutTraffic(finding.marker);
    recorder.sawAlias(await writer.restore({ functionVersion: version, weights: {}, description: mark }));
  }
  const text = `all traffic to version ${version}`;
  recorder.enter({ at: clock.now(), weight: 0, event: 'roll-back', text });
  log.info(`Alias ${inputs.alias}: ${text}.`);
}
