import { namesVersion, type MetricQuery } from '../model/metric.ts';
import { quote } from '../model/text.ts';
import { problemsOf, understood, within, wrong, type Parsed, type Problem } from './field.ts';
import { didYouMean, oneOf } from './words.ts';
import { isMapping, nounOf, type Mapping } from './yaml.ts';

/** What a query may hold, filled in for each version. */
const PLACEHOLDERS = ['{{version}}', '{{alias}}', '{{function}}'];
/** Whatever begins like one, and is none. */
const UNKNOWN_PLACEHOLDER = /\{\{(?!(?:version|alias|function)\}\})[^}]{0,40}\}{0,2}/g;

const A_QUERY = 'an expression of CloudWatch metric math, or a mapping of namespace, metric, dimensions and stat';
const QUERY_KEYS = ['namespace', 'metric', 'dimensions', 'stat'];

/** Longest expression (CloudWatch API reference, MetricDataQuery). */
const EXPRESSION_LENGTH = 2048;
/** Longest name of a namespace or metric (CloudWatch API reference, Metric). */
const NAME_LENGTH = 255;
/** Most dimensions, and longest value of one (CloudWatch API reference, Metric and Dimension). */
const MOST_DIMENSIONS = 30;
const VALUE_LENGTH = 1024;

/** A query of something that is measured; its statistic is the average. */
export function measuringQuery(given: unknown): Parsed<MetricQuery> {
  return query(given, 'Average');
}

/** A query that counts for one version, so that two versions can be compared by it. */
export function countingQuery(given: unknown): Parsed<MetricQuery> {
  const parsed = query(given, 'Sum');
  if ('problems' in parsed) return parsed;
  if (!namesVersion(parsed.value))
    return wrong('does not hold {{version}}', 'it in the query, as both versions are compared');
  if ('stat' in parsed.value && !/^(?:Sum|SampleCount|T[CS]\(.*\))$/i.test(parsed.value.stat))
    return wrong(`the statistic ${quote(parsed.value.stat)} does not count`, 'Sum or SampleCount');
  return parsed;
}

function query(given: unknown, stat: string): Parsed<MetricQuery> {
  if (typeof given === 'string') {
    const expression = text(given, EXPRESSION_LENGTH);
    return 'value' in expression ? understood({ expression: expression.value }) : expression;
  }
  return isMapping(given) ? oneMetric(given, stat) : wrong(`is ${nounOf(given)}`, A_QUERY);
}

function oneMetric(given: Mapping, defaultStat: string): Parsed<MetricQuery> {
  if (Object.keys(given).some((key) => key.startsWith('{')))
    return wrong('begins with a brace, which means a mapping in YAML', `quotes around it: "{{version}}"`);
  const namespace = text(given['namespace'], NAME_LENGTH);
  const metric = text(given['metric'], NAME_LENGTH);
  const stat = text(given['stat'] ?? defaultStat, NAME_LENGTH);
  const dimensions = dimensionsOf(given['dimensions'] ?? {});
  const unknown = unknownKeys(given, QUERY_KEYS);
  if ('value' in namespace && 'value' in metric && 'value' in stat && 'value' in dimensions && unknown.length === 0) {
    const [name, dimension] = [metric.value, dimensions.value];
    return understood({ namespace: namespace.value, metric: name, dimensions: dimension, stat: stat.value });
  }
  const parts = Object.entries({ namespace, metric, dimensions, stat });
  return { problems: [...unknown, ...parts.flatMap(([key, part]) => problemsOf(part).map(within(key)))] };
}

function dimensionsOf(given: unknown): Parsed<Readonly<Record<string, string>>> {
  if (!isMapping(given)) return wrong(`is ${nounOf(given)}`, 'a mapping of dimensions to their values');
  const entries = Object.entries(given);
  if (entries.length > MOST_DIMENSIONS) return wrong(`has ${entries.length} dimensions`, `at most ${MOST_DIMENSIONS}`);
  const read = entries.map(([name, value]) => ({ name, value: text(value, VALUE_LENGTH) }));
  const problems = read.flatMap(({ name, value }) => problemsOf(value).map(within(quote(name))));
  const known = read.flatMap(({ name, value }) => ('value' in value ? [[name, value.value] as const] : []));
  return problems.length > 0 ? { problems } : understood(Object.fromEntries(known));
}

/** A text that a query may hold. Whatever YAML takes for something else wants quotes: 007 and 7 are the same number. */
function text(given: unknown, most: number): Parsed<string> {
  if (given === undefined || given === null) return wrong('is missing', 'a text');
  if (typeof given !== 'string') return wrong(`is ${nounOf(given)}`, 'a text; put quotes around it');
  const trimmed = given.trim();
  if (trimmed === '') return wrong('is empty', 'a text');
  if (trimmed.length > most) return wrong(`has ${trimmed.length} characters`, `at most ${most}`);
  const problems = (trimmed.match(UNKNOWN_PLACEHOLDER) ?? []).map((found) => ({
    problem: `${quote(found)} is no placeholder${didYouMean(found, PLACEHOLDERS)}`,
    expected: oneOf(PLACEHOLDERS),
  }));
  return problems.length > 0 ? { problems } : understood(trimmed);
}

/** The keys of a mapping that nothing reads. */
export function unknownKeys(given: Mapping, known: readonly string[]): readonly Problem[] {
  return Object.keys(given)
    .filter((key) => !known.includes(key))
    .map((key) => ({ problem: `${quote(key)} is unknown${didYouMean(key, known)}`, expected: oneOf(known) }));
}
