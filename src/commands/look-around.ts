import type { DeployInputs } from '../inputs/inputs.ts';
import { quote } from '../model/text.ts';
import type { Counts } from '../model/traffic.ts';
import { alreadyRinging } from '../rollout/observe/alarms.ts';
import { pastOf, pastSpan } from '../rollout/observe/observe.ts';
import type { ExtraMetric } from '../model/metric.ts';
import type { AliasTraffic, LatencyStatistic, WatchList } from '../rollout/ports.ts';
import type { World } from './world.ts';

/** What is known of the traffic before anything is changed, and what will be read of it. */
export interface Outlook {
  /** What the baseline did per minute in the last hour. */
  readonly past: readonly Counts[];
  readonly watch: WatchList;
  /** Lambda counts throttles of this function by version: their absence says something. */
  readonly countsThrottles: boolean;
}

/** Where nothing will be watched. */
export const NO_OUTLOOK: Outlook = { past: [], watch: { latency: undefined, metrics: [] }, countsThrottles: false };

/**
 * Reads everything once that the rollout will read: what cannot be read now (a metric that CloudWatch does not
 * understand, an alarm that does not exist, a permission that is missing) would leave a canary unwatched later.
 */
export async function lookAround(inputs: DeployInputs, world: World, baseline: string): Promise<Outlook> {
  const span = pastSpan(world.clock.now());
  const { latencyThreshold: threshold, metrics, alarms } = inputs;
  const traffic = await world.traffic.read({
    baseline,
    canary: undefined,
    watch: { latency: undefined, metrics },
    ...span,
  });
  const latency = threshold === undefined ? undefined : await probeLatency(world, { baseline, threshold, ...span });
  const ringing = await readRinging(alarms, world);
  if (inputs.dryRun) tellRinging(ringing, world);
  const past = pastOf(traffic, span);
  if (past.length > 0) tellSilent(metrics, traffic, world);
  return { past, watch: { latency, metrics }, countsThrottles: traffic.throttles.baseline.size > 0 };
}

/**
 * A metric that had no data while the function had traffic may be one that does not exist. That nothing bad was counted is
 * as it should be, but a query that is misspelt looks the same.
 */
function tellSilent(metrics: readonly ExtraMetric[], traffic: AliasTraffic, { log, recorder }: World): void {
  for (const metric of metrics) {
    const name = quote(metric.name);
    if (isSilent(metric, traffic)) {
      const line = `Metric ${name} had no data in the last hour: make sure that its query is right.`;
      log.warn(line);
      recorder.note(line);
    } else if (metric.kind === 'counted' && hasNothingBad(metric, traffic)) {
      log.info(`Metric ${name} counted nothing bad in the last hour.`);
    }
  }
}

function isSilent({ kind, name }: ExtraMetric, { limited, counted }: AliasTraffic): boolean {
  if (kind === 'limited') return [limited.get(name)?.baseline, limited.get(name)?.canary].every((one) => !one?.size);
  return Array.from(counted.get(name)?.baseline.values() ?? []).every(({ invocations }) => invocations === 0);
}

function hasNothingBad({ name }: ExtraMetric, { counted }: AliasTraffic): boolean {
  return Array.from(counted.get(name)?.baseline.values() ?? []).every(({ errors }) => errors === 0);
}

interface LatencyQuestion {
  readonly baseline: string;
  readonly threshold: number;
  readonly start: number;
  readonly end: number;
}

async function probeLatency(
  { latency, log, recorder }: World,
  question: LatencyQuestion,
): Promise<WatchList['latency']> {
  const { threshold } = question;
  const found = await latency.probeLatency(question);
  // Percentiles are documented for Lambda. What nobody could try is not relied upon.
  const statistic = found.proven ? found.statistic : 'percentiles';
  const line = `Invocations slower than ${threshold}ms are counted by ${STATISTICS[statistic]}.`;
  log.info(line);
  if (statistic === 'percentiles') recorder.note(`${line} ${found.proven ? NOT_THERE : NOT_TRIED} ${WEAKER}`);
  return { threshold, statistic };
}

const STATISTICS: Readonly<Record<LatencyStatistic, string>> = {
  'trimmed-count': "CloudWatch's trimmed counts",
  'percentile-rank': "CloudWatch's percentile ranks",
  percentiles: 'percentiles',
};
const NOT_THERE = 'CloudWatch has neither trimmed counts nor percentile ranks of them.';
const NOT_TRIED = 'The last hour had no traffic to try anything better.';
const WEAKER = 'A rollback then takes a larger difference, and latency is not part of what a pass proves.';

/** Alarms that ring already; those are told, and ignored until they have been OK. */
export async function readRinging(names: readonly string[], world: World): Promise<readonly string[]> {
  if (names.length === 0) return [];
  return [...alreadyRinging(await world.alarms.readAlarms(names, world.signal))];
}

/** Tells once, before the first shift, what will be ignored. */
export function tellRinging(ringing: readonly string[], { log, recorder }: World): void {
  for (const name of ringing) {
    const line = `Alarm ${quote(name)} was in ALARM before the first shift: ignored until it has been OK.`;
    log.warn(line);
    recorder.note(line);
  }
}
