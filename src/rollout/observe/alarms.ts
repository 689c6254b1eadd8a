import { quote } from '../../model/text.ts';
import type { AlarmState } from '../ports.ts';

/** Alarms that were in ALARM at the start and have not been OK since: old trouble, which says nothing of the canary. */
export type IgnoredAlarms = ReadonlySet<string>;

/** Which alarms to ignore, by their states before the first shift. */
export function alreadyRinging(states: readonly AlarmState[]): IgnoredAlarms {
  return new Set(states.filter(({ state }) => state === 'ALARM').map(({ name }) => name));
}

/** What the alarms say now: sentences for those that veto, and what is still to be ignored. */
export function heedAlarms(
  ignored: IgnoredAlarms,
  states: readonly AlarmState[],
): { readonly vetoes: readonly string[]; readonly ignored: IgnoredAlarms } {
  const recovered = new Set(states.filter(({ state }) => state === 'OK').map(({ name }) => name));
  const still = new Set([...ignored].filter((name) => !recovered.has(name)));
  const ringing = states.filter(({ name, state }) => state === 'ALARM' && !still.has(name));
  return { vetoes: ringing.map(vetoOf), ignored: still };
}

function vetoOf({ name, reason }: AlarmState): string {
  return `alarm ${quote(name)} went to ALARM${reason === '' ? '' : `: ${reason}`}`;
}
