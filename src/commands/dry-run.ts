import type { DeployInputs } from '../inputs/inputs.ts';
import { ActionFailure } from '../model/failure.ts';
import type { Finding } from '../surroundings/words.ts';
import { isWatched } from '../rollout/decide/plan.ts';
import { untilCancelled } from './cancelled.ts';
import { capacityLines } from './capacity.ts';
import { planned } from './existing.ts';
import { readRinging, tellRinging } from './look-around.ts';
import { type Planned, codeLines, rolloutLines } from './plan.ts';
import { pruneLines } from './prune.ts';
import type { Ending } from './recorder.ts';
import { surroundingsLines } from './surroundings.ts';
import { trialLines } from './try-out.ts';
import { blindSpots } from './untried.ts';
import type { World } from './world.ts';

/** The whole plan of a deployment. Tries what can be tried without a write, and throws what would stop the deployment. */
export async function dryRun(
  inputs: DeployInputs,
  world: World,
  { surroundings, ...wanted }: Planned & { readonly surroundings: readonly Finding[] },
): Promise<Ending> {
  const { alias } = wanted;
  await tryAlarms(inputs, world, wanted);
  const mayInvoke = await tryInvoking(world, wanted);
  const whereServed = async (lines: (baseline: string) => Promise<readonly string[]>): Promise<readonly string[]> =>
    alias === undefined ? [] : untilCancelled(world, () => lines(alias.functionVersion));
  const loan = await whereServed(() => capacityLines(inputs, world, wanted));
  const invokesUntried = world.smokeTests.length > 0 && !mayInvoke;
  // What changes or checks more than the code adds its lines to this list, in the order in which things happen.
  return planned(world, [
    ...(await codeLines(inputs, wanted)),
    ...trialLines(inputs, world.smokeTests),
    ...loan,
    ...rolloutLines(inputs, wanted),
    ...(await whereServed((baseline) => pruneLines(world, { inputs, promoted: undefined, baseline }))),
    ...surroundingsLines(surroundings, world),
    ...blindSpots(inputs, { ...wanted, isLent: loan.length > 0, invokesUntried }),
  ]);
}

/** Alarms are read before every shift; where nothing is watched nobody has read them by now. */
async function tryAlarms(inputs: DeployInputs, world: World, { baseline, plan }: Planned): Promise<void> {
  if (baseline === undefined || isWatched(plan)) return;
  tellRinging(await untilCancelled(world, () => readRinging(inputs.alarms, world)), world);
}

/** Whether smoke tests may invoke, asked of the version that is served. Throws where they may not. */
async function tryInvoking(world: World, { baseline }: Planned): Promise<boolean> {
  if (world.smokeTests.length === 0 || baseline === undefined) return false;
  try {
    const invoker = await world.invoker();
    await untilCancelled(world, () => invoker.requirePermission(baseline.version));
    return true;
  } catch (error) {
    if (!(error instanceof ActionFailure) || error.permanent) throw error;
    return false;
  }
}
