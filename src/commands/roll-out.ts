import type { DeployInputs } from '../inputs/inputs.ts';
import type { AliasState } from '../model/alias.ts';
import type { RolloutRecord } from '../model/record.ts';
import { MINUTE } from '../model/time.ts';
import type { JudgeSettings } from '../model/verdict.ts';
import { AliasWriter, ForeignChange } from '../rollout/act/alias-writer.ts';
import { type Marker, formatMarker, keepsDescription } from '../rollout/act/marker.ts';
import type { RolloutPlan } from '../rollout/decide/plan.ts';
import type { Outcome } from '../rollout/decide/state.ts';
import { smallestDetectable } from '../rollout/judge/power.ts';
import type { OpenRollout } from '../rollout/ports.ts';
import { type RolloutListener, runRollout } from '../rollout/rollout.ts';
import { judgeSettings } from './judge-settings.ts';
import { type Outlook, readRinging, tellRinging } from './look-around.ts';
import { Narrator } from './narrator.ts';
import { lookAtAlias } from './failed.ts';
import { LOCAL_RUN } from './settle.ts';
import type { World } from './world.ts';

interface Start {
  readonly plan: RolloutPlan;
  /** The alias as it was last read, on one version: the baseline. */
  readonly alias: AliasState;
  readonly canary: string;
  readonly outlook: Outlook;
}

/** Shifts the alias from its version to the canary, and tells the `post` step for as long as the alias is in between. */
export async function rollOut(inputs: DeployInputs, world: World, start: Start): Promise<Outcome> {
  const { clock, recorder, remember } = world;
  const { plan, alias, canary, outlook } = start;
  const settings = judgeSettings(inputs, outlook);
  // Publishing takes a while: what rings by now is still not the canary's doing.
  const ringing = await readRinging(inputs.alarms, world);
  tellRinging(ringing, world);
  recorder.learn({ past: outlook.past });
  const marker = makeMarker(world, start);
  const writer = new AliasWriter({ name: inputs.alias, port: world.alias, clock, known: alias });
  const open = openRollout(inputs, plan, marker);
  remember(open);
  const listener = remembering(new Narrator(world, { plan, canary, settings }), { open, remember });
  recorder.sawAlias(undefined);
  try {
    const outcome = await runRollout(
      {
        plan,
        settings,
        baseline: alias.functionVersion,
        canary,
        marker: formatMarker(marker),
        description: alias.description,
        ...outlook,
        alarms: inputs.alarms,
        ringing,
      },
      { ...world, writer, listener },
    );
    recorder.learn({ detectable: detectable(recorder.record, settings) });
    if (outcome.result === 'held') await writer.refresh();
    if (outcome.result === 'failed') await lookAtAlias(world);
    else recorder.sawAlias(writer.known);
    if (!isLeftOpen(outcome, writer.known, alias)) remember(undefined);
    return outcome;
  } catch (error) {
    if (error instanceof ForeignChange) {
      // The alias is somebody else's now; `post` must not bring back what they changed.
      remember(undefined);
      if (error.found !== undefined) recorder.sawAlias(error.found);
    }
    throw error;
  }
}

function detectable({ minutes, promotedAt = Infinity }: RolloutRecord, settings: JudgeSettings): number | undefined {
  const sideBySide = minutes.filter(({ start }) => start + MINUTE <= promotedAt);
  return smallestDetectable(sideBySide, settings);
}

/** Room behind `max-duration` for the last write and for provisioned concurrency to move. */
const DEADLINE_SLACK = 30 * MINUTE;

function makeMarker({ run, clock, log }: World, { plan, alias, canary }: Start): Marker {
  const { repository, runId, attempt } = run ?? LOCAL_RUN;
  const deadline = clock.now() + plan.maxDuration + plan.finalAge + DEADLINE_SLACK;
  const { functionVersion: baseline, description } = alias;
  const marker = { baseline, canary, repository, runId, attempt, deadline, description };
  if (!keepsDescription(marker)) {
    log.warn(
      'The description of the alias is too long to stand beside the marker of the rollout: if this run dies, its end is lost.',
    );
  }
  return marker;
}

/** `post` has work to do while the marker stands there, unless it was left on purpose. */
function isLeftOpen({ result }: Outcome, now: AliasState, before: AliasState): boolean {
  return result === 'failed' || (result === 'promoted' && now.description !== before.description);
}

function openRollout({ functionRef, alias, region }: DeployInputs, plan: RolloutPlan, marker: Marker): OpenRollout {
  const { repository, runId, attempt, canary, description } = marker;
  const weights = plan.steps.map(({ weight }) => weight);
  const whose = { functionId: functionRef.id, alias, region, repository, runId, attempt, canary };
  return { ...whose, description, weights, isBaked: false };
}

/**
 * Tells `post` of what a plan does not say, before it is written: the weight of a quarantine, or `post` would take it for
 * somebody else's, and the end of a bake, or `post` would take the canary back.
 */
function remembering(
  listener: RolloutListener,
  { open, remember }: { open: OpenRollout; remember: World['remember'] },
): RolloutListener {
  let known = open;
  const learn = (news: Partial<OpenRollout>): void => {
    known = { ...known, ...news };
    remember(known);
  };
  return {
    onCommand: (command, moment) => {
      if (command.do === 'finish') learn({ isBaked: true });
      if (command.do === 'set-weight' && !known.weights.includes(command.weight)) {
        learn({ weights: [...known.weights, command.weight] });
      }
      listener.onCommand(command, moment);
    },
    onWritten: (command, moment) => {
      listener.onWritten(command, moment);
    },
    onPoll: (poll) => {
      listener.onPoll(poll);
    },
  };
}
