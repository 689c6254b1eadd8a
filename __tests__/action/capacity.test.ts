import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import type { FunctionSpec } from '../../simulator/scenario.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { failing } from '../faults/endings.ts';
import { withAlias, withFunction } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { type Step, type StepOptions, errorsOf, post, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

const QUICK = { strategy: '10% 2m' } as const;
const OWN = { requested: 20, moveMs: 30 * SECOND } as const;
const PUT = 'PutProvisionedConcurrencyConfig';
const DELETE = 'DeleteProvisionedConcurrencyConfig';

/** The alias has provisioned concurrency of 20. */
function provisioned(scenario: Scenario = scenarios.healthy(), change: Partial<FunctionSpec> = {}): Scenario {
  const aliased = withAlias(scenario, { description: 'callers use this', provisionedConcurrency: OWN });
  return withFunction(aliased, { provisioning: { readyMs: 40 * SECOND }, ...change });
}

/** Which versions have some of their own. */
function lent(simulator: Simulator): readonly string[] {
  const { provisioned: all } = simulator.world.function(NAMES.function);
  return [...all.keys()].filter((qualifier) => /^\d+$/.test(qualifier));
}

/** What was done to the alias and to provisioned concurrency, without what came before. */
function course(run: Pick<Step, 'calls'>): readonly string[] {
  return writes(run).filter((action) => action === 'UpdateAlias' || action.includes('Provisioned'));
}

/** Lambda's own weights while the alias' provisioned concurrency moves say nothing of the plan. */
function ownStory(run: Step): readonly string[] {
  return story(run).filter((state) => !state.endsWith(':100'));
}

describe('provisioned concurrency on the alias', () => {
  test('the canary is lent its share, waited for, and the alias takes over', async () => {
    await within(provisioned(), async (simulator) => {
      const run = await step(simulator, { inputs: { strategy: '10% 2m, 30% 2m' } });
      expect(run).toMatchObject({ exitCode: 0, stderr: '', outputs: { result: 'promoted', version: '4' } });
      expect(course(run)).toEqual([DELETE, 'UpdateAlias', PUT, 'UpdateAlias', 'UpdateAlias', DELETE, 'UpdateAlias']);
      const put = run.calls.find(({ action }) => action === PUT);
      expect(put?.request).toMatchObject({ Qualifier: '4', ProvisionedConcurrentExecutions: 6 });
      expect(ownStory(run)).toEqual(['3', '3', '3 4:10', '3 4:30', '4', '4']);
      expect(run.stdout).toContain('Provisioned concurrency of version 4: 0 of 6 ready after 3');
      expect(run.stdout).toMatch(/Version 4 is prepared after 4\ds\./);
      const [, reserved, first] = run.history;
      expect(reserved?.description).toMatch(/^\[canary 3->4 .* at 0% #[0-9a-f]{6} \+6 provisioned\] callers use this$/);
      expect((first?.at ?? 0) - (reserved?.at ?? 0)).toBeGreaterThanOrEqual(40 * SECOND);
      expect(lent(simulator)).toEqual([]);
      expect(await post(simulator, run)).toMatchObject({ exitCode: 0, stdout: '' });
    });
  });

  test('after a rollback it is taken back before the alias is', async () => {
    await within(provisioned(failing(scenarios.healthy(), 1)), async (simulator) => {
      const run = await step(simulator, { inputs: QUICK });
      expect(run.outputs).toMatchObject({ result: 'rolled-back', 'canary-weight': '0' });
      expect(course(run).slice(-2)).toEqual([DELETE, 'UpdateAlias']);
      expect(run.history.at(-1)).toMatchObject({ functionVersion: '3', weights: {}, description: 'callers use this' });
      expect(lent(simulator)).toEqual([]);
    });
  });

  test('a rollout that is held keeps nothing that costs money', async () => {
    await within(provisioned(scenarios.noTraffic()), async (simulator) => {
      const run = await step(simulator, { inputs: { ...QUICK, 'on-inconclusive': 'hold' } });
      expectSound(run);
      expect(run.outputs['result']).toBe('held');
      expect(lent(simulator)).toEqual([]);
      expect(run.history.at(-1)?.description).not.toContain('provisioned');
    });
  });

  test('all at once needs none: Lambda moves it by itself', async () => {
    const run = await stepIn(provisioned(), { strategy: 'all-at-once' });
    expect(run.outputs['result']).toBe('promoted');
    expect(course(run)).toEqual(['UpdateAlias']);
  });

  test('a canary that has its own is refused before any traffic: the alias could not be moved to it', async () => {
    await within(provisioned(), async (simulator) => {
      simulator.faults.add({
        action: 'PublishVersion',
        nth: 1,
        effect: async ({ carryOut }) => {
          const answer = await carryOut();
          const { provisioned: all } = simulator.world.function(NAMES.function);
          all.set('4', { requested: 2, moveMs: 0, readyAt: 0, failure: undefined });
          return answer;
        },
      });
      const run = await step(simulator, { inputs: QUICK });
      expectSound(run);
      const reason = expect.stringContaining('version 4 has provisioned concurrency (2) of its own');
      expect(run.outputs).toMatchObject({ result: 'failed', reason });
      expect(errorsOf(run)[0]?.message).toContain(
        'aws lambda delete-provisioned-concurrency-config --function-name checkout --qualifier 4',
      );
      expect(course(run)).toEqual([]);
      expect(lent(simulator)).toEqual(['4']);
      expect(await post(simulator, run)).toMatchObject({ exitCode: 0, annotations: [] });
      const dry = await step(simulator, { inputs: { ...QUICK, 'dry-run': 'true' }, env: { GITHUB_RUN_ID: '1002' } });
      expect(dry.report?.plan.join()).toContain('stop before the first shift if');
      expect(dry.report?.plan.join()).toContain('--function-name checkout --qualifier 4');
    });
  });

  test('a dry run does not take another version for the one that is to be', async () => {
    const versions = [{ code: 'one' }, { code: 'two', provisionedConcurrency: 3 }, { code: 'three' }];
    const run = await stepIn(provisioned(scenarios.healthy(), { versions }), { ...QUICK, 'dry-run': 'true' });
    expect(run.report?.plan.join()).toContain('lend the new version provisioned concurrency of 2');
  });

  test('a dry run says so, and changes nothing', async () => {
    const run = await stepIn(provisioned(), { ...QUICK, 'dry-run': 'true' });
    expectSound(run);
    expect(writes(run)).toEqual([]);
    expect(run.report?.plan.join('\n')).toContain('lend the new version provisioned concurrency of 2 for the rollout');
  });
});

describe('without what it takes the rollout goes on, and says so in one line', () => {
  const goesOn = 'version 4 goes without as the canary';

  test.each<[string, Scenario, string, readonly string[]]>([
    [
      'not allowed to look',
      { ...provisioned(), deny: ['lambda:ListProvisionedConcurrencyConfigs'] },
      'Provisioned concurrency is not looked after: not allowed to lambda:ListProvisionedConcurrencyConfigs',
      ['UpdateAlias', 'UpdateAlias'],
    ],
    [
      'not allowed to take back: then nothing is lent',
      { ...provisioned(), deny: [`lambda:${DELETE}`] },
      `${goesOn}: not allowed to lambda:${DELETE}`,
      [DELETE, 'UpdateAlias', 'UpdateAlias'],
    ],
    [
      'not allowed to lend',
      { ...provisioned(), deny: [`lambda:${PUT}`] },
      `not allowed to lambda:${PUT}`,
      [DELETE, 'UpdateAlias', PUT, DELETE, 'UpdateAlias', 'UpdateAlias'],
    ],
    [
      'Lambda has no capacity',
      provisioned(scenarios.healthy(), { provisioning: { readyMs: SECOND, fails: 'There is not enough capacity.' } }),
      'There is not enough capacity.',
      [DELETE, 'UpdateAlias', PUT, DELETE, 'UpdateAlias', 'UpdateAlias'],
    ],
    [
      'Lambda takes no split with it',
      provisioned(scenarios.healthy(), { provisioning: { readyMs: SECOND, splits: 'refused' } }),
      'so version 4 goes without',
      [DELETE, 'UpdateAlias', PUT, 'UpdateAlias', DELETE, 'UpdateAlias', 'UpdateAlias'],
    ],
  ])('%s', async (_, scenario, sentence, expected) => {
    await within(scenario, async (simulator) => {
      const run = await step(simulator, { inputs: QUICK });
      expect(run).toMatchObject({ exitCode: 0, stderr: '', outputs: { result: 'promoted' } });
      expect(course(run)).toEqual(expected);
      expect(run.lines.filter((line) => line.includes(sentence))).toHaveLength(1);
      expect(run.annotations).toEqual([]);
      expect(ownStory(run).at(-1)).toBe('4');
      expect(lent(simulator)).toEqual([]);
    });
  });

  test('it takes too long: max-duration bounds the wait and the rollout together', async () => {
    const scenario = provisioned(scenarios.healthy(), { provisioning: { readyMs: 60 * MINUTE } });
    await within(scenario, async (simulator) => {
      const run = await step(simulator, { inputs: { ...QUICK, 'max-duration': '10m' } });
      expect(run.outputs['result']).toBe('promoted');
      expect(run.stdout).toContain(
        'Version 4 goes without provisioned concurrency (2) as the canary: not ready after 6m',
      );
      expect((run.history.at(-1)?.at ?? 0) - simulator.frame.start).toBeLessThan(11 * MINUTE);
      expect(lent(simulator)).toEqual([]);
    });
  });

  test('max-duration leaves no time for it', async () => {
    const run = await stepIn(provisioned(), { ...QUICK, 'max-duration': '4m' });
    expect(run.stdout).toContain(`${goesOn}: max-duration, or the session`);
    expect(course(run)).toEqual(['UpdateAlias', 'UpdateAlias']);
  });
});

test('a version that cannot even start is refused before any traffic', async () => {
  const provisioning = { readyMs: SECOND, fails: 'FUNCTION_ERROR_INIT_FAILURE' };
  await within(provisioned(scenarios.healthy(), { provisioning }), async (simulator) => {
    const run = await step(simulator, { inputs: QUICK });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'failed', reason: expect.stringContaining('fails while it starts') });
    expect(ownStory(run)).toEqual(['3', '3', '3']);
    expect(lent(simulator)).toEqual([]);
    expect(await post(simulator, run)).toMatchObject({ exitCode: 0, stdout: '' });
  });
});

test('what does not come up after the promotion is told', async () => {
  const quick = { ...OWN, moveMs: 5 * SECOND };
  const run = await within(withAlias(provisioned(), { provisionedConcurrency: quick }), (simulator) => {
    simulator.faults.add({
      action: 'UpdateAlias',
      nth: 3,
      effect: async ({ carryOut }) => {
        const answer = await carryOut();
        const { provisioned: all } = simulator.world.function(NAMES.function);
        all.set('live', { ...quick, readyAt: 0, failure: 'There is not enough capacity.' });
        simulator.world.updateAlias(NAMES.function, 'live', { weights: {} });
        return answer;
      },
    });
    return step(simulator, { inputs: QUICK });
  });
  expect(run.outputs['result']).toBe('promoted');
  const line =
    'Provisioned concurrency of alias live is FAILED on version 4: 0 of 20 ready (There is not enough capacity.)';
  expect(run.annotations.map(({ message }) => message).join()).toContain(line);
});

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
