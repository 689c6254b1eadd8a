import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { marker, withAlias } from './support/aliases.ts';
import { type Step, errorsOf, step, stepIn, within, writes } from './support/step.ts';

jest.setTimeout(20_000);

const STATUS = { command: 'status', artifact: '' } as const;
const RUN = 'https://github.com/acme/shop/actions/runs/900';

function expectLook(run: Step): void {
  expect(run).toMatchObject({ exitCode: 0, stderr: '', outputs: { result: 'unchanged', verdict: 'none' } });
  expect(errorsOf(run)).toEqual([]);
  expect(writes(run)).toEqual([]);
  expect(run.history).toHaveLength(run.history.length === 0 ? 0 : 1);
  expect(run.calls.filter(({ action }) => action === 'GetMetricData').length).toBeLessThanOrEqual(1);
}

function alias(change: Parameters<typeof withAlias>[1], runs: Scenario['runs'] = {}): Scenario {
  return { ...withAlias(scenarios.healthy(), change), runs: runs };
}

const IN_ROLLOUT = { functionVersion: '2', weights: { 3: 10 } } as const;
const at = (stamp: string) => ({ ...IN_ROLLOUT, description: marker({ stamp }) });

describe('command: status', () => {
  test.each<[string, Scenario, Record<string, string>, string[]]>([
    [
      'a clean alias',
      alias({ description: 'callers use this' }),
      { version: '3', 'previous-version': '', 'canary-weight': '100' },
      ['version 3 alone, and no rollout is in flight', 'has all traffic', 'The description of the alias is'],
    ],
    [
      'the rollout of a run that is over',
      alias(at(' at 10% #k3f9a2'), { 900: 'completed' }),
      { version: '3', 'previous-version': '2', 'canary-weight': '10' },
      [
        'version 3 of `checkout` has 10% of the traffic',
        `<${RUN}>, which is over`,
        'promote',
        '2026-01-15 18:00 UTC',
        'ours',
      ],
    ],
    [
      'the rollout of a run that goes on',
      alias(at(' at 10% #k3f9a2'), { 900: 'in_progress' }),
      { version: '3', 'canary-weight': '10' },
      [`<${RUN}>, which is not over`],
    ],
    [
      'the rollout of a run that nobody knows',
      alias(at('')),
      { version: '3', 'canary-weight': '10' },
      ['GitHub could not be asked', 'permissions: actions: read'],
    ],
    ['a rollout that is held', alias(at(' held at 10% #k3f9a2')), { 'canary-weight': '10' }, ['left there on purpose']],
    [
      'a rollout that somebody else weighted',
      alias({ ...at(' at 20% #k3f9a2') }, { 900: 'completed' }),
      { 'canary-weight': '10' },
      [
        'somebody else has changed the split since, the rollout had version 3 at 20%',
        'a deployment refuses until then',
      ],
    ],
    [
      'a bake',
      alias({ functionVersion: '3', description: marker({ stamp: ' at 100% #k3f9a2' }) }, { 900: 'in_progress' }),
      { version: '3', 'previous-version': '2', 'canary-weight': '100' },
      ['version 3 of `checkout` has 100% of the traffic'],
    ],
    [
      'a canary without traffic',
      alias({ functionVersion: '2', description: marker() }, { 900: 'completed' }),
      { version: '2', 'previous-version': '', 'canary-weight': '100' },
      ['version 2 of `checkout` has all traffic'],
    ],
    [
      'a marker that is left over',
      alias({ functionVersion: '1', description: marker() }),
      { version: '1', 'previous-version': '' },
      ['still holds the marker', 'The next deployment puts the description back'],
    ],
    [
      'a split by something else',
      alias({ ...IN_ROLLOUT, weights: { 3: 25 } }),
      { version: '3', 'previous-version': '2', 'canary-weight': '25' },
      ['no rollout of this action did that', 'CodeDeploy, Terraform'],
    ],
  ])('%s', async (_, scenario, outputs, sentences) => {
    const run = await stepIn(scenario, STATUS);
    expectLook(run);
    expect(run.outputs).toMatchObject(outputs);
    expect(run.outputs['version-arn']).toMatch(/:function:checkout:\d$/);
    const plain = run.summary.replaceAll('&#96;', '`');
    expect(sentences.filter((sentence) => !plain.includes(sentence))).toEqual([]);
  });

  test('no alias yet', async () => {
    const run = await stepIn(scenarios.firstDeployment(), STATUS);
    expectLook(run);
    expect(run.outputs).toMatchObject({ version: '', 'previous-version': '', 'canary-weight': '0' });
    expect(run.outputs['reason']).toBe('function checkout has no alias live; the first deployment creates it');
  });

  test('how both versions are doing since the rollout began, in the midst of it', async () => {
    await within({ ...scenarios.broken(), runs: { 1001: 'completed' } }, async (simulator) => {
      const signalAt = { signal: 'SIGKILL', afterCall: { action: 'UpdateAlias' } } as const;
      await step(simulator, { signalAt });
      simulator.clock.advance(6 * MINUTE);
      const run = await step(simulator, { inputs: STATUS, env: { GITHUB_RUN_ID: '1002' } });
      expectLook(run);
      expect(run.lines.join('\n')).toMatch(
        /^Version 3: \d+ errors in \d{4} invocations \(0\.\d+%\) since 12:0\d UTC\.$/m,
      );
      expect(run.lines.join('\n')).toMatch(
        /^Version 4: \d+ errors in \d{3} invocations \(2\d\.\d+%\) since 12:0\d UTC\.$/m,
      );
      expect(run.summary).toMatch(/\| \*\*error rate\*\* \| \*\*0\.\d+%\*\* \| \*\*2\d\.\d+%\*\*<br>/);
    });
  });

  test('without traffic', async () => {
    const run = await stepIn(scenarios.noTraffic(), STATUS);
    expectLook(run);
    expect(run.report?.notes.join()).toContain('No traffic in the last hour');
  });

  test('metrics that cannot be read are told, and fail nothing', async () => {
    const run = await stepIn({ ...scenarios.healthy(), deny: ['cloudwatch:GetMetricData'] }, STATUS);
    expectLook(run);
    expect(run.report?.notes.join()).toContain('The metrics could not be read: not allowed');
    expect(run.annotations.map(({ level }) => level)).toEqual(['warning']);
  });

  test.each<[string, Scenario, Record<string, string>, string]>([
    ['no function', scenarios.healthy(), { 'function-name': 'nothing' }, 'there is no function nothing'],
    ['not allowed', { ...scenarios.healthy(), deny: ['lambda:GetAlias'] }, {}, 'not allowed to lambda:GetAlias'],
  ])('fails when the alias cannot be read: %s', async (_, scenario, inputs, sentence) => {
    const run = await stepIn(scenario, { ...STATUS, ...inputs });
    expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
    expect(errorsOf(run)[0]?.message).toContain(sentence);
  });
});
