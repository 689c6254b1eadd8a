import type { Chances, Conditions } from './conditions.ts';

/** A day's curve, squeezed so that a rollout sees much of it. */
const WAVE = 60;

export function steady(rpm: number): (minute: number) => number {
  return () => rpm;
}

/** Both versions alike. */
export function alike(chance: number): (minute: number) => Chances {
  const chances = { baseline: chance, canary: chance };
  return () => chances;
}

/** A wave around 1. */
export function wave(height: number, phase: number): (minute: number) => number {
  return (minute) => 1 + height * Math.sin(2 * Math.PI * (minute / WAVE + phase));
}

/** The canary gets worse by `more` from `onset` on. */
export function raisedBy(base: number, more: number, onset = 0): (minute: number) => Chances {
  const before = { baseline: base, canary: base };
  const after = { baseline: base, canary: Math.min(1, base + more) };
  return (minute) => (minute < onset ? before : after);
}

/** Traffic and failures that are the same all the time, for both versions. */
export function calm(rpm: number, base: number): Conditions {
  return { traffic: steady(rpm), failing: alike(base) };
}

/** `0.5%`, `5%`: a fraction as names show it. */
export function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(4))}%`;
}

/** `100`, `1k`. */
export function rate(rpm: number): string {
  return rpm >= 1000 ? `${rpm / 1000}k` : `${rpm}`;
}
