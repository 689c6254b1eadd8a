import { describe, expect, jest, test } from '@jest/globals';
import type { EffectName } from '../../simulator/faults.ts';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { expectSound } from './support/sound.ts';
import { type Step, post, step, stepIn, story, within } from './support/step.ts';

jest.setTimeout(60_000);

const ENVIRONMENT = { 'github-environment': 'production', 'github-token': 'ghs_planted' } as const;
const SHORT = { ...ENVIRONMENT, strategy: '10% 2m, 50% 2m' } as const;
const CANCEL = { signal: 'SIGINT', atSimulatedMs: 4 * MINUTE } as const;
const KILL = { signal: 'SIGKILL', atSimulatedMs: 4 * MINUTE } as const;
const SHA = '0123456789abcdef0123456789abcdef01234567';

/** `state: description`, one line a status of the only deployment. */
function statusesOf({ deployments }: Simulator, id = deployments.all[0]?.id): readonly string[] {
  const found = deployments.all.find((deployment) => deployment.id === id);
  return found?.statuses.map(({ state, description }) => `${state}: ${description}`) ?? [];
}

function warningsOf({ annotations }: Pick<Step, 'annotations'>): readonly string[] {
  return annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
}

const BEGIN = 'in_progress: Deploying checkout, alias live';

describe('the statuses of a deployment', () => {
  test('a promotion: every step, then success', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await step(simulator, { inputs: SHORT });
      expectSound(run);
      expect(run.outputs['result']).toBe('promoted');
      const statuses = statusesOf(simulator);
      expect(statuses.slice(0, -1)).toEqual([
        BEGIN,
        'in_progress: Step 1 of 2: 10% of the traffic to version 4 for 2m',
        'in_progress: Step 2 of 2: 50% of the traffic to version 4 for 2m',
      ]);
      expect(statuses.at(-1)).toMatch(/^success: Promoted: error rate /);
      expect(warningsOf(run)).toEqual([]);
      const [deployment] = simulator.deployments.all;
      expect(deployment).toMatchObject({
        sha: SHA,
        environment: 'production',
        description: 'checkout, alias live',
        payload: { tool: 'lambda-canary-deploy', function: 'checkout', workflow_run_id: 1001 },
      });
      expect(deployment?.statuses.map(({ log_url }) => log_url)).toEqual(
        statuses.map(() => 'https://github.com/acme/shop/actions/runs/1001'),
      );
      const seen = simulator.calls.length;
      expect(await post(simulator, run, { inputs: SHORT })).toMatchObject({ exitCode: 0, stdout: '' });
      expect(simulator.calls.slice(seen)).toEqual([]);
    });
  });

  const ends: [string, Scenario, Record<string, string>, RegExp, string][] = [
    ['a rollback', scenarios.broken(), SHORT, /^failure: Rolled back: error rate .*evidence 1:/, 'rolled-back'],
    ['a failure', withoutRole(scenarios.healthy()), SHORT, /^failure: Failed: not allowed to lambda:Publish/, 'failed'],
    [
      'a rollout that is held',
      scenarios.noTraffic(),
      { ...SHORT, 'on-inconclusive': 'hold' },
      /^in_progress: Held: /,
      'held',
    ],
    [
      'a first deployment',
      withoutAlias(scenarios.healthy()),
      SHORT,
      /^success: Promoted: first deployment: /,
      'promoted',
    ],
  ];
  test.each(ends)('%s', async (_, scenario, inputs, last, result) => {
    await within(scenario, async (simulator) => {
      const run = await step(simulator, { inputs });
      expect(run.outputs['result']).toBe(result);
      const statuses = statusesOf(simulator);
      expect(statuses[0]).toBe(BEGIN);
      expect(statuses.at(-1)).toMatch(last);
      for (const line of statuses) expect(line).not.toMatch(/\d{12}/);
      expect(statuses.filter((line) => !line.startsWith('in_progress: '))).toHaveLength(result === 'held' ? 0 : 1);
      expect(warningsOf(run)).toEqual([]);
    });
  });

  test('code that is live already: a success, too; a dry run: nothing', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      await step(simulator, { inputs: { ...SHORT, 'dry-run': 'true' } });
      expect(simulator.calls.filter(({ service }) => service === 'github')).toEqual([]);
      await step(simulator, { inputs: { ...ENVIRONMENT, strategy: 'all-at-once' } });
      await step(simulator, { inputs: { ...ENVIRONMENT, strategy: 'all-at-once' } });
      const [first, second] = simulator.deployments.all;
      // Two runs of one commit, which have one nonce each: two deployments.
      expect(statusesOf(simulator, first?.id).at(-1)).toMatch(/^success: Promoted: /);
      expect(statusesOf(simulator, second?.id)).toEqual([
        BEGIN,
        'success: Unchanged: alias live already serves this code and configuration as version 4',
      ]);
    });
  });

  test('what was held is ended by promote, and what was promoted by rollback', async () => {
    await within(scenarios.noTraffic(), async (simulator) => {
      await step(simulator, { inputs: { ...SHORT, 'on-inconclusive': 'hold' } });
      const byHand = { ...ENVIRONMENT, artifact: '' };
      await step(simulator, { inputs: { ...byHand, command: 'promote' } });
      expect(statusesOf(simulator).at(-1)).toMatch(/^success: Promoted: alias live gives version 4 all traffic/);
      await step(simulator, { inputs: { ...byHand, command: 'rollback', version: '3' } });
      expect(statusesOf(simulator).at(-1)).toMatch(/^inactive: Rolled back: alias live is back on version 3/);
      expect(simulator.deployments.all).toHaveLength(1);
    });
  });

  test('a rollback by hand needs nothing of GitHub: a warning where it cannot be told', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      simulator.faults.add({ service: 'github', effect: 'server-error' });
      const inputs = { ...ENVIRONMENT, artifact: '', command: 'rollback', version: '2' };
      const run = await step(simulator, { inputs });
      expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'rolled-back' } });
      expect(warningsOf(run)).toEqual([expect.stringContaining('could not be recorded')]);
      expect(await post(simulator, run, { inputs })).toMatchObject({ exitCode: 0, stdout: '' });
    });
  });
});

function withoutRole(scenario: Scenario): Scenario {
  return { ...scenario, deny: ['lambda:PublishVersion'] };
}

function withoutAlias(scenario: Scenario): Scenario {
  return { ...scenario, functions: scenario.functions?.map((fn) => ({ ...fn, aliases: [] })) ?? [] };
}

describe('a job that is cancelled or killed', () => {
  test('cancelled: inactive, told by the step itself', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await step(simulator, { inputs: SHORT, signalAt: CANCEL });
      expectSound(run);
      expect(story(run).at(-1)).toBe('3');
      expect(statusesOf(simulator).at(-1)).toMatch(/^inactive: Rolled back: the job was cancelled while/);
    });
  });

  test.each<EffectName>(['hang', 'server-error', 'reset'])(
    'cancelled while GitHub answers with %s: post tells it',
    async (effect) => {
      await within(scenarios.healthy(), async (simulator) => {
        let told = -Infinity;
        let lift = (): void => undefined;
        const onLine = (line: string): void => {
          if (!line.startsWith('SIGINT: ')) return;
          told = performance.now();
          lift = simulator.faults.add({ service: 'github', effect });
        };
        const run = await step(simulator, { inputs: SHORT, signalAt: CANCEL, onLine });
        expectSound(run);
        expect(performance.now() - told).toBeLessThan(3000);
        expect(story(run).at(-1)).toBe('3');
        expect(statusesOf(simulator).filter((line) => line.startsWith('inactive'))).toEqual([]);
        lift();
        expect(warningsOf(await post(simulator, run, { inputs: SHORT }))).toEqual([]);
        expect(statusesOf(simulator).at(-1)).toMatch(/^inactive: Rolled back: the job was cancelled while/);
        expect(simulator.deployments.all).toHaveLength(1);
      });
    },
  );

  test('killed: post puts the alias back and says so', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await step(simulator, { inputs: SHORT, signalAt: KILL });
      const after = await post(simulator, run, { inputs: SHORT });
      expect(after.summary).toContain('was put back');
      expect(statusesOf(simulator).at(-1)).toBe(
        'error: The rollout did not come to its end. Alias live was put back: it serves version 3.',
      );
      expect(simulator.deployments.all).toHaveLength(1);
    });
  });

  test('killed before the first shift', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const signalAt = { signal: 'SIGKILL', afterCall: { action: 'PublishVersion' } } as const;
      const run = await step(simulator, { inputs: SHORT, signalAt });
      await post(simulator, run, { inputs: SHORT });
      expect(statusesOf(simulator).at(-1)).toBe(
        'error: The step did not come to its end; alias live was in no rollout of it.',
      );
    });
  });
});

describe('GitHub that does not play along changes nothing', () => {
  test('a permission that is missing: one warning, with the lines to add', async () => {
    const run = await stepIn({ ...scenarios.healthy(), deny: ['github:deployments'] }, SHORT);
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(warningsOf(run)).toEqual([
      expect.stringMatching(/may not record deployments .*`permissions:` and below it `deployments: write`/),
    ]);
    expect(run.calls.filter(({ action }) => action === 'CreateDeployment')).toHaveLength(1);
  });

  test.each<EffectName>(['server-error', 'reset', 'throttle'])(
    '%s all the time: nothing but lines, and post warns once',
    async (effect) => {
      await within(scenarios.healthy(), async (simulator) => {
        simulator.faults.add({ service: 'github', effect });
        const run = await step(simulator, { inputs: SHORT });
        expectSound(run);
        expect(run.outputs['result']).toBe('promoted');
        expect(warningsOf(run)).toEqual([]);
        expect(run.stdout).toContain('The GitHub deployment could not be recorded: ');
        simulator.faults.clear();
        simulator.faults.add({ service: 'github', action: 'CreateDeployment', effect: 'access-denied' });
        expect(warningsOf(await post(simulator, run, { inputs: SHORT }))).toHaveLength(1);
      });
    },
  );

  test('no answer at all: the rollout is as quick as ever', async () => {
    await within(scenarios.broken(), async (simulator) => {
      const plain = await within(scenarios.broken(), (other) => step(other, { inputs: { strategy: SHORT.strategy } }));
      simulator.faults.add({ service: 'github', effect: 'hang' });
      const run = await step(simulator, { inputs: SHORT });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'rolled-back', reason: plain.outputs['reason'] });
      expect(story(run)).toEqual(story(plain));
      const late = run.history.map(({ at }, index) => at - (plain.history[index]?.at ?? 0));
      expect(Math.max(...late.map(Math.abs))).toBeLessThan(SECOND);
    });
  });

  test('an answer that was lost makes no second deployment', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      simulator.faults.add({ action: 'CreateDeployment', nth: 1, effect: 'lost-response' });
      const run = await step(simulator, { inputs: SHORT });
      expect(run.outputs['result']).toBe('promoted');
      expect(simulator.deployments.all).toHaveLength(1);
      expect(statusesOf(simulator).at(-1)).toMatch(/^success: /);
    });
  });

  test('outside of GitHub Actions: a warning', async () => {
    const run = await stepIn(scenarios.healthy(), SHORT, { env: { GITHUB_RUN_ID: '' } });
    expect(warningsOf(run)).toEqual([expect.stringContaining('github-environment has no effect outside of GitHub')]);
  });
});

describe('the deployment that a job makes by itself is not doubled', () => {
  const ours = { environment: 'production', sha: SHA, runId: 1001, jobId: 55 };
  const RUNNER = { RUNNER_NAME: 'runner-7' } as const;

  test('of this job: it tells the steps, and GitHub ends it', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      simulator.deployments.addJob(ours);
      simulator.jobs.set('55', 'runner-7');
      const run = await step(simulator, { inputs: SHORT, env: RUNNER });
      expect(run.outputs['result']).toBe('promoted');
      expect(simulator.deployments.all).toHaveLength(1);
      const statuses = statusesOf(simulator);
      expect(statuses.every((line) => line.startsWith('in_progress: '))).toBe(true);
      expect(statuses).toContain('in_progress: Step 2 of 2: 50% of the traffic to version 4 for 2m');
      expect(run.stdout).toContain('GitHub ends it with the job');
    });
  });

  test('perhaps of this job: none is made, none is touched, and the log says what to write', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      simulator.deployments.addJob(ours);
      const run = await step(simulator, { inputs: SHORT, env: RUNNER });
      expect(run.outputs['result']).toBe('promoted');
      expect(statusesOf(simulator)).toEqual(['in_progress: ']);
      expect(simulator.deployments.all).toHaveLength(1);
      expect(run.stdout).toContain('deployment: false');
      expect(warningsOf(run)).toEqual([]);
    });
  });

  test.each([
    ['of another job', ours, 'runner-8'],
    ['of another run', { ...ours, runId: 1000 }, 'runner-7'],
    ['of a job that is over', { ...ours, state: 'success' }, 'runner-7'],
    ['of another environment', { ...ours, environment: 'staging' }, 'runner-7'],
    ['of another commit', { ...ours, sha: 'f'.repeat(40) }, 'runner-7'],
  ])('%s: one of our own is made', async (_, theirs, runner) => {
    await within(scenarios.healthy(), async (simulator) => {
      simulator.deployments.addJob(theirs);
      simulator.jobs.set('55', runner);
      await step(simulator, { inputs: { ...ENVIRONMENT, strategy: 'all-at-once' }, env: RUNNER });
      expect(simulator.deployments.all).toHaveLength(2);
      expect(statusesOf(simulator, simulator.deployments.all[0]?.id)).toHaveLength(1);
      expect(statusesOf(simulator, simulator.deployments.all[1]?.id).at(-1)).toMatch(/^success: /);
    });
  });
});

test('the token is nowhere to be seen', async () => {
  await within(scenarios.broken(), async (simulator) => {
    const run = await step(simulator, { inputs: SHORT });
    const all = JSON.stringify([
      run.stdout,
      run.stderr,
      run.summary,
      run.state,
      run.outputs,
      run.report,
      simulator.deployments.all,
    ]);
    expect(all).not.toContain('ghs_planted');
    expect(all).toContain(NAMES.function);
  });
});
