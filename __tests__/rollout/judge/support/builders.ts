import type { JudgedMinutes } from '../../../../src/rollout/judge/judge.ts';
import { MINUTE } from '../../../../src/model/time.ts';
import type { Counts, Minute } from '../../../../src/model/traffic.ts';
import type { JudgeSettings } from '../../../../src/model/verdict.ts';

/** Baseline invocations, baseline errors, canary invocations, canary errors. */
export type CountRow = readonly [number, number, number, number];

export function minutesOf(rows: readonly CountRow[]): Minute[] {
  return rows.map(([nb, eb, nc, ec], index) => ({
    start: index * MINUTE,
    baseline: counts(nb, eb),
    canary: counts(nc, ec),
  }));
}

export function repeat<T>(times: number, value: T): T[] {
  return Array.from({ length: times }, () => value);
}

export function counts(invocations: number, errors: number): Counts {
  return { invocations, errors };
}

/** Minutes in which the canary had all traffic. */
export function aloneOf(rows: readonly (readonly [number, number])[]): Minute[] {
  return minutesOf(rows.map(([invocations, errors]) => [0, 0, invocations, errors]));
}

/** A window of final minutes side by side, unless said otherwise. */
export function aWindow(rows: readonly CountRow[], change: Partial<JudgedMinutes> = {}): JudgedMinutes {
  const concurrent = minutesOf(rows);
  const alone = change.alone ?? [];
  return { concurrent, finalMinutes: concurrent.length, alone, finalAlone: alone.length, past: [], ...change };
}

/** The inputs' defaults with a stepped strategy and no bake. */
export function settings(change: Partial<JudgeSettings> = {}): JudgeSettings {
  return {
    alpha: 0.01,
    errorTolerance: 0.001,
    maxErrorRate: undefined,
    minInvocations: 1,
    splits: true,
    bakes: false,
    ...change,
  };
}
