import { type AliasState, describeServing } from './model/alias.ts';
import { ActionFailure } from './model/failure.ts';
import type { Log } from './model/log.ts';
import type { Clock } from './model/time.ts';
import { AliasWriter } from './rollout/act/alias-writer.ts';
import type { Marker } from './rollout/act/marker.ts';
import { inspect, restoration } from './rollout/act/recover.ts';
import type { AliasPort, OpenRollout } from './rollout/ports.ts';

/** What the `post` part works with. */
export interface PostHost {
  readonly log: Log;
  readonly clock: Clock;
  /** What `main` left open; undefined when it ended in order or never began to shift. */
  readonly rollout: OpenRollout | undefined;
  readonly openAlias: (rollout: OpenRollout) => AliasPort;
}

/** The step's `post` part. Never fails the job: what went wrong was said by `main`, or is warned about here. */
export async function post(host: PostHost): Promise<void> {
  const { rollout, log } = host;
  if (rollout === undefined) return;
  try {
    await restore(rollout, host);
  } catch (error) {
    const { message, next } = error instanceof ActionFailure ? error : { message: String(error), next: '' };
    log.warn(`Alias ${rollout.alias} could not be put back: ${message} ${next}`);
  }
}

/** Puts the alias back on one version when `main` could not: killed, out of memory, or refused by AWS at the time. */
async function restore(rollout: OpenRollout, { log, clock, openAlias }: PostHost): Promise<void> {
  const { alias: name } = rollout;
  const port = openAlias(rollout);
  const found = await port.read();
  const finding = found === undefined ? undefined : inspect(found);
  if (found === undefined || finding?.kind !== 'marked' || !isOurs(finding.marker, rollout)) {
    log.info(`Alias ${name} is in no rollout of this run; nothing to put back.`);
    return;
  }
  if (!isPlanned(found, rollout)) {
    log.warn(
      `Alias ${name} was left in a rollout of this run, but somebody else has changed its weights: it serves ` +
        `${describeServing(found)}. That was left as it is; \`command: rollback\` puts the alias on one version.`,
    );
    return;
  }
  const marker = { ...finding.marker, description: rollout.description };
  const writer = new AliasWriter({ name, port, clock, known: found });
  const restored = await writer.write(restoration(found, marker, rollout.isBaked));
  log.warn(`The rollout did not come to its end. Alias ${name} was put back: it serves ${describeServing(restored)}.`);
}

/** The weight is one that the plan gives; without weights one version has everything, and with the canary in front AWS moves. */
function isPlanned({ functionVersion, weights }: AliasState, { canary, weights: planned }: OpenRollout): boolean {
  const weight = weights[canary];
  return functionVersion === canary || weight === undefined || planned.includes(weight);
}

function isOurs(marker: Marker, ours: OpenRollout): boolean {
  const names = ['repository', 'runId', 'attempt', 'canary'] as const;
  return names.every((name) => marker[name] === ours[name]);
}
