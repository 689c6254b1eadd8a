import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import type { AliasSpec } from '../../simulator/scenario.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { withAlias } from './support/aliases.ts';
import { step, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

const QUICK = { strategy: '10% 2m' } as const;

describe('what the alias has does not come up on the new version', () => {
  const LATER = { GITHUB_RUN_ID: '1002' } as const;
  const OWN = { requested: 20, moveMs: 30 * SECOND } as const;
  const FAILS = { ...OWN, moveFails: 'FUNCTION_ERROR_INIT_FAILURE' } as const;
  const FOR_EVER = { requested: 20, moveMs: 600 * MINUTE } as const;
  const AT_ONCE = { strategy: 'all-at-once' } as const;

  function moving(own: NonNullable<AliasSpec['provisionedConcurrency']>, scenario = scenarios.healthy()): Scenario {
    const aliased = withAlias(scenario, { description: 'callers use this', provisionedConcurrency: own });
    return { ...aliased, runs: { 1001: 'completed', 1002: 'completed' } };
  }

  /** How long it took, ms of the simulated clock. */
  async function timed(simulator: Simulator, options: Parameters<typeof step>[1]) {
    const start = simulator.clock.now();
    const run = await step(simulator, options);
    return { run, took: simulator.clock.now() - start };
  }

  test.each<[string, Readonly<Record<string, string>>]>([
    ['all at once', AT_ONCE],
    ['before a bake', { ...AT_ONCE, 'bake-time': '5m' }],
    ['after a canary', QUICK],
  ])('a deployment rolls back as soon as Lambda gives up: %s', async (_, inputs) => {
    await within(moving(FAILS), async (simulator) => {
      const { run, took } = await timed(simulator, { inputs });
      expect(run.outputs).toMatchObject({ result: 'rolled-back', 'canary-weight': '0' });
      expect(run.outputs['reason']).toContain('to version 4 (FUNCTION_ERROR_INIT_FAILURE)');
      expect(took).toBeLessThan(12 * MINUTE);
      expect(run.history.at(-1)).toMatchObject({ functionVersion: '3', weights: {}, description: 'callers use this' });
      const next = await step(simulator, { inputs: AT_ONCE, env: LATER });
      expect(next.outputs['result']).toBe('rolled-back');
    });
  });

  test('cancelled in the bake: what is under way is said to be, and status knows whose weights these are', async () => {
    await within(moving({ requested: 5, moveMs: 3 * MINUTE }), async (simulator) => {
      const inputs = { ...AT_ONCE, 'bake-time': '20m' };
      const run = await step(simulator, { inputs, signalAt: { signal: 'SIGINT', atSimulatedMs: 8 * MINUTE } });
      expect(run.outputs['result']).toBe('rolled-back');
      const [annotation] = run.annotations;
      expect(annotation?.title).toContain('version 3 of checkout is being given all traffic back');
      expect(annotation?.message).toContain('Next: Lambda gives version 3 all traffic back once');
      expect(annotation?.message).not.toContain('nothing is urgent');
      const found = await step(simulator, { inputs: { command: 'status', artifact: '' }, env: LATER });
      expect(found.outputs['reason']).toContain(
        "as long as Lambda moves the alias' provisioned concurrency to version 3",
      );
      expect(found.report?.next).toBe('That passes by itself; the next deployment waits for it.');
    });
  });

  test('a deployment that cannot even go back says so, and the next one knows whose weights these are', async () => {
    await within(moving(FOR_EVER), async (simulator) => {
      const run = await step(simulator, { inputs: AT_ONCE });
      expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'canary-weight': '100' } });
      expect(run.outputs['reason']).toContain('until then the alias serves version 3 (0%) and version 4 (100%)');
      const dry = await step(simulator, { inputs: { ...AT_ONCE, 'dry-run': 'true' }, env: LATER });
      expect(dry).toMatchObject({ exitCode: 0, outputs: { result: 'planned' } });
      expect(dry.report?.notes.join()).toContain('a deployment would wait for that first');
      const next = await step(simulator, { inputs: AT_ONCE, env: LATER });
      expect(next.outputs['reason']).toContain('Lambda has not moved the provisioned concurrency of alias live');
      expect(next.report?.next).toContain(
        'delete-provisioned-concurrency-config --function-name checkout --qualifier live',
      );
      expect(writes(next)).toEqual([]);
    });
  });

  test('a deployment waits for a move that somebody else began', async () => {
    await within(moving({ ...OWN, moveMs: 3 * MINUTE }), async (simulator) => {
      await step(simulator, { inputs: AT_ONCE, signalAt: { signal: 'SIGKILL', afterCall: { action: 'UpdateAlias' } } });
      expect(simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1)?.weights).toEqual({ 3: 100 });
      const run = await step(simulator, { inputs: AT_ONCE, env: LATER });
      expect(run.outputs).toMatchObject({ result: 'unchanged', version: '4' });
      expect(run.stdout).toContain('Lambda itself weights alias live');
    });
  });

  test('rollback goes to the older of two versions that Lambda moves between', async () => {
    await within(moving(FAILS), async (simulator) => {
      await step(simulator, { inputs: AT_ONCE, signalAt: { signal: 'SIGKILL', afterCall: { action: 'UpdateAlias' } } });
      const run = await step(simulator, { inputs: { command: 'rollback', artifact: '' }, env: LATER });
      expect(run.outputs).toMatchObject({ result: 'rolled-back', version: '3', 'canary-weight': '0' });
      expect(run.history.at(-1)).toMatchObject({ functionVersion: '3', weights: {} });
    });
  });

  test('rollback does not say that it is back while it is not', async () => {
    await within(moving(FOR_EVER), async (simulator) => {
      simulator.world.updateAlias(NAMES.function, NAMES.alias, { functionVersion: '3' });
      const run = await step(simulator, { inputs: { command: 'rollback', artifact: '', version: '2' } });
      expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'canary-weight': '100' } });
      expect(run.outputs['reason']).toContain('until then the alias serves version 2 (0%) and version 3 (100%)');
    });
  });

  describe('promote', () => {
    const HELD = { ...QUICK, 'on-inconclusive': 'hold' } as const;
    const PROMOTE = { command: 'promote', artifact: '', 'keep-versions': '1' } as const;

    test.each([
      ['gives up as soon as Lambda does', FAILS, MINUTE],
      ['waits as long as a deployment', FOR_EVER, 16 * MINUTE],
    ])('%s, and does not say promoted', async (_, own, most) => {
      await within(moving(own, scenarios.noTraffic()), async (simulator) => {
        expect((await step(simulator, { inputs: HELD })).outputs['result']).toBe('held');
        const { run, took } = await timed(simulator, { inputs: PROMOTE, env: LATER });
        expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'canary-weight': '0' } });
        expect(run.outputs['reason']).toContain('until then the alias serves version 4 (0%) and version 3 (100%)');
        expect(took).toBeLessThan(most);
        expect(writes(run)).not.toContain('DeleteFunction');
        expect(run.history.at(-1)?.description).toMatch(/held at 100% #[0-9a-f]{6}\] callers use this$/);
        const next = await step(simulator, { inputs: { ...AT_ONCE, 'dry-run': 'true' }, env: LATER });
        expect(next.report?.notes.join()).toContain('would put it back on version 3 first');
        if (own === FOR_EVER) return;
        const back = await step(simulator, { inputs: { command: 'rollback', artifact: '' }, env: LATER });
        expect(back.outputs).toMatchObject({ result: 'rolled-back', version: '3' });
        expect(back.history.at(-1)).toMatchObject({ weights: {}, description: 'callers use this' });
      });
    });

    test('waits for a move that takes long', async () => {
      const own = { requested: 20, moveMs: 12 * MINUTE };
      await within(moving(own, scenarios.noTraffic()), async (simulator) => {
        await step(simulator, { inputs: HELD });
        const run = await step(simulator, { inputs: PROMOTE, env: LATER });
        expect(run.outputs).toMatchObject({ result: 'promoted', 'canary-weight': '100' });
        expect(run.history.at(-1)).toMatchObject({
          functionVersion: '4',
          weights: {},
          description: 'callers use this',
        });
      });
    });

    test('that is cancelled meanwhile does not say promoted either', async () => {
      await within(moving(FOR_EVER, scenarios.noTraffic()), async (simulator) => {
        await step(simulator, { inputs: HELD });
        const signalAt = { signal: 'SIGINT', afterCall: { action: 'UpdateAlias' } } as const;
        const run = await step(simulator, { inputs: PROMOTE, env: LATER, signalAt });
        expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed', 'canary-weight': '0' } });
        expect(run.outputs['reason']).toContain('(the job was cancelled)');
        expect(run.history.at(-1)?.description).toContain('held at 100%');
      });
    });
  });
});
