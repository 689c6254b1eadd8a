import { isJson, parseJson, whereNoJson } from '../model/json.ts';
import { type Expectation, MOST_SMOKE_TESTS, type Payload, type SmokeTest } from '../model/smoke.ts';
import { quote } from '../model/text.ts';
import { expectation } from './expectation.ts';
import { problemsOf, together, understood, within, wrong, type Parsed, type Problem } from './field.ts';
import { unknownKeys } from './metric-query.ts';
import { latency } from './scalars.ts';
import { isMapping, nounOf, yaml, type Mapping } from './yaml.ts';

const KEYS = ['name', 'payload', 'expect', 'max-duration'];
const A_PAYLOAD = 'JSON, or the path or glob of JSON files';
const SMOKE_TESTS = `${A_PAYLOAD}, or a YAML list of {payload, expect, max-duration}`;
const NAME_LENGTH = 100;
const ANYTHING: Expectation = {};

/** `smoke-test`: one payload, or a YAML list of payloads with what is expected. Nothing given is no test. */
export function smokeTests(given: string): Parsed<readonly SmokeTest[]> {
  if (given === '') return understood([]);
  const json = parseJson(given);
  if (json !== undefined && !Array.isArray(json.value)) return single(json.value, given);
  // YAML would take a slip in JSON for something else: a value that is missing is null there.
  if (given.startsWith('{')) return wrong(`is not JSON${whereNoJson(given)}`, SMOKE_TESTS);
  if (isOneLine(given) && !/^[['"#-]/.test(given)) return understood([plain({ files: given })]);
  const parsed = yaml(given, SMOKE_TESTS);
  if ('problems' in parsed) return parsed;
  const { value = [] } = parsed;
  if (Array.isArray(value)) return list(value);
  if (!isMapping(value)) return wrong(`is ${nounOf(value)}`, SMOKE_TESTS);
  return isJson(value) ? single(value, JSON.stringify(value)) : wrong(...NO_JSON);
}

function isOneLine(text: string): boolean {
  return !text.includes('\n');
}

function plain(payload: Payload): SmokeTest {
  return { name: undefined, payload, expect: ANYTHING, maxDuration: undefined };
}

/** One payload for all of the input; `text` is what is sent. */
function single(value: unknown, text: string): Parsed<readonly SmokeTest[]> {
  const isItem = isMapping(value) && 'payload' in value && Object.keys(value).every((key) => KEYS.includes(key));
  if (!isItem) return understood([plain({ text })]);
  return wrong('reads like an item of the list without its dash', '"- payload: …", also for a payload of such fields');
}

const NO_JSON = ['holds a number that JSON does not have', 'finite numbers'] as const;

function list(items: readonly unknown[]): Parsed<readonly SmokeTest[]> {
  if (items.length > MOST_SMOKE_TESTS) return wrong(`has ${items.length} items`, `at most ${MOST_SMOKE_TESTS}`);
  return together(items.map((given, index) => inItem(index + 1, item(given))));
}

function inItem<T>(number: number, parsed: Parsed<T>): Parsed<T> {
  return 'value' in parsed ? parsed : { problems: parsed.problems.map(within(`item ${number}`)) };
}

function item(given: unknown): Parsed<SmokeTest> {
  if (!isMapping(given)) return wrong(`is ${nounOf(given)}`, 'a mapping of payload, and of expect and max-duration');
  const problems: Problem[] = [...unknownKeys(given, KEYS)];
  const part = <T>(key: string, parse: (raw: unknown) => Parsed<T>): T | undefined => {
    const parsed = isGiven(given, key) ? parse(given[key]) : understood(undefined);
    problems.push(...problemsOf(parsed).map(within(key)));
    return 'value' in parsed ? parsed.value : undefined;
  };
  if (!isGiven(given, 'payload'))
    problems.push({ problem: 'has no payload', expected: `${A_PAYLOAD}; {} is an empty one` });
  const [name, payload] = [part('name', nameOf), part('payload', payloadOf)];
  const expect = part('expect', expectation) ?? ANYTHING;
  const maxDuration = part('max-duration', (raw) => latency(String(raw)));
  return problems.length > 0 || payload === undefined
    ? { problems }
    : understood({ name, payload, expect, maxDuration });
}

function isGiven(given: Mapping, key: string): boolean {
  return given[key] !== undefined && given[key] !== null;
}

function nameOf(given: unknown): Parsed<string> {
  if (typeof given !== 'string') return wrong(`is ${nounOf(given)}`, 'a text');
  const name = given.trim();
  if (name === '') return wrong('is empty', 'a text');
  return name.length <= NAME_LENGTH
    ? understood(name)
    : wrong(`has ${name.length} characters`, `at most ${NAME_LENGTH}`);
}

/** What YAML understood is sent as JSON; a text is JSON as it is, or names files. */
function payloadOf(given: unknown): Parsed<Payload> {
  if (typeof given !== 'string') return isJson(given) ? understood({ text: JSON.stringify(given) }) : wrong(...NO_JSON);
  const text = given.trim();
  if (text === '') return wrong('is empty', `${A_PAYLOAD}; {} is an empty one`);
  if (parseJson(text) !== undefined) return understood({ text });
  if (isOneLine(text) && !/^[[{"]/.test(text)) return understood({ files: text });
  return wrong(`${quote(text)} is not JSON${whereNoJson(text)}`, A_PAYLOAD);
}
