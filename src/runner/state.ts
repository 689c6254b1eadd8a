import * as core from '@actions/core';
import { boolean, number, object, safeParse, string } from 'zod/mini';
import { ActionFailure } from '../model/failure.ts';
import type { OpenRollout } from '../rollout/ports.ts';

/**
 * What `main` leaves for `post`: which alias to look at should `main` not come to its end. No more than that: what is to
 * be put back stands in the alias itself.
 */
const openRollout = object({
  functionId: string(),
  alias: string(),
  region: string(),
  repository: string(),
  runId: number(),
  attempt: number(),
  canary: string(),
  nonce: string(),
  description: string(),
  isBaked: boolean(),
});

const KEY = 'rollout';

/** The last one counts: undefined says that the alias is in order. Throws when it cannot be saved (a full disk). */
export function saveRollout(rollout: OpenRollout | undefined): void {
  try {
    core.saveState(KEY, rollout === undefined ? '' : JSON.stringify(rollout));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ActionFailure(
      `what the post step would have to put back could not be saved: ${problem}`,
      'Look at the disk of the runner. No traffic was shifted, as nobody could have put it back had this step been killed.',
      { cause },
    );
  }
}

/** undefined: `main` ended in order, or never began to shift; or what it left cannot be read. */
export function loadRollout(): OpenRollout | undefined {
  const text = core.getState(KEY);
  if (text === '') return undefined;
  try {
    return safeParse(openRollout, JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
