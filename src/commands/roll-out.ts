import type { Lending } from '../capacity/lending.ts';
import type { DeployInputs } from '../inputs/inputs.ts';
import type { AliasState } from '../model/alias.ts';
import { ActionFailure } from '../model/failure.ts';
import type { RolloutRecord } from '../model/record.ts';
import { MINUTE } from '../model/time.ts';
import type { JudgeSettings } from '../model/verdict.ts';
import type { AliasWriter } from '../rollout/act/alias-writer.ts';
import { ForeignChange } from '../rollout/act/alias-writer.ts';
import { formatMarker } from '../rollout/act/marker.ts';
import type { RolloutPlan } from '../rollout/decide/plan.ts';
import type { Outcome } from '../rollout/decide/state.ts';
import { smallestDetectable } from '../rollout/judge/power.ts';
import { runRollout } from '../rollout/rollout.ts';
import { judgeSettings } from './judge-settings.ts';
import { type Outlook, readRinging, tellRinging } from './look-around.ts';
import { Narrator } from './narrator.ts';
import { untilCancelled } from './cancelled.ts';
import { type Preparation, prepareCapacity, watchMove } from './capacity.ts';
import { lookAtAlias } from './failed.ts';
import { type Leaving, handOver, makeMarker, openRollout, signOff, signed } from './handover.ts';
import { AT_ONCE, CALM, lendingOf, settleLoan } from './loan.ts';
import { stepCheckOf } from './try-out.ts';
import type { World } from './world.ts';
import { writerOf } from './writer.ts';

interface Start {
  readonly plan: RolloutPlan;
  /** The alias as it was last read, on one version: the baseline. */
  readonly alias: AliasState;
  readonly canary: string;
  readonly outlook: Outlook;
}

/** Shifts the alias from its version to the canary, and tells the `post` step for as long as the alias is in between. */
export async function rollOut(inputs: DeployInputs, world: World, start: Start): Promise<Outcome> {
  const { alias: port, urgent, recorder, nonce } = world;
  const { plan, alias, canary, outlook } = start;
  const [settings, ringing] = [judgeSettings(inputs, outlook), await ringingNow(inputs, world)];
  recorder.learn({ past: outlook.past });
  const marker = makeMarker(world, start);
  const lending = lendingOf(world);
  const markerAt = (weight: number, lent = lending.loan?.amount): string =>
    formatMarker(signed(marker, { weight, nonce, lent }));
  const guarded = { port: lending.guard(port, CALM), urgent: lending.guard(urgent, AT_ONCE) };
  const writer = writerOf(inputs, world, { known: alias, ...guarded });
  const { remember, listener } = handOver(world, {
    open: openRollout(inputs, marker, nonce),
    listener: new Narrator(world, { plan, baseline: alias.functionVersion, canary, settings }),
  });
  recorder.sawAlias(undefined);
  const prepared = await prepareCapacity(inputs, world, { plan, alias, canary, writer, lending, marker: markerAt });
  try {
    const outcome = await runRollout(
      {
        plan: prepared.plan,
        settings,
        baseline: alias.functionVersion,
        canary,
        marker: (weight) => markerAt(weight),
        description: alias.description,
        ...outlook,
        alarms: inputs.alarms,
        ringing,
      },
      { ...world, writer, listener, check: stepCheckOf(inputs, world, start) },
    );
    recorder.learn({ detectable: detectable(recorder.record, settings) });
    await conclude(outcome, world, { inputs, alias, canary, prepared, marker, markerAt, writer, lending, remember });
    return outcome;
  } catch (error) {
    await settleLoan(inputs, world, { lending, limit: CALM });
    if (error instanceof ForeignChange) {
      // The alias is somebody else's now; `post` must not bring back what they changed.
      remember(undefined);
      if (error.found !== undefined) recorder.sawAlias(error.found);
    }
    throw error;
  }
}

/** Publishing takes a while: what rings by now is still not the canary's doing. */
async function ringingNow({ alarms }: DeployInputs, world: World): Promise<readonly string[]> {
  const ringing = await untilCancelled(world, () => readRinging(alarms, world));
  tellRinging(ringing, world);
  return ringing;
}

interface Conclusion extends Pick<Leaving, 'writer' | 'marker' | 'canary'> {
  readonly inputs: DeployInputs;
  readonly alias: AliasState;
  readonly prepared: Preparation;
  readonly markerAt: (weight: number) => string;
  readonly lending: Lending;
  readonly remember: World['remember'];
}

/** Leaves nothing to `post` that is done already, and tells what the alias is left with. */
async function conclude(
  outcome: Outcome,
  world: World,
  { inputs, alias, canary, prepared, marker, markerAt, writer, lending, remember }: Conclusion,
): Promise<void> {
  const isBack = await settleLoan(inputs, world, { lending, limit: CALM });
  if (outcome.result === 'rolled-back' && !isBack) await leaveMark(writer, markerAt(0));
  else if (!isLeftOpen(outcome, writer.known, alias)) remember(undefined);
  if (outcome.result === 'held') await signOff(world, { writer, marker, canary, lent: lending.loan?.amount });
  if (outcome.result === 'promoted' && prepared.hasOwn) await watchMove(inputs, world, canary);
  await recordEnd(outcome, writer, world);
}

/** For whoever comes next: the alias is in order, but what the canary was lent could not be taken back. */
async function leaveMark(writer: AliasWriter, description: string): Promise<void> {
  try {
    const { functionVersion } = writer.known;
    await writer.restore({ functionVersion, weights: {}, description });
  } catch (error) {
    if (!(error instanceof ActionFailure)) throw error;
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
