import { MINUTE } from '../model/time.ts';
import type { RolloutEvent } from './decide/state.ts';
import type { Expiry, SessionPort } from './ports.ts';

/** Time that it takes to bring an alias back on a bad day, ms. */
const MARGIN = 2 * MINUTE;

/** What a session of a rollout has to outlast at `now` (epoch ms), so that the next poll, after `interval`, can bring the alias back. */
export function neededUntil(now: number, interval: number): number {
  return now + interval + MARGIN;
}

export function expiring(problem: string, at: number): RolloutEvent {
  return { type: 'expiring', at, problem };
}

/** `14:32 UTC`. */
export function timeOfDay(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

export function describeExpiry({ at, why }: Expiry): string {
  const failed = why === undefined ? '' : `, and could not be renewed: ${why}`;
  return `the AWS credentials expire at ${timeOfDay(at)}, after which nothing could be rolled back${failed}`;
}

/** A session that nobody renews; `end` is epoch ms, undefined: never, or at a time that nobody knows. */
export function fixedSession(end: number | undefined): SessionPort {
  return {
    endBefore: (moment) => Promise.resolve(end === undefined || end > moment ? undefined : { at: end, why: undefined }),
  };
}
