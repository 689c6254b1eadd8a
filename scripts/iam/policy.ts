/** IAM policies as far as this project needs them: statements that allow, wildcards, and two condition operators. */

type OneOrMore = string | readonly string[];

/** Condition operator → condition key → values, any of which will do. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow';
  readonly Action: OneOrMore;
  /** Absent in a trust policy, which stands on its resource. */
  readonly Resource?: OneOrMore;
  readonly Principal?: unknown;
  readonly Condition?: Conditions;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** One thing that must be allowed: an action on the ARN that AWS decides by, with the condition keys of the request. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

export function listOf(value: OneOrMore | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? []);
}

/** What stands for a value of the user's: `FUNCTION` in `arn:aws:lambda:REGION:ACCOUNT:function:FUNCTION:*`. */
const PLACEHOLDER = /(?<![A-Za-z])[A-Z]{4,}(?:_[A-Z]+)*(?![A-Za-z])/g;

function literally(text: string): string {
  return text.replace(/[.+^${}()|[\]\\/-]/g, '\\$&');
}

/**
 * A pattern as IAM matches it (IAM user guide, "IAM JSON policy elements: Resource"): `*` is anything, `?` is one character.
 * A placeholder is one name, so that neither a qualifier nor a folder hides in it.
 */
export function matches(pattern: string, value: string): boolean {
  const source = literally(pattern).replaceAll('*', '.*').replaceAll('?', '.').replace(PLACEHOLDER, '[^:/]+');
  return new RegExp(`^${source}$`, 's').test(value);
}

function isMet(operator: string, expected: readonly string[], actual: string | undefined): boolean {
  if (actual === undefined) return false;
  if (operator === 'StringEquals') return expected.includes(actual);
  if (operator === 'StringLike') return expected.some((pattern) => matches(pattern, actual));
  throw new Error(`No condition operator ${operator} here; add it before a policy uses it`);
}

function meetsConditions({ Condition: conditions = {} }: Statement, context: Need['context'] = {}): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => isMet(operator, listOf(values), context[key])),
  );
}

/** Whether one action on one resource of the statement is what is needed. Actions match whatever their case, as in IAM. */
export function grants(statement: Statement, action: string, resource: string, need: Need): boolean {
  const acts = matches(action.toLowerCase(), need.action.toLowerCase());
  return acts && matches(resource, need.resource) && meetsConditions(statement, need.context);
}

export function allows({ Statement: statements }: PolicyDocument, need: Need): boolean {
  return statements.some((statement) =>
    listOf(statement.Action).some((action) =>
      listOf(statement.Resource ?? '*').some((resource) => grants(statement, action, resource, need)),
    ),
  );
}
