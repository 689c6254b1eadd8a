import type { Setting } from '../model/settings.ts';
import { quote } from '../model/text.ts';
import type { FunctionVersion } from '../release/ports.ts';
import { type Difference, differences } from '../release/settings.ts';
import type { Subject } from './configuration.ts';

/**
 * What a deployment changes in the configuration, one line each: what it sets itself, and what comes along because `$LATEST`
 * has it while the served version has not. Values of environment variables are never told.
 */
export function configurationLines(
  { latest, target, isNew }: Subject,
  baseline: FunctionVersion | undefined,
): readonly string[] {
  const own = differences(latest.settings, target.settings);
  const named = new Set(own.map(({ name }) => name));
  const along =
    baseline === undefined
      ? []
      : differences(baseline.settings, target.settings).filter(({ name }) => !named.has(name));
  const served = baseline?.version ?? '';
  return [
    ...(own.length === 0 ? [] : [`${isNew ? 'create the function' : 'configuration'}: ${listed(own)}`]),
    ...(along.length === 0
      ? []
      : [`configuration that $LATEST has already and version ${served} has not: ${listed(along)}`]),
  ];
}

interface Left extends Subject {
  readonly baseline: FunctionVersion | undefined;
}

/**
 * For who reads that a release did not stay: what it has left in `$LATEST` that the served version has not; '' for nothing.
 * Where no version is served: what it has changed.
 */
export function leftInLatest({ latest, target, baseline }: Left, verb: 'keeps' | 'may keep'): string {
  const left = differences((baseline ?? latest).settings, target.settings);
  const names = left.map(({ name }) => name).join(', ');
  return left.length === 0
    ? ''
    : `$LATEST ${verb} the configuration of this release (${names}): the next deployment releases it again unless it names something else.`;
}

function listed(found: readonly Difference[]): string {
  const fields = found.filter(({ kind }) => kind === 'field').map(fieldWords);
  const variables = (['added', 'changed', 'removed'] as const).flatMap((kind) => {
    const names = found.filter((one) => one.kind === kind).map(({ name }) => name);
    return names.length === 0 ? [] : [`${kind} ${names.join(', ')}`];
  });
  return [...fields, ...(variables.length === 0 ? [] : [`environment variables ${variables.join(', ')}`])].join('; ');
}

function fieldWords({ name, before, after }: Difference): string {
  return before === undefined ? `${name} ${shown(after)}` : `${name} ${shown(before)} → ${shown(after)}`;
}

function shown(value: Setting | undefined): string {
  if (value === undefined || value === '') return 'none';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return quote(typeof value === 'string' ? value : JSON.stringify(value));
}
