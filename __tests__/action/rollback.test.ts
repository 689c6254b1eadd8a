import { describe, expect, jest, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { inRollout, marker, withAlias } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { type StepOptions, errorsOf, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(20_000);

const ROLLBACK = { command: 'rollback', artifact: '' } as const;

function rollback(simulator: Simulator, { inputs, ...options }: StepOptions = {}) {
  return step(simulator, { ...options, inputs: { ...ROLLBACK, ...inputs } });
}

describe('command: rollback', () => {
  test('in the midst of a rollout: its baseline, its description, nothing asked of CloudWatch', async () => {
    const run = await stepIn(inRollout(scenarios.healthy()), ROLLBACK);
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '2', 'canary-weight': '0', verdict: 'none' });
    expect(story(run)).toEqual(['2 3:10', '2']);
    expect(run.history.at(-1)?.description).toBe('ours');
    expect(run.calls.filter(({ service }) => service !== 'lambda')).toEqual([]);
  });

  test('in the midst of a rollout: names the canary as what callers no longer reach', async () => {
    const run = await stepIn(inRollout(scenarios.healthy()), ROLLBACK);
    expect(run.outputs).toMatchObject({ version: '2', 'previous-version': '3' });
    expect(run.summary).toContain('**Next:** Nothing is urgent: callers no longer reach version 3.');
    expect(run.summary).toContain('[Metrics of both versions]');
    expect(run.summary).toContain('[Log of version 3]');
    expect(run.summary).not.toContain('[Log of version 2]');
  });

  test('in the midst of a rollout, to its canary: the baseline is what callers no longer reach', async () => {
    const run = await stepIn(inRollout(scenarios.healthy()), { ...ROLLBACK, version: '3' });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '3', 'previous-version': '2' });
  });

  test('of which only the marker is left: nobody reached its canary', async () => {
    const left = withAlias(scenarios.healthy(), { functionVersion: '2', description: marker() });
    const run = await stepIn(left, ROLLBACK);
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '2', 'previous-version': '2' });
    expect(run.summary).not.toContain('**Next:**');
    expect(run.history.at(-1)?.description).toBe('ours');
  });

  test('after a rollout that was held: its baseline, its description', async () => {
    await within(scenarios.noTraffic(), async (simulator) => {
      await step(simulator, { inputs: { strategy: '10% 2m', 'on-inconclusive': 'hold' } });
      const run = await rollback(simulator);
      expectSound(run);
      expect(story(run)).toEqual(['3 4:10', '3']);
      expect(run.history.at(-1)?.description).toBe('callers use this');
    });
  });

  test('split by something else: all on the version that had the rest', async () => {
    const run = await stepIn(withAlias(scenarios.healthy(), { functionVersion: '2', weights: { 3: 25 } }), ROLLBACK);
    expectSound(run);
    expect(story(run)).toEqual(['2 3:25', '2']);
    expect(run.outputs).toMatchObject({ version: '2', 'previous-version': '3' });
  });

  test('after a promotion: back to what carried the alias, past a canary that was rolled back', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      simulator.clock.advance(3 * 3_600_000);
      const latest = simulator.world.configuration(simulator.world.function(NAMES.function));
      const { versions } = simulator.world.function(NAMES.function);
      versions.set('4', { ...latest, version: '4' });
      versions.set('5', { ...latest, version: '5' });
      simulator.world.updateAlias(NAMES.function, NAMES.alias, { weights: { 4: 10 } });
      simulator.clock.advance(10 * 60_000);
      simulator.world.updateAlias(NAMES.function, NAMES.alias, { functionVersion: '5', weights: {} });
      simulator.clock.advance(10 * 60_000);
      const run = await rollback(simulator);
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '3', 'previous-version': '5' });
      expect(story(run)).toEqual(['5', '3']);
    });
  });

  test('no traffic tells: the next lower number, and says so', async () => {
    const run = await stepIn(scenarios.noTraffic(), ROLLBACK);
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '2', 'previous-version': '3' });
    expect(run.report?.notes.join()).toContain('next lower number');
  });

  test('metrics that cannot be read do not stand in the way', async () => {
    const run = await stepIn(scenarios.healthy(), ROLLBACK, {
      arrange: ({ faults }) => faults.add({ service: 'cloudwatch', effect: 'access-denied' }),
    });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '2' });
    expect(run.annotations.map(({ level }) => level)).toEqual(['warning']);
  });

  test.each([
    ['to an explicit version', scenarios.healthy(), { version: '1' }, 'rolled-back', ['3', '1']],
    ['to the version that is served', scenarios.healthy(), { version: '3' }, 'unchanged', ['3']],
    ['dry', scenarios.healthy(), { version: '1', 'dry-run': 'true' }, 'planned', ['3']],
  ])('%s', async (_, scenario, inputs, result, expected) => {
    const run = await stepIn(scenario, { ...ROLLBACK, ...inputs });
    expectSound(run);
    expect(run.outputs['result']).toBe(result);
    expect(story(run)).toEqual(expected);
    expect(writes(run)).toEqual(result === 'rolled-back' ? ['UpdateAlias'] : []);
  });

  test.each([
    [
      'a version that does not exist',
      scenarios.healthy(),
      { version: '9' },
      'there is no version 9 of function checkout',
    ],
    ['nothing earlier', withAlias(scenarios.noTraffic(), { functionVersion: '1' }), {}, 'no version before 1'],
    ['no alias', scenarios.firstDeployment(), {}, 'function checkout has no alias live'],
    ['no function', scenarios.healthy(), { 'function-name': 'nothing' }, 'there is no function nothing in eu-west-1'],
  ])('%s: fails, and nothing is written', async (_, scenario, inputs, sentence) => {
    const run = await stepIn(scenario, { ...ROLLBACK, ...inputs });
    expectSound(run);
    expect(run.outputs['result']).toBe('failed');
    expect(errorsOf(run)[0]?.message).toContain(sentence);
    expect(writes(run)).toEqual([]);
  });
});
