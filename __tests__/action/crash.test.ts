import { describe, expect, jest, test } from '@jest/globals';
import { scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { expectSound } from './support/sound.ts';
import { errorsOf, post, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

/** A module that lets the step fail by itself as soon as it prints `line`. */
function failingAt(line: string, how: string): { NODE_OPTIONS: string } {
  const code = `const { write } = process.stdout;
    let done = false;
    process.stdout.write = function (text, ...rest) {
      if (!done && String(text).includes(${JSON.stringify(line)})) { done = true; ${how}; }
      return write.call(this, text, ...rest);
    };`;
  return { NODE_OPTIONS: `--import data:text/javascript;base64,${Buffer.from(code).toString('base64')}` };
}

describe('a fault that nobody catches', () => {
  test.each([
    ['a rejected promise', "Promise.reject(new Error('boom'))"],
    ['an exception', "setTimeout(() => { throw new Error('boom'); })"],
  ])('%s in the midst of a rollout: the baseline is back, and the reason says why', async (_, how) => {
    const run = await stepIn(scenarios.healthy(), {}, { env: failingAt('no minute is old enough', how) });
    expectSound(run);
    expect(story(run)).toEqual(['3', '3 4:10', '3']);
    expect(run.outputs['result']).toBe('rolled-back');
    expect(run.outputs['reason']).toContain('a fault of its own (boom) while the canary had 10%');
    expect(run.stdout).toContain('Error: boom');
  });

  test('the runner closes the log: the baseline is back, and the step ends', async () => {
    const gone = `process.stdout.write = (_, ...rest) => {
      const error = new Error('write EPIPE');
      process.nextTick(() => { rest.at(-1)?.(error); process.stdout.emit('error', error); });
      return false;
    }; return false`;
    const run = await stepIn(scenarios.healthy(), {}, { env: failingAt('no minute is old enough', gone) });
    expect(story(run)).toEqual(['3', '3 4:10', '3']);
    expect(run).toMatchObject({ exitCode: 1, stderr: '' });
    expect(run.outputs).toMatchObject({ result: 'rolled-back', 'canary-weight': '0' });
    expect(run.outputs['reason']).toContain('the log of this step could no longer be written while the canary had 10%');
  });

  test('before the first shift: nothing is shifted', async () => {
    const env = failingAt('Alias live serves', "Promise.reject(new Error('boom'))");
    const run = await stepIn(scenarios.healthy(), {}, { env });
    expectSound(run);
    expect(writes(run)).not.toContain('UpdateAlias');
    expect(run.outputs['reason']).toContain('a fault of its own (boom) before any traffic was shifted');
  });
});

describe('a disk that takes nothing', () => {
  const NOWHERE = '/nonexistent/file';

  test('no state can be saved: no traffic is shifted', async () => {
    const run = await stepIn(scenarios.healthy(), {}, { env: { GITHUB_STATE: NOWHERE } });
    expectSound(run);
    expect(run.outputs['result']).toBe('failed');
    expect(errorsOf(run)[0]?.message).toContain('could not be saved');
    expect(writes(run)).not.toContain('UpdateAlias');
  });

  test.each([
    ['summary', { GITHUB_STEP_SUMMARY: NOWHERE }],
    ['outputs', { GITHUB_OUTPUT: NOWHERE }],
  ])('the %s cannot be written: warned about once, and the rollout ends as it would have', async (what, env) => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await step(simulator, { inputs: { strategy: '10% 2m' }, env });
      expect(run).toMatchObject({ exitCode: 0, stderr: '' });
      expect(story(run)).toEqual(['3', '3 4:10', '4']);
      expect(run.annotations).toEqual([
        {
          level: 'warning',
          title: expect.stringMatching(
            /^Promoted.*: version 4 of checkout has all traffic \(alias live\), with a warning$/,
          ),
          message: expect.stringMatching(new RegExp(`^The (job )?${what} could not be written: .*$`)),
        },
      ]);
    });
  });

  test('a rollback needs none of it', async () => {
    const env = { RUNNER_TEMP: NOWHERE, GITHUB_STATE: NOWHERE, GITHUB_STEP_SUMMARY: NOWHERE };
    const run = await stepIn(scenarios.healthy(), { command: 'rollback', artifact: '', version: '2' }, { env });
    expect(run).toMatchObject({ exitCode: 0, stderr: '', outputs: { result: 'rolled-back', report: '' } });
    expect(story(run)).toEqual(['3', '2']);
  });
});

describe('post', () => {
  const KILLED = { signal: 'SIGKILL', atSimulatedMs: 4 * MINUTE } as const;

  test.each(['throttle', 'server-error', 'reset'] as const)(
    'goes on for minutes while AWS answers with %s',
    async (effect) => {
      await within(scenarios.healthy(), async (simulator) => {
        const run = await step(simulator, { signalAt: KILLED });
        simulator.faults.add({ service: 'lambda', count: 12, effect });
        const began = simulator.clock.now();
        const after = await post(simulator, run);
        expect(after).toMatchObject({ exitCode: 0, stderr: '' });
        expect(after.summary).toMatch(/^## ↩️ Alias `live` of `checkout` was put back\n/);
        expect(simulator.aliasHistory('checkout', 'live').at(-1)).toMatchObject({ functionVersion: '3', weights: {} });
        expect(simulator.clock.now() - began).toBeLessThan(4 * MINUTE);
        // Once more: there is nothing left to do.
        const again = await post(simulator, run);
        expect(again.summary).toContain('is in no rollout');
        expect(simulator.calls.slice(-1).map(({ action }) => action)).toEqual(['GetAlias']);
      });
    },
  );

  test('gives up in time, and says what to do', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await step(simulator, { signalAt: KILLED });
      simulator.faults.add({ action: 'UpdateAlias', effect: 'throttle' });
      const began = simulator.clock.now();
      const after = await post(simulator, run);
      expect(after.exitCode).toBe(0);
      expect(after.summary).toMatch(/^## ❌ Alias `live` of `checkout` could not be put back\n/);
      expect(after.annotations).toHaveLength(1);
      expect(simulator.clock.now() - began).toBeLessThan(4.25 * MINUTE);
      expect(simulator.clock.now() - began).toBeGreaterThan(3 * MINUTE);
    });
  });

  test('writes no summary where none is wanted', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await step(simulator, { signalAt: KILLED });
      expect(await post(simulator, run, { inputs: { summary: 'false' } })).toMatchObject({ exitCode: 0, summary: '' });
    });
  });
});

test.each([
  ['github-hosted', 1],
  ['self-hosted', 0],
])('max-duration beyond the limit of a job on a %s runner: %d warning', async (environment, count) => {
  const inputs = { 'max-duration': '8h', 'dry-run': 'true' };
  const run = await stepIn(scenarios.healthy(), inputs, { env: { RUNNER_ENVIRONMENT: environment } });
  expectSound(run);
  expect(run.annotations.filter(({ message }) => message.includes('6h'))).toHaveLength(count);
});
