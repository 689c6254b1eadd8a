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
}

/** Sum of all dwells, ms. */
export function totalDwell(strategy: Strategy): number {
  return strategy.steps.reduce((sum, step) => sum + step.dwell, 0);
}
