import { MINUTE } from '../../src/model/time.ts';
import { versionValueAt } from '../over-time.ts';
import { createRandom } from '../random.ts';
import type { Frame } from '../scenario.ts';
import { sameDimensions } from './metric-source.ts';
import type { MetricName, MetricSource } from './metric-source.ts';
import type { Contribution, Published } from './series-minute.ts';
import type { CountSpec, CustomMetricSpec } from './specs.ts';
import type { Samples } from './statistics.ts';
import { minutesOf } from './store.ts';
import type { MetricStore, SeriesName, Span } from './store.ts';

/** One series of a custom metric; `version` where it counts a version's invocations. */
interface CustomSeries extends MetricName {
  readonly spec: CustomMetricSpec;
  readonly version: string | undefined;
}

function dimensionsFor({ dimensions = {} }: CustomMetricSpec, version: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(dimensions).map(([name, value]) => [name, value.replaceAll('{{version}}', version)]),
  );
}

/** The user's metrics, published with the same delays and gaps as Lambda's. */
export class CustomMetrics implements MetricSource {
  readonly #frame: Frame;
  readonly #store: MetricStore;
  readonly #specs: readonly CustomMetricSpec[];
  readonly #firstMinute: number;
  readonly #drawn = new WeakMap<Contribution, Map<string, number>>();

  constructor(options: {
    readonly frame: Frame;
    readonly store: MetricStore;
    readonly specs: readonly CustomMetricSpec[];
    readonly historyMs: number;
  }) {
    this.#frame = options.frame;
    this.#store = options.store;
    this.#specs = options.specs;
    this.#firstMinute = options.frame.start - options.historyMs;
  }

  read(metric: MetricName, span: Span): Map<number, Samples> {
    const found = new Map<number, Samples>();
    for (const series of this.list()) {
      if (series.namespace !== metric.namespace || series.name !== metric.name) continue;
      if (!sameDimensions(series.dimensions, metric.dimensions)) continue;
      for (const [minute, samples] of this.#minutes(series, span)) {
        found.set(minute, [...(found.get(minute) ?? []), ...samples]);
      }
    }
    return found;
  }

  list(): readonly CustomSeries[] {
    return this.#specs.flatMap((spec) => this.#seriesOf(spec));
  }

  #seriesOf(spec: CustomMetricSpec): CustomSeries[] {
    const { namespace, name, dimensions = {} } = spec;
    if (!('counts' in spec)) return [{ namespace, name, dimensions, spec, version: undefined }];
    return this.#versions(spec.counts).map((version) => {
      return { namespace, name, dimensions: dimensionsFor(spec, version), spec, version };
    });
  }

  #versions({ function: name, alias }: CountSpec): string[] {
    const mine = (series: SeriesName): boolean => series.function === name && series.resource === `${name}:${alias}`;
    return this.#store
      .names()
      .filter(mine)
      .flatMap(({ version }) => version ?? []);
  }

  #minutes({ spec, version }: CustomSeries, span: Span): (readonly [number, Samples])[] {
    if (!('counts' in spec)) return this.#values(spec.value, span);
    const { function: name, alias } = spec.counts;
    const published = this.#store.read({ function: name, resource: `${name}:${alias}`, version }, span);
    return Array.from(published, ([minute, series]) => [minute, this.#counts(spec, series)] as const);
  }

  /** One value a minute, there when the minute is over and the delay has passed. */
  #values(value: (msSinceStart: number) => number | undefined, span: Span): (readonly [number, Samples])[] {
    const { publication } = this.#store;
    return minutesOf(span).flatMap((minute) => {
      const unseen = minute + MINUTE + publication.delay(minute) > span.now || publication.withheld(minute, span.now);
      const measured = unseen || minute < this.#firstMinute ? undefined : value(minute - this.#frame.start);
      return measured === undefined ? [] : [[minute, [[measured, 1]]] as const];
    });
  }

  #counts(spec: CustomMetricSpec & { counts: CountSpec }, series: readonly Published[]): Samples {
    const parts = series.flatMap((published) => published.parts);
    const counted = parts.reduce((sum, part) => sum + this.#draw(spec, part), 0);
    const all = parts.reduce((sum, part) => sum + part.invocations, 0);
    const zeros = spec.counts.zeros === false ? 0 : all - counted;
    return [
      [0, zeros],
      [1, counted],
    ];
  }

  /** How many invocations of a contribution count; drawn once, the same whoever asks first. */
  #draw(spec: CustomMetricSpec & { counts: CountSpec }, part: Contribution): number {
    const key = `${spec.namespace}/${spec.name}`;
    const drawn = this.#drawn.get(part) ?? new Map<string, number>();
    this.#drawn.set(part, drawn);
    const known = drawn.get(key);
    if (known !== undefined) return known;
    const whole = this.#specs.find(
      (other) => other.namespace === spec.namespace && other.name === spec.counts.of && 'counts' in other,
    );
    const trials = whole !== undefined && 'counts' in whole ? this.#draw(whole, part) : part.invocations;
    const rate = versionValueAt(spec.counts.rate, part.version ?? '', {
      msSinceStart: part.at - this.#frame.start,
      otherwise: 0,
    });
    const count = createRandom(this.#frame.seed, `custom/${key}/${part.id}`).binomial(trials, rate);
    drawn.set(key, count);
    return count;
  }
}
