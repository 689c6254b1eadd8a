import type { Judgement } from '../../src/model/verdict.ts';
import { floorMinute, MINUTE } from '../../src/model/time.ts';
import type { Minute } from '../../src/model/traffic.ts';
import { type JudgedMinutes, judge } from '../../src/rollout/judge/judge.ts';
import { assemble, type WeightChange, withPeak } from '../../src/rollout/observe/observe.ts';
import { stretchesOf } from '../../src/rollout/observe/stretches.ts';
import type { AliasTraffic, MinuteSeries } from '../../src/rollout/ports.ts';
import type { Recording } from './recording.ts';

/** What a poll just after a minute had become old enough would have found. */
export interface Look {
  /** Counted from that of the first shift. */
  readonly index: number;
  readonly minute: Minute;
  /** When that poll would have been, epoch ms. */
  readonly at: number;
  /** Percent of traffic that the canary had then; undefined when nothing is known of it. */
  readonly weight: number | undefined;
  readonly judgement: Judgement;
}

/**
 * Judges a recording as the rollout would have, once a minute, as soon as that minute was old enough. The counts are those
 * of the last reading, so data that came late then is there from the start.
 */
export function* rejudge(recording: Recording): Generator<Look> {
  const { minutes, shiftedAt, changes } = recording;
  const traffic = trafficOf(minutes);
  const first = floorMinute(shiftedAt);
  for (const minute of minutes) {
    // A minute is judged when it has been over for another (see `observe.ts`).
    const at = minute.start + 2 * MINUTE;
    const judgement = judge(judgedAt(at, recording, traffic), recording.settings);
    yield { index: (minute.start - first) / MINUTE, minute, at, weight: weightAt(at, changes), judgement };
  }
}

function judgedAt(now: number, recording: Recording, traffic: AliasTraffic): JudgedMinutes {
  const { shiftedAt, promotedAt, changes, metrics, past } = recording;
  const known = changes.filter(({ doneAt }) => doneAt <= now);
  const promotion = promotedAt === undefined ? undefined : { begunAt: promotedAt, doneAt: promotedAt };
  const window = { shiftedAt, promotion, now, finalAge: recording.finalAge, changes: known };
  const observation = assemble(traffic, window);
  const { concurrent, finalMinutes } = observation;
  const end = (concurrent.at(-1)?.start ?? -Infinity) + MINUTE;
  const soFar = (all: readonly Minute[]): readonly Minute[] =>
    all.filter(({ start }) => start < end).map((minute) => withPeak(minute, known));
  return {
    ...observation,
    past,
    metrics: new Map(
      metrics.map(({ metric, lenient, strict }) => [metric.name, { lenient: soFar(lenient), strict: soFar(strict) }]),
    ),
    stretches: stretchesOf(concurrent.slice(0, finalMinutes), known),
    // What a report does not have.
    spillOver: [],
    vetoes: [],
    unknown: [],
  };
}

function trafficOf(minutes: readonly Minute[]): AliasTraffic {
  const series = (version: 'baseline' | 'canary'): MinuteSeries =>
    new Map(minutes.map((minute) => [minute.start, minute[version]]));
  const none = { baseline: new Map<number, never>(), canary: new Map<number, never>() };
  return {
    baseline: series('baseline'),
    canary: series('canary'),
    alias: new Map(),
    throttles: none,
    spillOver: none,
    slow: none,
    counted: new Map(),
    limited: new Map(),
  };
}

function weightAt(at: number, changes: readonly WeightChange[]): number | undefined {
  return changes.findLast(({ doneAt }) => doneAt <= at)?.weight;
}
