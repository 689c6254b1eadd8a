import { MINUTE, SECOND, floorMinute } from '../../src/model/time.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import type { Frame } from '../scenario.ts';
import type { Latency } from './durations.ts';
import { Publication } from './publication.ts';
import { NOTHING, SeriesMinute, addPoints } from './series-minute.ts';
import type { Point, Published } from './series-minute.ts';
import type { MetricsSpec } from './specs.ts';

/** Counts of one series in one second. */
export interface Sample extends Point {
  readonly function: string;
  /** `fn:alias`, `fn:7` or `fn`. */
  readonly resource: string;
  /** Absent where Lambda reports none: direct calls, throttled requests. */
  readonly version: string | undefined;
  /** Start of the second, epoch ms. */
  readonly at: number;
  readonly latency: Latency;
}

/** Which samples a query sums. */
export interface Selection {
  readonly function: string;
  readonly resource?: string | undefined;
  readonly version?: string | undefined;
}

/** Minutes in `[from, to)` (epoch ms), as known at `now`. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

/** Where counts were made. */
export interface SeriesName {
  readonly function: string;
  readonly resource: string;
  readonly version: string | undefined;
}

interface Series extends SeriesName {
  readonly minutes: Map<number, SeriesMinute>;
}

const LATE = { share: 0.03, maxMs: 30 * SECOND };
/** The last seconds of a minute are likelier to be counted late than its start. */
const TAIL_STARTS = 45;

/** The starts of the minutes of a span. */
export function minutesOf({ from, to }: Pick<Span, 'from' | 'to'>): number[] {
  const first = floorMinute(from);
  return Array.from({ length: Math.max(0, Math.ceil((to - first) / MINUTE)) }, (_, i) => first + i * MINUTE);
}

/**
 * The metrics as CloudWatch publishes them: by minute of invocation, each invocation some time after it ended, a few
 * later still, so that a minute's point appears late and grows.
 */
export class MetricStore {
  readonly publication: Publication;
  readonly #series = new Map<string, Series>();
  readonly #spec: MetricsSpec;
  readonly #random: Random;

  constructor(frame: Frame, spec: MetricsSpec) {
    this.publication = new Publication(frame, spec);
    this.#spec = spec;
    this.#random = createRandom(frame.seed, 'metrics');
  }

  record(sample: Sample): void {
    const minute = floorMinute(sample.at);
    const { key, record } = this.#minute(sample, minute);
    const { at, latency, version } = sample;
    const id = (): string => `${key}/${minute}/${record.size}`;
    const visibleAt = at + SECOND + latency.median + this.publication.delay(minute);
    const late = this.#late(sample);
    const onTime: Point = {
      invocations: sample.invocations - late.invocations,
      errors: sample.errors - late.errors,
      throttles: sample.throttles,
      spillOver: sample.spillOver - late.spillOver,
    };
    record.add({ ...onTime, version, at, visibleAt, latency, id: id() });
    if (late.invocations === 0) return;
    const { maxMs } = this.#spec.lateGrowth ?? LATE;
    const lateAt = visibleAt + this.#random.between(SECOND, maxMs);
    record.add({ ...late, version, at, visibleAt: lateAt, latency, id: id() });
  }

  /** Minute → what is published of each series. Minutes without traffic are absent. */
  read(selection: Selection, span: Span): Map<number, Published[]> {
    const found = new Map<number, Published[]>();
    for (const series of this.#selected(selection)) {
      for (const minute of minutesOf(span)) {
        const published = this.publication.withheld(minute, span.now)
          ? undefined
          : series.minutes.get(minute)?.at(span.now);
        if (published !== undefined) found.set(minute, [...(found.get(minute) ?? []), published]);
      }
    }
    return found;
  }

  /** Everything that really happened, published or not. */
  truth(selection: Selection): Point {
    return this.#selected(selection)
      .flatMap((series) => Array.from(series.minutes.values()))
      .reduce<Point>((sum, minute) => addPoints(sum, minute.truth()), NOTHING);
  }

  /** Every series that ever had traffic. */
  names(): readonly SeriesName[] {
    return Array.from(this.#series.values());
  }

  #selected({ function: name, resource, version }: Selection): Series[] {
    return Array.from(this.#series.values()).filter(
      (series) =>
        series.function === name &&
        (resource === undefined || series.resource === resource) &&
        (version === undefined || series.version === version),
    );
  }

  #minute({ function: name, resource, version }: Sample, minute: number) {
    const key = `${name}|${resource}|${version ?? ''}`;
    const series: Series = this.#series.get(key) ?? { function: name, resource, version, minutes: new Map() };
    this.#series.set(key, series);
    const record = series.minutes.get(minute) ?? new SeriesMinute(this.publication.lag(minute));
    series.minutes.set(minute, record);
    return { key, record };
  }

  #late(sample: Sample): Point {
    const { share } = this.#spec.lateGrowth ?? LATE;
    const second = (sample.at % MINUTE) / SECOND;
    const chance = Math.min(1, second >= TAIL_STARTS ? share * 3 : share / 3);
    const invocations = this.#random.binomial(sample.invocations, chance);
    const drawn = this.#random.binomial(sample.errors, chance);
    const onTime = sample.invocations - invocations;
    const errors = Math.min(invocations, Math.max(drawn, sample.errors - onTime));
    return { invocations, errors, throttles: 0, spillOver: Math.max(0, sample.spillOver - onTime) };
  }
}
