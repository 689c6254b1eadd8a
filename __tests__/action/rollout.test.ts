import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { FUNCTION_ARN, expectSound } from './support/sound.ts';
import { errorsOf, plannedStory, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(20_000);

const SHORT = { strategy: '10% 2m' } as const;

/** The healthy scenario in which the new version begins to fail `after` ms. */
function turning(after: number, rate = 0.3): Scenario {
  const scenario = scenarios.healthy();
  const errorRate = { default: 0.001, 4: (ms: number) => (ms < after ? 0.001 : rate) };
  return { ...scenario, traffic: scenario.traffic?.map((traffic) => ({ ...traffic, errorRate })) ?? [] };
}

describe('a rollout ends as its evidence says', () => {
  test('healthy: step by step, then promoted in one write', async () => {
    const run = await stepIn(scenarios.healthy(), { strategy: '5% 2m, 25% 2m, 50% 2m' });
    expectSound(run);
    expect(story(run)).toEqual(['3', '3 4:5', '3 4:25', '3 4:50', '4']);
    expect(run.outputs).toMatchObject({
      result: 'promoted',
      verdict: 'pass',
      version: '4',
      'previous-version': '3',
      'function-arn': FUNCTION_ARN,
      'version-arn': `${FUNCTION_ARN}:4`,
      'alias-arn': `${FUNCTION_ARN}:live`,
      'canary-weight': '100',
      's3-uri': '',
    });
    expect(run.outputs['code-sha256']).toMatch(/^[\w+/]{43}=$/);
    expect(run.outputs['reason']).toMatch(/error rate \d+\.\d\d% vs \d+\.\d\d% \(\d+\/\d+ vs \d+\/\d+\)/);
  });

  test.each([
    ['broken', scenarios.broken(), {}],
    ['total failure', scenarios.totalFailure(), {}],
    ['slowly worse', scenarios.slowBurn(), { strategy: '10% 20m' }],
    ['a third of all requests, from minute five on', turning(5 * MINUTE), {}],
    [
      'above max-error-rate, the baseline alike',
      scenarios.sharedOutage(),
      { 'max-error-rate': '5%', strategy: '20% 10m' },
    ],
  ])('%s: rolled back in one write', async (_, scenario, inputs) => {
    const run = await stepIn(scenario, inputs);
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail', 'canary-weight': '0', version: '4' });
    const { strategy = 'canary' } = run.inputs;
    expect(plannedStory(run)).toEqual(['3', strategy.startsWith('20%') ? '3 4:20' : '3 4:10', '3']);
    expect(errorsOf(run)[0]?.message).toContain(run.outputs['reason']);
  });

  test.each([
    ['an outage that strikes both versions', scenarios.sharedOutage(), { strategy: '10% 10m' }],
    ['bursts of errors in either version', scenarios.bursts(), { strategy: '10% 15m' }],
    ['AllAtOnce', scenarios.healthy(), { strategy: 'AllAtOnce' }],
    ['all-at-once with a bake', scenarios.healthy(), { strategy: 'all-at-once', 'bake-time': '5m' }],
    ['a bake after steps', scenarios.healthy(), { ...SHORT, 'bake-time': '3m' }],
  ])('%s: promoted', async (_, scenario, inputs) => {
    const run = await stepIn(scenario, inputs);
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'promoted', 'canary-weight': '100' });
  });

  test('all at once: one write, nothing judged', async () => {
    const run = await stepIn(scenarios.healthy(), { strategy: 'all-at-once' });
    expectSound(run);
    expect(story(run)).toEqual(['3', '4']);
    expect(run.outputs['verdict']).toBe('none');
  });

  test.each([
    ['after a step', SHORT, ['3', '3 4:10', '4', '3']],
    ['after all at once', { strategy: 'all-at-once' }, ['3', '4', '3']],
  ])('a regression during the bake, %s: rolled back, the marker there all the time', async (_, inputs, expected) => {
    const run = await stepIn(turning(10 * MINUTE), { ...inputs, 'bake-time': '20m' });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail', 'canary-weight': '0' });
    expect(story(run)).toEqual(expected);
    expect(run.history.at(-2)?.description).toMatch(
      /^\[canary 3->4 by acme\/shop run 1001\.1 until \S+Z at 100% #[0-9a-f]{6}\] callers use this$/,
    );
  });
});

describe('no traffic is inconclusive', () => {
  test.each([
    ['promote', 'promoted', ['3', '3 4:10', '4'], '100'],
    ['rollback', 'rolled-back', ['3', '3 4:10', '3'], '0'],
    // The last write only says in the marker that it is held.
    ['hold', 'held', ['3', '3 4:10', '3 4:10'], '10'],
  ])('on-inconclusive: %s', async (policy, result, expected, weight) => {
    const run = await stepIn(scenarios.noTraffic(), { ...SHORT, 'on-inconclusive': policy });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result, verdict: 'inconclusive', 'canary-weight': weight });
    expect(story(run)).toEqual(expected);
  });

  test('held: says how to go either way, and post leaves it', async () => {
    await within(scenarios.noTraffic(), async (simulator) => {
      const run = await step(simulator, { inputs: { ...SHORT, 'on-inconclusive': 'hold' } });
      const [error] = errorsOf(run);
      expect(error?.message).toContain('command: rollback');
      expect(error?.message).toContain('command: promote');
      expect(run.state['rollout']).toBe('');
    });
  });

  test('min-invocations makes little traffic inconclusive', async () => {
    const inputs = { ...SHORT, 'min-invocations': '1000', 'on-inconclusive': 'rollback' };
    const run = await stepIn(scenarios.lowTraffic(), inputs);
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'inconclusive' });
  });
});

describe('metrics that cannot be read', () => {
  const unreadable =
    (from: number, to: number) =>
    (simulator: Simulator): void => {
      simulator.faults.add({ action: 'GetMetricData', between: [from, to], effect: 'metrics-internal-error' });
    };

  test('for a while: the rollout holds, then goes on', async () => {
    const arrange = unreadable(3 * MINUTE, 6 * MINUTE);
    const run = await stepIn(scenarios.healthy(), { strategy: '10% 4m, 50% 2m' }, { arrange });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(run.report?.timeline.map(({ event }) => event)).toEqual(['step', 'hold', 'step', 'promote']);
    const raised = run.history.find(({ weights }) => weights['4'] === 50)?.at ?? 0;
    expect(raised - Date.UTC(2026, 0, 15, 12)).toBeGreaterThan(6 * MINUTE);
  });

  test('for long: rolled back', async () => {
    const run = await stepIn(scenarios.healthy(), SHORT, { arrange: unreadable(MINUTE, Infinity) });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'inconclusive' });
    expect(run.outputs['reason']).toMatch(
      /^what to judge by could not be read for 5m(?:30s)?: CloudWatch answered incompletely \(.*InternalError\)$/,
    );
    expect(run.report?.next).toContain('run this step again');
    expect(story(run)).toEqual(['3', '3 4:10', '3']);
  });

  test('from the start: nothing is published', async () => {
    const run = await stepIn(scenarios.healthy(), SHORT, { arrange: unreadable(-1, Infinity) });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'failed', version: '' });
    expect(writes(run)).toEqual([]);
  });

  test('partial answers are no answers', async () => {
    const arrange = (simulator: Simulator): void => {
      simulator.faults.add({ action: 'GetMetricData', between: [MINUTE, Infinity], effect: 'partial-data' });
    };
    const run = await stepIn(scenarios.healthy(), SHORT, { arrange });
    expect(run.outputs['result']).toBe('rolled-back');
  });
});

test('the log reads like a story', async () => {
  const run = await stepIn(scenarios.broken());
  const groups = run.lines.filter((line) => line.startsWith('::group::'));
  expect(groups).toEqual(['Inputs', 'Package', 'Look at what is there', 'Publish'].map((title) => `::group::${title}`));
  // What happens to the traffic is in no fold.
  const folded = run.lines.slice(0, run.lines.lastIndexOf('::endgroup::'));
  expect(folded.filter((line) => line.startsWith('+'))).toEqual([]);
  const figures = String.raw`canary \d+/\d+ errors \(\d+\.\d\d %\)  baseline \d+/\d+ \(\d+\.\d\d %\)`;
  const poll = new RegExp(
    `^\\+\\d\\d:\\d\\d  step 1/1  1 %  quarantine  ${figures}  evidence 1:\\S+ \\(suspicion 1:\\S+\\)$`,
  );
  expect(run.lines.filter((line) => line.startsWith('+') && !line.includes('→')).at(-1)).toMatch(poll);
});
