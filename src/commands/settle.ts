import type { AliasState } from '../model/alias.ts';
import { AliasWriter } from '../rollout/act/alias-writer.ts';
import type { Marker } from '../rollout/act/marker.ts';
import { inspect, isOver, restoration, splitByOthers, takenBy } from '../rollout/act/recover.ts';
import type { World } from './world.ts';

/** What a run outside of GitHub Actions signs with. */
export const LOCAL_RUN = { repository: 'local', runId: 0, attempt: 1 } as const;

/** An alias on one version, as a deployment needs to find it; undefined when there is none yet. */
export async function settledAlias(
  world: World,
  { name, dryRun }: { name: string; dryRun: boolean },
): Promise<AliasState | undefined> {
  const alias = await world.alias.read();
  if (alias === undefined) return undefined;
  world.recorder.sawAlias(alias);
  const finding = inspect(alias);
  switch (finding.kind) {
    case 'clean':
      return alias;
    case 'stale':
      // Somebody moved the alias out of a rollout and left its marker: what the next write puts back is the old text.
      return { ...alias, description: finding.marker.description };
    case 'split':
      throw splitByOthers(name, alias);
    case 'marked': {
      const { marker } = finding;
      const isOver = await isRunOver(world, marker);
      if (isOver !== true) throw takenBy(name, { marker, server: serverUrl(world), isKnown: isOver === false });
      return putBack(world, { name, alias, marker, dryRun });
    }
  }
}

/** undefined: neither the marker nor GitHub can tell. */
async function isRunOver({ run, runs, clock }: World, marker: Marker): Promise<boolean | undefined> {
  const { repository, runId, attempt } = run ?? LOCAL_RUN;
  return isOver(marker, { repository, runId, attempt, now: clock.now() }) ?? runs.isOver(marker);
}

function serverUrl({ run }: World): string {
  return run === undefined ? 'https://github.com' : new URL(run.url).origin;
}

interface Leftover {
  readonly name: string;
  readonly alias: AliasState;
  readonly marker: Marker;
  readonly dryRun: boolean;
}

/** The run that left the alias in a rollout is dead: the alias goes back on one version first. */
async function putBack(world: World, { name, alias, marker, dryRun }: Leftover): Promise<AliasState> {
  const { clock, log, recorder } = world;
  if (dryRun) {
    recorder.note(`${leftBehind(name, marker)}; a deployment would put it back on version ${marker.baseline} first`);
    return { ...alias, ...restoration(alias, marker) };
  }
  const writer = new AliasWriter({ name, port: world.alias, clock, known: alias });
  const restored = await writer.write(restoration(alias, marker));
  const text = `${leftBehind(name, marker)}; put back on version ${restored.functionVersion} first`;
  log.warn(text);
  recorder.note(text);
  recorder.sawAlias(restored);
  recorder.enter({ at: clock.now(), weight: 0, event: 'recover', text });
  return restored;
}

function leftBehind(name: string, { repository, runId, baseline, canary }: Marker): string {
  return `run ${runId} of ${repository} left alias ${name} in a rollout from version ${baseline} to ${canary}`;
}
