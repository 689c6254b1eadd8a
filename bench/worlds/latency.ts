import { normalTail } from '../draws.ts';

/** The median of healthy durations and the limits, ms; σ of their logarithm. 1.4 % are slow, 0.06 % very slow. */
const MEDIAN = 100;
const SPREAD = 0.5;
/** The `latency-threshold` under test. */
export const SLOW_MS = 300;
/** Flagger's limit for the 99th percentile. */
const VERY_SLOW_MS = 500;
const COLD_FACTOR = 3;

/** Share of invocations that take longer than `limit` ms when all durations are multiplied by `factor`. */
function shareAbove(limit: number, factor: number): number {
  return normalTail(Math.log(limit / (MEDIAN * factor)) / SPREAD);
}

export interface SlowShares {
  readonly slow: number;
  readonly verySlow: number;
}

const known = new Map<number, SlowShares>();

/** @param cold share of invocations that run in a fresh environment */
export function slowShares(factor: number, cold: number): SlowShares {
  const key = factor * 1000 + cold;
  const shares = known.get(key) ?? { slow: mixed(SLOW_MS, factor, cold), verySlow: mixed(VERY_SLOW_MS, factor, cold) };
  known.set(key, shares);
  return shares;
}

function mixed(limit: number, factor: number, cold: number): number {
  return (1 - cold) * shareAbove(limit, factor) + cold * shareAbove(limit, factor * COLD_FACTOR);
}

/** What is usual: the share of slow invocations of a healthy, warm version. */
export const USUAL_SLOW = shareAbove(SLOW_MS, 1);
