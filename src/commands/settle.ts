import type { DeployInputs } from '../inputs/inputs.ts';
import type { AliasState, AliasTarget } from '../model/alias.ts';
import type { Marker } from '../rollout/act/marker.ts';
import { alteredByOthers, inspect, isOver, restoration, splitByOthers, takenBy } from '../rollout/act/recover.ts';
import { CALM, lendingOf, loanOf, settleLoan } from './loan.ts';
import { isMoving, provisionedOf, untilMoved } from './moving.ts';
import { refuseOlderThanHeld } from './order.ts';
import { type World, serverUrl } from './world.ts';
import { writerOf } from './writer.ts';

/** What a run outside of GitHub Actions signs with. */
export const LOCAL_RUN = { repository: 'local', runId: 0, attempt: 1 } as const;

/** An alias on one version, as a deployment needs to find it; undefined when there is none yet. */
export async function settledAlias(
  world: World,
  inputs: Pick<DeployInputs, 'alias' | 'functionRef' | 'region' | 'dryRun' | 'allowOlder'>,
): Promise<AliasState | undefined> {
  const { alias: name, allowOlder } = inputs;
  const alias = await world.alias.read();
  if (alias === undefined) return undefined;
  world.recorder.sawAlias(alias);
  const finding = inspect(alias);
  switch (finding.kind) {
    case 'clean':
      return alias;
    case 'stale':
      return tidyUp(world, { inputs, alias, marker: finding.marker });
    case 'split':
      return moved(world, inputs, alias);
    case 'altered':
    case 'marked': {
      const { marker } = finding;
      const server = serverUrl(world);
      const isOver = await isRunOver(world, marker);
      if (isOver !== true) throw takenBy(name, { marker, server, isKnown: isOver === false });
      if (finding.kind === 'altered') throw alteredByOthers(name, { alias, marker: finding.marker, server });
      if (!allowOlder) refuseOlderThanHeld(name, world, marker);
      return putBack(world, { inputs, alias, marker });
    }
  }
}

/** Split by nobody's marker: Lambda's own weights pass away by themselves, those of anybody else are not ours to end. */
async function moved(
  world: World,
  inputs: Pick<DeployInputs, 'alias' | 'functionRef' | 'dryRun'>,
  alias: AliasState,
): Promise<AliasState> {
  if (!isMoving(alias, await provisionedOf(inputs, world))) throw splitByOthers(inputs.alias, alias);
  if (!inputs.dryRun) return untilMoved(inputs, world, alias);
  world.recorder.note(
    `Lambda is moving the provisioned concurrency of alias ${inputs.alias} to version ${alias.functionVersion}; a deployment would wait for that first`,
  );
  return { ...alias, weights: {} };
}

/** undefined: neither the marker nor GitHub can tell. */
export async function isRunOver({ run, runs, clock, signal }: World, marker: Marker): Promise<boolean | undefined> {
  const { repository, runId, attempt } = run ?? LOCAL_RUN;
  return isOver(marker, { repository, runId, attempt, now: clock.now() }) ?? runs.isOver(marker, signal);
}

interface Leftover {
  readonly inputs: Pick<DeployInputs, 'alias' | 'functionRef' | 'region' | 'dryRun'>;
  readonly alias: AliasState;
  readonly marker: Marker;
}

/** The run that left the alias in a rollout is dead: the alias goes back on one version first. */
async function putBack(world: World, leftover: Leftover): Promise<AliasState> {
  const { inputs, alias, marker } = leftover;
  const { alias: name } = inputs;
  const target = restoration(alias, marker);
  const version = target.functionVersion;
  const left = leftBehind(name, marker);
  return mend(world, leftover, {
    target,
    done: `${left}; put back on version ${version} first`,
    would: `${left}; a deployment would put it back on version ${version} first`,
  });
}

/** Somebody moved the alias out of a rollout and left its marker: what they made it serve stays, the old text comes back. */
async function tidyUp(world: World, leftover: Leftover): Promise<AliasState> {
  const { inputs, alias, marker } = leftover;
  const { alias: name } = inputs;
  const target = { functionVersion: alias.functionVersion, weights: {}, description: marker.description };
  const left = `alias ${name} still held the marker of run ${marker.runId} of ${marker.repository}`;
  return mend(world, leftover, {
    target,
    done: `${left}; its description was put back`,
    would: `${left}; a deployment would put its description back`,
  });
}

interface Mending {
  readonly target: AliasTarget;
  /** What to say when it is done, and when it would be. */
  readonly done: string;
  readonly would: string;
}

async function mend(
  world: World,
  { inputs, alias, marker }: Leftover,
  { target, done, would }: Mending,
): Promise<AliasState> {
  const { clock, log, recorder } = world;
  const loan = loanOf(marker);
  if (inputs.dryRun) {
    recorder.note(
      `${would}${loan === undefined ? '' : `, and take back the provisioned concurrency (${loan.amount}) of version ${loan.version}`}`,
    );
    return { ...alias, ...target };
  }
  const lending = lendingOf(world, marker);
  const port = lending.guard(world.urgent, CALM);
  const writer = writerOf(inputs, world, { known: alias, port });
  const mended = await writer.restore(target);
  await settleLoan(inputs, world, { lending, limit: CALM });
  log.warn(done);
  recorder.note(done);
  recorder.sawAlias(mended);
  recorder.enter({ at: clock.now(), weight: 0, event: 'recover', text: done });
  return mended;
}

function leftBehind(name: string, { repository, runId, baseline, canary }: Marker): string {
  return `run ${runId} of ${repository} left alias ${name} in a rollout from version ${baseline} to ${canary}`;
}
