import type { PromoteInputs } from '../inputs/inputs.ts';
import { type AliasState, describeServing } from '../model/alias.ts';
import { Cancelled } from '../model/failure.ts';
import type { AliasWriter } from '../rollout/act/alias-writer.ts';
import { type Marker, formatMarker } from '../rollout/act/marker.ts';
import { inspect, splitByOthers, takenBy } from '../rollout/act/recover.ts';
import { reasonOf } from '../rollout/rollout.ts';
import { untilCancelled } from './cancelled.ts';
import { planned, readAlias, usableVersion } from './existing.ts';
import { signed } from './handover.ts';
import { CALM, lendingOf } from './loan.ts';
import { unmoved } from './moving.ts';
import { prune, pruneLines } from './prune.ts';
import type { Ending } from './recorder.ts';
import { isRunOver } from './settle.ts';
import { type World, serverUrl } from './world.ts';
import { writerOf } from './writer.ts';

/**
 * `command: promote`: all traffic to the canary of a rollout that was left in flight on the alias, in one write. Whoever
 * asks for it has judged the canary; what is refused is to interfere with a run that is still going.
 */
export async function promote(inputs: PromoteInputs, world: World): Promise<Ending> {
  const { alias: name } = inputs;
  const alias = await untilCancelled(world, () => readAlias(inputs, world, 'promote'));
  world.recorder.learn({ version: alias.functionVersion });
  const finding = inspect(alias);
  if (finding.kind === 'split') throw splitByOthers(name, alias);
  if (finding.kind === 'clean' || finding.kind === 'stale') return unchanged(name, alias);
  const { marker } = finding;
  if (!hasTraffic(alias, marker)) return unchanged(name, alias);

  const isOver = await untilCancelled(world, () => isRunOver(world, marker));
  if (isOver !== true) throw takenBy(name, { marker, server: serverUrl(world), isKnown: isOver === false });
  const { baseline, canary } = marker;
  world.recorder.learn({ version: canary, previousVersion: baseline });
  const next = `Put the alias back with \`command: rollback\`, then deploy again.`;
  const target = await usableVersion(canary, world, { ...inputs, purpose: 'promote', next });
  world.recorder.learn({ functionArn: target.functionArn });
  const before = describeServing(alias);
  if (inputs.dryRun)
    return planned(world, [
      `give version ${canary} all traffic of alias ${name}, which serves ${before}`,
      ...(await pruneLines(world, { inputs, promoted: canary, baseline })),
    ]);
  if (world.signal.aborted) throw new Cancelled(reasonOf(world.signal));
  await putOn(canary, { inputs, world, alias, marker });
  await prune(world, { inputs, promoted: canary, baseline });
  const reason = `alias ${name} gives version ${canary} all traffic, as was asked for; before, it served ${before}`;
  return { result: 'promoted', verdict: 'none', reason, next: '' };
}

function unchanged(name: string, alias: AliasState): Ending {
  const reason = `alias ${name} serves ${describeServing(alias)} alone, so no rollout is in flight that could be promoted`;
  return { result: 'unchanged', verdict: 'none', reason, next: '' };
}

/** Somebody may have taken all traffic from the canary and left the marker: then there is nothing to finish. */
function hasTraffic({ functionVersion, weights }: AliasState, { canary }: Marker): boolean {
  return functionVersion === canary || weights[canary] !== undefined;
}

interface Put {
  readonly inputs: PromoteInputs;
  readonly world: World;
  readonly alias: AliasState;
  readonly marker: Marker;
}

async function putOn(version: string, { inputs, world, alias, marker }: Put): Promise<void> {
  const { alias: name } = inputs;
  const { clock, recorder, log, signal } = world;
  const port = lendingOf(world, marker).guard(world.urgent, CALM);
  const writer = writerOf(inputs, world, { known: alias, port });
  try {
    recorder.sawAlias(await writer.restore({ functionVersion: version, weights: {}, description: marker.description }));
    // Cancelled while Lambda still keeps the traffic on the version before.
    if (Object.keys(writer.known.weights).length > 0) throw unmoved(inputs, writer.known, reasonOf(signal));
  } catch (error) {
    if (writer.known.functionVersion === version) await leaveMark(writer, world, marker);
    throw error;
  }
  const text = `all traffic to version ${version}`;
  recorder.enter({ at: clock.now(), weight: 100, event: 'promote', text });
  log.info(`Alias ${name}: ${text}.`);
}

/** A promotion that Lambda does not carry through: `rollback` and deployments need to know whence it came. */
async function leaveMark(writer: AliasWriter, { nonce, log }: World, marker: Marker): Promise<void> {
  const description = formatMarker(signed(marker, { weight: 100, nonce, isHeld: true }));
  try {
    await writer.restore({ functionVersion: marker.canary, weights: {}, description }, 0);
  } catch (error) {
    const isWritten = writer.known.description === description;
    if (!isWritten)
      log.warn(`The marker could not be left: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
