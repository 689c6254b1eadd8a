import type { Minute } from '../../model/traffic.ts';
import type { TestResult } from '../../model/verdict.ts';

/** How many of the last minutes tell how much traffic there is. */
const RECENT = 5;

/** Bad canary invocations a minute that settle a suspicion within a few minutes. */
const PER_MINUTE = 1;

/** Invocations of both versions per minute, lately. */
export function trafficOf(minutes: readonly Minute[]): number {
  const recent = minutes.slice(-RECENT);
  const served = recent.reduce((sum, { baseline, canary }) => sum + baseline.invocations + canary.invocations, 0);
  return recent.length === 0 ? 0 : served / recent.length;
}

/**
 * The least weight, whole percent up to 100, at which what a test suspects would still show about once a minute: 1 for a
 * canary that fails altogether on a busy function, more for a small difference or little traffic, where 1 % would leave the
 * suspicion unsettled for hours. undefined where less weight does not help: a canary above a fixed limit may be no worse
 * than what would get its traffic.
 *
 * @param traffic invocations of both versions per minute
 */
export function probeWeight(suspect: TestResult | undefined, traffic: number): number | undefined {
  if (suspect?.test !== 'concurrent' || suspect.excess <= 0 || traffic === 0) return undefined;
  return Math.min(100, Math.ceil((100 * PER_MINUTE) / (traffic * suspect.excess)));
}
