import type { AliasState, AliasTarget } from '../model/alias.ts';
import { AliasWriter } from '../rollout/act/alias-writer.ts';
import type { Marker } from '../rollout/act/marker.ts';
import { alteredByOthers, inspect, isOver, restoration, splitByOthers, takenBy } from '../rollout/act/recover.ts';
import { refuseOlderThanHeld } from './order.ts';
import { type World, serverUrl } from './world.ts';

/** What a run outside of GitHub Actions signs with. */
export const LOCAL_RUN = { repository: 'local', runId: 0, attempt: 1 } as const;

/** An alias on one version, as a deployment needs to find it; undefined when there is none yet. */
export async function settledAlias(
  world: World,
  { name, dryRun, allowOlder }: { name: string; dryRun: boolean; allowOlder: boolean },
): Promise<AliasState | undefined> {
  const alias = await world.alias.read();
  if (alias === undefined) return undefined;
  world.recorder.sawAlias(alias);
  const finding = inspect(alias);
  switch (finding.kind) {
    case 'clean':
      return alias;
    case 'stale':
      return tidyUp(world, { name, alias, marker: finding.marker, dryRun });
    case 'split':
      throw splitByOthers(name, alias);
    case 'altered':
    case 'marked': {
      const { marker } = finding;
      const server = serverUrl(world);
      const isOver = await isRunOver(world, marker);
      if (isOver !== true) throw takenBy(name, { marker, server, isKnown: isOver === false });
      if (finding.kind === 'altered') throw alteredByOthers(name, { alias, marker: finding.marker, server });
      if (!allowOlder) refuseOlderThanHeld(name, world, marker);
      return putBack(world, { name, alias, marker, dryRun });
    }
  }
}

/** undefined: neither the marker nor GitHub can tell. */
export async function isRunOver({ run, runs, clock }: World, marker: Marker): Promise<boolean | undefined> {
  const { repository, runId, attempt } = run ?? LOCAL_RUN;
  return isOver(marker, { repository, runId, attempt, now: clock.now() }) ?? runs.isOver(marker);
}

interface Leftover {
  readonly name: string;
  readonly alias: AliasState;
  readonly marker: Marker;
  readonly dryRun: boolean;
}

/** The run that left the alias in a rollout is dead: the alias goes back on one version first. */
async function putBack(world: World, leftover: Leftover): Promise<AliasState> {
  const { name, alias, marker } = leftover;
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
  const { name, alias, marker } = leftover;
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
  { name, alias, dryRun }: Leftover,
  { target, done, would }: Mending,
): Promise<AliasState> {
  const { clock, log, recorder } = world;
  if (dryRun) {
    recorder.note(would);
    return { ...alias, ...target };
  }
  const writer = new AliasWriter({ name, port: world.urgent, clock, known: alias, signal: world.signal });
  const mended = await writer.restore(target);
  log.warn(done);
  recorder.note(done);
  recorder.sawAlias(mended);
  recorder.enter({ at: clock.now(), weight: 0, event: 'recover', text: done });
  return mended;
}

function leftBehind(name: string, { repository, runId, baseline, canary }: Marker): string {
  return `run ${runId} of ${repository} left alias ${name} in a rollout from version ${baseline} to ${canary}`;
}
