import { MINUTE } from '../../../src/model/time.ts';
import type { Minute } from '../../../src/model/traffic.ts';
import type { Decision, Rule } from '../../../bench/peers/rule.ts';

type Row = readonly [baselineInvocations: number, baselineErrors: number, invocations: number, errors: number];

/** Minutes from rows (n_b, e_b, n_c, e_c). */
export function minutesOf(...rows: readonly Row[]): Minute[] {
  return rows.map(([baseline, baselineErrors, canary, canaryErrors], index) => ({
    start: index * MINUTE,
    baseline: { invocations: baseline, errors: baselineErrors },
    canary: { invocations: canary, errors: canaryErrors },
  }));
}

/** The same minute so many times. */
export function times(count: number, row: Row): Row[] {
  return Array.from({ length: count }, () => row);
}

/** What a rule says minute by minute, up to its rollback. */
export function decisions(rule: Rule, minutes: readonly Minute[], past: readonly Minute[] = []): Decision[] {
  const watch = rule.start(past);
  const said: Decision[] = [];
  for (let seen = 0; seen <= minutes.length; seen += 1) {
    said.push(watch(minutes.slice(0, seen)));
    if (said.at(-1) === 'roll back') break;
  }
  return said;
}

/** After how many minutes it rolls back; undefined when it does not. */
export function rollsBackAfter(rule: Rule, minutes: readonly Minute[], past: readonly Minute[] = []) {
  const said = decisions(rule, minutes, past);
  return said.at(-1) === 'roll back' ? said.length - 1 : undefined;
}
