import { type AliasState, type AliasTarget, describeServing } from '../../model/alias.ts';
import { ActionFailure } from '../../model/failure.ts';
import { type Marker, parseMarker } from './marker.ts';

/** The run that looks at an alias. */
interface Observer {
  readonly repository: string;
  readonly runId: number;
  readonly attempt: number;
  /** Epoch ms. */
  readonly now: number;
}

type StampedMarker = Marker & { readonly stamp: NonNullable<Marker['stamp']> };

/** What an alias says of itself. */
export type Finding =
  | { readonly kind: 'clean' }
  /** In a rollout of this action, or left in one. */
  | { readonly kind: 'marked'; readonly marker: Marker }
  /** The same, but between its two versions somebody else has split the traffic since. */
  | { readonly kind: 'altered'; readonly marker: StampedMarker }
  /** On one version, but the description still holds the marker of a rollout that the alias is no longer in. */
  | { readonly kind: 'stale'; readonly marker: Marker }
  /** Split between versions by something else. */
  | { readonly kind: 'split' };

/** Reads the marker, which counts only where it agrees with what the alias serves. */
export function inspect(alias: AliasState): Finding {
  const marker = parseMarker(alias.description);
  if (marker !== undefined && agrees(alias, marker)) {
    const { stamp } = marker;
    const isAsWritten = stamp === undefined || agreesOnWeight(alias, marker.canary, stamp.weight);
    return isAsWritten ? { kind: 'marked', marker } : { kind: 'altered', marker: { ...marker, stamp } };
  }
  if (Object.keys(alias.weights).length > 0) return { kind: 'split' };
  return marker === undefined ? { kind: 'clean' } : { kind: 'stale', marker };
}

function agrees({ functionVersion, weights }: AliasState, { baseline, canary }: Marker): boolean {
  const others = Object.keys(weights);
  // No rollout leads from a version to itself: somebody typed that.
  if (baseline === canary) return false;
  const other = functionVersion === baseline ? canary : functionVersion === canary ? baseline : undefined;
  return other !== undefined && others.every((version) => version === other);
}

/**
 * Whether the canary has what the rollout gave it last, or nothing: then only the description is left of the rollout. With
 * the canary in front Lambda itself may weight the alias, while provisioned concurrency moves.
 */
function agreesOnWeight({ functionVersion, weights }: AliasState, canary: string, weight: number): boolean {
  if (functionVersion === canary) return weight === 100;
  return weights[canary] === undefined || weights[canary] === weight;
}

/**
 * What puts a marked alias back on one version: the baseline, since the marker stands there until everything has been
 * judged, the bake included. Only a canary that is known to have baked keeps what it has.
 */
export function restoration(alias: AliasState, marker: Marker, isBaked = false): AliasTarget {
  const keeps = isBaked && alias.functionVersion === marker.canary;
  return { functionVersion: keeps ? marker.canary : marker.baseline, weights: {}, description: marker.description };
}

/** Whether the run that marked the alias is over, as far as the marker itself tells; undefined: ask GitHub. */
export function isOver(marker: Marker, observer: Observer): boolean | undefined {
  if (marker.stamp?.isHeld === true || observer.now > marker.deadline) return true;
  if (marker.repository !== observer.repository) return false;
  if (marker.runId === observer.runId) return marker.attempt < observer.attempt;
  return undefined;
}

/** Where the page of a workflow run is, on a server such as `https://github.com`. */
export function runLink(server: string, { repository, runId }: Pick<Marker, 'repository' | 'runId'>): string {
  return `${server}/${repository}/actions/runs/${runId}`;
}

/** `2026-01-15 14:32 UTC`: when a rollout is over at the latest. */
export function deadlineOf({ deadline }: Marker): string {
  return `${new Date(deadline).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Where the run that marked an alias stands. `isKnown`: GitHub said that it is not over, instead of saying nothing. */
interface Taking {
  readonly marker: Marker;
  /** Where GitHub is, `https://github.com`. */
  readonly server: string;
  readonly isKnown: boolean;
}

export function takenBy(name: string, { marker, server, isKnown }: Taking): ActionFailure {
  const { baseline, canary, repository } = marker;
  const doubt = isKnown
    ? ''
    : ` GitHub could not be asked whether that run is over: give this job \`permissions: actions: read\`, or wait until ${deadlineOf(marker)}.`;
  return new ActionFailure(
    `alias ${name} is in the middle of a rollout from version ${baseline} to ${canary} by ${repository}, run ${runLink(server, marker)}`,
    `Wait for that run or cancel it; \`command: rollback\` puts the alias back on its baseline at once.${doubt}`,
  );
}

/** A rollout was left on the alias, and somebody else changed the split since. */
export function alteredByOthers(
  name: string,
  { alias, marker, server }: { alias: AliasState; marker: StampedMarker; server: string },
): ActionFailure {
  const { baseline, canary, repository, stamp } = marker;
  return new ActionFailure(
    `alias ${name} was left in a rollout from version ${baseline} to ${canary} by ${repository}, run ${runLink(server, marker)}, and ` +
      `somebody else has changed it since: it serves ${describeServing(alias)}, and the rollout had version ${canary} at ${stamp.weight}%`,
    `Their change was left as it is. \`command: promote\` gives version ${canary} all traffic, \`command: rollback\` version ${baseline}.`,
  );
}

export function splitByOthers(name: string, alias: AliasState): ActionFailure {
  return new ActionFailure(
    `alias ${name} already splits its traffic between ${describeServing(alias)}, and no rollout of this action did that`,
    'Finish what weighted it (CodeDeploy, Terraform, the console), or put all traffic on one version with `command: rollback`.',
  );
}
