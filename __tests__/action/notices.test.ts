import { describe, expect, jest, test } from '@jest/globals';
import type { EffectName } from '../../simulator/faults.ts';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { expectSound } from './support/sound.ts';
import { type Step, post, step, story, within } from './support/step.ts';

jest.setTimeout(60_000);

const arnOf = (name: string): string => `arn:aws:sns:eu-west-1:123456789012:${name}`;
const TOPIC = { 'sns-topic-arn': arnOf('alerts'), 'github-token': 'ghs_planted' } as const;
const SHORT = { ...TOPIC, strategy: '10% 2m' } as const;
const CANCEL = { signal: 'SIGINT', atSimulatedMs: 3 * MINUTE } as const;
const KILL = { signal: 'SIGKILL', atSimulatedMs: 3 * MINUTE } as const;

function withTopic(scenario: Scenario, change: Partial<Scenario> = {}): Scenario {
  return { ...scenario, topics: ['alerts', 'alerts.fifo'], ...change };
}

function subjectsOf({ topics }: Simulator): readonly string[] {
  return topics.messages.map(({ subject }) => subject);
}

function warningsOf({ annotations }: Pick<Step, 'annotations'>): readonly string[] {
  return annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
}

const BACK = 'Rolled back: version 3 of checkout has all traffic again';

describe('what is published', () => {
  test('a rollback: a text for people, attributes for machines, after the alias is back', async () => {
    await within(withTopic(scenarios.broken()), async (simulator) => {
      const run = await step(simulator, { inputs: SHORT });
      expectSound(run);
      expect(run.outputs['result']).toBe('rolled-back');
      expect(simulator.topics.messages).toHaveLength(1);
      const [message] = simulator.topics.messages;
      expect(message?.subject).toBe(BACK);
      expect(message?.message.split('\n')).toEqual([
        `${BACK}.`,
        '',
        expect.stringMatching(/^Why: error rate [\d.]+% vs .*, evidence 1:\S+\.$/),
        'Now: Alias live serves version 3 with all traffic.',
        expect.stringMatching(/^Next: Version 3 has all traffic again, so nothing is urgent\. /),
        '',
        'Function checkout, alias live, region eu-west-1.',
        'Run: https://github.com/acme/shop/actions/runs/1001',
        'Commit: 0123456789abcdef0123456789abcdef01234567',
        '',
      ]);
      const { details = '', ...attributes } = message?.attributes ?? {};
      expect(attributes).toEqual({
        result: 'rolled-back',
        verdict: 'fail',
        version: '4',
        'previous-version': '3',
        command: 'deploy',
        function: 'checkout',
        alias: 'live',
        region: 'eu-west-1',
        repository: 'acme/shop',
      });
      expect(JSON.parse(details)).toMatchObject({
        reason: run.outputs['reason'],
        run: 'https://github.com/acme/shop/actions/runs/1001',
        functionArn: run.outputs['function-arn'],
      });
      const actions = run.calls.map(({ action }) => action);
      expect(actions.lastIndexOf('UpdateAlias')).toBeLessThan(actions.indexOf('Publish'));
      const seen = simulator.calls.length;
      expect(await post(simulator, run, { inputs: SHORT })).toMatchObject({ exitCode: 0, stdout: '' });
      expect(simulator.calls.slice(seen)).toEqual([]);
    });
  });

  test.each<[string, Scenario, Record<string, string>, readonly (string | RegExp)[]]>([
    ['a promotion: nothing', scenarios.healthy(), SHORT, []],
    ['a dry run: nothing', scenarios.healthy(), { ...SHORT, 'dry-run': 'true' }, []],
    [
      'a failure',
      { ...scenarios.healthy(), deny: ['lambda:PublishVersion'] },
      SHORT,
      ['Failed: the deployment of checkout did not finish'],
    ],
    [
      'what waits for a person',
      scenarios.noTraffic(),
      { ...SHORT, 'on-inconclusive': 'hold' },
      ['Held: version 4 of checkout stays at 10% of the traffic'],
    ],
    [
      'a rollback by hand',
      scenarios.healthy(),
      { ...TOPIC, command: 'rollback', artifact: '', version: '2' },
      ['Rolled back: version 2 of checkout has all traffic again'],
    ],
    ['a topic with an order', scenarios.broken(), { ...SHORT, 'sns-topic-arn': arnOf('alerts.fifo') }, [BACK]],
  ])('%s', async (_, scenario, inputs, subjects) => {
    await within(withTopic(scenario), async (simulator) => {
      const run = await step(simulator, { inputs });
      expect(subjectsOf(simulator)).toEqual(subjects);
      expect(warningsOf(run)).toEqual([]);
    });
  });
});

describe('a job that is cancelled or killed', () => {
  test('cancelled in a rollout: that is a rollback', async () => {
    await within(withTopic(scenarios.healthy()), async (simulator) => {
      const run = await step(simulator, { inputs: SHORT, signalAt: CANCEL });
      expectSound(run);
      expect(subjectsOf(simulator)).toEqual([BACK]);
      expect(simulator.topics.messages[0]?.message).toContain('\nWhy: the job was cancelled while');
    });
  });

  test('cancelled before it did anything: nothing', async () => {
    await within(withTopic(scenarios.healthy()), async (simulator) => {
      const signalAt = { signal: 'SIGINT', afterCall: { action: 'GetAlias' } } as const;
      const run = await step(simulator, { inputs: SHORT, signalAt });
      expect(run.outputs['result']).toBe('failed');
      await post(simulator, run, { inputs: SHORT });
      expect(subjectsOf(simulator)).toEqual([]);
    });
  });

  test('cancelled while SNS does not answer: the step ends in time, and post publishes', async () => {
    await within(withTopic(scenarios.healthy()), async (simulator) => {
      const lift = simulator.faults.add({ service: 'sns', effect: 'hang' });
      let told = -Infinity;
      const onLine = (line: string): void => {
        if (line.startsWith('SIGINT: ')) told = performance.now();
      };
      const run = await step(simulator, { inputs: SHORT, signalAt: CANCEL, onLine });
      expectSound(run);
      expect(performance.now() - told).toBeLessThan(3000);
      expect(story(run).at(-1)).toBe('3');
      lift();
      await post(simulator, run, { inputs: SHORT });
      expect(subjectsOf(simulator)).toEqual([BACK]);
    });
  });

  test('cancelled while the last words are on their way: the step does not wait for them', async () => {
    await within(withTopic(scenarios.broken()), async (simulator) => {
      let lift = (): void => undefined;
      let told = -Infinity;
      const onLine = (line: string): void => {
        // Within the fault that sends the signal, which is there from the beginning.
        if (line.includes('→ rolling back')) lift = simulator.faults.add({ service: 'sns', effect: 'hang' });
        if (line.startsWith('SIGINT: ')) told = performance.now();
      };
      const signalAt = { signal: 'SIGINT', afterCall: { service: 'sns' } } as const;
      const run = await step(simulator, { inputs: SHORT, signalAt, onLine });
      expectSound(run);
      expect(performance.now() - told).toBeLessThan(1500);
      expect(run.outputs['result']).toBe('rolled-back');
      lift();
      await post(simulator, run, { inputs: SHORT });
      expect(subjectsOf(simulator)).toEqual([BACK]);
    });
  });

  test('killed: post says so, once', async () => {
    await within(withTopic(scenarios.healthy()), async (simulator) => {
      const run = await step(simulator, { inputs: SHORT, signalAt: KILL });
      await post(simulator, run, { inputs: SHORT });
      expect(simulator.topics.messages).toEqual([
        expect.objectContaining({
          subject: 'Failed: the step with command deploy for checkout did not come to its end',
          message: expect.stringContaining(
            '\nNow: The rollout did not come to its end. Alias live was put back: it serves',
          ),
          attributes: expect.objectContaining({ result: 'failed', function: 'checkout' }),
        }),
      ]);
    });
  });
});

test('a package that cannot be made is told, too', async () => {
  await within(withTopic(scenarios.healthy()), async (simulator) => {
    const run = await step(simulator, { inputs: SHORT, env: { RUNNER_TEMP: '/dev/null/nowhere' } });
    expect(run.outputs).toMatchObject({ result: 'failed', reason: 'there is no disk to package the artifact on' });
    expect(simulator.topics.messages.map(({ message }) => message)).toEqual([
      expect.stringContaining('Why: there is no disk to package the artifact on.'),
    ]);
    expect(run.calls.map(({ service }) => service)).toEqual(['sns']);
  });
});

describe('SNS that does not play along changes nothing', () => {
  test.each<[string, Partial<Scenario>, Record<string, string>, RegExp]>([
    [
      'not allowed',
      { deny: ['sns:Publish'] },
      {},
      /not allowed to sns:Publish for topic .*Add "sns:Publish" to the policy/,
    ],
    ['no such topic', {}, { 'sns-topic-arn': arnOf('gone') }, /Topic does not exist/],
  ])('%s: one warning', async (_, change, inputs, warning) => {
    await within(withTopic(scenarios.broken(), change), async (simulator) => {
      const run = await step(simulator, { inputs: { ...SHORT, ...inputs } });
      expectSound(run);
      expect(run.outputs['result']).toBe('rolled-back');
      const [failure, ...others] = run.annotations;
      expect(failure?.message).toMatch(/^Also: /m);
      expect(failure?.message).toMatch(warning);
      expect(others).toEqual([]);
      expect(run.calls.filter(({ service }) => service === 'sns')).toHaveLength(1);
      expect(await post(simulator, run, { inputs: SHORT })).toMatchObject({ exitCode: 0, stdout: '' });
    });
  });

  test.each<EffectName>(['server-error', 'throttle'])('%s for a while: tried again', async (effect) => {
    await within(withTopic(scenarios.broken()), async (simulator) => {
      simulator.faults.add({ service: 'sns', count: 2, effect });
      const run = await step(simulator, { inputs: SHORT });
      expect(subjectsOf(simulator)).toEqual([BACK]);
      expect(warningsOf(run)).toEqual([]);
    });
  });
});

test('a token and the texts of AWS do no harm', async () => {
  const evil = 'x\n::error::forged\r\n<script>\u202e @everyone';
  await within(withTopic(scenarios.healthy()), async (simulator) => {
    simulator.faults.add({
      action: 'PublishVersion',
      effect: ({ render, service }) => render(Object.assign(service.failure('access-denied'), { message: evil })),
    });
    const run = await step(simulator, { inputs: SHORT });
    expect(run.outputs['result']).toBe('failed');
    const published = JSON.stringify([simulator.topics.messages, run.state]);
    expect(published).not.toContain('ghs_planted');
    expect(simulator.topics.messages[0]?.message).toMatch(/^Why: .*x ::error::forged <script> @everyone/m);
    expect(run.annotations.map(({ message }) => message)).not.toContain('forged');
  });
});
