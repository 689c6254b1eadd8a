import type { DeployInputs } from '../inputs/inputs.ts';
import type { AliasState, AliasTarget } from '../model/alias.ts';
import { MINUTE } from '../model/time.ts';
import type { FunctionVersion } from '../release/ports.ts';
import { type WakePatience, awaken } from '../release/wake.ts';
import { serves } from '../rollout/act/alias-writer.ts';
import { type RolloutPlan, isWatched } from '../rollout/decide/plan.ts';
import { learnCanaryErrors } from './canary-errors.ts';
import { endingOf } from './deploy-words.ts';
import { learnDurations } from './durations.ts';
import type { Outlook } from './look-around.ts';
import type { Prepared } from './prepare.ts';
import { prune } from './prune.ts';
import type { Ending } from './recorder.ts';
import { rollOut } from './roll-out.ts';
import { rolloutLine } from './rollout-words.ts';
import { withReach } from './surroundings.ts';
import { tryOut } from './try-out.ts';
import type { World } from './world.ts';

/** A release that callers do not have yet. */
export interface Released {
  readonly published: FunctionVersion;
  readonly prepared: Prepared;
  readonly plan: RolloutPlan;
  readonly outlook: Outlook;
  /** What the traffic lets expect of a pass; '' when nothing is known. */
  readonly expectation: string;
}

/** Tries the new version out, then lets callers have it. */
export async function bringLive(
  inputs: DeployInputs,
  world: World,
  { published, prepared, plan, outlook, expectation }: Released,
): Promise<Ending> {
  const { alias, baseline } = prepared;
  await awakenAll(world, isWatched(plan) ? [baseline, published] : [published]);
  const refused = await tryOut(inputs, world, { published, previous: alias?.functionVersion });
  if (refused !== undefined) return refused;
  if (alias === undefined) return createAlias(inputs, world, published);
  const canary = published.version;
  // In no group: what is folded cannot be watched.
  world.log.info(rolloutLine(inputs, { plan, baseline: alias.functionVersion, canary }), 'strong');
  if (expectation !== '') world.log.info(`${expectation.charAt(0).toUpperCase()}${expectation.slice(1)}.`);
  const outcome = await rollOut(inputs, world, { plan, alias, canary, outlook });
  await learnCanaryErrors(world, outcome, canary);
  await learnDurations(world, outcome, { baseline: alias.functionVersion, canary });
  if (outcome.result === 'promoted') await prune(world, { inputs, promoted: canary, baseline: alias.functionVersion });
  const isMoving = Object.keys(world.recorder.record.aliasNow?.weights ?? {}).length > 0;
  return withReach(endingOf(outcome, { inputs, baseline: alias.functionVersion, canary, isMoving }), inputs, world);
}

/** Whatever is to get traffic must be able to take it, a baseline that nobody may go back to apart. */
async function awakenAll(world: World, versions: readonly (FunctionVersion | undefined)[]): Promise<void> {
  for (const found of versions) {
    if (found !== undefined) await awaken(world, { ...world, found, patience: PATIENCE });
  }
}

/** Lambda gives SnapStart and images up to 15 minutes (developer guide). */
const PATIENCE: WakePatience = { limit: 15 * MINUTE, asleep: 2 * MINUTE };

/** A first deployment: there is nobody to compare with, and nobody who calls the alias yet. */
async function createAlias(inputs: DeployInputs, world: World, { version }: FunctionVersion): Promise<Ending> {
  const { clock, log, recorder } = world;
  recorder.sawAlias(await createOrFind(world, { functionVersion: version, weights: {}, description: '' }));
  const text = `alias ${inputs.alias} was created on version ${version}`;
  recorder.enter({ at: clock.now(), weight: 100, event: 'promote', text });
  log.info(text);
  const reason = `first deployment: ${text}; there was no baseline to compare it with`;
  return { result: 'promoted', verdict: 'none', reason, next: '' };
}

/** The answer to a creation can be lost: an alias that is there and serves just that was created by us. */
async function createOrFind({ alias }: World, target: AliasTarget): Promise<AliasState> {
  try {
    return await alias.create(target);
  } catch (error) {
    const found = await alias.read();
    if (found === undefined || !serves(found, target)) throw error;
    return found;
  }
}
