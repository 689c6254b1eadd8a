/** Somebody whom a resource policy lets invoke the function. */
export interface Grant {
  /** `s3.amazonaws.com`, the ARN of a role, an account, or `*`; outside text. */
  readonly principal: string;
  /** ARN of the bucket, rule or API that the grant is for; undefined where it names none. */
  readonly source: string | undefined;
  /** What the grant is on: the first ARN in the statement; undefined where there is none. */
  readonly resource: string | undefined;
  /** It holds only under conditions that are more than the source. */
  readonly isConditional: boolean;
}

/**
 * Who may invoke the function by a resource policy. undefined when the text is no policy. Grants for function URLs are left
 * out: the URLs are known by themselves (Lambda developer guide, "Control access to Lambda function URLs").
 */
export function grantsIn(policy: string): readonly Grant[] | undefined {
  const document = parseJson(policy);
  if (!isObject(document) || !('Statement' in document)) return undefined;
  return listOf(document['Statement']).filter(isObject).flatMap(grantsOf);
}

function grantsOf(statement: Fields): readonly Grant[] {
  if (statement['Effect'] !== 'Allow' || !textsOf(statement['Action']).some(isInvocation)) return [];
  const conditions = conditionsOf(statement['Condition']);
  if (URL_CONDITIONS.some((key) => conditions.has(key))) return [];
  const [resource] = textsOf(statement['Resource']);
  // A grant for several sources is as many grants.
  const sources = conditions.get(SOURCE) ?? [undefined];
  const isConditional = [...conditions.keys()].some((key) => key !== SOURCE);
  return principalsOf(statement['Principal']).flatMap((principal) =>
    sources.map((source) => ({ principal, source, resource, isConditional })),
  );
}

const SOURCE = 'aws:sourcearn';

/** AddPermission takes whole names of actions, or all of them (API reference of Lambda: `(lambda:[*]|lambda:[a-zA-Z]+|[*])`). */
const INVOCATIONS = ['*', 'lambda:*', 'lambda:invokefunction', 'lambda:invokeasync'];
/** Only calls through a URL have these. */
const URL_CONDITIONS = ['lambda:functionurlauthtype', 'lambda:invokedviafunctionurl'];

function isInvocation(action: string): boolean {
  return INVOCATIONS.includes(action.toLowerCase());
}

/** `"*"`, `{"Service": "s3.amazonaws.com"}`, `{"AWS": ["…", "…"]}`. */
function principalsOf(principal: unknown): readonly string[] {
  return isObject(principal) ? Object.values(principal).flatMap(textsOf) : textsOf(principal);
}

/** Condition key, in lower case as AWS compares them, → its values, whatever the operator. */
function conditionsOf(condition: unknown): ReadonlyMap<string, readonly string[]> {
  const operators = isObject(condition) ? Object.values(condition).filter(isObject) : [];
  const entries = operators.flatMap((operator) => Object.entries(operator));
  return new Map(entries.map(([key, value]) => [key.toLowerCase(), textsOf(value)]));
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((entry) => typeof entry === 'string');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
