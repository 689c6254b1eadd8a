import { describe, expect, test } from '@jest/globals';
import type { ApiCall, EffectName, Scenario, Simulator } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE, formatLatency } from '../../src/model/time.ts';
import { expectSound } from './support/sound.ts';
import { type Step, step, stepIn, within } from './support/step.ts';

const STEPS = { strategy: '10% 3m, 50% 2m' } as const;

/** The canary takes four times as long. */
function slower(scenario: Scenario): Scenario {
  const durationMs = { default: 100, [NAMES.canary]: 400 };
  return { ...scenario, traffic: scenario.traffic?.map((spec) => ({ ...spec, durationMs })) ?? [] };
}

const rows = ({ summary }: Step): readonly string[] => summary.match(/^\| p\d+ duration \|.*$/gm) ?? [];

function durationsOf({ report }: Step) {
  const { baseline, canary, start, end } = report?.durations ?? {};
  if (!baseline || !canary) throw new Error('the report has no durations of both versions');
  return { baseline, canary, start: start ?? '', end: end ?? '' };
}

/** The calls for metrics since the alias was written for the last time. */
function readsAfter({ calls }: Step): readonly ApiCall[] {
  const written = calls.findLastIndex(({ action }) => action === 'UpdateAlias');
  return calls.slice(written).filter(({ action }) => action === 'GetMetricData');
}

/** Meets every read of metrics after the alias had been written so often. */
function failingAfter(writes: number, effect: EffectName) {
  return (simulator: Simulator): void => {
    const when = ({ action }: ApiCall): boolean =>
      action === 'GetMetricData' && simulator.aliasHistory(NAMES.function, NAMES.alias).length > writes;
    simulator.faults.add({ when, effect });
  };
}

describe('the summary has p50 and p99 of both versions, read once', () => {
  test.each<[string, Scenario, Readonly<Record<string, string>>, string]>([
    ['promoted', scenarios.healthy(), STEPS, 'promoted'],
    ['promoted after a bake', scenarios.healthy(), { ...STEPS, 'bake-time': '3m' }, 'promoted'],
    ['rolled back', scenarios.broken(), STEPS, 'rolled-back'],
    ['held', scenarios.lowTraffic(), { strategy: '50% 5m', 'on-inconclusive': 'hold' }, 'held'],
  ])('%s', async (_, scenario, inputs, result) => {
    const run = await stepIn(slower(scenario), inputs);
    expectSound(run);
    expect(run.outputs['result']).toBe(result);
    expect(rows(run)).toHaveLength(2);
    const { baseline, canary, start, end } = durationsOf(run);
    const cells = [baseline, canary].map(({ p50 }) => formatLatency(p50));
    expect(rows(run)[0]).toBe(`| p50 duration | ${cells.join(' | ')} |`);
    expect(canary.p50).toBeGreaterThan(2 * baseline.p50);
    expect(canary.p99).toBeGreaterThan(canary.p50);
    expect(Date.parse(end) - Date.parse(start)).toBeGreaterThanOrEqual(MINUTE);
    // An inconclusive end looks for callers past the alias, too.
    expect(readsAfter(run)).toHaveLength(result === 'held' ? 2 : 1);
  });
});

describe('nothing is read', () => {
  test.each<[string, Scenario, Readonly<Record<string, string>>]>([
    ['where the versions never served side by side', scenarios.healthy(), { strategy: 'all-at-once' }],
    ['where nobody called', scenarios.noTraffic(), { strategy: '50% 3m' }],
  ])('%s', async (_, scenario, inputs) => {
    const run = await stepIn(scenario, inputs);
    expect(run.outputs['result']).toBe('promoted');
    expect(run.report?.durations).toBeNull();
    expect(rows(run)).toEqual([]);
  });

  test('when the job is cancelled', async () => {
    const signalAt = { signal: 'SIGINT', atSimulatedMs: 4 * MINUTE } as const;
    const run = await stepIn(scenarios.healthy(), STEPS, { signalAt });
    expectSound(run);
    expect(run.outputs['result']).toBe('rolled-back');
    expect(readsAfter(run)).toEqual([]);
  });
});

describe('a read that fails changes nothing', () => {
  const isNote = (line: string): boolean => line.startsWith('How long invocations took could not be read: ');

  test.each<[EffectName, RegExp]>([
    ['access-denied', /not allowed to cloudwatch:GetMetricData .* Add "cloudwatch:GetMetricData" to the policy/],
    ['metrics-internal-error', /CloudWatch answered incompletely \([^()]*\)\.$/],
    ['server-error', /\.$/],
    ['hang', /CloudWatch gave no answer within 5s\. The AWS console has them\.$/],
  ])('%s: one line and one note', async (effect, words) => {
    const run = await stepIn(scenarios.healthy(), STEPS, { arrange: failingAfter(3, effect) });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'promoted', verdict: 'pass', 'canary-weight': '100' });
    expect(run.exitCode).toBe(0);
    expect(run.report?.durations).toBeNull();
    expect(rows(run)).toEqual([]);
    for (const lines of [run.report?.notes ?? [], run.lines]) {
      const found = lines.filter(isNote);
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(words);
    }
  });

  test('what could not be read for the last poll is not asked for again', async () => {
    const arrange = ({ faults }: Simulator): void => {
      faults.add({ action: 'GetMetricData', between: [2 * MINUTE, Infinity], effect: 'access-denied' });
    };
    const run = await stepIn(scenarios.healthy(), STEPS, { arrange });
    expectSound(run);
    expect(run.outputs['result']).toBe('rolled-back');
    expect(run.report?.notes.filter(isNote)).toEqual([]);
  });

  test('a signal while it reads ends that, not the report', async () => {
    const reads = await within(scenarios.healthy(), async (simulator) => {
      const { calls } = await step(simulator, { inputs: STEPS });
      return calls.filter(({ action }) => action === 'GetMetricData').length;
    });
    const signalAt = { signal: 'SIGINT', beforeCall: { action: 'GetMetricData', nth: reads } } as const;
    const run = await stepIn(scenarios.healthy(), STEPS, { signalAt });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'promoted', verdict: 'pass' });
    expect(run.report).toMatchObject({ durations: null });
    expect(run.report?.notes.filter(isNote)).toEqual([]);
  });
});
