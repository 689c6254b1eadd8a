import type { CommonInputs } from '../inputs/inputs.ts';
import { ActionFailure, Cancelled } from '../model/failure.ts';
import { formatBytes } from '../model/format.ts';
import { SECOND } from '../model/time.ts';
import type { ListedAlias, OldVersion, OldVersions } from '../release/old-versions.ts';
import { type Reference, prunable } from '../release/prune.ts';
import { parseMarker } from '../rollout/act/marker.ts';
import { untilCancelled } from './cancelled.ts';
import { CANDIDATES } from './rollback.ts';
import type { World } from './world.ts';

/** So many are deleted in one run; the next goes on. Each takes three or four calls of the 15 a second that an account has. */
const MOST = 25;
/** So many are looked at for it: versions may be in use that only a question about each tells. */
const MOST_SEEN = 100;
/** Between two deletions, so that other control-plane calls of the account get their turn, ms. */
const PAUSE = SECOND / 2;

interface Wanted {
  readonly inputs: Pick<CommonInputs, 'alias'> & { readonly keepVersions: number | undefined };
  /** The version that has all traffic; undefined: it will be published first, with a higher number than any. */
  readonly promoted: string | undefined;
  /** What it replaced. */
  readonly baseline: string | undefined;
}

/**
 * After a promotion: deletes older versions that nothing refers to. Never fails the step, and stops when the job is
 * cancelled: whatever is not deleted now is deleted after the next promotion.
 */
export async function prune(world: World, wanted: Wanted): Promise<void> {
  const { inputs } = wanted;
  if (inputs.keepVersions === undefined || world.signal.aborted) return;
  const { log, recorder } = world;
  const tell = (line: string, isProblem: boolean): void => {
    recorder.note(line);
    if (isProblem) log.warn(line);
    else log.info(line);
  };
  await log.group('Delete old versions', async () => {
    try {
      const versions = await world.versions();
      const found = await untilCancelled(world, () => choose(world, wanted, () => true));
      const done = await remove(world, versions, found);
      tell(resultLine(done, found.length), false);
      if (done.problem !== undefined) tell(done.problem, true);
    } catch (error) {
      // The promotion stands, whatever this is.
      if (!(error instanceof Cancelled)) tell(`No old versions were deleted: ${sentencesOf(error)}`, true);
    }
  });
}

/** A dry run's lines. */
export async function pruneLines(world: World, wanted: Wanted): Promise<readonly string[]> {
  const { keepVersions } = wanted.inputs;
  if (keepVersions === undefined) return [];
  try {
    // The alias itself will serve the promoted version, and nothing else.
    const isOther = ({ name }: ListedAlias): boolean => name !== wanted.inputs.alias;
    const found = await choose(world, wanted, isOther);
    const now = found.slice(0, MOST);
    const line = `then delete ${now.length} old version${now.length === 1 ? '' : 's'} that nothing refers to: ${numbersOf(now)} (${sizeOf(now)})`;
    return [now.length === 0 ? 'then delete no old version: none is old enough and unused' : line];
  } catch (error) {
    if (!(error instanceof ActionFailure)) throw error;
    return [`then delete no old versions, as it cannot be told which are unused: ${error.message}`];
  }
}

/** Everything that may refer to a version is asked for; what cannot be asked counts as a reference to all. */
async function choose(
  world: World,
  wanted: Wanted,
  counts: (alias: ListedAlias) => boolean,
): Promise<readonly OldVersion[]> {
  const { promoted, baseline, inputs } = wanted;
  const [port, capacity] = [await world.versions(), await world.capacity()];
  const [versions, aliases, provisioned, mapped] = [
    await port.list(),
    await port.listAliases(),
    await capacity.list(),
    await port.listMapped(),
  ];
  return prunable({
    versions,
    alias: inputs.alias,
    promoted,
    baseline,
    keep: inputs.keepVersions ?? Infinity,
    aliases: aliases.filter(counts).map(referenceOf),
    reach: CANDIDATES,
    used: [...provisioned.keys(), ...mapped],
    now: world.clock.now(),
  });
}

/** In a rollout an alias may need a version that it does not serve: the marker names both. */
function referenceOf({ name, functionVersion, others, description }: ListedAlias): Reference {
  const marker = parseMarker(description);
  const marked = marker === undefined ? [] : [marker.baseline, marker.canary];
  return { name, versions: [functionVersion, ...others, ...marked] };
}

interface Done {
  readonly removed: readonly OldVersion[];
  /** How many were looked at. */
  readonly seen: number;
  /** Why it ended early. */
  readonly problem: string | undefined;
}

async function remove(world: World, port: OldVersions, versions: readonly OldVersion[]): Promise<Done> {
  const removed: OldVersion[] = [];
  let seen = 0;
  for (const version of versions.slice(0, MOST_SEEN)) {
    if (removed.length === MOST) break;
    seen += 1;
    try {
      if (await untilCancelled(world, () => removeUnused(port, version))) removed.push(version);
    } catch (error) {
      const problem = `Version ${version.version} was not deleted: ${sentencesOf(error)}`;
      // Whatever it was, it need not be tried with all the others, too.
      return { removed, seen, problem: error instanceof Cancelled ? undefined : problem };
    }
    await world.clock.sleep(PAUSE, world.signal);
  }
  return { removed, seen, problem: undefined };
}

function sentencesOf(error: unknown): string {
  if (error instanceof ActionFailure) return `${error.message}. ${error.next}`;
  return `${error instanceof Error ? error.message : String(error)}.`;
}

/** Whether it was deleted. */
async function removeUnused(port: OldVersions, { version, isDurable }: OldVersion): Promise<boolean> {
  if (await port.isMapped(version)) return false;
  if (isDurable && (await port.isRunning(version))) return false;
  await port.remove(version);
  return true;
}

function resultLine({ removed, seen }: Done, found: number): string {
  if (removed.length === 0) return 'No old version was deleted.';
  const more = found === seen ? '' : ` ${found - seen} more are left for the next promotion.`;
  const what = removed.length === 1 ? 'Old version' : `${removed.length} old versions`;
  return `${what} ${numbersOf(removed)} deleted, ${sizeOf(removed)} freed.${more}`;
}

function numbersOf(versions: readonly OldVersion[]): string {
  return versions.map(({ version }) => version).join(', ');
}

function sizeOf(versions: readonly OldVersion[]): string {
  return formatBytes(versions.reduce((sum, { bytes }) => sum + bytes, 0));
}
