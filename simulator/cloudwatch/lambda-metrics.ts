import { Durations } from './durations.ts';
import type { MetricName, MetricSource } from './metric-source.ts';
import { NOTHING, addPoints } from './series-minute.ts';
import type { Point, Published } from './series-minute.ts';
import type { MetricsSpec } from './specs.ts';
import type { Samples } from './statistics.ts';
import type { MetricStore, Selection, Span } from './store.ts';

export const NAMESPACE = 'AWS/Lambda';

/** The dimension sets under which Lambda reports; another set selects nothing. */
const DIMENSION_SETS = ['FunctionName', 'FunctionName,Resource', 'ExecutedVersion,FunctionName,Resource'];
const NAMES = ['Invocations', 'Errors', 'Throttles', 'Duration', 'ProvisionedConcurrencySpilloverInvocations'];

function selectionOf(dimensions: MetricName['dimensions']): Selection | undefined {
  if (!DIMENSION_SETS.includes(Object.keys(dimensions).sort().join())) return undefined;
  return {
    function: dimensions['FunctionName'] ?? '',
    resource: dimensions['Resource'],
    version: dimensions['ExecutedVersion'],
  };
}

/** Lambda's own metrics: what each invocation and each throttled request reports, by name of the metric. */
export class LambdaMetrics implements MetricSource {
  readonly #store: MetricStore;
  readonly #spec: MetricsSpec;
  readonly #durations: Durations;

  constructor(options: { readonly store: MetricStore; readonly spec: MetricsSpec; readonly seed: number }) {
    this.#store = options.store;
    this.#spec = options.spec;
    this.#durations = new Durations(options.seed);
  }

  read({ namespace, name, dimensions }: MetricName, span: Span): Map<number, Samples> {
    const selection = namespace === NAMESPACE ? selectionOf(dimensions) : undefined;
    const found = new Map<number, Samples>();
    if (selection === undefined) return found;
    for (const [minute, published] of this.#store.read(selection, span)) {
      const samples = name === 'Duration' ? this.#durationsOf(published) : this.#counts(name, selection, published);
      if (samples.some(([, count]) => count > 0)) found.set(minute, samples);
    }
    return found;
  }

  /** Every metric under each dimension set: CloudWatch has them from the first traffic on. */
  list(): MetricName[] {
    const sets = new Map<string, MetricName['dimensions']>();
    for (const { function: FunctionName, resource: Resource, version } of this.#store.names()) {
      const versioned = version === undefined ? [] : [{ FunctionName, Resource, ExecutedVersion: version }];
      for (const set of [{ FunctionName }, { FunctionName, Resource }, ...versioned])
        sets.set(JSON.stringify(set), set);
    }
    return Array.from(sets.values()).flatMap((dimensions) =>
      NAMES.map((name) => ({ namespace: NAMESPACE, name, dimensions })),
    );
  }

  #durationsOf(published: readonly Published[]): Samples {
    const [first, ...more] = published;
    if (first === undefined) return [];
    return more.length === 0 ? this.#durations.of(first) : published.flatMap((each) => this.#durations.of(each));
  }

  #counts(name: string, selection: Selection, published: readonly Published[]): Samples {
    const point = published.reduce<Point>((sum, each) => addPoints(sum, each.point), NOTHING);
    const { invocations, errors, throttles, spillOver } = point;
    if (name === 'Invocations') return [[1, invocations]];
    if (name === 'ProvisionedConcurrencySpilloverInvocations') return [[1, spillOver]];
    if (name === 'Errors') return this.#errors(invocations, errors);
    if (name !== 'Throttles') return [];
    const unreported = selection.version !== undefined && this.#spec.versionThrottles === false;
    return unreported
      ? []
      : [
          [0, invocations],
          [1, throttles],
        ];
  }

  /** A 0 for each invocation that went well. Errors may be published before their invocations. */
  #errors(invocations: number, errors: number): Samples {
    if (errors === 0 && this.#spec.zeroErrors === false) return [];
    return [
      [0, Math.max(0, invocations - errors)],
      [1, errors],
    ];
  }
}
