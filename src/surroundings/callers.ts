import { quote } from '../model/text.ts';
import { eventSourceName, principalName, qualifierOf, sourceName } from './names.ts';
import { grantsIn } from './policy.ts';
import type { EventSource, FunctionUrl, ResourcePolicy, Surroundings } from './ports.ts';

/** Something that calls a function, or may, and the name under which it does. */
export interface Caller {
  /** For readers, outside text quoted: `SQS queue "orders"`. */
  readonly name: string;
  /** A grant only allows the call; whether it is ever made, nobody can read. */
  readonly isSure: boolean;
  /** `$LATEST`, a version or an alias; undefined: the function's bare name. */
  readonly qualifier: string | undefined;
}

export interface Callers {
  /** They go past the alias. */
  readonly bypassing: readonly Caller[];
  /** They may call the alias, too: what they do stands in their own settings. */
  readonly undecided: readonly Caller[];
  /** Qualifiers of policies that are no policies; undefined: the function's. */
  readonly unreadable: readonly (string | undefined)[];
}

/** Everything that goes, or may go, past `alias`. Other aliases are somebody's intention, and left out. */
export function findCallers(found: Omit<Surroundings, 'reach' | 'denied' | 'unread'>, alias: string): Callers {
  const policies = found.policies.map((policy) => ({ policy, callers: callersIn(policy) }));
  const callers = distinct([
    ...found.eventSources.map(callerOfSource),
    ...found.urls.map(callerOfUrl),
    ...policies.flatMap(({ callers: some = [] }) => some),
  ]);
  const decided = new Set(callers.filter(({ qualifier }) => qualifier === alias).map(({ name }) => name));
  const past = callers.filter(goesPast);
  const isUndecided = ({ name, isSure }: Caller): boolean => !isSure && decided.has(name);
  return {
    bypassing: past.filter((caller) => !isUndecided(caller)),
    undecided: past.filter(isUndecided),
    unreadable: policies.flatMap(({ policy, callers: some }) => (some === undefined ? [policy.qualifier] : [])),
  };
}

function callerOfSource({ functionArn, sourceArn, state }: EventSource): Caller {
  const note = state.startsWith('Disabl') ? ' (disabled now)' : '';
  return { name: `${eventSourceName(sourceArn)}${note}`, isSure: true, qualifier: qualifierOf(functionArn) };
}

function callerOfUrl({ functionArn, url }: FunctionUrl): Caller {
  return { name: `function URL ${quote(url)}`, isSure: true, qualifier: qualifierOf(functionArn) };
}

/** The statement's own ARN is believed before the qualifier that was asked for. */
function callersIn({ qualifier, text }: ResourcePolicy): readonly Caller[] | undefined {
  return grantsIn(text)?.map(({ principal, source, resource, isConditional }) => {
    const from = source === undefined ? '' : ` (${quote(sourceName(source))})`;
    const isArn = resource !== undefined && /^arn:[a-z-]+:lambda:[^:]*:[^:]*:function:/.test(resource);
    return {
      name: `${principalName(principal, isConditional)}${from}`,
      isSure: false,
      qualifier: isArn ? qualifierOf(resource) : qualifier,
    };
  });
}

/** Names of aliases are not made of digits alone (API reference of Lambda, CreateAlias). */
function goesPast({ qualifier }: Caller): boolean {
  return qualifier === undefined || qualifier === '$LATEST' || /^[0-9]+$/.test(qualifier);
}

function distinct(callers: readonly Caller[]): readonly Caller[] {
  return [...new Map(callers.map((caller) => [JSON.stringify(caller), caller])).values()];
}

/** `SQS queue "orders" calls $LATEST`. */
export function describeCaller({ name, isSure, qualifier }: Caller): string {
  return `${name} ${isSure ? 'calls' : 'may call'} ${describeTarget(qualifier)}`;
}

function describeTarget(qualifier: string | undefined): string {
  if (qualifier === undefined) return 'the function by its bare name';
  return qualifier === '$LATEST' ? qualifier : `version ${qualifier}`;
}
