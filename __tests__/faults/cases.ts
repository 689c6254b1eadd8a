import { createRandom } from '../../simulator/random.ts';

/** What the rollout comes to when nothing meets it. */
export const ENDINGS = [
  'promote',
  'bake',
  'roll-back',
  'quarantine',
  'sigint',
  'sigterm',
  // With provisioned concurrency on the alias: the canary is lent some, and promoted or rolled back.
  'lend',
  'lend-back',
  // For longer than a session of its role lasts, so that it is assumed anew with another token of GitHub's.
  'renew',
] as const;
export type Ending = (typeof ENDINGS)[number];

/**
 * What meets call k. The last four are no matter of AWS: a job that is cancelled just then, and somebody in the console.
 * Refusals last until the process ends: a policy that lacks an action, a session that is over.
 */
export const FAULTS = [
  'kill-before',
  'kill-after',
  'lost-response',
  'throttle-10',
  'server-error-10',
  'hang',
  'reset',
  'access-denied',
  'expired-token',
  'stale-read',
  'sigint-after',
  'sigterm-after',
  'foreign-before',
  'foreign-after',
] as const;
export type Fault = (typeof FAULTS)[number];

/** What comes after the step: its `post`, the next run without it (a runner that is lost), or both, the fault still there for `post`. */
export const FAMILIES = ['post', 'next', 'post-next'] as const;
export type Family = (typeof FAMILIES)[number];

export interface Case {
  readonly id: string;
  readonly ending: Ending;
  /** Which call of the run, from 1. */
  readonly k: number;
  /** What that call was in a run without faults. */
  readonly action: string;
  readonly fault: Fault;
  readonly family: Family;
}

/** The calls of each ending's run when nothing meets it, by action. */
export type Reference = ReadonlyMap<Ending, readonly string[]>;

/** Every case, always in the same order. */
export function enumerate(reference: Reference): readonly Case[] {
  return Array.from(reference).flatMap(([ending, calls]) => calls.flatMap((_, index) => casesAt(ending, calls, index)));
}

function casesAt(ending: Ending, calls: readonly string[], index: number): Case[] {
  const action = calls[index] ?? '';
  const k = index + 1;
  return FAULTS.filter((fault) => isPossible(fault, calls, index)).flatMap((fault) =>
    FAMILIES.filter((family) => isTelling(fault, family)).map((family) => ({
      id: `${ending}/${String(k).padStart(2, '0')}-${action}/${fault}/${family}`,
      ending,
      k,
      action,
      fault,
      family,
    })),
  );
}

/**
 * Only the alias can be read late. What somebody changes before it was first read is what the run finds, and no conflict.
 */
function isPossible(fault: Fault, calls: readonly string[], index: number): boolean {
  if (fault === 'stale-read') return calls[index] === 'GetAlias';
  const first = calls.indexOf('GetAlias');
  if (fault === 'foreign-before') return index > first;
  return fault !== 'foreign-after' || index >= first;
}

/** A next run may deploy over what somebody made of the alias. Only refusals outlast the step. */
function isTelling(fault: Fault, family: Family): boolean {
  if (family === 'next') return !fault.startsWith('foreign');
  return family === 'post' || fault === 'access-denied' || fault === 'expired-token';
}

/** `count` of the cases, the same ones for the same seed, in their order. */
export function sample(cases: readonly Case[], { count, seed }: { count: number; seed: number }): readonly Case[] {
  const random = createRandom(seed, 'cases');
  const drawn = cases.map((entry, index) => ({ entry, index, lot: random.next() }));
  const taken = drawn.sort((a, b) => a.lot - b.lot).slice(0, count);
  return taken.sort((a, b) => a.index - b.index).map(({ entry }) => entry);
}
