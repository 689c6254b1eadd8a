import type { DeployInputs } from '../inputs/inputs.ts';
import { ActionFailure } from '../model/failure.ts';
import type { FunctionVersion } from '../release/ports.ts';
import { isOlder, originOf } from '../release/origin.ts';
import type { Marker } from '../rollout/act/marker.ts';
import { runLink } from '../rollout/act/recover.ts';
import { type World, serverUrl } from './world.ts';

const REMEDY =
  'Deploy with the newest run instead. To deploy what this older run has all the same, set `allow-older: true`; to go back to the version before, use `command: rollback`.';

/** Refuses to deploy over a version that a newer run of the same repository published, unless that is wanted. */
export function refuseOlder(
  { alias, allowOlder }: DeployInputs,
  world: World,
  baseline: FunctionVersion | undefined,
): void {
  const origin = baseline === undefined ? undefined : originOf(baseline.description);
  if (baseline === undefined || origin === undefined || !isOlder(world.run, origin)) return;
  const fact = `version ${baseline.version}, which alias ${alias} serves, was published by ${runLink(serverUrl(world), origin)}, a newer run than this one`;
  if (!allowOlder) throw new ActionFailure(`${fact} (${world.run?.runId ?? 0})`, REMEDY);
  world.log.warn(`${fact}; allow-older lets this one replace it.`);
  world.recorder.note(fact);
}

/** The same of a canary that a newer run left held on the alias: its fate is not for an older run to decide. */
export function refuseOlderThanHeld(name: string, world: World, marker: Marker): void {
  if (marker.stamp?.isHeld !== true || !isOlder(world.run, marker)) return;
  throw new ActionFailure(
    `alias ${name} is held in a rollout from version ${marker.baseline} to ${marker.canary} by ${runLink(serverUrl(world), marker)}, a newer run than this one (${world.run?.runId ?? 0})`,
    `Finish that rollout first: \`command: promote\` or \`command: rollback\`. ${REMEDY}`,
  );
}
