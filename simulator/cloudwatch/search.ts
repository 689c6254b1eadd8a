import { MathProblem } from './math-values.ts';
import type { MetricName } from './metric-source.ts';

/** A term of a search: `Name="value"`, or a value alone that any part of the metric may have. */
interface Term {
  readonly name: string | undefined;
  readonly value: string;
}

const SCHEMA = /^\s*\{([^}]*)\}(.*)$/s;
const TERM = /\s*(?:([\w.-]+)\s*=\s*)?(?:"([^"]*)"|([^\s"()=]+))/y;

function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1');
}

/** Terms that must all hold; AND may stand between them. */
function termsOf(text: string): Term[] {
  const terms: Term[] = [];
  const source = text.trimEnd();
  for (let at = 0; at < source.length; at = TERM.lastIndex) {
    TERM.lastIndex = at;
    const found = TERM.exec(source);
    const [, name, quoted, bare] = found ?? [];
    if (found === null || bare === 'OR' || bare === 'NOT')
      throw new MathProblem(
        `SEARCH: ${source.slice(at).trim()} is not supported by the simulator; give terms that all must hold`,
      );
    if (name !== undefined || bare !== 'AND') terms.push({ name, value: quoted ?? bare ?? '' });
  }
  return terms;
}

function matches(metric: MetricName, { name, value }: Term): boolean {
  if (name === undefined) return [metric.name, ...Object.values(metric.dimensions)].includes(value);
  if (name === 'MetricName') return metric.name === value;
  return name === 'Namespace' ? metric.namespace === value : metric.dimensions[name] === value;
}

/** The metrics that `{Namespace,Dimension,…} Name="value" …` finds: with exactly these dimensions. Throws MathProblem. */
export function searchMetrics(text: string, metrics: readonly MetricName[]): MetricName[] {
  const [, schema, rest = ''] = SCHEMA.exec(text) ?? [];
  if (schema === undefined)
    throw new MathProblem('SEARCH without {Namespace,Dimension,…} is not supported by the simulator');
  const [namespace, ...dimensions] = schema.split(',').map(unquoted);
  const wanted = dimensions.toSorted().join();
  const terms = termsOf(rest);
  return metrics.filter(
    (metric) =>
      metric.namespace === namespace &&
      Object.keys(metric.dimensions).toSorted().join() === wanted &&
      terms.every((term) => matches(metric, term)),
  );
}
