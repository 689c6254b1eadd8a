import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import type { FunctionSpec } from '../../simulator/scenario.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { DELETE, PUT, QUICK, lent, provisioned } from './support/capacity.ts';
import { type StepOptions, errorsOf, post, step, within } from './support/step.ts';

jest.setTimeout(30_000);

describe('a job that is cancelled', () => {
  test.each<[string, { readonly action: string; readonly nth?: number } | number]>([
    ['as the alias is marked', { action: 'UpdateAlias' }],
    ['as it is lent', { action: PUT }],
    ['while it is waited for', 20 * SECOND],
    ['in the first shift', { action: 'UpdateAlias', nth: 2 }],
    ['in the dwell', 2 * MINUTE],
    ['as it is taken back', { action: DELETE, nth: 2 }],
    ['in the promotion', { action: 'UpdateAlias', nth: 3 }],
  ])('%s: the baseline is back, and nothing is left', async (_, when) => {
    await within(provisioned(), async (simulator) => {
      const at = typeof when === 'number' ? { atSimulatedMs: when } : { afterCall: when };
      const run = await step(simulator, { inputs: QUICK, signalAt: { signal: 'SIGINT', ...at } });
      expect(run.exitCode).toBe(1);
      expect(run.history.at(-1)).toMatchObject({ functionVersion: '3', description: 'callers use this' });
      expect(lent(simulator)).toEqual([]);
    });
  });
});

describe('a loan that is still asked for when the job is cancelled', () => {
  const SIGNAL = { signal: 'SIGINT', beforeCall: { action: PUT } } as const;

  test('is waited for, or taken back by post', async () => {
    await within(provisioned(), async (simulator) => {
      const run = await step(simulator, { inputs: QUICK, signalAt: SIGNAL });
      expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
      await post(simulator, run);
      expect(lent(simulator)).toEqual([]);
      expect(simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1)).toMatchObject({
        functionVersion: '3',
        weights: {},
        description: 'callers use this',
      });
    });
  });

  test.each(['post', 'the next run'])('and comes after the step has ended is taken back by %s', async (who) => {
    await within({ ...provisioned(), runs: { 1001: 'completed' } }, async (simulator) => {
      const gate = Promise.withResolvers<undefined>();
      let landing: Promise<unknown> | undefined;
      simulator.faults.add({
        action: 'PublishVersion',
        nth: 1,
        // Added in mid-run, it stands within the signal.
        effect: ({ carryOut }) => {
          simulator.faults.add({
            action: PUT,
            nth: 1,
            effect: ({ carryOut: put }) => {
              landing = gate.promise.then(put);
              return 'hang';
            },
          });
          return carryOut();
        },
      });
      const run = await step(simulator, { inputs: QUICK, signalAt: SIGNAL });
      expect(run.history.at(-1)).toMatchObject({ functionVersion: '3', weights: {} });
      expect(run.history.at(-1)?.description).toContain('at 0%');
      expect(run.annotations.map(({ message }) => message).join()).toContain('Version 4 may still get the provisioned');
      gate.resolve(undefined);
      await landing;
      expect(lent(simulator)).toEqual(['4']);
      if (who === 'post') await post(simulator, run);
      else await step(simulator, { inputs: { command: 'rollback', artifact: '' }, env: { GITHUB_RUN_ID: '1002' } });
      expect(lent(simulator)).toEqual([]);
      expect(simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1)?.description).toBe('callers use this');
    });
  });
});

describe('what is not back when the rollout does not begin', () => {
  test.each<[string, FunctionSpec['provisioning'], StepOptions['signalAt']]>([
    ['the job is cancelled', { readyMs: 40 * SECOND }, { signal: 'SIGINT', atSimulatedMs: 20 * SECOND }],
    ['the version cannot start', { readyMs: SECOND, fails: 'FUNCTION_ERROR_INIT_FAILURE' }, undefined],
  ])('keeps the marker, and the next run takes it back: %s', async (_, provisioning = {}, signalAt) => {
    const scenario = { ...provisioned(scenarios.healthy(), { provisioning }), runs: { 1001: 'completed' } };
    await within(scenario, async (simulator) => {
      const allow = simulator.faults.add({ action: DELETE, from: 2, effect: 'access-denied' });
      const run = await step(simulator, { inputs: QUICK, ...(signalAt === undefined ? {} : { signalAt }) });
      const description = (): string | undefined =>
        simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1)?.description;
      const marker = /at 0% #[0-9a-f]{6} \+2 provisioned\] callers use this$/;
      expect(run.outputs['result']).toBe('failed');
      expect(description()).toMatch(marker);
      const after = await post(simulator, run);
      expect(after.annotations.map(({ message }) => message).join()).toContain('The next deployment takes it back');
      expect(description()).toMatch(marker);
      allow();
      await step(simulator, { inputs: { command: 'rollback', artifact: '' }, env: { GITHUB_RUN_ID: '1002' } });
      expect(lent(simulator)).toEqual([]);
      expect(description()).toBe('callers use this');
    });
  });

  test('and whose marker somebody took away is left to a person: post does not say that the next run does it', async () => {
    await within(provisioned(), async (simulator) => {
      simulator.faults.add({ action: DELETE, from: 2, effect: 'access-denied' });
      const run = await step(simulator, { inputs: QUICK, signalAt: { signal: 'SIGINT', atSimulatedMs: 20 * SECOND } });
      simulator.world.updateAlias(NAMES.function, NAMES.alias, { description: 'mine' });
      const said = (await post(simulator, run)).annotations.map(({ message }) => message).join();
      expect(said).toContain('By hand: aws lambda delete-provisioned-concurrency-config');
      expect(said).not.toContain('The next deployment');
    });
  });
});

describe('what a dead run has lent', () => {
  const KILLED = { signal: 'SIGKILL', afterCall: { action: 'UpdateAlias', nth: 2 } } as const;
  const over = (scenario: Scenario): Scenario => ({ ...scenario, runs: { 1001: 'completed' } });
  const LATER = { GITHUB_RUN_ID: '1002' } as const;

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['rollback', { command: 'rollback', artifact: '' }, '3'],
    ['promote', { command: 'promote', artifact: '' }, '4'],
    ['a deployment that has nothing to do', { artifact: '' }, '3'],
  ])('is taken back by %s', async (_, inputs, serves) => {
    await within(over(provisioned()), async (simulator) => {
      await step(simulator, { inputs: QUICK, signalAt: KILLED });
      expect(lent(simulator)).toEqual(['4']);
      // A deployment of what is served already: the first thing it does is to put the alias in order.
      const object = { 's3-bucket': NAMES.bucket, 's3-key': 'three.zip' };
      simulator.objects.putObject(NAMES.bucket, 'three.zip', Buffer.from('PK three'));
      await step(simulator, { inputs: 'command' in inputs ? inputs : { ...inputs, ...object }, env: LATER });
      expect(lent(simulator).filter((version) => version === '4')).toEqual([]);
      expect(
        simulator.aliasHistory(NAMES.function, NAMES.alias).some(({ functionVersion }) => functionVersion === serves),
      ).toBe(true);
    });
  });

  test('a dry run says what it would take back', async () => {
    await within(over(provisioned()), async (simulator) => {
      await step(simulator, { inputs: QUICK, signalAt: KILLED });
      const run = await step(simulator, { inputs: { ...QUICK, 'dry-run': 'true' }, env: LATER });
      expect(run.report?.notes.join()).toContain('take back the provisioned concurrency (2) of version 4');
      expect(lent(simulator)).toEqual(['4']);
    });
  });

  test('but not what somebody has made of it since', async () => {
    await within(over(provisioned()), async (simulator) => {
      await step(simulator, { inputs: QUICK, signalAt: KILLED });
      const { provisioned: all } = simulator.world.function(NAMES.function);
      all.set('4', { requested: 50, moveMs: 0, readyAt: 0, failure: undefined });
      await step(simulator, { inputs: { command: 'rollback', artifact: '' }, env: LATER });
      expect(lent(simulator)).toEqual(['4']);
    });
  });

  test('post takes it back, and is told to the log', async () => {
    await within(provisioned(), async (simulator) => {
      const run = await step(simulator, { inputs: QUICK, signalAt: KILLED });
      const after = await post(simulator, run);
      expect(after).toMatchObject({ exitCode: 0, stderr: '' });
      expect(lent(simulator)).toEqual([]);
      expect(simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1)).toMatchObject({
        functionVersion: '3',
        weights: {},
        description: 'callers use this',
      });
    });
  });

  test('post takes it back late: the marker goes, too', async () => {
    await within(provisioned(), async (simulator) => {
      const run = await step(simulator, { inputs: QUICK, signalAt: KILLED });
      simulator.faults.add({ action: DELETE, count: 9, effect: 'throttle' });
      expect(await post(simulator, run)).toMatchObject({ exitCode: 0, stderr: '' });
      expect(lent(simulator)).toEqual([]);
      const left = { functionVersion: '3', weights: {}, description: 'callers use this' };
      expect(simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1)).toMatchObject(left);
    });
  });

  test('rollback without the permission: the marker stays for the next run', async () => {
    await within(over(provisioned()), async (simulator) => {
      await step(simulator, { inputs: QUICK, signalAt: KILLED });
      const allow = simulator.faults.add({ action: DELETE, effect: 'access-denied' });
      const run = await step(simulator, { inputs: { command: 'rollback', artifact: '' }, env: LATER });
      expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'rolled-back' } });
      expect(run.history.at(-1)).toMatchObject({ functionVersion: '3', weights: {} });
      expect(run.annotations[0]?.message).toContain('lambda:DeleteProvisionedConcurrencyConfig');
      expect(lent(simulator)).toEqual(['4']);
      allow();
      await step(simulator, { inputs: { strategy: 'all-at-once' }, env: { GITHUB_RUN_ID: '1003' } });
      expect(lent(simulator)).toEqual([]);
      expect(simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1)?.description).toBe('callers use this');
    });
  });

  test('a permission that is gone: the alias is back, the marker stays, and the next run finds it', async () => {
    await within(over(provisioned()), async (simulator) => {
      const allow = simulator.faults.add({ action: DELETE, from: 2, effect: 'access-denied' });
      const run = await step(simulator, { inputs: QUICK });
      expect(run.outputs).toMatchObject({ result: 'rolled-back' });
      const by = 'aws lambda delete-provisioned-concurrency-config --function-name checkout --qualifier 4';
      expect(run.annotations.map(({ message }) => message).join('\n')).toContain(by);
      const after = await post(simulator, run);
      expect(after.annotations.map(({ message }) => message).join('\n')).toContain(by);
      const left = simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1);
      expect(left).toMatchObject({ functionVersion: '3', weights: {} });
      expect(left?.description).toMatch(/at 0% #[0-9a-f]{6} \+2 provisioned\] callers use this$/);
      expect(lent(simulator)).toEqual(['4']);
      allow();
      const rollback = await step(simulator, { inputs: { command: 'rollback', artifact: '' }, env: LATER });
      expect(errorsOf(rollback)).toEqual([]);
      expect(lent(simulator)).toEqual([]);
      expect(rollback.history.at(-1)?.description).toBe('callers use this');
    });
  });
});
