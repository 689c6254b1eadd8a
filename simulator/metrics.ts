import { MINUTE, SECOND, floorMinute } from '../src/model/time.ts';
import { createRandom, hash } from './random.ts';
import type { Random } from './random.ts';
import type { Frame, MetricsSpec } from './scenario.ts';

/** Counts of one series in one second. */
export interface Sample {
  readonly function: string;
  /** `fn:alias`, `fn:7` or `fn`. */
  readonly resource: string;
  /** Absent where Lambda reports none: direct calls, throttled requests. */
  readonly version: string | undefined;
  /** Start of the second, epoch ms. */
  readonly at: number;
  readonly invocations: number;
  readonly errors: number;
  readonly throttles: number;
  /** Median, ms; what the invocations of this second took. */
  readonly duration: number;
}

/** Which samples a query sums. */
export interface Selection {
  readonly function: string;
  readonly resource?: string | undefined;
  readonly version?: string | undefined;
  /** Exactly this version; null: samples that name none. */
  readonly only?: string | null;
}

/** What is published of one minute. */
export interface Point {
  readonly invocations: number;
  readonly errors: number;
  readonly throttles: number;
}

interface Contribution extends Point {
  readonly visibleAt: number;
}

interface Series {
  readonly function: string;
  readonly resource: string;
  readonly version: string | undefined;
  readonly minutes: Map<number, Contribution[]>;
}

const DELAY = [30 * SECOND, 75 * SECOND] as const;
const LATE = { share: 0.03, maxMs: 30 * SECOND };
/** The last seconds of a minute are likelier to be counted late than its start. */
const TAIL_STARTS = 45;

function add(a: Point, b: Point): Point {
  return {
    invocations: a.invocations + b.invocations,
    errors: a.errors + b.errors,
    throttles: a.throttles + b.throttles,
  };
}

/**
 * The metrics as CloudWatch publishes them: by minute of invocation, each invocation some time after it ended, a few
 * later still, so that a minute's point appears late and grows.
 */
export class MetricStore {
  readonly #series = new Map<string, Series>();
  readonly #frame: Frame;
  readonly #spec: MetricsSpec;
  readonly #random: Random;

  constructor(frame: Frame, spec: MetricsSpec) {
    this.#frame = frame;
    this.#spec = spec;
    this.#random = createRandom(frame.seed, 'metrics');
  }

  record(sample: Sample): void {
    const minute = floorMinute(sample.at);
    const contributions = this.#minute(sample, minute);
    const visibleAt = sample.at + SECOND + sample.duration + this.#delay(minute);
    const late = this.#late(sample);
    const { maxMs } = this.#spec.lateGrowth ?? LATE;
    const onTime = {
      ...sample,
      invocations: sample.invocations - late.invocations,
      errors: sample.errors - late.errors,
    };
    contributions.push({
      visibleAt,
      invocations: onTime.invocations,
      errors: onTime.errors,
      throttles: sample.throttles,
    });
    if (late.invocations === 0) return;
    contributions.push({ visibleAt: visibleAt + this.#random.between(SECOND, maxMs), ...late });
  }

  /** The published points in `[from, to)` (epoch ms, minutes) as known at `now`. Minutes without traffic are absent. */
  read(selection: Selection, span: { readonly from: number; readonly to: number; readonly now: number }) {
    const points = new Map<number, Point>();
    for (const series of this.#selected(selection)) {
      for (let minute = floorMinute(span.from); minute < span.to; minute += MINUTE) {
        const contributions = series.minutes.get(minute);
        if (contributions === undefined || this.#withheld(minute, span.now)) continue;
        const seen = contributions.filter(({ visibleAt }) => visibleAt <= span.now);
        if (seen.length === 0) continue;
        const sum = seen.reduce<Point>(add, points.get(minute) ?? { invocations: 0, errors: 0, throttles: 0 });
        points.set(minute, sum);
      }
    }
    return points;
  }

  /** Everything that really happened, published or not. */
  truth(selection: Selection): Point {
    const all = this.#selected(selection).flatMap((series) => Array.from(series.minutes.values()).flat());
    return all.reduce<Point>(add, { invocations: 0, errors: 0, throttles: 0 });
  }

  /** The versions that a selection sums. */
  versions(selection: Selection): (string | undefined)[] {
    return Array.from(new Set(this.#selected(selection).map((series) => series.version)));
  }

  #selected({ function: name, resource, version, only }: Selection): Series[] {
    return Array.from(this.#series.values()).filter(
      (series) =>
        series.function === name &&
        (resource === undefined || series.resource === resource) &&
        (version === undefined || series.version === version) &&
        (only === undefined || (series.version ?? null) === only),
    );
  }

  #minute({ function: name, resource, version }: Sample, minute: number): Contribution[] {
    const key = `${name}|${resource}|${version ?? ''}`;
    const series: Series = this.#series.get(key) ?? { function: name, resource, version, minutes: new Map() };
    this.#series.set(key, series);
    const contributions = series.minutes.get(minute) ?? [];
    series.minutes.set(minute, contributions);
    return contributions;
  }

  #delay(minute: number): number {
    const [low, high] = this.#spec.delayMs ?? DELAY;
    const fraction = (hash(`${this.#frame.seed}/delay/${minute}`) % 1000) / 1000;
    return low + Math.round(fraction * (high - low));
  }

  #late(sample: Sample): Point {
    const { share } = this.#spec.lateGrowth ?? LATE;
    const second = (sample.at % MINUTE) / SECOND;
    const chance = Math.min(1, second >= TAIL_STARTS ? share * 3 : share / 3);
    const invocations = this.#random.binomial(sample.invocations, chance);
    const drawn = this.#random.binomial(sample.errors, chance);
    const least = Math.max(0, sample.errors - (sample.invocations - invocations));
    return { invocations, errors: Math.min(invocations, Math.max(least, drawn)), throttles: 0 };
  }

  #withheld(minute: number, now: number): boolean {
    const { start } = this.#frame;
    return (this.#spec.gaps ?? []).some(
      ({ from, to, until }) =>
        minute >= start + from && minute < start + to && (until === undefined || now < start + until),
    );
  }
}
