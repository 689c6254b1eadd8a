import { describe, expect, jest, test } from '@jest/globals';
import type { FaultSpec } from '../../simulator/faults.ts';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import type { SignalAt } from '../../simulator/runner-signals.ts';
import { ALARM, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { withAlias } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { type Step, post, step, story, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

/** From the signal to the last call of AWS and to the end of the process, ms. */
const PROMISED = 3 * SECOND;

interface Case {
  readonly scenario?: Scenario;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly signalAt: Omit<SignalAt, 'signal'> & { readonly signal?: SignalAt['signal'] };
  /** In force as soon as the log has a line that begins so, and until the signal is noticed unless it `stays`. */
  readonly faults?: { readonly after: string; readonly spec: FaultSpec; readonly stays?: boolean };
}

interface Cancelled extends Step {
  /** What the signal cost: in the simulator's time and in real time. */
  readonly took: { readonly simulated: number; readonly real: number };
}

async function cancelled(simulator: Simulator, { inputs = {}, signalAt, faults }: Case): Promise<Cancelled> {
  let told: { simulated: number; real: number } | undefined;
  let lift = (): void => undefined;
  const run = await step(simulator, {
    inputs,
    signalAt: { signal: 'SIGINT', ...signalAt },
    onLine: (line) => {
      if (faults !== undefined && line.startsWith(faults.after)) lift = simulator.faults.add(faults.spec);
      if (!/^SIG(INT|TERM): /.test(line)) return;
      told = { simulated: simulator.clock.now(), real: performance.now() };
      if (faults?.stays !== true) lift();
    },
  });
  if (told === undefined) throw new Error(`the signal was never noticed:\n${run.stdout}`);
  const last = Math.max(told.simulated, run.calls.at(-1)?.at ?? 0);
  return { ...run, took: { simulated: last - told.simulated, real: performance.now() - told.real } };
}

function expectQuick({ took }: Cancelled): void {
  expect(took.simulated).toBeLessThan(PROMISED);
  expect(took.real).toBeLessThan(PROMISED);
}

const ROLL_OUT = '::group::Roll out';
const MOVING = withAlias(scenarios.healthy(), {
  description: 'callers use this',
  provisionedConcurrency: { requested: 5, moveMs: 10 * MINUTE },
});

describe('a job that is cancelled: the baseline is back within three seconds', () => {
  test.each<[string, Case]>([
    ['in a dwell', { signalAt: { atSimulatedMs: 4 * MINUTE } }],
    ['by SIGTERM', { signalAt: { signal: 'SIGTERM', atSimulatedMs: 4 * MINUTE } }],
    ['between two dwells', { inputs: { strategy: '10% 2m, 50% 2m' }, signalAt: { afterCall: nth('UpdateAlias', 2) } }],
    ['in the first write', { signalAt: { afterCall: nth('UpdateAlias', 1) } }],
    ['in the promotion', { inputs: { strategy: '10% 2m' }, signalAt: { afterCall: nth('UpdateAlias', 2) } }],
    ['in the read-back of the first shift', { signalAt: { afterCall: nth('GetAlias', 2) } }],
    ['in a look at the alias', { signalAt: { afterCall: nth('GetAlias', 4) } }],
    ['in a reading of metrics', { signalAt: { afterCall: nth('GetMetricData', 3) } }],
    ['in the bake', { inputs: { strategy: '10% 2m', 'bake-time': '9m' }, signalAt: { atSimulatedMs: 8 * MINUTE } }],
    [
      'while metrics are throttled',
      {
        signalAt: { afterCall: nth('GetMetricData', 5) },
        faults: { after: ROLL_OUT, spec: { service: 'cloudwatch', effect: 'throttle' }, stays: true },
      },
    ],
    [
      'while the first write hangs',
      {
        signalAt: { afterCall: nth('UpdateAlias', 1) },
        faults: { after: ROLL_OUT, spec: { action: 'UpdateAlias', effect: 'hang' } },
      },
    ],
    [
      'while the first write is throttled',
      {
        signalAt: { afterCall: nth('UpdateAlias', 2) },
        faults: { after: ROLL_OUT, spec: { action: 'UpdateAlias', effect: 'throttle', retryAfterSeconds: 20 } },
      },
    ],
    [
      'while the first write lands without an answer',
      {
        signalAt: { afterCall: nth('UpdateAlias', 1) },
        faults: { after: ROLL_OUT, spec: { action: 'UpdateAlias', effect: 'lost-response' } },
      },
    ],
    [
      'while a look at the alias hangs',
      {
        signalAt: { afterCall: nth('GetAlias', 5) },
        faults: { after: '+00:00', spec: { action: 'GetAlias', effect: 'hang' } },
      },
    ],
  ])('%s', async (_, given) => {
    await within(given.scenario ?? scenarios.healthy(), async (simulator) => {
      const run = await cancelled(simulator, given);
      expectSound(run);
      expectQuick(run);
      expect(run.outputs).toMatchObject({ result: 'rolled-back', 'canary-weight': '0' });
      expect(run.outputs['reason']).toMatch(/^the job was cancelled while/);
      expect(story(run).at(-1)).toBe('3');
      expect(run.summary).toContain('he job was cancelled while');
      const seen = simulator.calls.length;
      expect(await post(simulator, run)).toMatchObject({ exitCode: 0, stdout: '' });
      expect(simulator.calls.slice(seen)).toEqual([]);
    });
  });

  test('while provisioned concurrency moves', async () => {
    await within(MOVING, async (simulator) => {
      const inputs = { strategy: 'all-at-once' };
      const run = await cancelled(simulator, { inputs, signalAt: { atSimulatedMs: 5 * MINUTE } });
      expectQuick(run);
      expect(run.outputs).toMatchObject({ result: 'rolled-back' });
      expect(run.history.at(-1)).toMatchObject({ functionVersion: '3', description: 'callers use this' });
      expect(run.report?.notes.join()).toContain('still moving provisioned concurrency');
      simulator.clock.advance(11 * MINUTE);
      expect(simulator.aliasHistory('checkout', 'live').at(-1)).toMatchObject({ functionVersion: '3', weights: {} });
    });
  });

  test('a second signal changes nothing', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await cancelled(simulator, { signalAt: { atSimulatedMs: 4 * MINUTE, again: true } });
      expectSound(run);
      expect(run.lines.filter((line) => line.includes('being cancelled'))).toHaveLength(1);
      expect(story(run)).toEqual(['3', '3 4:10', '3']);
    });
  });
});

function nth(action: string, count: number) {
  return { action, nth: count };
}

describe('a job that is cancelled before the first shift just stops', () => {
  test.each<[string, Case]>([
    ['while the function is looked at', { signalAt: { afterCall: nth('GetFunction', 1) } }],
    ['while the alias is looked at', { signalAt: { afterCall: nth('GetAlias', 1) } }],
    ['while the past is read', { signalAt: { afterCall: nth('GetMetricData', 1) } }],
    ['while the code is sent', { signalAt: { afterCall: nth('UpdateFunctionCode', 1) } }],
    ['while Lambda takes the code', { signalAt: { atSimulatedMs: 2 * SECOND } }],
    ['while a version is published', { signalAt: { afterCall: nth('PublishVersion', 1) } }],
    [
      'while alarms are read',
      { scenario: scenarios.oldAlarm(), inputs: { alarms: ALARM }, signalAt: { afterCall: nth('DescribeAlarms', 2) } },
    ],
    [
      'while the code is not taken',
      {
        signalAt: { afterCall: nth('UpdateFunctionCode', 1) },
        faults: { after: '::group::Publish', spec: { action: 'UpdateFunctionCode', effect: 'hang' } },
      },
    ],
  ])('%s', async (_, given) => {
    await within(given.scenario ?? scenarios.healthy(), async (simulator) => {
      const run = await cancelled(simulator, given);
      expectSound(run);
      expectQuick(run);
      expect(run.outputs).toMatchObject({ result: 'failed', 'canary-weight': '0' });
      expect(run.outputs['reason']).toBe('the job was cancelled before any traffic was shifted');
      expect(writes(run)).not.toContain('UpdateAlias');
      expect(run.report?.aliasNow).toMatchObject({ functionVersion: '3', weights: {} });
    });
  });
});
