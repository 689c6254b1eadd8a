import { isAlias, isMap, type Document, type YAMLMap } from 'yaml';
import { safeParse, type core } from 'zod/mini';
import type { Fields, SettingsChange } from '../model/settings.ts';
import { quote } from '../model/text.ts';
import { fieldsSchema } from './configuration-fields.ts';
import { misfits, type TypedFields } from './configuration-rules.ts';
import { variablesOf, type Variables } from './environment.ts';
import { problemsOf, understood, within, wrong, type Parsed, type Problem } from './field.ts';
import { didYouMean, nearest, oneOf } from './words.ts';
import { nounOf } from './yaml.ts';
import { secretMapping, textsIn } from './yaml-mapping.ts';

/** What `configuration` names: fields of UpdateFunctionConfiguration, the environment variables apart. */
interface Configuration {
  readonly fields: TypedFields;
  readonly variables: Variables;
}

const NO_VARIABLES: Variables = new Map();
const A_MAPPING =
  'YAML or JSON with the field names of UpdateFunctionConfiguration such as MemorySize: 512, or the path of a file of it';

/** `configuration`. No problem quotes what stands under `Environment`. */
export function configuration(given: string): Parsed<Configuration> {
  const parsed = secretMapping(given, A_MAPPING);
  if ('problems' in parsed) return parsed;
  const { document, map } = parsed.value;
  if (map === undefined) return understood({ fields: {}, variables: NO_VARIABLES });
  const fields = fieldsIn(map.toJS(document) as object);
  const variables = variablesIn(map, document);
  return 'value' in fields && 'value' in variables
    ? understood({ fields: fields.value, variables: variables.value })
    : { problems: [...problemsOf(fields), ...problemsOf(variables)] };
}

/**
 * The path of a file, where `configuration` is one: a single line that is no mapping. What the file holds is read in its
 * place then.
 */
export function configurationPath(given: string): string | undefined {
  const line = given.trim();
  return line === '' || /[\n{]|:(?:\s|$)/.test(line) ? undefined : line;
}

/** Everything that a deployment is to change, of both inputs. */
export function changeOf({ fields, variables }: Configuration, environment: Variables): SettingsChange {
  return { fields: { ...fields } as Fields, variables: new Map([...variables, ...environment]) };
}

function fieldsIn(given: object): Parsed<TypedFields> {
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => name !== 'Environment'));
  const result = safeParse(fieldsSchema, rest);
  if (!result.success) return { problems: result.error.issues.flatMap((issue) => problemsIn(issue, rest)) };
  const problems = misfits(result.data);
  return problems.length > 0 ? { problems } : understood(result.data);
}

/** `Environment: {Variables: {…}}`, merged like the input `environment`. */
function variablesIn(map: YAMLMap, document: Document): Parsed<Variables> {
  const at = (outer: YAMLMap, key: string): unknown => {
    const node = outer.get(key, true);
    return isAlias(node) ? node.resolve(document) : node;
  };
  if (!map.has('Environment')) return understood(NO_VARIABLES);
  const outer = at(map, 'Environment');
  const inner = isMap(outer) ? at(outer, 'Variables') : undefined;
  if (!isMap(outer) || !isMap(inner) || outer.items.length !== 1)
    return wrong(`Environment: is not a mapping of Variables alone${meantIn(outer, document)}`, VARIABLES);
  const variables = variablesOf(textsIn(inner, document));
  return 'value' in variables ? variables : { problems: variables.problems.map(within('Environment')) };
}

const VARIABLES = 'Environment: { Variables: { NAME: text } }';

/** ` (did you mean Variables?)`; no name is repeated, as it may be a variable's. */
function meantIn(outer: unknown, document: Document): string {
  const names = isMap(outer) ? textsIn(outer, document).map(([name]) => name) : [];
  const slip = names.find((name) => name !== 'Variables' && didYouMean(name, ['Variables']) !== '');
  return slip === undefined ? '' : didYouMean(slip, ['Variables']);
}

/** What the schema found, in words. Its own issues carry what would be right as their message. */
function problemsIn(issue: core.$ZodIssue, given: unknown): readonly Problem[] {
  const { path, message } = issue;
  const place = path.map((key) => (typeof key === 'number' ? `[${key + 1}]` : `.${String(key)}`)).join('');
  const value = path.reduce<unknown>(inside, given);
  const problems = ((): readonly Problem[] => {
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) =>
          path.length === 0
            ? unknownField(key, [...message.split(', '), 'Environment'])
            : unknownKey(key, message.split(', ')),
        );
      case 'too_big':
        // A text can be too long, too; that it is none is told already.
        return Array.isArray(value) ? [{ problem: 'has too many items', expected: `at most ${issue.maximum}` }] : [];
      case 'invalid_type':
        return [{ problem: shown(value), expected: issue.expected === 'array' ? 'a list' : 'a mapping' }];
      default:
        return [{ problem: shown(value), expected: message }];
    }
  })();
  return place === '' ? problems : problems.map(within(place.slice(1)));
}

function inside(value: unknown, key: PropertyKey): unknown {
  return Reflect.get(Object(value) as object, key);
}

/** What is no field, but perhaps something that is set elsewhere. */
function unknownField(key: string, known: readonly string[]): Problem {
  const found = nearest(key, [...known, ...Object.keys(ELSEWHERE)]) ?? '';
  const elsewhere = Object.hasOwn(ELSEWHERE, found) ? ELSEWHERE[found] : undefined;
  return elsewhere === undefined
    ? unknownKey(key, known)
    : { problem: `${quote(key)} is not set here`, expected: elsewhere };
}

function unknownKey(key: string, known: readonly string[]): Problem {
  const meant = didYouMean(key, known);
  // All names again for each slip would bury the suggestion.
  return {
    problem: `${quote(key)} is unknown${meant}`,
    expected: meant === '' ? oneOf(known) : 'a name that Lambda has',
  };
}

/** What people take for configuration, and where it belongs. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  FunctionName: 'the input function-name',
  Code: 'the input artifact, image-uri or s3-bucket',
  ImageUri: 'the input image-uri',
  S3Bucket: 'the input s3-bucket',
  S3Key: 'the input s3-key',
  PackageType: 'artifact for a zip package, image-uri for an image',
  Variables: `${VARIABLES}, or the input environment`,
};

/** A value with its type, so that "30" and 30 can be told apart. */
function shown(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (typeof value === 'string') return `is the text ${quote(value)}`;
  return `is ${typeof value === 'number' || typeof value === 'boolean' ? String(value) : nounOf(value)}`;
}
