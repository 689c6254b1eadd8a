import * as core from '@actions/core';
import { boolean, number, object, safeParse, string } from 'zod/mini';
import type { OpenLoan } from '../capacity/ports.ts';
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

/** Provisioned concurrency that the canary was lent. */
const openLoan = object({ functionId: string(), region: string(), version: string(), amount: number() });

const KEYS = { rollout: 'rollout', loan: 'loan' } as const;

/** The last one counts: undefined says that the alias is in order. Throws when it cannot be saved (a full disk). */
export function saveRollout(rollout: OpenRollout | undefined): void {
  save(KEYS.rollout, rollout);
}

/** The same for what the canary was lent; undefined says that it was taken back. */
export function saveLoan(loan: OpenLoan | undefined): void {
  save(KEYS.loan, loan);
}

function save(key: string, value: object | undefined): void {
  try {
    core.saveState(key, value === undefined ? '' : JSON.stringify(value));
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
  const text = core.getState(KEYS.rollout);
  return text === '' ? undefined : safeParse(openRollout, parseJson(text)).data;
}

/** undefined: nothing was lent, or it was taken back; or what was saved cannot be read. */
export function loadLoan(): OpenLoan | undefined {
  const text = core.getState(KEYS.loan);
  return text === '' ? undefined : safeParse(openLoan, parseJson(text)).data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
