import type { CountedMetric, LimitedMetric } from '../model/metric.ts';
import { quote } from '../model/text.ts';
import { problemsOf, understood, within, wrong, type Parsed, type Problem } from './field.ts';
import { countingQuery, measuringQuery, unknownKeys } from './metric-query.ts';
import { tolerance } from './scalars.ts';
import { isMapping, nounOf, yaml, type Mapping } from './yaml.ts';

/** An item whose tolerance, where it has none, is that of the errors. */
type MetricDraft = LimitedMetric | (Omit<CountedMetric, 'tolerance'> & { readonly tolerance: number | undefined });

const KEYS = ['name', 'bad', 'total', 'tolerance', 'value', 'max', 'min'];
const A_LIST = 'a YAML list of metrics, with quotes around a text that begins with a brace';
const AN_ITEM = 'a mapping of name and either value with max or min, or bad and total';
const MOST_METRICS = 20;

/** What sentences and the summary can show as it is. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,59}$/;
const A_NAME = 'at most 60 letters, digits, spaces and . _ / - with a letter or digit first';
/** What the judge calls its own. */
const RESERVED = /^(?:error rate|throttle rate|share of invocations slower than .*)$/i;

/** `metrics`: a YAML list of counted and limited metrics. Nothing given is an empty list. */
export function metrics(given: string): Parsed<readonly MetricDraft[]> {
  const parsed = yaml(given, A_LIST);
  if ('problems' in parsed) return parsed;
  const list = parsed.value ?? [];
  if (!Array.isArray(list)) return wrong(`is ${nounOf(list)}`, A_LIST);
  if (list.length > MOST_METRICS) return wrong(`has ${list.length} items`, `at most ${MOST_METRICS}`);
  const names = list.map(nameIn);
  const items = list.map(item);
  const problems = items.flatMap((one, index) =>
    [...problemsOf(one), ...repeated(names, index)].map(within(placeOf(names[index], index))),
  );
  const drafts = items.flatMap((one) => ('value' in one ? [one.value] : []));
  return problems.length > 0 ? { problems } : understood(drafts);
}

/** Counted metrics without a tolerance of their own get that of the errors, a fraction. */
export function withTolerance(
  drafts: readonly MetricDraft[],
  fallback: number,
): readonly (CountedMetric | LimitedMetric)[] {
  return drafts.map((draft) =>
    draft.kind === 'limited' ? draft : { ...draft, tolerance: draft.tolerance ?? fallback },
  );
}

function nameIn(given: unknown): string | undefined {
  return isMapping(given) && typeof given['name'] === 'string' ? given['name'].trim() : undefined;
}

function placeOf(name: string | undefined, index: number): string {
  return name === undefined ? `item ${index + 1}` : `item ${index + 1} ${quote(name)}`;
}

/** Case does not tell two names apart for somebody who reads them in a log. */
function repeated(names: readonly (string | undefined)[], index: number): readonly Problem[] {
  const keys = names.map((name) => name?.toLowerCase());
  const first = keys.indexOf(keys[index]);
  if (keys[index] === undefined || first === index) return [];
  return [{ problem: `has the name of item ${first + 1}`, expected: 'a name of its own' }];
}

function item(given: unknown): Parsed<MetricDraft> {
  if (!isMapping(given)) return wrong(`is ${nounOf(given)}`, AN_ITEM);
  const problems = [...unknownKeys(given, KEYS), ...misfits(given)];
  const part = <T>(key: string, parse: (raw: unknown) => Parsed<T>): T | undefined => {
    const parsed = isGiven(given[key]) ? parse(given[key]) : understood(undefined);
    problems.push(...problemsOf(parsed).map(within(key)));
    return 'value' in parsed ? parsed.value : undefined;
  };
  const name = part('name', nameOf);
  const [bad, total] = [part('bad', countingQuery), part('total', countingQuery)];
  const value = part('value', measuringQuery);
  const accepted = part('tolerance', (raw) => tolerance('0.5%')(String(raw)));
  const [max, min] = [part('max', limitOf), part('min', limitOf)];
  const isSound = problems.length === 0 && name !== undefined;
  if (isSound && value !== undefined) return understood({ kind: 'limited', name, value, max, min });
  if (isSound && bad !== undefined && total !== undefined)
    return understood({ kind: 'counted', name, bad, total, tolerance: accepted });
  return { problems };
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** What does not go together, or is not there at all. */
function misfits(given: Mapping): Problem[] {
  const has = (key: string): boolean => isGiven(given[key]);
  const rules = [
    { applies: !has('name'), problem: 'has no name', expected: A_NAME },
    ...(has('value') ? misfitsOfLimited(has) : misfitsOfCounted(has)),
    {
      applies: Number(given['min']) > Number(given['max']),
      problem: 'has a min above its max',
      expected: 'min below max',
    },
  ];
  return rules.filter(({ applies }) => applies).map(({ problem, expected }) => ({ problem, expected }));
}

type Rule = Problem & { readonly applies: boolean };

function misfitsOfLimited(has: (key: string) => boolean): readonly Rule[] {
  const other = ['bad', 'total'].filter(has);
  return [
    { applies: other.length > 0, problem: `has value together with ${other.join(' and ')}`, expected: 'two items' },
    { applies: !has('max') && !has('min'), problem: 'has neither max nor min', expected: 'at least one of them' },
    { applies: has('tolerance'), problem: 'has a tolerance, which belongs to bad and total', expected: 'max or min' },
  ];
}

function misfitsOfCounted(has: (key: string) => boolean): readonly Rule[] {
  const [bad, total] = [has('bad'), has('total')];
  const both = 'both, as so many bad ones of a total are compared';
  return [
    { applies: !bad && !total, problem: 'has neither value nor bad and total', expected: 'one or the other' },
    { applies: bad && !total, problem: 'has bad without total', expected: both },
    { applies: total && !bad, problem: 'has total without bad', expected: both },
    {
      applies: has('max') || has('min'),
      problem: 'has a limit, which belongs to value',
      expected: 'a tolerance, or value',
    },
  ];
}

function nameOf(given: unknown): Parsed<string> {
  if (typeof given !== 'string') return wrong(`is ${nounOf(given)}`, 'a text; put quotes around it');
  const name = given.trim();
  if (!NAME.test(name)) return wrong(`${quote(name)} cannot be shown`, A_NAME);
  return RESERVED.test(name) ? wrong(`${quote(name)} is measured anyway`, 'another name') : understood(name);
}

function limitOf(given: unknown): Parsed<number> {
  if (typeof given !== 'number') return wrong(`is ${nounOf(given)}`, 'a number such as 30');
  return Number.isFinite(given) ? understood(given) : wrong('is not finite', 'a number such as 30');
}
