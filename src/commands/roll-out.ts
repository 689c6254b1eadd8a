import type { DeployInputs } from '../inputs/inputs.ts';
import type { AliasState } from '../model/alias.ts';
import { MINUTE } from '../model/time.ts';
import type { Counts } from '../model/traffic.ts';
import type { JudgeSettings } from '../model/verdict.ts';
import { AliasWriter, ForeignChange } from '../rollout/act/alias-writer.ts';
import { type Marker, formatMarker, keepsDescription } from '../rollout/act/marker.ts';
import type { RolloutPlan } from '../rollout/decide/plan.ts';
import type { Outcome } from '../rollout/decide/state.ts';
import type { OpenRollout } from '../rollout/ports.ts';
import { type RolloutListener, runRollout } from '../rollout/rollout.ts';
import { Narrator } from './narrator.ts';
import { lookAtAlias } from './failed.ts';
import { LOCAL_RUN } from './settle.ts';
import type { World } from './world.ts';

interface Start {
  readonly plan: RolloutPlan;
  /** The alias as it was last read, on one version: the baseline. */
  readonly alias: AliasState;
  readonly canary: string;
  /** What the baseline did per minute in the last hour. */
  readonly past: readonly Counts[];
}

/** Shifts the alias from its version to the canary, and tells the `post` step for as long as the alias is in between. */
export async function rollOut(inputs: DeployInputs, world: World, start: Start): Promise<Outcome> {
  const { clock, recorder, remember } = world;
  const { plan, alias, canary, past } = start;
  const marker = makeMarker(world, start);
  const writer = new AliasWriter({ name: inputs.alias, port: world.alias, clock, known: alias });
  const open = openRollout(inputs, plan, marker);
  remember(open);
  const listener = remembering(new Narrator(world, { plan, canary }), () => {
    remember({ ...open, isBaked: true });
  });
  recorder.sawAlias(undefined);
  try {
    const outcome = await runRollout(
      {
        plan,
        settings: judgeSettings(inputs),
        baseline: alias.functionVersion,
        canary,
        marker: formatMarker(marker),
        description: alias.description,
        past,
      },
      { ...world, writer, listener },
    );
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

/** Tells of a finished bake before its last write: should that fail, `post` must not take the canary back. */
function remembering(listener: RolloutListener, onBaked: () => void): RolloutListener {
  return {
    onCommand: (command, moment) => {
      if (command.do === 'finish') onBaked();
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

function judgeSettings({ strategy, ...inputs }: DeployInputs): JudgeSettings {
  const { confidence, errorTolerance, maxErrorRate, minInvocations, bakeTime } = inputs;
  const phases = { splits: strategy.steps.length > 0, bakes: bakeTime > 0 };
  return { alpha: 1 - confidence, errorTolerance, maxErrorRate, minInvocations, ...phases };
}
