/** Holds the policies against what was called: nothing that is needed may be missing, and nothing be granted for nothing. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedCall } from '../../simulator/recorder.ts';
import { needsOf } from './needs.ts';
import { type Need, type PolicyDocument, type Statement, allows, grants, listOf } from './policy.ts';

/** The calls that a run of the tests left in a folder, each once. */
export function readRecording(folder: string): readonly RecordedCall[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));
  return [...new Set(lines)].filter((line) => line !== '').map((line) => JSON.parse(line) as RecordedCall);
}

/** What users may name as they like → its default. */
const DEFAULTS: readonly (readonly [name: RegExp, standard: string])[] = [
  [/^(arn:aws:s3:::[^/]+)\/(?!lambda\/[^/]+\/).+$/, '$1/lambda/own/key'],
  [/^(arn:aws:logs:.*:log-group:)(?!\/aws\/lambda\/)[^:]+/, '$1/aws/lambda/own'],
];

/**
 * `s3-key` may name any object, and a function may log anywhere; the author of the policy then puts that in the place of the
 * default. In the check it counts as the default.
 */
function withDefaults(need: Need): Need {
  return { ...need, resource: DEFAULTS.reduce((arn, [name, standard]) => arn.replace(name, standard), need.resource) };
}

/** Every need of the recorded calls, each once. */
export function neededBy(calls: readonly RecordedCall[]): readonly Need[] {
  const needs = calls.flatMap(needsOf).map(withDefaults);
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
}

/** `role`: what the role may do; `trust`: who may assume it. */
export interface Policies {
  readonly role: PolicyDocument;
  readonly trust: PolicyDocument;
}

function isCovered({ role, trust }: Policies, need: Need): boolean {
  return allows(need.action.startsWith('sts:') ? trust : role, need);
}

/** Needs that nothing grants, as sentences. */
export function missing(policies: Policies, needs: readonly Need[]): readonly string[] {
  const remedy = 'add it to the features in scripts/iam/statements.ts, then npm run docs';
  return needs
    .filter((need) => !isCovered(policies, need))
    .map(({ action, resource }) => `${action} on ${resource} is called, but not granted: ${remedy}`);
}

function unusedPairs(statement: Statement, needs: readonly Need[]): readonly string[] {
  const pairs = listOf(statement.Action).flatMap((action) =>
    listOf(statement.Resource ?? '*').map((resource) => ({ action, resource })),
  );
  return pairs
    .filter(({ action, resource }) => !needs.some((need) => grants(statement, action, resource, need)))
    .map(({ action, resource }) => `${statement.Sid ?? '?'} grants ${action} on ${resource}, which nothing needs`);
}

/** What is granted although no call needs it, as sentences. Only the calls of the whole suite can tell. */
export function unused({ role, trust }: Policies, needs: readonly Need[]): readonly string[] {
  return [...role.Statement, ...trust.Statement].flatMap((statement) => unusedPairs(statement, needs));
}

const readPolicy = (path: string): PolicyDocument =>
  JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')) as PolicyDocument;

/** The committed policies. */
export function readPolicies(): Policies {
  return { role: readPolicy('docs/iam-policy.json'), trust: readPolicy('docs/oidc-trust-policy.json') };
}

/** The verdict on a run of the tests, in words. `whole`: no test was left out. */
export function checkRecording(folder: string, whole: boolean): { readonly problems: number; readonly words: string } {
  const policies = readPolicies();
  const needs = neededBy(readRecording(folder));
  const problems = [...missing(policies, needs), ...(whole ? unused(policies, needs) : [])];
  const kinds = new Set(needs.map(({ action }) => action)).size;
  const scope = whole ? '' : ' (some of the tests: what is unused cannot be told)';
  const head = `IAM: the action's calls needed ${kinds} permissions on ${needs.length} resources${scope}`;
  const tail = problems.length === 0 ? ', all granted' : `; ${problems.length} problems:`;
  return { problems: problems.length, words: [head + tail, ...problems.map((problem) => `  ${problem}`)].join('\n') };
}
