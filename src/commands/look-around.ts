import type { DeployInputs } from '../inputs/inputs.ts';
import { quote } from '../model/text.ts';
import type { Counts } from '../model/traffic.ts';
import { alreadyRinging } from '../rollout/observe/alarms.ts';
import { pastOf, pastSpan } from '../rollout/observe/observe.ts';
import type { LatencyStatistic, WatchList } from '../rollout/ports.ts';
import type { World } from './world.ts';

/** What is known of the traffic before anything is changed, and what will be read of it. */
export interface Outlook {
  /** What the baseline did per minute in the last hour. */
  readonly past: readonly Counts[];
  readonly watch: WatchList;
}

/** Where nothing will be watched. */
export const NO_OUTLOOK: Outlook = { past: [], watch: { latency: undefined, metrics: [] } };

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
  await readRinging(alarms, world);
  return { past: pastOf(traffic, span), watch: { latency, metrics } };
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
