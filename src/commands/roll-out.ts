import type { DeployInputs } from '../inputs/inputs.ts';
import type { AliasState } from '../model/alias.ts';
import type { RolloutRecord } from '../model/record.ts';
import { MINUTE } from '../model/time.ts';
import type { JudgeSettings } from '../model/verdict.ts';
import { AliasWriter, ForeignChange } from '../rollout/act/alias-writer.ts';
import { formatMarker } from '../rollout/act/marker.ts';
import type { RolloutPlan } from '../rollout/decide/plan.ts';
import type { Outcome } from '../rollout/decide/state.ts';
import { smallestDetectable } from '../rollout/judge/power.ts';
import { runRollout } from '../rollout/rollout.ts';
import { judgeSettings } from './judge-settings.ts';
import { type Outlook, readRinging, tellRinging } from './look-around.ts';
import { Narrator } from './narrator.ts';
import { untilCancelled } from './cancelled.ts';
import { lookAtAlias } from './failed.ts';
import { handOver, makeMarker, openRollout, signOff, signed } from './handover.ts';
import { stepCheckOf } from './try-out.ts';
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
  const { alias: port, urgent, clock, recorder, signal, nonce } = world;
  const { plan, alias, canary, outlook } = start;
  const settings = judgeSettings(inputs, outlook);
  // Publishing takes a while: what rings by now is still not the canary's doing.
  const ringing = await untilCancelled(world, () => readRinging(inputs.alarms, world));
  tellRinging(ringing, world);
  recorder.learn({ past: outlook.past });
  const marker = makeMarker(world, start);
  const writer = new AliasWriter({ name: inputs.alias, port, urgent, clock, known: alias, signal });
  const { remember, listener } = handOver(world, {
    open: openRollout(inputs, marker, nonce),
    listener: new Narrator(world, { plan, baseline: alias.functionVersion, canary, settings }),
  });
  recorder.sawAlias(undefined);
  try {
    const outcome = await runRollout(
      {
        plan,
        settings,
        baseline: alias.functionVersion,
        canary,
        marker: (weight) => formatMarker(signed(marker, { weight, nonce })),
        description: alias.description,
        ...outlook,
        alarms: inputs.alarms,
        ringing,
      },
      { ...world, writer, listener, check: stepCheckOf(inputs, world, start) },
    );
    recorder.learn({ detectable: detectable(recorder.record, settings) });
    if (!isLeftOpen(outcome, writer.known, alias)) remember(undefined);
    if (outcome.result === 'held') await signOff(world, { writer, marker, canary });
    await recordEnd(outcome, writer, world);
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

/** What the alias is left with, as it was read back. */
async function recordEnd({ result }: Outcome, writer: AliasWriter, world: World): Promise<void> {
  if (result === 'failed') await lookAtAlias(world);
  else world.recorder.sawAlias(writer.known);
  if (result !== 'rolled-back' || Object.keys(writer.known.weights).length === 0) return;
  const line = 'Lambda is still moving provisioned concurrency back, and weights the alias for as long as that takes.';
  world.log.warn(line);
  world.recorder.note(line);
}

function detectable({ minutes, promotedAt = Infinity }: RolloutRecord, settings: JudgeSettings): number | undefined {
  const sideBySide = minutes.filter(({ start }) => start + MINUTE <= promotedAt);
  return smallestDetectable(sideBySide, settings);
}

/** `post` has work to do while the marker stands there, unless it was left on purpose. */
function isLeftOpen({ result }: Outcome, now: AliasState, before: AliasState): boolean {
  return result === 'failed' || (result === 'promoted' && now.description !== before.description);
}
