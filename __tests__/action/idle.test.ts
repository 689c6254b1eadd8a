import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import type { FunctionSpec } from '../../simulator/scenario.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { withFunction } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { type Step, step, stepIn, story, within } from './support/step.ts';

jest.setTimeout(30_000);

const QUICK = { strategy: '10% 2m' } as const;

/** Versions 2 and 3 have been put away: nobody has called them for weeks. */
function idle(change: Partial<FunctionSpec> = {}): Scenario {
  const versions = [1, 2, 3].map((version) => ({
    version,
    code: `release ${version}`,
    ...(version === 1 ? {} : { state: 'Inactive' as const }),
  }));
  return withFunction(scenarios.noTraffic(), { versions, ...change });
}

function callsOf({ calls }: Step, action: string) {
  return calls.filter((call) => call.action === action);
}

describe('a baseline that Lambda has put away', () => {
  test.each<[string, Partial<FunctionSpec>]>([
    ['of a function in a VPC or of an image', {}],
    ['with SnapStart', { snapStart: true }],
  ])('%s is awake before the first shift', async (_, change) => {
    await within(idle(change), async (simulator) => {
      const run = await step(simulator, { inputs: QUICK });
      expectSound(run);
      expect(run.outputs['result']).toBe('promoted');
      const invokes = callsOf(run, 'Invoke');
      expect(invokes.map(({ request }) => request['Qualifier'])).toEqual(['3']);
      expect(invokes[0]?.status).toBeGreaterThanOrEqual(400);
      expect((run.history[1]?.at ?? 0) - (invokes[0]?.at ?? 0)).toBeGreaterThanOrEqual(60 * SECOND);
      expect(run.stdout).toContain('Version 3 is still Pending after 3');
      expect(run.stdout).toContain('Version 3 is Active again.');
      expect(run.annotations).toEqual([]);
    });
  });

  test('a canary that was published long ago, too', async () => {
    await within(scenarios.noTraffic(), async (simulator) => {
      await step(simulator, { inputs: { strategy: 'all-at-once' } });
      simulator.world.changeVersion(NAMES.function, '4', { state: 'Inactive' });
      simulator.world.updateAlias(NAMES.function, NAMES.alias, { functionVersion: '3' });
      const run = await step(simulator, { inputs: QUICK });
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '4' });
      expect(callsOf(run, 'Invoke').map(({ request }) => request['Qualifier'])).toEqual(['4']);
    });
  });

  test.each([
    ['with a smoke test', { 'smoke-test': '{"a": 1}' }, ['4', '4']],
    ['without', {}, ['4']],
  ])('a version that gets all traffic at once, %s', async (_, more, invoked) => {
    await within(scenarios.noTraffic(), async (simulator) => {
      const inputs = { strategy: 'all-at-once', ...more };
      await step(simulator, { inputs: { strategy: 'all-at-once' } });
      simulator.world.changeVersion(NAMES.function, '4', { state: 'Inactive' });
      simulator.world.updateAlias(NAMES.function, NAMES.alias, { functionVersion: '3' });
      const run = await step(simulator, { inputs });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '4' });
      expect(callsOf(run, 'Invoke').map(({ request }) => request['Qualifier'])).toEqual(invoked);
      expect(run.stdout).toContain('Version 4 is Active again.');
      expect(run.annotations).toEqual([]);
    });
  });

  test('nobody wakes it where no rollout depends on it', async () => {
    expect(callsOf(await stepIn(idle(), { strategy: 'all-at-once' }), 'Invoke')).toEqual([]);
    expect(callsOf(await stepIn(idle(), { ...QUICK, 'dry-run': 'true' }), 'Invoke')).toEqual([]);
  });

  test.each<[string, Scenario, string]>([
    [
      'without the permission',
      { ...idle(), deny: ['lambda:InvokeFunction'] },
      'Version 3 is Inactive and could not be woken: not allowed to lambda:InvokeFunction',
    ],
    ['that does not wake', idle({ wakeMs: 'never' }), 'Version 3 is Inactive after an attempt to wake it.'],
  ])('%s: a warning, and the rollout goes on', async (_, scenario, sentence) => {
    const run = await stepIn(scenario, QUICK);
    expect(run).toMatchObject({ exitCode: 0, stderr: '', outputs: { result: 'promoted' } });
    expect(run.annotations.map(({ message }) => message).join()).toContain(sentence);
    expect(story(run)).toEqual(['3', '3 4:10', '4']);
  });

  test('a cancelled job waits no longer', async () => {
    const signalAt = { signal: 'SIGINT', atSimulatedMs: 20 * SECOND } as const;
    const run = await stepIn(idle({ wakeMs: 10 * MINUTE }), QUICK, { signalAt });
    expectSound(run);
    expect(run.outputs['reason']).toContain('before any traffic was shifted');
    expect(story(run)).toEqual(['3']);
  });
});

describe('a version to go back to that Lambda has put away', () => {
  const BACK = { command: 'rollback', artifact: '', version: '2' } as const;

  test('is woken before it gets all traffic', async () => {
    const run = await stepIn(idle(), BACK);
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '2' });
    expect(callsOf(run, 'Invoke').map(({ request }) => request['Qualifier'])).toEqual(['2']);
    expect(run.stdout).toContain('Version 2 is Active again.');
  });

  test('gets it ready or not: an emergency does not wait for long', async () => {
    await within(idle({ wakeMs: 10 * MINUTE }), async (simulator) => {
      const run = await step(simulator, { inputs: BACK });
      expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '2' });
      expect(simulator.clock.now() - simulator.frame.start).toBeLessThan(2.5 * MINUTE);
      expect(run.annotations.map(({ message }) => message).join()).toContain('Version 2 is Pending after an attempt');
    });
  });

  test.each([['throttle'], ['server-error'], ['reset'], ['hang']] as const)(
    'is woken although a call got: %s',
    async (effect) => {
      await within(idle(), async (simulator) => {
        simulator.faults.add({ action: 'Invoke', nth: 1, effect });
        const run = await step(simulator, { inputs: BACK });
        expectSound(run);
        expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '2' });
        expect(callsOf(run, 'Invoke')).toHaveLength(2);
        expect(run.stdout).toContain('Version 2 is Active again.');
      });
    },
  );

  test.each<[string, Partial<FunctionSpec>, 'throttle' | undefined]>([
    ['every call is lost', {}, 'throttle'],
    ['waking does not work', { wakeMs: 'never' }, undefined],
  ])('gets the traffic within seconds where %s', async (_, change, effect) => {
    await within(idle(change), async (simulator) => {
      if (effect !== undefined) simulator.faults.add({ action: 'Invoke', effect });
      const run = await step(simulator, { inputs: BACK });
      expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '2' });
      expect(simulator.clock.now() - simulator.frame.start).toBeLessThan(15 * SECOND);
      expect(run.annotations.map(({ message }) => message).join()).toContain('Version 2 is Inactive after an attempt');
    });
  });

  test('a dry run leaves it asleep', async () => {
    const run = await stepIn(idle(), { ...BACK, 'dry-run': 'true' });
    expect(run.outputs['result']).toBe('planned');
    expect(callsOf(run, 'Invoke')).toEqual([]);
  });
});

test('SnapStart: a publication of minutes is waited for, and told', async () => {
  const scenario = withFunction(scenarios.healthy(), { snapStart: true, pendingMs: 4 * MINUTE });
  const run = await stepIn(scenario, { strategy: 'all-at-once' });
  expectSound(run);
  expect(run.outputs['result']).toBe('promoted');
  expect(run.lines.filter((line) => line.includes('Lambda takes its snapshot (SnapStart)')).length).toBeGreaterThan(5);
});
