import { describe, expect, jest, test } from '@jest/globals';
import type { FaultSpec } from '../../simulator/faults.ts';
import type { Simulator } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { withFunction } from './support/aliases.ts';
import { contentOf, settingsOf, variablesOf } from './support/settings.ts';
import { expectSound } from './support/sound.ts';
import { type StepOptions, step, story, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

const CHANGE = {
  strategy: 'all-at-once',
  configuration: 'MemorySize: 512',
  environment: '{"FEATURE": "on", "OLD": null}',
} as const;
const RELEASED = { Variables: { KEPT: 'x', FEATURE: 'on' } } as const;

const scenario = withFunction(scenarios.healthy(), {
  settings: { MemorySize: 256, Environment: { Variables: { KEPT: 'x', OLD: 'y' } } },
});

type Interruption = Pick<StepOptions, 'signalAt'> & { readonly fault?: FaultSpec };

const KILL = 'SIGKILL';
const STOP = 'SIGINT';

describe('a run that ends between the update of the configuration and the publication', () => {
  test.each<[string, Interruption]>([
    ['cancelled in the update', { signalAt: { signal: STOP, afterCall: { action: 'UpdateFunctionConfiguration' } } }],
    [
      'cancelled in the update of the code',
      { signalAt: { signal: STOP, afterCall: { action: 'UpdateFunctionCode' } } },
    ],
    ['cancelled before the publication', { signalAt: { signal: STOP, beforeCall: { action: 'PublishVersion' } } }],
    ['killed in the update', { signalAt: { signal: KILL, afterCall: { action: 'UpdateFunctionConfiguration' } } }],
    ['killed before the code', { signalAt: { signal: KILL, beforeCall: { action: 'UpdateFunctionCode' } } }],
    ['the code is refused', { fault: { action: 'UpdateFunctionCode', effect: 'access-denied' } }],
    ['the publication is refused', { fault: { action: 'PublishVersion', effect: 'access-denied' } }],
  ])('%s: the alias is untouched, and the next run does what is left', async (_, { signalAt, fault }) => {
    await within(scenario, async (simulator) => {
      const before = contentOf(simulator, '3');
      const lift = fault === undefined ? undefined : simulator.faults.add(fault);
      const run = await step(simulator, { inputs: CHANGE, ...(signalAt === undefined ? {} : { signalAt }) });
      expect(run.outputs['result']).toBe('failed');
      expect(story(run)).toEqual(['3']);
      expect(contentOf(simulator, '3')).toEqual(before);
      expect(variablesOf(simulator, '$LATEST')).toEqual(RELEASED);
      lift?.();

      const next = await step(simulator, { inputs: CHANGE });
      expectSound(next);
      expect(next.outputs['result']).toBe('promoted');
      expect(writes(next)).not.toContain('UpdateFunctionConfiguration');
      const { version = '' } = next.outputs;
      expect(variablesOf(simulator, version)).toEqual(RELEASED);
      expect(settingsOf(simulator, version)).toMatchObject({ MemorySize: 512 });
    });
  });

  test('and the next run names something else: that is what is released', async () => {
    await within(scenario, async (simulator) => {
      const lift = simulator.faults.add({ action: 'PublishVersion', effect: 'access-denied' });
      await step(simulator, { inputs: CHANGE });
      lift();
      const inputs = { ...CHANGE, configuration: 'MemorySize: 256', environment: 'FEATURE: null\nOLD: y' };
      const next = await step(simulator, { inputs });
      expectSound(next);
      expect(writes(next)[0]).toBe('UpdateFunctionConfiguration');
      expect(settingsOf(simulator, '4')).toEqual(settingsOf(simulator, '3'));
    });
  });
});

describe('an update of the configuration that does not go smoothly', () => {
  test('Lambda fails to carry it out: its reason; the next run sends it again', async () => {
    const configureFails = { reason: 'The subnet has no addresses left.', code: 'SubnetOutOfIPAddresses' };
    await within(withFunction(scenario, { configureFails }), async (simulator) => {
      const run = await step(simulator, { inputs: CHANGE });
      expectSound(run);
      expect(run.outputs['reason']).toContain(configureFails.reason);
      expect(story(run)).toEqual(['3']);
      const fn = simulator.world.function(NAMES.function);
      Object.assign(fn, { spec: { ...fn.spec, configureFails: undefined } });
      const next = await step(simulator, { inputs: CHANGE });
      expectSound(next);
      expect(next.outputs['result']).toBe('promoted');
      expect(writes(next)[0]).toBe('UpdateFunctionConfiguration');
    });
  });

  test.each<[string, FaultSpec]>([
    ['the answer is lost', { action: 'UpdateFunctionConfiguration', nth: 1, effect: 'lost-response' }],
    ['throttled', { action: 'UpdateFunctionConfiguration', nth: 1, effect: 'throttle' }],
    ['the answer to the publication is lost', { action: 'PublishVersion', nth: 1, effect: 'lost-response' }],
  ])('%s: one version, with all of it', async (_, fault) => {
    await within(scenario, async (simulator) => {
      simulator.faults.add(fault);
      const run = await step(simulator, { inputs: CHANGE });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '4' });
      expect(variablesOf(simulator, '4')).toEqual(RELEASED);
    });
  });

  test.each<[string, string, 'promoted' | 'failed']>([
    ['before our update: theirs is kept, ours is merged into it', 'UpdateFunctionConfiguration', 'promoted'],
    ['before the publication: nobody vouches for that mixture', 'PublishVersion', 'failed'],
  ])('somebody else changes the configuration %s', async (_, action, result) => {
    await within(scenario, async (simulator) => {
      simulator.faults.add({ action, nth: 1, effect: async ({ carryOut }) => (meddle(simulator), carryOut()) });
      const run = await step(simulator, { inputs: CHANGE });
      expectSound(run);
      expect(run.outputs['result']).toBe(result);
      if (result === 'promoted')
        expect(variablesOf(simulator, '4')).toEqual({ Variables: { KEPT: 'z', FEATURE: 'on' } });
      else expect(run.outputs['reason']).toContain('somebody else');
    });
  });
});

/** As a person in the console. */
function meddle(simulator: Simulator): void {
  const { Environment: environment, ...settings } = settingsOf(simulator, '$LATEST');
  const { Variables: variables } = environment as { Variables: Record<string, string> };
  simulator.world.changeVersion(NAMES.function, '$LATEST', {
    settings: { ...settings, Environment: { Variables: { ...variables, KEPT: 'z' } } },
  });
}
