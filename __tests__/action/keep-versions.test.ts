import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import type { FunctionSpec, VersionSpec } from '../../simulator/scenario.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { marker, withFunction } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { type Step, step, stepIn, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

const AT_ONCE = { strategy: 'all-at-once', 'keep-versions': '2' } as const;
const LIVE = { name: NAMES.alias, functionVersion: '10', description: 'ours' } as const;

/** Versions 1 to 10, the alias on the last; a deployment publishes 11. */
function ten(
  change: Partial<FunctionSpec> = {},
  versions: Readonly<Record<number, Partial<VersionSpec>>> = {},
): Scenario {
  const all = Array.from({ length: 10 }, (_, index) => ({
    code: `release ${index + 1}`,
    bytes: 1_000_000,
    ...versions[index + 1],
  }));
  return withFunction(scenarios.healthy(), { versions: all, aliases: [LIVE], ...change });
}

function left(simulator: Simulator): string {
  return [...simulator.world.function(NAMES.function).versions.keys()].join(' ');
}

function notesOf({ report }: Step): string {
  return report?.notes.join('\n') ?? '';
}

describe('after a promotion', () => {
  test('older versions are deleted, and what that freed is told', async () => {
    await within(ten(), async (simulator) => {
      const run = await step(simulator, { inputs: AT_ONCE });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '11' });
      expect(left(simulator)).toBe('9 10 11');
      expect(notesOf(run)).toContain('8 old versions 1, 2, 3, 4, 5, 6, 7, 8 deleted, 8.0 MB freed.');
      expect(run.summary).toContain('8.0 MB freed');
      const actions = run.calls.map(({ action }) => action);
      expect(actions.indexOf('DeleteFunction')).toBeGreaterThan(actions.lastIndexOf('GetAlias'));
    });
  });

  test.each<[string, Scenario, string]>([
    [
      'another alias',
      ten({ aliases: [LIVE, { name: 'b', functionVersion: '3', weights: { 6: 10 } }] }),
      '1 2 3 4 5 6 9 10 11',
    ],
    [
      'a rollout of another alias that bakes',
      ten({ aliases: [LIVE, { name: 'b', functionVersion: '3', description: marker() }] }),
      '1 2 3 9 10 11',
    ],
    ['an event source', ten({ callers: { eventSources: [{ qualifier: '4' }, {}] } }), '4 9 10 11'],
    ['provisioned concurrency', ten({}, { 5: { provisionedConcurrency: 1 } }), '5 9 10 11'],
    ['a durable execution that goes on', ten({}, { 2: { running: 3 }, 7: { running: 0 } }), '2 9 10 11'],
  ])('what %s refers to stays', async (_, scenario, expected) => {
    await within(scenario, async (simulator) => {
      expectSound(await step(simulator, { inputs: AT_ONCE }));
      expect(left(simulator)).toBe(expected);
    });
  });

  test('what another alias served last stays: nobody knows which that was', async () => {
    const beta = { name: 'beta', functionVersion: '8' };
    await within(ten({ aliases: [{ ...LIVE, functionVersion: '4' }, beta] }), async (simulator) => {
      const run = await step(simulator, { inputs: { ...AT_ONCE, 'keep-versions': '1' } });
      expect(run.outputs).toMatchObject({ result: 'promoted' });
      expect(left(simulator)).toBe('1 2 3 4 5 6 7 8 10 11');
    });
  });

  test('what another run has just published stays', async () => {
    const fresh = { ageMs: 60 * MINUTE };
    await within(ten({}, { 3: fresh, 6: fresh }), async (simulator) => {
      expectSound(await step(simulator, { inputs: AT_ONCE }));
      expect(left(simulator)).toBe('3 6 9 10 11');
    });
  });

  test('the version just replaced stays, however old', async () => {
    await within(ten({ aliases: [{ ...LIVE, functionVersion: '4' }] }), async (simulator) => {
      const run = await step(simulator, { inputs: { ...AT_ONCE, 'keep-versions': '1' } });
      expect(run.outputs).toMatchObject({ result: 'promoted', 'previous-version': '4' });
      expect(left(simulator)).toBe('4 10 11');
      const back = await step(simulator, { inputs: { command: 'rollback', artifact: '' } });
      expect(back.outputs).toMatchObject({ result: 'rolled-back' });
    });
  });

  test('promote deletes, too, but nothing newer', async () => {
    const held = { functionVersion: '5', weights: { 6: 10 }, description: marker({ stamp: ' held at 10% #k3f9a2' }) };
    const description = held.description.replace('2->3', '5->6');
    await within(ten({ aliases: [{ ...LIVE, ...held, description }] }), async (simulator) => {
      const inputs = { command: 'promote', artifact: '', 'keep-versions': '1' };
      const planned = await step(simulator, { inputs: { ...inputs, 'dry-run': 'true' } });
      expect(planned.report?.plan[1]).toBe('then delete 4 old versions that nothing refers to: 1, 2, 3, 4 (4.0 MB)');
      expect(left(simulator)).toBe('1 2 3 4 5 6 7 8 9 10');
      const run = await step(simulator, { inputs });
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '6' });
      expect(left(simulator)).toBe('5 6 7 8 9 10');
    });
  });

  test('a hundred of them: every page is read, and no more than 25 are deleted at a time', async () => {
    const versions = Array.from({ length: 120 }, (_, index) => ({ code: `release ${index + 1}` }));
    const aliases = Array.from({ length: 60 }, (_, index) => ({ name: `a${index}`, functionVersion: '2' }));
    const live = { ...LIVE, functionVersion: '120' };
    const scenario = ten({ versions, aliases: [...aliases, { name: 'last', functionVersion: '40' }, live] });
    await within(scenario, async (simulator) => {
      const run = await step(simulator, { inputs: AT_ONCE });
      expect(simulator.world.function(NAMES.function).versions.size).toBe(121 - 25);
      expect(notesOf(run)).toContain('25 old versions 41, 42, 43,');
      expect(notesOf(run)).toContain('53 more are left for the next promotion.');
      expect(left(simulator)).toMatch(/ 39 40 66 67 /);
      expect(run.calls.filter(({ status }) => status === 429)).toEqual([]);
    });
  });
});

test('versions that are in use do not hide the others for ever', async () => {
  const versions = Array.from({ length: 60 }, (_, index) => ({
    code: `release ${index + 1}`,
    ...(index < 40 ? { running: 1 } : {}),
  }));
  await within(ten({ versions, aliases: [{ ...LIVE, functionVersion: '60' }] }), async (simulator) => {
    const run = await step(simulator, { inputs: AT_ONCE });
    expect(notesOf(run)).toContain('18 old versions 41, 42,');
    expect(simulator.world.function(NAMES.function).versions.size).toBe(61 - 18);
  });
});

describe('nothing is deleted', () => {
  test.each<[string, Scenario, Readonly<Record<string, string>>, string]>([
    ['unless it is asked for', ten(), { strategy: 'all-at-once' }, 'promoted'],
    ['by a dry run, which lists it', ten(), { ...AT_ONCE, 'dry-run': 'true' }, 'planned'],
    ['after a rollback', ten(), { ...AT_ONCE, strategy: '10% 2m', 'on-inconclusive': 'rollback' }, 'rolled-back'],
    ['by a first deployment', scenarios.firstDeployment(), AT_ONCE, 'promoted'],
  ])('%s', async (_, scenario, inputs, result) => {
    const run = await stepIn({ ...scenario, traffic: [] }, inputs);
    expect(run.outputs['result']).toBe(result);
    expect(writes(run)).not.toContain('DeleteFunction');
    const lists = run.calls.filter(({ action }) => action === 'ListAliases').length;
    expect(lists).toBe(result === 'planned' ? 1 : 0);
  });

  test('a dry run names what it would delete', async () => {
    const run = await stepIn(ten(), { ...AT_ONCE, 'dry-run': 'true' });
    expect(run.report?.plan).toContain(
      'then delete 8 old versions that nothing refers to: 1, 2, 3, 4, 5, 6, 7, 8 (8.0 MB)',
    );
    const none = await stepIn(ten(), { ...AT_ONCE, 'keep-versions': '10', 'dry-run': 'true' });
    expect(none.report?.plan).toContain('then delete no old version: none is old enough and unused');
  });

  test.each([
    'lambda:ListVersionsByFunction',
    'lambda:ListAliases',
    'lambda:ListProvisionedConcurrencyConfigs',
    'lambda:ListEventSourceMappings',
    'lambda:DeleteFunction',
  ])('without %s: a warning that names it, and the promotion stands', async (permission) => {
    const scenario = { ...ten(), deny: [permission] };
    const run = await stepIn(scenario, AT_ONCE);
    expect(run).toMatchObject({ exitCode: 0, stderr: '', outputs: { result: 'promoted' } });
    const warnings = run.annotations.map(({ message }) => message);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(permission);
    expect(run.calls.filter(({ action }) => action === 'DeleteFunction').length).toBeLessThanOrEqual(1);
    expect(run.calls.filter(({ action, status }) => action === 'DeleteFunction' && status === 204)).toEqual([]);
    const planned = await stepIn(scenario, { ...AT_ONCE, 'dry-run': 'true' });
    expect(planned).toMatchObject({ exitCode: 0, outputs: { result: 'planned' } });
  });

  test('without being able to look for durable executions, where there may be some', async () => {
    await within(
      { ...ten({}, { 2: { running: 1 } }), deny: ['lambda:ListDurableExecutionsByFunction'] },
      async (simulator) => {
        const run = await step(simulator, { inputs: AT_ONCE });
        expect(run.outputs['result']).toBe('promoted');
        expect(left(simulator)).toBe('2 3 4 5 6 7 8 9 10 11');
        expect(notesOf(run)).toContain('Old version 1 deleted, 1.0 MB freed.');
        expect(notesOf(run)).toContain(
          'Version 2 was not deleted: not allowed to lambda:ListDurableExecutionsByFunction',
        );
      },
    );
  });

  test('once the job is cancelled', async () => {
    await within(ten(), async (simulator) => {
      const signalAt = { signal: 'SIGINT', afterCall: { action: 'DeleteFunction', nth: 2 } } as const;
      const run = await step(simulator, { inputs: AT_ONCE, signalAt });
      expect(run.outputs).toMatchObject({ result: 'promoted', version: '11' });
      expect(left(simulator)).toBe('3 4 5 6 7 8 9 10 11');
      expect(run.annotations).toEqual([]);
    });
  });

  test('that an alias has come to refer to meanwhile: Lambda refuses, and that is told', async () => {
    await within(ten(), async (simulator) => {
      simulator.faults.add({
        action: 'DeleteFunction',
        nth: 3,
        effect: ({ carryOut }) => {
          simulator.world.updateAlias(NAMES.function, 'b', { functionVersion: '3', weights: {} });
          return carryOut();
        },
      });
      const run = await step(simulator, { inputs: AT_ONCE });
      expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'promoted' } });
      expect(left(simulator)).toContain('3 4 5');
      expect(notesOf(run)).toContain('2 old versions 1, 2 deleted');
      expect(notesOf(run)).toContain('Version 3 was not deleted');
    });
  });
});

test('keep-versions takes a count', async () => {
  const run = await stepIn(scenarios.healthy(), { 'keep-versions': '0' });
  expect(run.calls).toEqual([]);
  expect(run.outputs['reason']).toContain('keep-versions: "0" is not a count');
});
