import { errorRate } from '../../src/model/traffic.ts';
import type { Minute } from '../../src/model/traffic.ts';
import type { Rule } from './rule.ts';

/** Success rate that a check asks for, as in Flagger's documentation: `thresholdRange.min: 99`. */
const LEAST_SUCCESS = 0.99;

/**
 * Flagger (fluxcd/flagger, pkg/controller/scheduler.go and scheduler_metrics.go): every `interval` (1m) the success rate of
 * the last minute has to be at least 99 %; "no values found" is a failed check as well. Failed checks are counted and never
 * forgiven; the rollback comes on the tick after the one on which they reached `threshold`. There is no baseline. Documented
 * thresholds: 1 when unset, 5 and 10 in the tutorials. With the share of requests slower than 500 ms in place of errors it
 * is the check of the 99th percentile.
 *
 * Here a tick reads the newest minute that is published; Flagger's own CloudWatch query would take an incomplete one.
 */
export function flagger(threshold: number): Rule {
  return {
    name: `Flagger, success rate >= 99 %, interval 1m, threshold ${threshold}`,
    short: `Flagger ${threshold}`,
    start: () => {
      let failedChecks = 0;
      return (minutes) => {
        if (failedChecks >= threshold) return 'roll back';
        const newest = minutes.at(-1);
        if (newest !== undefined && isFailed(newest)) failedChecks += 1;
        return 'go on';
      };
    },
  };
}

function isFailed({ canary }: Minute): boolean {
  return canary.invocations === 0 || 1 - errorRate(canary) < LEAST_SUCCESS;
}
