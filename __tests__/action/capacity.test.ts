import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { failing } from '../faults/endings.ts';
import { withAlias } from './support/aliases.ts';
import { DELETE, OWN, PUT, QUICK, course, lent, ownStory, provisioned } from './support/capacity.ts';
import { expectSound } from './support/sound.ts';
import { errorsOf, post, step, stepIn, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

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
