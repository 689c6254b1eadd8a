import type { Metric } from '../../model/metric.ts';
import type { JudgeSettings } from '../../model/verdict.ts';

/** What sentences call the metric that is always there. */
export const ERROR_RATE = 'error rate';

/** The error rate and what else is compared between the versions, in the order in which the budget is divided. */
export function comparedMetrics({ errorTolerance, passMargin, metrics }: JudgeSettings): readonly Metric[] {
  const errors = {
    kind: 'errors',
    name: ERROR_RATE,
    tolerance: errorTolerance,
    oddsRatio: 1,
    margin: passMargin,
  } as const;
  return [errors, ...metrics];
}
