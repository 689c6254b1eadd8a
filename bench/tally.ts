import { LAST_POLL } from './flight.ts';
import type { Flight } from './flight.ts';
import { mean, quantile, wilson } from './statistics.ts';
import type { Interval } from './statistics.ts';

/** Flights of one rule in one cell, as workers collect them. Times are minutes from the onset, infinite when it never was. */
export interface Tally {
  runs: number;
  rolledBack: number;
  quarantined: number;
  promoted: number;
  /** Promoted, and called proven to be no worse. */
  passed: number;
  /** Neither rolled back nor promoted when the run was given up. */
  open: number;
  readonly protectedAfter: number[];
  readonly restoredAfter: number[];
  readonly promotedAfter: number[];
  readonly failures: number[];
}

export function emptyTally(): Tally {
  const times = { protectedAfter: [], restoredAfter: [], promotedAfter: [], failures: [] };
  return { runs: 0, rolledBack: 0, quarantined: 0, promoted: 0, passed: 0, open: 0, ...times };
}

export function count(tally: Tally, flight: Flight, onset: number): void {
  const { rolledBack, protectedAt, promoted, verdict } = flight;
  tally.runs += 1;
  if (rolledBack !== undefined) tally.rolledBack += 1;
  if (flight.quarantined) tally.quarantined += 1;
  if (promoted !== undefined) tally.promoted += 1;
  if (promoted !== undefined && verdict === 'pass') tally.passed += 1;
  if (promoted === undefined && rolledBack === undefined) tally.open += 1;
  tally.protectedAfter.push(since(onset, protectedAt));
  tally.restoredAfter.push(since(onset, rolledBack));
  tally.promotedAfter.push(promoted ?? Infinity);
  tally.failures.push(flight.failures);
}

/** What came before the trouble, or after the half hour that everybody has, did not find it. */
function since(onset: number, at: number | undefined): number {
  return at === undefined || at <= onset || at > LAST_POLL + 1 ? Infinity : at - onset;
}

export function merge(into: Tally, more: Tally): void {
  for (const key of ['runs', 'rolledBack', 'quarantined', 'promoted', 'passed', 'open'] as const)
    into[key] += more[key];
  for (const key of ['protectedAfter', 'restoredAfter', 'promotedAfter', 'failures'] as const) {
    for (const value of more[key]) into[key].push(value);
  }
}

/** A share of the runs with its 95 % interval. */
export interface Share extends Interval {
  readonly hits: number;
  readonly share: number;
}

/** Minutes; undefined where it did not come to that. */
export interface Delay {
  /** How often it did within the half hour. */
  readonly found: Share;
  readonly median: number | undefined;
  readonly p90: number | undefined;
}

/** A tally in figures, as the results file has it. */
export interface Figures {
  readonly runs: number;
  readonly rolledBack: Share;
  readonly quarantined: Share;
  readonly promoted: Share;
  readonly passed: Share;
  readonly open: Share;
  readonly protection: Delay;
  readonly restoration: Delay;
  readonly promotion: Pick<Delay, 'median' | 'p90'>;
  readonly failures: { readonly mean: number; readonly median: number; readonly p90: number };
}

export function figuresOf(tally: Tally): Figures {
  const share = (hits: number): Share => ({ hits, share: hits / tally.runs, ...wilson(hits, tally.runs) });
  const delay = (times: readonly number[]): Delay => ({
    found: share(times.filter(Number.isFinite).length),
    ...middleOf(times),
  });
  return {
    runs: tally.runs,
    rolledBack: share(tally.rolledBack),
    quarantined: share(tally.quarantined),
    promoted: share(tally.promoted),
    passed: share(tally.passed),
    open: share(tally.open),
    protection: delay(tally.protectedAfter),
    restoration: delay(tally.restoredAfter),
    promotion: middleOf(tally.promotedAfter),
    failures: {
      mean: mean(tally.failures),
      median: quantile(tally.failures, 0.5),
      p90: quantile(tally.failures, 0.9),
    },
  };
}

function middleOf(times: readonly number[]): Pick<Delay, 'median' | 'p90'> {
  return { median: finite(quantile(times, 0.5)), p90: finite(quantile(times, 0.9)) };
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
