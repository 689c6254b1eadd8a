import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { inRollout, marker, withAlias } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { errorsOf, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(20_000);

const PROMOTE = { command: 'promote', artifact: '' } as const;
const ROLLBACK = { command: 'rollback', artifact: '' } as const;
const OVER = { 900: 'completed' };
const STAMP = ' at 10% #k3f9a2';
const HELD = ' held at 10% #k3f9a2';

function left(stamp: string, alias: Parameters<typeof withAlias>[1] = {}): Scenario {
  const description = marker({ stamp });
  return withAlias(scenarios.healthy(), { functionVersion: '2', weights: { 3: 10 }, description, ...alias });
}

describe('command: promote', () => {
  test.each<[string, Scenario]>([
    ['of a run that is over', { ...left(STAMP), runs: OVER }],
    ['with a marker of an earlier version of this action', { ...inRollout(scenarios.healthy()), runs: OVER }],
    ['held, though its run is going on', { ...left(HELD), runs: { 900: 'in_progress' } }],
    ['held by an earlier job of this very run', left('', { description: marker({ run: '1001.1', stamp: HELD }) })],
    ['that somebody else weighted since', { ...left(STAMP, { weights: { 3: 60 } }), runs: OVER }],
  ])('finishes a rollout %s', async (_, scenario) => {
    const run = await stepIn(scenario, PROMOTE);
    expectSound({ ...run, inputs: { ...run.inputs, strategy: '10% 1m, 60% 1m' } });
    expect(run.outputs).toMatchObject({
      result: 'promoted',
      verdict: 'none',
      version: '3',
      'previous-version': '2',
      'canary-weight': '100',
    });
    expect(run.history.at(-1)).toMatchObject({ functionVersion: '3', weights: {}, description: 'ours' });
    expect(writes(run)).toEqual(['UpdateAlias']);
    expect(run.summary).toContain('## ✅ Promoted: version 3 of `checkout` has all traffic');
    expect(run.calls.filter(({ service }) => service === 'cloudwatch')).toEqual([]);
  });

  test('leaves the bake of a dead run behind, and a second time changes nothing', async () => {
    const baking = left(' at 100% #k3f9a2', { functionVersion: '3', weights: {} });
    await within({ ...baking, runs: OVER }, async (simulator) => {
      const run = await step(simulator, { inputs: PROMOTE });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '3', 'previous-version': '2' });
      const again = await step(simulator, { inputs: PROMOTE });
      expectSound(again);
      expect(again.outputs).toMatchObject({ result: 'unchanged', version: '3', 'canary-weight': '100' });
      expect(writes(again)).toEqual([]);
      expect(again.summary).toContain('## ✅ Unchanged: version 3 of `checkout` already has all traffic');
    });
  });

  test('what was held is promoted by the next step of the same job', async () => {
    await within(scenarios.noTraffic(), async (simulator) => {
      const held = await step(simulator, { inputs: { strategy: '10% 2m', 'on-inconclusive': 'hold' } });
      expectSound(held);
      expect(errorsOf(held)[0]?.message).toContain('`command: promote`');
      expect(held.history.at(-1)?.description).toMatch(/ held at 10% #[0-9a-f]{6}\] callers use this$/);
      const run = await step(simulator, { inputs: PROMOTE });
      expectSound(run);
      expect(story(run)).toEqual(['3 4:10', '4']);
      expect(run.history.at(-1)?.description).toBe('callers use this');
    });
  });

  test.each<[string, Scenario]>([
    ['an alias in no rollout', scenarios.healthy()],
    ['a marker that is left over', left(STAMP, { functionVersion: '1', weights: {} })],
    ['a canary from which somebody took all traffic', left(STAMP, { weights: {} })],
  ])('%s: unchanged', async (_, scenario) => {
    const run = await stepIn(scenario, PROMOTE);
    expect(run.outputs).toMatchObject({ result: 'unchanged', 'previous-version': '' });
    expect(run.outputs['reason']).toContain('no rollout is in flight');
    expect(run).toMatchObject({ exitCode: 0 });
    expect(writes(run)).toEqual([]);
  });

  test.each<[string, Scenario, string]>([
    ['its run is going on', { ...left(STAMP), runs: { 900: 'in_progress' } }, '/acme/shop/actions/runs/900'],
    ['nobody knows of its run', left(STAMP), 'permissions: actions: read'],
    [
      'another job of this run has it',
      left('', { description: marker({ run: '1001.1', stamp: STAMP }) }),
      '/runs/1001',
    ],
    ['split by something else', left('', { description: 'ours' }), 'no rollout of this action did that'],
    ['no alias', scenarios.firstDeployment(), 'has no alias live, so there is nothing to promote'],
    [
      'the canary is gone',
      { ...left(HELD, { weights: { 9: 10 }, description: marker({ stamp: HELD }).replace('->3', '->9') }) },
      'there is no version 9 of function checkout to promote',
    ],
  ])('refuses when %s', async (_, scenario, sentence) => {
    const run = await stepIn(scenario, PROMOTE);
    expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
    expect(errorsOf(run)[0]?.message).toContain(sentence);
    expect(errorsOf(run)[0]?.title).toContain('the promotion of checkout did not finish');
    expect(writes(run)).toEqual([]);
  });

  test('dry: says what it would do', async () => {
    const run = await stepIn(left(HELD), { ...PROMOTE, 'dry-run': 'true' });
    expect(run.outputs['result']).toBe('planned');
    expect(run.report?.plan).toEqual([
      'give version 3 all traffic of alias live, which serves version 2 (90%) and version 3 (10%)',
    ]);
    expect(writes(run)).toEqual([]);
  });

  test('a cancelled job promotes nothing', async () => {
    const signalAt = { signal: 'SIGINT', afterCall: { action: 'GetAlias' } } as const;
    const run = await stepIn(left(HELD), PROMOTE, { signalAt });
    expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
    expect(run.outputs['reason']).toContain('cancelled');
    expect(writes(run)).toEqual([]);
  });

  test('a cancelled job does not wait for a GitHub that hangs', async () => {
    const began = Date.now();
    const run = await stepIn(left(STAMP), PROMOTE, {
      arrange: ({ faults }) =>
        faults.add({
          service: 'github',
          effect: async ({ carryOut }): Promise<'hang'> => {
            await carryOut();
            return 'hang';
          },
        }),
      signalAt: { signal: 'SIGINT', beforeCall: { action: 'GetWorkflowRun' } },
    });
    expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
    expect(run.outputs['reason']).toContain('cancelled');
    expect(writes(run)).toEqual([]);
    expect(Date.now() - began).toBeLessThan(6_000);
  });

  test('a GitHub that hangs keeps nobody for ever', async () => {
    const arrange = ({ faults }: Simulator): unknown => faults.add({ service: 'github', effect: 'hang' });
    const inputs = [PROMOTE, { ...PROMOTE, command: 'status' }, {}];
    const runs = await Promise.all(inputs.map((given) => stepIn(left(STAMP), given, { arrange })));
    expect(runs.map(({ outputs }) => outputs['result'])).toEqual(['failed', 'unchanged', 'failed']);
    for (const run of runs) {
      expect(run.summary).toContain('GitHub could not be asked whether that');
      expect(writes(run)).toEqual([]);
    }
  });

  test('a change in between is not overwritten', async () => {
    const run = await stepIn(left(HELD), PROMOTE, {
      arrange: ({ faults, world }) => {
        faults.add({
          action: 'UpdateAlias',
          nth: 1,
          effect: async ({ carryOut }) => {
            world.updateAlias('checkout', 'live', { functionVersion: '1', weights: {}, description: 'by hand' });
            return carryOut();
          },
        });
      },
    });
    expect(run.outputs['reason']).toContain('was changed by somebody else');
    expect(run.history.at(-1)).toMatchObject({ functionVersion: '1', description: 'by hand' });
  });
});

describe('command: rollback on what a dead run left', () => {
  test('in quarantine: the baseline, whatever the weight', async () => {
    await within(scenarios.broken(), async (simulator) => {
      const inputs = { strategy: '20% 10m' };
      const signalAt = { signal: 'SIGKILL', afterCall: { action: 'UpdateAlias', nth: 2 } } as const;
      const killed = await step(simulator, { inputs, signalAt });
      expect(story(killed)).toEqual(['3', '3 4:20', '3 4:1']);
      const run = await step(simulator, { inputs: ROLLBACK });
      expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '3', 'canary-weight': '0' });
      expect(run.history.at(-1)).toMatchObject({ functionVersion: '3', weights: {}, description: 'callers use this' });
    });
  });

  test.each<[string, Scenario]>([
    ['held', left(HELD)],
    ['promoted by hand', left(STAMP, { functionVersion: '3', weights: {} })],
    ['weighted by hand', left(STAMP, { weights: { 3: 60 } })],
  ])('%s: the baseline', async (_, scenario) => {
    const run = await stepIn(scenario, ROLLBACK);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '2' });
    expect(run.history.at(-1)).toMatchObject({ functionVersion: '2', weights: {}, description: 'ours' });
    expect(writes(run)).toEqual(['UpdateAlias']);
  });
});

test('a rollout that takes its time is promoted by nobody while it goes on', async () => {
  await within({ ...scenarios.healthy(), runs: { 1001: 'in_progress' } }, async (simulator) => {
    const signalAt = { signal: 'SIGKILL', atSimulatedMs: 4 * MINUTE } as const;
    await step(simulator, { signalAt });
    const env = { GITHUB_RUN_ID: '1002' };
    const refused = await step(simulator, { inputs: PROMOTE, env });
    expect(errorsOf(refused)[0]?.message).toContain('/acme/shop/actions/runs/1001');
    simulator.runs.set('1001', 'completed');
    const run = await step(simulator, { inputs: PROMOTE, env });
    expect(story(run)).toEqual(['3 4:10', '4']);
  });
});
