import * as core from '@actions/core';
import { array, boolean, number, object, safeParse, string } from 'zod/mini';
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
  description: string(),
  weights: array(number()),
  isBaked: boolean(),
});

const KEY = 'rollout';

/** The last one counts: undefined says that the alias is in order. */
export function saveRollout(rollout: OpenRollout | undefined): void {
  core.saveState(KEY, rollout === undefined ? '' : JSON.stringify(rollout));
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
