import type { CommonInputs } from '../inputs/inputs.ts';
import type { AliasState } from '../model/alias.ts';
import { ActionFailure } from '../model/failure.ts';
import { MINUTE, SECOND } from '../model/time.ts';
import type { FunctionVersion } from '../release/ports.ts';
import { findFunction } from '../release/survey.ts';
import { type WakePatience, awaken } from '../release/wake.ts';
import { Patience, RESCUE_LIMIT, persistently } from '../rollout/act/patience.ts';
import type { Ending } from './recorder.ts';
import type { World } from './world.ts';

/** The alias, which must exist; `purpose` completes "there is nothing to …". */
export async function readAlias(
  { alias: name, functionRef, region }: CommonInputs,
  { urgent, functions, recorder, clock }: World,
  purpose: string,
): Promise<AliasState> {
  const found = await persistently(() => urgent.read(), new Patience({ clock }, RESCUE_LIMIT));
  if (found !== undefined) {
    recorder.sawAlias(found);
    return found;
  }
  await findFunction(functions, { id: functionRef.id, region });
  throw new ActionFailure(
    `function ${functionRef.name} has no alias ${name}, so there is nothing to ${purpose}`,
    'Check `alias`; a first deployment creates it.',
  );
}

interface Wanted {
  /** Completes "there is no version 7 of function shop to …". */
  readonly purpose: string;
  /** What to do when it cannot be had. */
  readonly next: string;
}

/** How long a version that was put away may keep the traffic waiting: it gets it then, ready or not. */
const PATIENCE: WakePatience = { limit: 2 * MINUTE, asleep: 6 * SECOND };

/** The version that is to get all traffic, which must exist and be able to take it. */
export async function usableVersion(
  version: string,
  { functions, log, clock, signal, waker }: World,
  { functionRef, dryRun, purpose, next }: Wanted & Pick<CommonInputs, 'functionRef' | 'dryRun'>,
): Promise<FunctionVersion> {
  const found = await functions.describe(version);
  if (found === undefined) {
    throw new ActionFailure(`there is no version ${version} of function ${functionRef.name} to ${purpose}`, next);
  }
  if (found.state === 'Failed') {
    throw new ActionFailure(
      `version ${version} cannot take traffic: ${found.stateReason ?? 'its state is Failed'}`,
      next,
    );
  }
  if (!dryRun) await awaken({ functions, clock, signal }, { found, waker, log, patience: PATIENCE });
  return found;
}

/** A dry run. */
export function planned({ log, recorder }: World, lines: readonly string[]): Ending {
  recorder.learn({ plan: lines });
  for (const line of lines) log.info(line);
  return { result: 'planned', verdict: 'none', reason: 'dry-run: nothing was changed', next: '' };
}
