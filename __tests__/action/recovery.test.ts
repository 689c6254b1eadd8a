import { describe, expect, jest, test } from '@jest/globals';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { inRollout, marker, withAlias } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { errorsOf, post, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(20_000);

const AT_ONCE = { strategy: 'all-at-once' } as const;

describe('an alias that is found in a rollout', () => {
  test.each([
    ['of a run that GitHub says is over', '900.1', { 900: 'completed' }],
    ['of an earlier attempt of this run', '1001.0', {}],
  ])('%s: put back first', async (_, run, runs) => {
    const scenario = { ...inRollout(scenarios.healthy(), marker({ run })), runs };
    const found = await stepIn(scenario, AT_ONCE);
    expectSound(found);
    expect(found.outputs).toMatchObject({ result: 'promoted', version: '4', 'previous-version': '2' });
    expect(story(found)).toEqual(['2 3:10', '2', '4']);
    expect(found.report?.notes.join()).toMatch(/left alias live in a rollout from version 2 to 3/);
    expect(found.summary).toContain('left alias live in a rollout');
  });

  test('which it is no longer in: the old description comes back, also when there is nothing to deploy', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      await step(simulator, { inputs: AT_ONCE });
      simulator.world.updateAlias(NAMES.function, NAMES.alias, { description: marker({ rest: 'callers use this' }) });
      const planned = await step(simulator, { inputs: { ...AT_ONCE, 'dry-run': 'true' } });
      expect(planned.report?.notes.join()).toContain('a deployment would put its description back');
      const again = await step(simulator, { inputs: AT_ONCE });
      expect(again.outputs).toMatchObject({ result: 'unchanged', version: '4' });
      const last = simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1);
      expect(last).toMatchObject({ functionVersion: '4', weights: {}, description: 'callers use this' });
      expect(writes(again)).toEqual(['UpdateAlias']);
    });
  });

  test('whose time is over, without asking GitHub', async () => {
    const scenario = inRollout(scenarios.healthy(), marker({ until: '2026-01-15T11:00Z', repository: 'else/where' }));
    const run = await stepIn(scenario, AT_ONCE);
    expectSound(run);
    expect(run.calls.filter(({ service }) => service === 'github')).toEqual([]);
    expect(run.outputs['result']).toBe('promoted');
  });

  test.each([
    ['of a run that is alive', '900.1', 'acme/shop', { 900: 'in_progress' }],
    ['of a run that GitHub does not know', '900.1', 'acme/shop', {}],
    ['of another repository', '77.1', 'else/where', { 77: 'completed' }],
  ])('%s: stops and names the run', async (_, run, repository, runs) => {
    const scenario = { ...inRollout(scenarios.healthy(), marker({ run, repository })), runs };
    const found = await stepIn(scenario, AT_ONCE);
    expectAlone(found.outputs['result'], writes(found));
    const url = `https://github.com/${repository}/actions/runs/${run.split('.')[0] ?? ''}`;
    expect(errorsOf(found)[0]?.message).toContain(url);
    expect(found.exitCode).toBe(1);
  });

  test('a dry run only says what it would put back', async () => {
    const scenario = { ...inRollout(scenarios.healthy()), runs: { 900: 'completed' } };
    const run = await stepIn(scenario, { 'dry-run': 'true' });
    expect(run.outputs['result']).toBe('planned');
    expect(writes(run)).toEqual([]);
    expect(run.report?.notes.join()).toContain('would put it back on version 2');
  });

  test('weighted by something else: stops', async () => {
    const run = await stepIn(withAlias(scenarios.healthy(), { functionVersion: '2', weights: { 3: 25 } }), AT_ONCE);
    expectAlone(run.outputs['result'], writes(run));
    expect(errorsOf(run)[0]?.message).toContain('version 2 (75%) and version 3 (25%)');
  });
});

function expectAlone(result: string | undefined, written: readonly string[]): void {
  expect(result).toBe('failed');
  expect(written).toEqual([]);
}

describe('the same code after a rollback', () => {
  test('is tried again with its version, and rolled back again', async () => {
    await within(scenarios.broken(), async (simulator) => {
      expectSound(await step(simulator, { inputs: { strategy: '10% 5m' } }));
      const again = await step(simulator, { inputs: { strategy: '10% 5m' } });
      expectSound(again);
      expect(again.outputs).toMatchObject({ result: 'rolled-back', version: '4', 'previous-version': '3' });
      expect(writes(again)).toEqual(['PublishVersion', 'UpdateAlias', 'UpdateAlias', 'UpdateAlias']);
    });
  });
});

describe('a change by somebody else during the rollout', () => {
  test.each([
    ['weights', { functionVersion: '2', weights: { 3: 50 }, description: 'by hand' }, 'serves version 2 (50%)'],
    ['the description alone', { description: 'by hand' }, 'says "by hand"'],
  ])('%s: left as it is, named, and not touched by post', async (_, change, sentence) => {
    await within(scenarios.healthy(), async (simulator) => {
      simulator.clock.at(simulator.frame.start + 3 * MINUTE, () => {
        simulator.world.updateAlias(NAMES.function, NAMES.alias, change);
      });
      const run = await step(simulator, { inputs: { strategy: '10% 4m, 50% 2m' } });
      expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
      expect(errorsOf(run)).toHaveLength(1);
      expect(errorsOf(run)[0]?.message).toContain('was changed by somebody else');
      expect(errorsOf(run)[0]?.message).toContain(sentence);
      expect(run.history.at(-1)).toMatchObject(change);

      const seen = simulator.calls.length;
      expect(await post(simulator, run)).toMatchObject({ exitCode: 0, annotations: [] });
      expect(simulator.calls.slice(seen)).toEqual([]);
      expect(simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1)).toMatchObject(change);
    });
  });

  test.each([
    [
      'another run',
      {
        weights: { 2: 10 },
        description: '[canary 3->2 by acme/shop run 1002.1 until 2026-01-15T18:00Z at 10% #k3f9a2]',
      },
      'run https://github.com/acme/shop/actions/runs/1002 of acme/shop has taken alias live during the rollout: it now serves version 3 (90%) and version 2 (10%)',
    ],
    [
      '`command: rollback`',
      { weights: {}, description: 'callers use this' },
      'alias live was put back on version 3 during the rollout, by `command: rollback`, another run or a person',
    ],
  ])('by %s is said to be that', async (_, change, reason) => {
    const run = await stepIn(
      scenarios.healthy(),
      { strategy: '10% 4m, 50% 2m' },
      {
        arrange: ({ clock, frame, world }) => {
          clock.at(frame.start + 3 * MINUTE, () => {
            world.updateAlias(NAMES.function, NAMES.alias, { functionVersion: '3', ...change });
          });
        },
      },
    );
    expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed', reason } });
    expect(errorsOf(run)[0]?.message).toMatch(/run this step again if this version is still wanted/i);
    expect(run.history.at(-1)).toMatchObject(change);
  });

  test('the alias is deleted', async () => {
    const run = await stepIn(
      scenarios.healthy(),
      { strategy: '10% 4m, 50% 2m' },
      {
        arrange: ({ clock, frame, world }) => {
          clock.at(frame.start + 3 * MINUTE, () => {
            world.deleteAlias(NAMES.function, NAMES.alias);
          });
        },
      },
    );
    expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
    expect(run.outputs['reason']).toContain('was deleted by somebody else');
  });

  test('a write whose answer is lost is not taken for somebody else’s', async () => {
    const run = await stepIn(
      scenarios.healthy(),
      { strategy: '10% 2m' },
      { arrange: ({ faults }) => faults.add({ action: 'UpdateAlias', effect: 'lost-response', nth: 1 }) },
    );
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(story(run)).toEqual(['3', '3 4:10', '4']);
  });
});

describe('a job that is cancelled', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s in the midst of a rollout: the baseline is back', async (signal) => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await step(simulator, { signalAt: { signal, atSimulatedMs: 4 * MINUTE } });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'rolled-back', 'canary-weight': '0', version: '4' });
      expect(run.outputs['reason']).toContain('cancelled');
      expect(story(run)).toEqual(['3', '3 4:10', '3']);
      const seen = simulator.calls.length;
      await post(simulator, run);
      expect(simulator.calls.slice(seen)).toEqual([]);
    });
  });

  test('during the bake: the baseline is back', async () => {
    const inputs = { ...AT_ONCE, 'bake-time': '10m' };
    const run = await stepIn(scenarios.healthy(), inputs, {
      signalAt: { signal: 'SIGINT', atSimulatedMs: 4 * MINUTE },
    });
    expectSound(run);
    expect(story(run)).toEqual(['3', '4', '3']);
  });

  test.each([
    ['right after the first shift was written', { action: 'UpdateAlias' }],
    ['while metrics are being read', { action: 'GetMetricData', nth: 3 }],
  ])('%s', async (_, afterCall) => {
    const run = await stepIn(scenarios.healthy(), {}, { signalAt: { signal: 'SIGTERM', afterCall } });
    expectSound(run);
    expect(story(run)).toEqual(['3', '3 4:10', '3']);
    expect(run.outputs['reason']).toContain('cancelled');
  });

  test('while a version is being published: no traffic is shifted', async () => {
    const signalAt = { signal: 'SIGINT', afterCall: { action: 'PublishVersion' } } as const;
    const run = await stepIn(scenarios.healthy(), {}, { signalAt });
    expectSound(run);
    expect(run.exitCode).toBe(1);
    expect(story(run).filter((state) => state !== '3')).toEqual([]);
    expect(run.outputs['reason']).toContain('cancelled');
  });
});

describe('a process that is killed', () => {
  test('in a dwell: post puts the baseline and the description back', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await step(simulator, { signalAt: { signal: 'SIGKILL', atSimulatedMs: 4 * MINUTE } });
      expect(run).toMatchObject({ exitCode: null, signal: 'SIGKILL', outputs: { result: 'failed' } });
      expect(story(run)).toEqual(['3', '3 4:10']);
      const after = await post(simulator, run);
      expect(after).toMatchObject({ exitCode: 0, stderr: '' });
      expect(after.annotations.map(({ level }) => level)).toEqual(['warning']);
      expect(simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1)).toMatchObject({
        functionVersion: '3',
        weights: {},
        description: 'callers use this',
      });
    });
  });

  test.each(['10% 2m', 'all-at-once'])(
    'during the bake of %s: the baseline, since not everything was judged',
    async (strategy) => {
      await within(scenarios.healthy(), async (simulator) => {
        const inputs = { strategy, 'bake-time': '30m' };
        const run = await step(simulator, { inputs, signalAt: { signal: 'SIGKILL', atSimulatedMs: 10 * MINUTE } });
        expect(story(run).at(-1)).toBe('4');
        await post(simulator, run);
        const last = simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1);
        expect(last).toMatchObject({ functionVersion: '3', weights: {}, description: 'callers use this' });
      });
    },
  );

  test('after which somebody else weighted the alias: left as it is', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await step(simulator, { signalAt: { signal: 'SIGKILL', afterCall: { action: 'UpdateAlias' } } });
      simulator.world.updateAlias(NAMES.function, NAMES.alias, { weights: { 4: 60 } });
      const after = await post(simulator, run);
      expect(after.annotations[0]?.message).toContain('somebody else has changed its weights');
      expect(simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1)).toMatchObject({ weights: { 4: 60 } });
    });
  });

  test('between the write and its answer, and post is refused at first: the next run repairs it', async () => {
    await within({ ...scenarios.healthy(), runs: { 1001: 'completed' } }, async (simulator) => {
      const signalAt = { signal: 'SIGKILL', afterCall: { action: 'UpdateAlias' } } as const;
      const run = await step(simulator, { signalAt });
      const allow = simulator.faults.add({ action: 'UpdateAlias', effect: 'access-denied' });
      const after = await post(simulator, run);
      expect(after.exitCode).toBe(0);
      expect(after.annotations[0]?.message).toContain('lambda:UpdateAlias');
      allow();
      const next = await step(simulator, { inputs: AT_ONCE, env: { GITHUB_RUN_ID: '1002' } });
      expectSound(next);
      expect(story(next)).toEqual(['3 4:10', '3', '4']);
    });
  });
});

test('after an orderly end post asks AWS nothing', async () => {
  await within(scenarios.healthy(), async (simulator) => {
    const run = await step(simulator, { inputs: AT_ONCE });
    const seen = simulator.calls.length;
    expect(await post(simulator, run)).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect(simulator.calls.slice(seen)).toEqual([]);
  });
});
