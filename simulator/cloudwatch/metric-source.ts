import type { Samples } from './statistics.ts';
import type { Span } from './store.ts';

/** A metric by name: namespace, name and exactly these dimensions. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Some of the metrics in the account. */
export interface MetricSource {
  /** Minute → what was measured in it. Nothing for a metric that does not exist, as in CloudWatch. */
  read(metric: MetricName, span: Span): Map<number, Samples>;
  /** Every metric there is. */
  list(): readonly MetricName[];
}

/** The same dimensions with the same values, in any order. */
export function sameDimensions(a: MetricName['dimensions'], b: MetricName['dimensions']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** Several sources as one; a metric belongs to the first that has data for it. */
export function joinSources(sources: readonly MetricSource[]): MetricSource {
  return {
    read: (metric, span) => {
      const answers = sources.map((source) => source.read(metric, span));
      return answers.find(({ size }) => size > 0) ?? new Map<number, Samples>();
    },
    list: () => sources.flatMap((source) => source.list()),
  };
}
