import type { Metric, MetricMinutes } from '../../model/metric.ts';
import { MINUTE } from '../../model/time.ts';
import { type Counts, type Minute, NO_TRAFFIC } from '../../model/traffic.ts';
import type { AliasTraffic, SlowCount } from '../ports.ts';
import type { WeightChange } from './observe.ts';

/**
 * When all environments of the canary are new, as after the first shift, their first invocations fill caches and open
 * connections inside the handler: for so long its durations do not count. When its traffic rises again, only a part of them
 * is new, and it takes that part of the time.
 */
const WARM_UP = 2 * MINUTE;

interface Observed {
  readonly traffic: AliasTraffic;
  /** The minutes side by side. */
  readonly concurrent: readonly Minute[];
  readonly changes: readonly WeightChange[];
}

/** What was read of each metric in the minutes side by side, by its name. */
export function metricMinutes(metrics: readonly Metric[], observed: Observed): ReadonlyMap<string, MetricMinutes> {
  return new Map(metrics.map((metric) => [metric.name, minutesOfMetric(metric, observed)]));
}

function minutesOfMetric(metric: Metric, { traffic, concurrent, changes }: Observed): MetricMinutes {
  switch (metric.kind) {
    case 'latency':
      return slowMinutes(traffic, concurrent, changes);
    case 'throttles':
      return exact(concurrent.map((minute) => throttled(minute, traffic)));
    case 'errors':
      return exact(concurrent);
    case 'custom': {
      const { baseline, canary } = traffic.counted.get(metric.name) ?? NOTHING;
      return exact(concurrent.map((minute) => pair(minute, baseline.get(minute.start), canary.get(minute.start))));
    }
  }
}

const NOTHING = { baseline: new Map<number, Counts>(), canary: new Map<number, Counts>() };

function exact(minutes: readonly Minute[]): MetricMinutes {
  return { lenient: minutes, strict: minutes };
}

function pair(minute: Minute, baseline: Counts = NO_TRAFFIC, canary: Counts = NO_TRAFFIC): Minute {
  return { ...minute, baseline: clamp(baseline), canary: clamp(canary) };
}

function clamp({ invocations, errors }: Counts): Counts {
  return { invocations, errors: Math.min(errors, invocations) };
}

/** A throttled request is no invocation: the share is of all that were asked for. */
function throttled(minute: Minute, { throttles }: AliasTraffic): Minute {
  const { start, baseline, canary } = minute;
  const counts = ({ invocations }: Counts, refused = 0): Counts => ({
    invocations: invocations + refused,
    errors: refused,
  });
  return {
    ...minute,
    baseline: counts(baseline, throttles.baseline.get(start)),
    canary: counts(canary, throttles.canary.get(start)),
  };
}

/** Invocations that found no provisioned concurrency free, of all, in the minutes side by side. */
export function spillOverMinutes({ spillOver }: AliasTraffic, concurrent: readonly Minute[]): readonly Minute[] {
  return concurrent.map((minute) => {
    const { start, baseline, canary } = minute;
    return pair(
      minute,
      { invocations: baseline.invocations, errors: spillOver.baseline.get(start) ?? 0 },
      { invocations: canary.invocations, errors: spillOver.canary.get(start) ?? 0 },
    );
  });
}

/** Where only a range is known, the benefit of the doubt is the canary's in `lenient`, the baseline's in `strict`. */
function slowMinutes(
  { slow }: AliasTraffic,
  concurrent: readonly Minute[],
  changes: readonly WeightChange[],
): MetricMinutes {
  const warmUps = warmUpsOf(changes);
  const isWarmingUp = ({ start }: Minute): boolean =>
    warmUps.some((span) => start + MINUTE > span.start && start < span.end);
  const side = (favoured: 'canary' | 'baseline') =>
    concurrent.map((minute) => {
      const [baseline, canary] = [slow.baseline.get(minute.start), slow.canary.get(minute.start)];
      if (baseline === undefined || canary === undefined || isWarmingUp(minute)) return pair(minute);
      const lenient = favoured === 'canary';
      return pair(minute, slowCounts(baseline, !lenient), slowCounts(canary, lenient));
    });
  return { lenient: side('canary'), strict: side('baseline') };
}

/**
 * The part of the canary's environments that is new follows from what its weight was before the rise. That some may have
 * stayed from an earlier, higher weight is not relied upon: Lambda does not document for how long it keeps idle ones.
 */
function warmUpsOf(changes: readonly WeightChange[]): readonly { readonly start: number; readonly end: number }[] {
  return changes.flatMap(({ weight, begunAt, doneAt }, index) => {
    const before = changes[index - 1]?.weight ?? 0;
    return weight <= before ? [] : [{ start: begunAt, end: doneAt + (1 - before / weight) * WARM_UP }];
  });
}

function slowCounts({ samples, least, most }: SlowCount, isFavoured: boolean): Counts {
  return { invocations: samples, errors: isFavoured ? least : most };
}
