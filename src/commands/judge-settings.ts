import type { DeployInputs } from '../inputs/inputs.ts';
import type { Metric } from '../model/metric.ts';
import type { JudgeSettings } from '../model/verdict.ts';
import type { WatchList } from '../rollout/ports.ts';
import type { Outlook } from './look-around.ts';

/** What the judge is told, fixed before the first shift. */
export function judgeSettings(
  inputs: DeployInputs,
  { watch, countsThrottles }: Pick<Outlook, 'watch' | 'countsThrottles'>,
): JudgeSettings {
  const { strategy, confidence, bakeTime } = inputs;
  const { errorTolerance, passMargin, maxErrorRate, minInvocations } = inputs;
  return {
    alpha: 1 - confidence,
    errorTolerance,
    passMargin,
    maxErrorRate,
    minInvocations,
    metrics: comparedBesides(inputs, { ...watch, countsThrottles }),
    splits: strategy.steps.length > 0,
    bakes: bakeTime > 0,
  };
}

/** Odds of a slow invocation up to which the canary counts as no slower: its environments are younger. */
const SLOW_ODDS = 1.25;

function comparedBesides(
  inputs: DeployInputs,
  { latency, metrics, countsThrottles }: WatchList & Pick<Outlook, 'countsThrottles'>,
): readonly Metric[] {
  const { errorTolerance, passMargin, latencyTolerance } = inputs;
  const slow: readonly Metric[] =
    latency === undefined
      ? []
      : [
          {
            kind: 'latency',
            name: `share of invocations slower than ${latency.threshold}ms`,
            tolerance: latencyTolerance,
            oddsRatio: SLOW_ODDS,
            // Percentiles only bracket the share, too widely to prove anything of it.
            margin: latency.statistic === 'percentiles' ? undefined : Math.max(passMargin, latencyTolerance),
          },
        ];
  const counted = metrics.flatMap((metric): readonly Metric[] => {
    if (metric.kind === 'limited') return [];
    const { name, tolerance } = metric;
    return [{ kind: 'custom', name, tolerance, oddsRatio: 1, margin: Math.max(passMargin, tolerance) }];
  });
  const throttles: Metric = {
    kind: 'throttles',
    name: 'throttle rate',
    tolerance: errorTolerance,
    oddsRatio: 1,
    // Whether Lambda counts them by version is not documented. Where it does not, no throttle proves nothing.
    margin: countsThrottles ? passMargin : undefined,
  };
  return [...slow, throttles, ...counted];
}
