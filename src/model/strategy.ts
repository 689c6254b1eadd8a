import { MINUTE } from './time.ts';

/** One stage of a rollout. */
export interface Step {
  /** Whole percent of the alias' traffic on the canary, 1–99. */
  readonly weight: number;
  /** How long the canary is watched at that weight, ms. */
  readonly dwell: number;
}

/** How traffic moves: the steps in rising order; 100 % follows the last by itself. No steps = all at once. */
export interface Strategy {
  /** As the user wrote it, for logs and the summary. */
  readonly name: string;
  readonly steps: readonly Step[];
  /** `evidence`: a dwell is the least time at a weight, and the evidence decides when it is left (`auto`). */
  readonly pace: Pace;
}

export type Pace = 'fixed' | 'evidence';

/** Where `auto` begins, percent, on a function that is not busy. */
export const AUTO_LEAST_WEIGHT = 5;

/**
 * The weights of `auto`. 1 % is only for functions busy enough to tell something by it; above 50 % an error of the canary
 * proves less than one of the baseline would clear it of. Few and long strides between, as the minute of a rise can clear
 * nobody: its traffic is split in two ways.
 */
export const AUTO_STEPS: readonly Step[] = [1, 5, 35, 50].map((weight) => ({ weight, dwell: MINUTE / 2 }));

/** Sum of all dwells, ms. */
export function totalDwell({ steps }: Pick<Strategy, 'steps'>): number {
  return steps.reduce((sum, step) => sum + step.dwell, 0);
}
