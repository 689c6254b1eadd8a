import { errorRate } from '../../src/model/traffic.ts';
import { ofCanary, sumOf } from './rule.ts';
import type { Rule } from './rule.ts';

interface Metric {
  /** Minutes between measurements, and the span that each of them queries. */
  readonly interval: number;
  readonly failureLimit: number;
}

/** `successCondition: result >= 0.95`, as in the documentation's examples. */
const LEAST_SUCCESS = 0.95;

/**
 * Argo Rollouts' analysis (argoproj/argo-rollouts, analysis/analysis.go): one measurement per interval; the metric fails
 * when failures exceed `failureLimit`, so that a limit of 3 takes four, though the documentation says three. Failures are
 * never forgiven, there is no baseline. A window without data says nothing here; see {@link argoErrors}.
 */
export function argo({ interval, failureLimit }: Metric): Rule {
  return {
    name: `Argo Rollouts, success rate >= 95 %, interval ${interval}m, failureLimit ${failureLimit}`,
    short: `Argo ${interval}m/${failureLimit}`,
    start: () => {
      let failures = 0;
      return (minutes) => {
        if (minutes.length === 0 || minutes.length % interval > 0) return 'go on';
        const window = sumOf(minutes.slice(-interval), ofCanary);
        if (window.invocations > 0 && 1 - errorRate(window) < LEAST_SUCCESS) failures += 1;
        return failures > failureLimit ? 'roll back' : 'go on';
      };
    },
  };
}

/** Consecutive errors that a metric survives, and how soon it measures again after one (defaults of analysis.go). */
const CONSECUTIVE_ERRORS = 4;
const RETRY_SECONDS = 10;

/**
 * What Argo Rollouts does when CloudWatch answers without data points: the result cannot be indexed, which is an error and
 * not a failure. It is measured again every 10 seconds, and the fifth error in a row aborts the rollout: a minute without a
 * request to the canary is enough. Interval and query of one minute.
 */
export const argoErrors: Rule = {
  name: 'Argo Rollouts, interval 1m: five empty measurements 10 s apart abort',
  short: 'Argo error',
  start: () => (minutes) => {
    const newest = minutes.at(-1);
    const isEmpty = newest?.canary.invocations === 0;
    // Nothing new is published while it retries: as often as fits between two minutes.
    const errors = isEmpty ? Math.floor(60 / RETRY_SECONDS) : 0;
    return errors > CONSECUTIVE_ERRORS ? 'roll back' : 'go on';
  },
};
