import { isJson, type Json } from '../model/json.ts';
import type { Expectation, StatusRange } from '../model/smoke.ts';
import { quote } from '../model/text.ts';
import { problemsOf, together, understood, within, wrong, type Parsed, type Problem } from './field.ts';
import { unknownKeys } from './metric-query.ts';
import { isMapping, nounOf, type Mapping } from './yaml.ts';

const KEYS = ['status', 'json', 'matches', 'error'];
const AN_EXPECTATION = 'a status code, or a mapping of status, json, matches or error';
const A_STATUS = 'a status code such as 200, or 2xx';

/** What a smoke test expects of the answer: a mapping, or a status code alone. */
export function expectation(given: unknown): Parsed<Expectation> {
  if (typeof given === 'number') return expectation({ status: given });
  if (!isMapping(given)) return wrong(`is ${nounOf(given)}`, AN_EXPECTATION);
  const parts = together(partsOf(given));
  const problems = [...strangers(given), ...conflicts(given), ...problemsOf(parts)];
  if ('problems' in parts || problems.length > 0) return { problems };
  return understood(parts.value.reduce((all, value) => ({ ...all, ...value }), {}));
}

function partsOf(given: Mapping): readonly Parsed<Expectation>[] {
  const part = <T>(key: string, parse: (raw: unknown) => Parsed<T>, put: (value: T) => Expectation) => {
    if (!(key in given)) return [];
    const parsed = parse(given[key]);
    return ['value' in parsed ? understood(put(parsed.value)) : { problems: parsed.problems.map(within(key)) }];
  };
  return [
    ...part('status', statusOf, (status) => ({ status })),
    ...part('json', jsonOf, (json) => ({ json })),
    ...part('matches', patternOf, (matches) => ({ matches })),
    ...part('error', errorTypeOf, (error) => ({ error })),
  ];
}

/** A field of the answer is easily written one level too high. */
function strangers(given: Mapping): readonly Problem[] {
  return unknownKeys(given, KEYS).map(({ problem, expected }) => ({
    problem,
    expected: `${expected}; fields of the answer stand below json`,
  }));
}

function conflicts(given: Mapping): readonly Problem[] {
  const rules = [
    { applies: Object.keys(given).length === 0, problem: 'expects nothing', expected: AN_EXPECTATION },
    {
      applies: 'error' in given && 'status' in given,
      problem: 'has status beside error',
      expected: 'one of them, as a function that throws answers without a status',
    },
  ];
  return rules.filter(({ applies }) => applies).map(({ problem, expected }) => ({ problem, expected }));
}

function statusOf(given: unknown): Parsed<StatusRange> {
  const text = String(given);
  if (typeof given !== 'number' && typeof given !== 'string') return wrong(`is ${nounOf(given)}`, A_STATUS);
  if (/^[1-5]xx$/i.test(text)) {
    const least = Number(text.charAt(0)) * 100;
    return understood({ text: text.toLowerCase(), least, most: least + 99 });
  }
  if (/^[1-5]\d\d$/.test(text)) return understood({ text, least: Number(text), most: Number(text) });
  return wrong(`${quote(text)} is not a status code`, A_STATUS);
}

function jsonOf(given: unknown): Parsed<Json> {
  return isJson(given) ? understood(given) : wrong('holds a number that JSON does not have', 'finite numbers');
}

function patternOf(given: unknown): Parsed<RegExp> {
  const expected = 'a regular expression in quotes';
  if (typeof given !== 'string') return wrong(`is ${nounOf(given)}`, expected);
  if (given === '') return wrong('is empty, which matches everything', expected);
  try {
    return understood(new RegExp(given));
  } catch (error) {
    const why = String(error).replace(/^SyntaxError: Invalid regular expression: /, '');
    return wrong(`is not a regular expression (${quote(why)})`, expected);
  }
}

function errorTypeOf(given: unknown): Parsed<string> {
  const expected = 'the errorType of the error, such as ValidationError';
  if (typeof given !== 'string') return wrong(`is ${nounOf(given)}`, expected);
  const type = given.trim();
  return type === '' ? wrong('is empty', expected) : understood(type);
}
