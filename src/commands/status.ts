import type { StatusInputs } from '../inputs/inputs.ts';
import { describeServing } from '../model/alias.ts';
import { ActionFailure } from '../model/failure.ts';
import { formatRate } from '../model/format.ts';
import { MINUTE, ceilMinute } from '../model/time.ts';
import { type Counts, type Minute, NO_TRAFFIC, errorRate, totalOf } from '../model/traffic.ts';
import { findFunction } from '../release/survey.ts';
import type { MinuteSeries } from '../rollout/ports.ts';
import { inspect } from '../rollout/act/recover.ts';
import type { Ending } from './recorder.ts';
import { type Serving, servingOf, situation } from './situation.ts';
import type { World } from './world.ts';

/** How far back it looks. */
const SPAN = 60 * MINUTE;

/** `command: status`: what the alias serves, whose rollout it is in, and how its versions are doing. Changes nothing. */
export async function status(inputs: StatusInputs, world: World): Promise<Ending> {
  const { recorder, log } = world;
  const alias = await world.alias.read();
  if (alias === undefined) return nothingThere(inputs, world);
  recorder.sawAlias(alias);
  const finding = inspect(alias);
  const serving = servingOf(alias, finding);
  const functionArn = alias.arn.split(':').slice(0, 7).join(':');
  recorder.learn({ version: serving.version, previousVersion: serving.beside, functionArn });
  const found = await situation(inputs.alias, { world, alias, finding });
  log.info(`Alias ${inputs.alias} serves ${describeServing(alias)}.`);
  for (const line of [...found.notes, ...(await describeTraffic(world, serving))]) {
    log.info(line);
    recorder.note(line);
  }
  return { result: 'unchanged', verdict: 'none', reason: found.reason, next: found.next };
}

async function nothingThere({ alias, functionRef, region }: StatusInputs, { functions }: World): Promise<Ending> {
  await findFunction(functions, { id: functionRef.id, region });
  const reason = `function ${functionRef.name} has no alias ${alias}; the first deployment creates it`;
  return { result: 'unchanged', verdict: 'none', reason, next: '' };
}

/** The traffic of both versions, recorded minute by minute, as lines. Metrics that cannot be read fail nothing here. */
async function describeTraffic(world: World, serving: Serving): Promise<readonly string[]> {
  const { recorder, log } = world;
  try {
    const minutes = await readMinutes(world, serving);
    recorder.learn({ minutes });
    if (minutes.length === 0) return ['No traffic in the last hour, as far as CloudWatch has published it.'];
    for (const line of trafficLines(minutes, serving)) log.info(line);
    return [];
  } catch (error) {
    if (!(error instanceof ActionFailure)) throw error;
    log.warn(`The metrics could not be read: ${error.message}. ${error.next}`);
    return [`The metrics could not be read: ${error.message}.`];
  }
}

async function readMinutes({ traffic, clock }: World, { version, beside }: Serving): Promise<readonly Minute[]> {
  const end = ceilMinute(clock.now());
  const found = await traffic.read({
    baseline: beside ?? version,
    canary: beside === undefined ? undefined : version,
    watch: { latency: undefined, metrics: [] },
    start: end - SPAN,
    end,
  });
  return beside === undefined ? joined(new Map(), found.baseline) : sinceFirst(joined(found.baseline, found.canary));
}

function joined(baseline: MinuteSeries, canary: MinuteSeries): readonly Minute[] {
  const starts = [...new Set([...baseline.keys(), ...canary.keys()])].sort((a, b) => a - b);
  return starts.map((start) => ({ start, baseline: countsIn(baseline, start), canary: countsIn(canary, start) }));
}

/** Errors may be published before their invocations. */
function countsIn(series: MinuteSeries, start: number): Counts {
  const { invocations, errors } = series.get(start) ?? NO_TRAFFIC;
  return { invocations: Math.max(invocations, errors), errors };
}

/** From the canary's first traffic on: before it there is nothing to compare. All, where it had none. */
function sinceFirst(minutes: readonly Minute[]): readonly Minute[] {
  const first = minutes.findIndex(({ canary }) => canary.invocations > 0);
  return minutes.slice(Math.max(0, first));
}

function trafficLines(minutes: readonly Minute[], { version, beside }: Serving): readonly string[] {
  const since = new Date(minutes[0]?.start ?? 0).toISOString().slice(11, 16);
  const line = (name: string, counts: Counts): string =>
    `Version ${name}: ${counts.errors} errors in ${counts.invocations} invocations (${formatRate(errorRate(counts))}) since ${since} UTC.`;
  return [
    ...(beside === undefined ? [] : [line(beside, totalOf(minutes, 'baseline'))]),
    line(version, totalOf(minutes, 'canary')),
  ];
}
