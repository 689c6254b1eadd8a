import { addCounts, NO_TRAFFIC } from '../../src/model/traffic.ts';
import type { Counts, Minute } from '../../src/model/traffic.ts';

export type Decision = 'go on' | 'roll back';

/**
 * Asked once a minute with every minute since the first shift that is at least a minute old, as far as it was published:
 * zero invocations are a missing data point. Remembers what its engine remembers.
 */
export type Watch = (minutes: readonly Minute[]) => Decision;

/**
 * How a peer decides. Where it leaves something open, it is settled in the peer's favour: none looks at a minute before
 * its data can be there, none loses time on a queue or an alarm's evaluation, and a decision takes effect as quickly as ours.
 */
export interface Rule {
  readonly name: string;
  /** Column heading. */
  readonly short: string;
  /** @param past the baseline's hour before the first shift */
  readonly start: (past: readonly Minute[]) => Watch;
}

/** How long the canary is watched in the plan under test, minutes: when engines that look once, look. */
export const WATCHED = 30;

/** Both versions together. */
export function ofFunction({ baseline, canary }: Minute): Counts {
  return addCounts(baseline, canary);
}

export function ofCanary({ canary }: Minute): Counts {
  return canary;
}

/** Sum over minutes, of one version or both. */
export function sumOf(minutes: readonly Minute[], of: (minute: Minute) => Counts): Counts {
  return minutes.reduce((total, minute) => addCounts(total, of(minute)), NO_TRAFFIC);
}

/** What one version did since the first shift, without making an object for every minute. */
export function totalsOf(minutes: readonly Minute[], version: 'baseline' | 'canary'): Counts {
  let invocations = 0;
  let errors = 0;
  for (const minute of minutes) {
    invocations += minute[version].invocations;
    errors += minute[version].errors;
  }
  return { invocations, errors };
}
