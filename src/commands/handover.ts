import type { DeployInputs } from '../inputs/inputs.ts';
import type { AliasState } from '../model/alias.ts';
import { ActionFailure } from '../model/failure.ts';
import { MINUTE } from '../model/time.ts';
import { type AliasWriter, ForeignChange } from '../rollout/act/alias-writer.ts';
import { type Marker, formatMarker, keepsDescription } from '../rollout/act/marker.ts';
import { Patience, persistently } from '../rollout/act/patience.ts';
import type { RolloutPlan } from '../rollout/decide/plan.ts';
import type { OpenRollout } from '../rollout/ports.ts';
import type { RolloutListener } from '../rollout/rollout.ts';
import { LOCAL_RUN } from './settle.ts';
import type { World } from './world.ts';

/** Room behind `max-duration` for the last write and for provisioned concurrency to move. */
const DEADLINE_SLACK = 30 * MINUTE;

interface Beginning {
  readonly plan: RolloutPlan;
  /** The alias on its baseline. */
  readonly alias: AliasState;
  readonly canary: string;
}

/** What the alias says of itself during the rollout; `stamp` is added write by write, see {@link signed}. */
export function makeMarker({ run, nonce, clock, log }: World, { plan, alias, canary }: Beginning): Marker {
  const { repository, runId, attempt } = run ?? LOCAL_RUN;
  const deadline = clock.now() + plan.maxDuration + plan.finalAge + DEADLINE_SLACK;
  const { functionVersion: baseline, description } = alias;
  const marker = { baseline, canary, repository, runId, attempt, deadline, stamp: undefined, description };
  // As long as it can become.
  if (!keepsDescription(signed(marker, { weight: 100, nonce, isHeld: true }))) {
    log.warn(
      'The description of the alias is too long to stand beside the marker of the rollout: if this run dies, its end is lost.',
    );
  }
  return marker;
}

export function signed(
  marker: Marker,
  stamp: { weight: number; nonce: string; isHeld?: boolean; lent?: number | undefined },
): Marker {
  return { ...marker, stamp: { isHeld: false, ...stamp } };
}

export interface Leaving {
  readonly writer: AliasWriter;
  readonly marker: Marker;
  readonly canary: string;
  /** What of the canary's provisioned concurrency could not be taken back. */
  readonly lent: number | undefined;
}

/**
 * A rollout that is left on purpose says so in its marker: then `promote`, `rollback` and later deployments need not wait
 * for this run to be over. It only writes the description, and not being able to is no failure.
 */
export async function signOff(
  { nonce, log, clock, signal }: World,
  { writer, marker, canary, lent }: Leaving,
): Promise<void> {
  try {
    const patience = new Patience({ clock, signal }, MINUTE);
    const { functionVersion, weights } = await persistently(() => writer.refresh(), patience);
    const weight = functionVersion === canary ? 100 : (weights[canary] ?? 0);
    await writer.restore({
      functionVersion,
      weights,
      description: formatMarker(signed(marker, { weight, nonce, isHeld: true, lent })),
    });
  } catch (error) {
    if (error instanceof ForeignChange || !(error instanceof ActionFailure)) throw error;
    log.warn(
      `The marker could not say that the rollout is held, so it counts as going until this run is over: ${error.message}.`,
    );
  }
}

export function openRollout({ functionRef, alias, region }: DeployInputs, marker: Marker, nonce: string): OpenRollout {
  const { repository, runId, attempt, canary, description } = marker;
  const whose = { functionId: functionRef.id, alias, region, repository, runId, attempt, canary, nonce };
  return { ...whose, description, isBaked: false };
}

/** A rollout that `post` and later runs have to know of. */
interface Handover {
  readonly open: OpenRollout;
  readonly listener: RolloutListener;
}

/**
 * Tells `post` of the rollout before the first write, and of the end of a bake before it is written, or `post` would take
 * the canary back. What cannot be saved now is not shifted, as `post` could not put it back; later that is only told.
 */
export function handOver(
  { remember: save, log }: World,
  { open, listener }: Handover,
): Pick<World, 'remember'> & Pick<Handover, 'listener'> {
  save(open);
  const remember: World['remember'] = (rollout) => {
    try {
      save(rollout);
    } catch (error) {
      log.warn(error instanceof Error ? error.message : String(error));
    }
  };
  const telling: RolloutListener = {
    onCommand: (command, moment) => {
      if (command.do === 'finish') remember({ ...open, isBaked: true });
      listener.onCommand(command, moment);
    },
    onWritten: (command, moment) => {
      listener.onWritten(command, moment);
    },
    onPoll: (poll) => {
      listener.onPoll(poll);
    },
  };
  return { remember, listener: telling };
}
