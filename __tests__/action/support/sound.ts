import { expect } from '@jest/globals';
import type { AliasState } from '../../../simulator/index.ts';
import { NAMES } from '../../../simulator/scenarios.ts';
import { AUTO_STEPS } from '../../../src/model/strategy.ts';
import { OUTPUT_NAMES } from '../../../src/model/names.ts';
import { type Step, errorsOf } from './step.ts';

/** Every run of `main` that ended by itself keeps these promises, whatever happened in it. */
export function expectSound(step: Step): void {
  expectOutputs(step);
  expectExit(step);
  expectReport(step);
  expectSummary(step);
  expectRevisions(step);
  expectAliasRules(step);
}

const RESULTS = ['promoted', 'rolled-back', 'unchanged', 'planned', 'held', 'failed'];

function expectOutputs({ outputs }: Step): void {
  expect(Object.keys(outputs).sort()).toEqual([...OUTPUT_NAMES].sort());
  expect(RESULTS).toContain(outputs['result']);
  expect(['pass', 'fail', 'inconclusive', 'none']).toContain(outputs['verdict']);
  expect(outputs['reason']).toMatch(/\S/);
  expect(Number(outputs['canary-weight'])).toBeGreaterThanOrEqual(0);
  expect(Number(outputs['canary-weight'])).toBeLessThanOrEqual(100);
}

function isSuccess({ outputs, inputs }: Step): boolean {
  const { result = '' } = outputs;
  if (inputs['command'] === 'rollback' && result === 'rolled-back') return true;
  return ['promoted', 'unchanged', 'planned'].includes(result);
}

/** Exit code and result agree, and a failure is told in exactly one annotation that says why and what to do. */
function expectExit(step: Step): void {
  const errors = errorsOf(step);
  expect(step.stderr).toBe('');
  expect({ exitCode: step.exitCode, errors: errors.length }).toEqual(
    isSuccess(step) ? { exitCode: 0, errors: 0 } : { exitCode: 1, errors: 1 },
  );
  // Whatever there is to say is said in one, warnings and all.
  expect(step.annotations.length).toBeLessThanOrEqual(1);
  for (const { title, message } of errors) {
    expect(title).toMatch(/\S/);
    expect(message).toMatch(/\nNext: /);
  }
}

function expectReport({ report, outputs }: Step): void {
  expect(report).toMatchObject({
    result: outputs['result'],
    verdict: outputs['verdict'],
    reason: outputs['reason'],
    version: outputs['version'] === '' ? null : outputs['version'],
    previousVersion: outputs['previous-version'] === '' ? null : outputs['previous-version'],
  });
}

function expectSummary({ summary, inputs }: Step): void {
  expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
  expect(summary === '').toBe(inputs['summary'] === 'false');
}

function expectRevisions({ calls }: Step): void {
  const nameless = calls.filter(
    ({ action, request }) => action === 'UpdateAlias' && request['RevisionId'] === undefined,
  );
  expect(nameless).toEqual([]);
}

const NAMED_STRATEGIES: Readonly<Record<string, readonly number[]>> = {
  canary: [10],
  'all-at-once': [],
  auto: AUTO_STEPS.map(({ weight }) => weight),
};

function plannedWeights({ inputs }: Step): readonly number[] {
  const text = inputs['strategy'] ?? 'canary';
  return NAMED_STRATEGIES[text] ?? (text.match(/\d+(?=%)/g) ?? []).map(Number);
}

const MARKER = /^\[canary \d+->\d+ by /;

/**
 * The alias only ever serves one version, or the baseline with the canary at a planned weight, rising but for
 * a quarantine; it carries the
 * marker for as long as it is split, and its own description when all is over.
 */
function expectAliasRules(step: Step): void {
  const [before, ...states] = step.history;
  if (before === undefined || states.length === 0) return;
  const split = states.filter(({ weights }) => Object.keys(weights).length > 0);
  const weights = split.map(weightOf);
  // A quarantine is a dip: to half of the weight before it or less, and followed by that weight or by the end.
  const isDip = (index: number): boolean => (weights[index] ?? 0) < (weights[index - 1] ?? 0);
  const most = weights.map((weight, index) => (isDip(index) ? Math.ceil((weights[index - 1] ?? 0) / 2) : weight));
  expect(weights.filter((weight, index) => weight > (most[index] ?? 0))).toEqual([]);
  const steps = weights.filter((_, index) => !isDip(index));
  expect(plannedWeights(step)).toEqual(expect.arrayContaining(steps));
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  const dips = [...weights.keys()].filter((index) => isDip(index) && index + 1 < weights.length);
  expect(dips.map((index) => weights[index + 1])).toEqual(dips.map((index) => weights[index - 1]));
  for (const { description } of split) expect(description).toMatch(MARKER);
  const last = states.at(-1);
  if (step.outputs['result'] === 'held') expect(last?.description).toMatch(MARKER);
  else expect(last).toMatchObject({ weights: {}, description: ownDescription(before) });
  if (step.outputs['result'] === 'held') expect(step.outputs['canary-weight']).toBe(String(weights.at(-1)));
}

function weightOf({ weights }: AliasState): number {
  const [weight = 0, ...others] = Object.values(weights);
  expect(others).toEqual([]);
  return weight;
}

/** The description that a person gave the alias, also where a dead run's marker stands before it. */
function ownDescription({ description }: AliasState): string {
  return description.replace(/^\[canary [^\]]*\] ?/, '');
}

/** Where the function and its alias are. */
export const FUNCTION_ARN = `arn:aws:lambda:eu-west-1:123456789012:function:${NAMES.function}`;
