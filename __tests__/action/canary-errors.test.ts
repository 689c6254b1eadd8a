import { describe, expect, test } from '@jest/globals';
import { scenarios } from '../../simulator/scenarios.ts';
import type { LoggingSpec, Scenario } from '../../simulator/scenario.ts';
import { MINUTE } from '../../src/model/time.ts';
import { withFunction } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { type Step, errorsOf, step, stepIn, story, within } from './support/step.ts';

const TYPE_ERROR = "TypeError: Cannot read properties of undefined (reading 'price')";

function logging(scenario: Scenario, change: LoggingSpec): Scenario {
  return withFunction(scenario, { logging: { ...scenario.functions?.[0]?.logging, ...change } });
}

/** What the run asked of the logs, and how many calls it had made to the alias by then. */
function asked({ calls }: Step): readonly string[] {
  return calls.filter(({ service }) => service === 'logs').map(({ action }) => action);
}

describe('after a rollback', () => {
  test.each<[string, LoggingSpec, string]>([
    ['text', {}, '/aws/lambda/checkout'],
    ['JSON', { format: 'JSON' }, '/aws/lambda/checkout'],
    ['in a shared log group', { group: 'shop' }, 'shop'],
  ])('the canary says why it failed: %s', async (_, change, logGroup) => {
    const run = await stepIn(logging(scenarios.broken(), change), { strategy: '10% 5m' });
    expectSound(run);
    const { canaryErrors } = run.report ?? {};
    expect(canaryErrors).toMatchObject({ logGroup });
    const [first, second] = canaryErrors?.groups ?? [];
    expect([first?.message, second?.message]).toEqual([
      TYPE_ERROR,
      'PaymentError: order <n> was declined: card expired',
    ]);
    expect(first?.count).toBeGreaterThan(10);
    expect(first?.firstSeen).toMatch(/^2026-01-15T12:00:\d\d\.\d{3}Z$/);
    expect(first?.requestIds).toHaveLength(5);
    // Versions that are not the canary have nothing to say here.
    expect(JSON.stringify(canaryErrors)).not.toContain('ETIMEDOUT');
    expect(errorsOf(run)[0]?.message).toContain(`Version 4 logged ${first?.count}× "${TYPE_ERROR}"`);
    const line = new RegExp(
      String.raw`^  ${first?.count}×  TypeError: .*  \(first at \+00:\d\d, request [0-9a-f-]{36}\)$`,
    );
    const folded = run.lines.lastIndexOf('::endgroup::');
    expect(run.lines.slice(folded).filter((text) => line.test(text))).toHaveLength(1);
  });

  test('but not before the alias is back', async () => {
    const run = await stepIn(scenarios.broken(), { strategy: '10% 5m' });
    const actions = run.calls.map(({ action }) => action);
    const back = actions.lastIndexOf('UpdateAlias');
    expect(actions.indexOf('FilterLogEvents')).toBeGreaterThan(actions.indexOf('GetAlias', back));
    expect(story(run).at(-1)).toBe('3');
  });

  test.each<[string, Scenario, RegExp]>([
    [
      'the permission is missing',
      { ...scenarios.broken(), deny: ['logs:FilterLogEvents'] },
      /^What version 4 logged could not be read: not allowed to logs:FilterLogEvents .* Add "logs:FilterLogEvents" to the policy/,
    ],
    [
      'the function may not log',
      logging(scenarios.broken(), { denied: true }),
      /there is no log group \/aws\/lambda\/checkout\. Either nothing was logged/,
    ],
  ])('%s: one note, and all else as ever', async (_, scenario, note) => {
    const run = await stepIn(scenario, { strategy: '10% 5m' });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail', 'canary-weight': '0' });
    expect(run.report?.canaryErrors).toBeNull();
    expect(run.report?.notes.filter((text) => note.test(text))).toHaveLength(1);
    expect(run.lines.filter((text) => note.test(text))).toHaveLength(1);
  });

  test.each(['throttle', 'server-error', 'reset'] as const)('%s: tried twice, then noted', async (effect) => {
    await within(scenarios.broken(), async (simulator) => {
      simulator.faults.add({ service: 'logs', effect });
      const run = await step(simulator, { inputs: { strategy: '10% 5m' } });
      expectSound(run);
      expect(run.outputs['result']).toBe('rolled-back');
      expect(asked(run)).toHaveLength(2);
      expect(run.report?.notes.join()).toContain('What version 4 logged could not be read');
    });
  });

  test('a log without an end is not read to its end', async () => {
    await within(scenarios.broken(), async (simulator) => {
      simulator.faults.add({
        service: 'logs',
        effect: async ({ carryOut }) => {
          simulator.clock.advance(1_000);
          const answer = await carryOut();
          if (typeof answer === 'string') return answer;
          return { ...answer, body: JSON.stringify({ events: [], nextToken: `f/${simulator.clock.now()}/0` }) };
        },
      });
      const run = await step(simulator, { inputs: { strategy: '10% 5m' } });
      expectSound(run);
      expect(asked(run).length).toBeLessThan(9);
      expect(run.report?.canaryErrors).toMatchObject({ groups: [], scanned: 0, isPartial: true });
    });
  });

  test('a signal while it reads ends that, not the report', async () => {
    const signalAt = { signal: 'SIGINT', beforeCall: { action: 'FilterLogEvents' } } as const;
    const run = await stepIn(scenarios.broken(), { strategy: '10% 5m' }, { signalAt });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(run.report).toMatchObject({ canaryErrors: null, notes: [] });
  });
});

describe('nothing is read', () => {
  test('of a healthy release', async () => {
    const run = await stepIn(scenarios.healthy(), { strategy: '10% 2m' });
    expect(run.outputs['result']).toBe('promoted');
    expect(asked(run)).toEqual([]);
    expect(run.report?.canaryErrors).toBeNull();
  });

  test('when the job is cancelled', async () => {
    const signalAt = { signal: 'SIGINT', atSimulatedMs: 2 * MINUTE } as const;
    const run = await stepIn(scenarios.broken(), { strategy: '10% 5m' }, { signalAt });
    expect(run.outputs['result']).toBe('rolled-back');
    expect(asked(run)).toEqual([]);
  });
});

test('no secret of the log comes out anywhere', async () => {
  const secrets = ['hunter2-N0b0dy', ['AKIA', 'QX7RTMN2PLK3DSWV'].join(''), 'abcdef.0123456789', 'ann@example.com'];
  const message = `login of ${secrets[3]} with password=${secrets[0]} and ${secrets[1]} at mysql://app:${secrets[0]}@db: Bearer ${secrets[2]}`;
  const failures = {
    4: [{ message }, { kind: 'logged', message: JSON.stringify({ db_password: secrets[0] }) } as const],
  };
  const run = await stepIn(logging(scenarios.broken(), { failures }), { strategy: '10% 5m' });
  expectSound(run);
  expect(run.report?.canaryErrors?.groups.map(({ message: told }) => told).sort()).toEqual([
    'Error: login of <email> with password=*** and *** at mysql://***@db: Bearer ***',
    '{"db_password":***}',
  ]);
  const out = [run.stdout, run.stderr, run.summary, JSON.stringify([run.outputs, run.state, run.report])].join('\n');
  expect(secrets.filter((secret) => out.includes(secret))).toEqual([]);
});

test('the log has colours unless NO_COLOR says otherwise, and turns stand out', async () => {
  const run = await stepIn(scenarios.broken(), { strategy: '10% 5m' }, { env: { NO_COLOR: '' } });
  const coloured = (colour: string) => run.lines.filter((line) => line.startsWith(`\u001b[${colour}m`));
  expect(coloured('1;31').map((line) => /→ (\w+ \w+)/.exec(line)?.[1])).toEqual(['rolling back', 'rolled back']);
  expect(coloured('33').join('\n')).toContain('→ quarantine');
  expect(coloured('1').join('\n')).toContain('→ step 1 of 1');
  const plain = await stepIn(scenarios.broken(), { strategy: '10% 5m' });
  expect(plain.stdout).not.toContain('\u001b');
});
