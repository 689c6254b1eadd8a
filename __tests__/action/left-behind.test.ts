import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { marker, withAlias, withFunction } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { errorsOf, post, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(20_000);

const AT_ONCE = { strategy: 'all-at-once' } as const;
const KEEP = { 'on-cancel': 'keep' } as const;
const LATER = { GITHUB_RUN_ID: '1002' } as const;
const PROMOTE = { command: 'promote', artifact: '' } as const;

describe('a job that is cancelled with on-cancel: keep', () => {
  test('leaves the canary at its weight, says how to finish, and post leaves it, too', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await step(simulator, { inputs: KEEP, signalAt: { signal: 'SIGINT', atSimulatedMs: 4 * MINUTE } });
      expectSound(run);
      expect(run.outputs).toMatchObject({
        result: 'held',
        version: '4',
        'previous-version': '3',
        'canary-weight': '10',
      });
      expect(run.outputs['reason']).toContain('10% of the traffic, and keeps it (on-cancel: keep)');
      for (const text of [errorsOf(run)[0]?.message, run.summary.replaceAll('&#96;', '`')]) {
        expect(text).toContain('`command: promote`');
        expect(text).toContain('`command: rollback`');
      }
      const seen = simulator.calls.length;
      expect(await post(simulator, run)).toMatchObject({ exitCode: 0, annotations: [] });
      expect(simulator.calls.slice(seen)).toEqual([]);
      const promoted = await step(simulator, { inputs: PROMOTE });
      expect(story(promoted)).toEqual(['3 4:10', '4']);
      expect(promoted.history.at(-1)?.description).toBe('callers use this');
    });
  });

  test('in the bake: all traffic stays on the canary, and the marker stands', async () => {
    const run = await stepIn(
      scenarios.healthy(),
      { ...KEEP, ...AT_ONCE, 'bake-time': '10m' },
      { signalAt: { signal: 'SIGTERM', atSimulatedMs: 4 * MINUTE } },
    );
    expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'held', 'canary-weight': '100' } });
    expect(run.history.at(-1)).toMatchObject({ functionVersion: '4', weights: {} });
    expect(run.history.at(-1)?.description).toMatch(/^\[canary 3->4 .* held at 100% #[0-9a-f]{6}\] callers use this$/);
  });

  test('before the first shift there is nothing to keep', async () => {
    const signalAt = { signal: 'SIGINT', afterCall: { action: 'PublishVersion' } } as const;
    const run = await stepIn(scenarios.healthy(), KEEP, { signalAt });
    expectSound(run);
    expect(story(run).filter((state) => state !== '3')).toEqual([]);
  });

  test('a marker that cannot be rewritten is no failure', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const deny = simulator.faults.add({ action: 'UpdateAlias', nth: 2, effect: 'access-denied' });
      const run = await step(simulator, { inputs: KEEP, signalAt: { signal: 'SIGINT', atSimulatedMs: 4 * MINUTE } });
      deny();
      expect(run.outputs).toMatchObject({ result: 'held', 'canary-weight': '10' });
      expect(errorsOf(run)[0]?.message).toMatch(/\nAlso: .* it counts as going/);
      expect(errorsOf(await step(simulator, { inputs: PROMOTE }))[0]?.message).toContain('/runs/1001');
    });
  });
});

describe('the runner is lost, and the next run finds', () => {
  const over = (scenario: Scenario): Scenario => ({ ...scenario, runs: { 1001: 'completed' } });

  test.each([
    ['a dwell', '10% 5m', { atSimulatedMs: 4 * MINUTE }, '3 4:10'],
    ['a bake, which nobody judged to its end', 'all-at-once', { atSimulatedMs: 10 * MINUTE }, '4'],
    ['a bake after steps', '10% 2m', { atSimulatedMs: 10 * MINUTE }, '4'],
  ])('%s: the baseline and the description are put back first', async (_, strategy, when, leftAs) => {
    await within(over(scenarios.healthy()), async (simulator) => {
      const inputs = { strategy, 'bake-time': '30m' };
      const killed = await step(simulator, { inputs, signalAt: { signal: 'SIGKILL', ...when } });
      expect(story(killed).at(-1)).toBe(leftAs);
      const next = await step(simulator, { inputs: AT_ONCE, env: LATER });
      expectSound(next);
      expect(next.outputs).toMatchObject({ result: 'promoted', version: '4', 'previous-version': '3' });
      expect(story(next)).toEqual([leftAs, '3', '4']);
      expect(next.history[1]).toMatchObject({ functionVersion: '3', weights: {}, description: 'callers use this' });
      expect(next.report?.notes.join()).toContain('put back on version 3 first');
    });
  });

  test('a quarantine, whose weight no plan has: put back', async () => {
    await within(over(scenarios.broken()), async (simulator) => {
      const signalAt = { signal: 'SIGKILL', afterCall: { action: 'UpdateAlias', nth: 2 } } as const;
      expect(story(await step(simulator, { inputs: { strategy: '20% 10m' }, signalAt })).at(-1)).toBe('3 4:1');
      const next = await step(simulator, { inputs: AT_ONCE, env: LATER });
      expect(story(next).slice(0, 2)).toEqual(['3 4:1', '3']);
    });
  });

  test('a promotion that was written: it needs nothing more, since its description came with it', async () => {
    await within(over(scenarios.healthy()), async (simulator) => {
      const signalAt = { signal: 'SIGKILL', afterCall: { action: 'UpdateAlias', nth: 2 } } as const;
      const killed = await step(simulator, { inputs: { strategy: '10% 2m' }, signalAt });
      expect(killed.history.at(-1)).toMatchObject({ functionVersion: '4', description: 'callers use this' });
      const next = await step(simulator, { inputs: AT_ONCE, env: LATER });
      expect(next.outputs).toMatchObject({ result: 'unchanged', version: '4' });
      expect(writes(next)).toEqual([]);
    });
  });

  test.each<[string, Parameters<typeof withAlias>[1], string]>([
    ['another weight', { functionVersion: '2', weights: { 3: 60 } }, 'version 2 (40%) and version 3 (60%)'],
    ['the canary promoted by hand', { functionVersion: '3', weights: {} }, 'it serves version 3, and the rollout had'],
  ])('%s that no rollout set: left as it is, and told', async (_, alias, sentence) => {
    const description = marker({ stamp: ' at 10% #k3f9a2' });
    const scenario = { ...withAlias(scenarios.healthy(), { ...alias, description }), runs: { 900: 'completed' } };
    const run = await stepIn(scenario, AT_ONCE);
    expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
    expect(errorsOf(run)[0]?.message).toContain(sentence);
    expect(errorsOf(run)[0]?.message).toContain('`command: promote` gives version 3 all traffic');
    expect(writes(run)).toEqual([]);
  });

  test('what another job of the same run left is not put back by post', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await step(simulator, { signalAt: { signal: 'SIGKILL', afterCall: { action: 'UpdateAlias' } } });
      const { description = '' } = run.history.at(-1) ?? {};
      const theirs = description.replace(/#[0-9a-f]{6}/, '#0ther');
      simulator.world.updateAlias(NAMES.function, NAMES.alias, { description: theirs });
      const after = await post(simulator, run);
      expect(after.annotations).toEqual([]);
      expect(after.stdout).toContain('is in no rollout of this job');
      expect(simulator.aliasHistory(NAMES.function, NAMES.alias).at(-1)).toMatchObject({ weights: { 4: 10 } });
    });
  });
});

describe('an older run after a newer one', () => {
  const served = (description: string): Scenario =>
    withFunction(scenarios.healthy(), {
      versions: [2, 3].map((version) => ({ version, code: `r${version}`, description })),
    });
  const NEWER = 'acme/shop@fedcba9 (run 1005)';

  test.each<[string, Record<string, string>]>([
    ['a run', {}],
    ['a re-run', { GITHUB_RUN_ATTEMPT: '3' }],
  ])('%s is refused, and names the newer one and the way round', async (_, env) => {
    const run = await stepIn(served(NEWER), AT_ONCE, { env });
    expectSound(run);
    expect(run.outputs['result']).toBe('failed');
    expect(errorsOf(run)[0]?.message).toContain(
      'published by https://github.com/acme/shop/actions/runs/1005, a newer run',
    );
    expect(errorsOf(run)[0]?.message).toContain('`allow-older: true`');
    expect(writes(run)).toEqual([]);
  });

  test('a dry run is told, too', async () => {
    const run = await stepIn(served(NEWER), { 'dry-run': 'true' });
    expect(run.outputs['result']).toBe('failed');
  });

  test('is let through when that is wanted, and says so', async () => {
    const run = await stepIn(served(NEWER), { ...AT_ONCE, 'allow-older': 'true' });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(run.report?.notes.join()).toContain('/runs/1005, a newer run than this one');
  });

  test.each([
    ['published by an older run', 'acme/shop@fedcba9 (run 999)'],
    ['published by an earlier attempt of this run', 'acme/shop@fedcba9 (run 1001)'],
    ['published by another repository', 'acme/other@fedcba9 (run 5000)'],
    ['with a description of their own', 'release 7'],
  ])('a version %s stands in nobody’s way', async (_, description) => {
    const run = await stepIn(served(description), AT_ONCE);
    expect(run.outputs['result']).toBe('promoted');
  });

  test('what this action publishes tells the next run', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      await step(simulator, { inputs: AT_ONCE });
      const { versions } = simulator.world.function(NAMES.function);
      const [three, four] = [versions.get('3'), versions.get('4')];
      if (three === undefined || four === undefined) throw new Error('not published');
      expect(four.description).toBe('acme/shop@0123456 (run 1001)');
      // The older run has other code than what is live.
      versions.set('4', { ...four, code: three.code });
      const older = await step(simulator, { inputs: AT_ONCE, env: { GITHUB_RUN_ID: '1000' } });
      expect(older.outputs['reason']).toContain('/runs/1001, a newer run than this one (1000)');
    });
  });

  test('a canary that a newer run left held is not put back by an older one', async () => {
    const description = marker({ run: '1005.1', stamp: ' held at 10% #k3f9a2' });
    const held = withAlias(scenarios.healthy(), { functionVersion: '2', weights: { 3: 10 }, description });
    const run = await stepIn(held, AT_ONCE);
    expect(errorsOf(run)[0]?.message).toContain('/runs/1005, a newer run than this one (1001)');
    expect(writes(run)).toEqual([]);
    const allowed = await stepIn(held, { ...AT_ONCE, 'allow-older': 'true' });
    expect(story(allowed)).toEqual(['2 3:10', '2', '4']);
  });
});
