import { describe, expect, jest, test } from '@jest/globals';
import type { Effect } from '../../simulator/faults.ts';
import { ApiError } from '../../simulator/http.ts';
import type { Simulator } from '../../simulator/index.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { expectSound } from './support/sound.ts';
import { type Step, type StepOptions, errorsOf, post, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const OIDC = { 'role-to-assume': ROLE } as const;
const LONG = { strategy: '10% 40m, 50% 40m', interval: '2m' } as const;

const RARE = { strategy: '10% 1h, 50% 50m', interval: '20m' } as const;

/** STS takes no token, and says why. */
function refusal(code: string, message: string): Effect {
  return ({ render }) => render(new ApiError(400, code, message));
}

/** What STS says, by another name, when GitHub's keys did not reach it. */
const KEYS = 'retrieve verification key from your identity provider';

/** Whatever is secret in the simulator; lines that only tell the runner to mask it do not count. */
const SECRET = /simulated\.jwt|simulated-request-token|secret-of-|session-token-of-/;

function expectNoSecrets(run: Step): void {
  const lines = run.lines.filter((line) => !line.startsWith('::add-mask::'));
  const texts = [...lines, ...Object.values(run.state), ...Object.values(run.outputs), run.summary, run.stderr];
  expect(texts.filter((text) => SECRET.test(text))).toEqual([]);
  expect(JSON.stringify(run.report)).not.toMatch(SECRET);
}

describe('role-to-assume', () => {
  test('is assumed anew, with a token of its own, for as long as the rollout lasts', async () => {
    const run = await stepIn(scenarios.healthy(), { ...OIDC, ...LONG }, { idToken: true });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    const assumed = run.calls.filter(({ action }) => action === 'AssumeRoleWithWebIdentity');
    expect(assumed.length).toBeGreaterThanOrEqual(2);
    expect(assumed.length).toBeLessThanOrEqual(3);
    for (const { request } of assumed) {
      expect(request).toEqual({ RoleArn: ROLE, RoleSessionName: 'lambda-canary-deploy-1001' });
    }
    const tokens = run.calls.filter(({ action }) => action === 'GetIdToken');
    expect(tokens.map(({ request }) => request)).toEqual(assumed.map(() => ({ audience: 'sts.amazonaws.com' })));
    expectNoSecrets(run);
  });

  test('GitHub and STS that are down do not stand in the way while the session lasts', async () => {
    const run = await stepIn(
      scenarios.broken(),
      { ...OIDC, strategy: '10% 30m' },
      {
        idToken: true,
        arrange: ({ faults }) => {
          faults.add({ service: 'github', from: 2, effect: 'server-error' });
          faults.add({ service: 'sts', from: 2, effect: 'server-error' });
        },
      },
    );
    expectSound(run);
    expect(run.outputs['result']).toBe('rolled-back');
    expect(story(run).at(-1)).toBe('3');
  });

  test.each([
    ['STS refuses', { service: 'sts', from: 2, effect: 'access-denied' }, LONG],
    ['GitHub refuses', { service: 'github', from: 2, effect: 'access-denied' }, LONG],
    ['STS refuses, between polls that are far apart', { service: 'sts', from: 2, effect: 'access-denied' }, RARE],
  ] as const)('that cannot be renewed (%s): rolled back while that is possible', async (_, fault, inputs) => {
    const arrange = ({ faults }: Simulator): unknown => faults.add(fault);
    const run = await stepIn(scenarios.noTraffic(), { ...OIDC, ...inputs }, { idToken: true, arrange });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', 'canary-weight': '0' });
    expect(run.outputs['reason']).toContain(
      'the AWS credentials expire at 13:00 UTC, after which nothing could be rolled back, and could not be renewed: ',
    );
    expect(story(run).at(-1)).toBe('3');
    const told = run.lines.filter((line) => line.includes('The session of the role ends at 13:00 UTC'));
    expect(told).toHaveLength(1);
    expectNoSecrets(run);
  });

  test('that is renewed at the second attempt: nothing to warn about', async () => {
    const arrange = ({ faults }: Simulator): unknown => faults.add({ service: 'github', nth: 2, effect: 'reset' });
    const run = await stepIn(scenarios.healthy(), { ...OIDC, ...LONG }, { idToken: true, arrange });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(run.annotations).toEqual([]);
  });

  test.each([
    ['the job', 'access-denied', 1],
    ['the token', refusal('InvalidIdentityToken', 'No OpenIDConnect provider found in your account'), 1],
    ['the token, for want of keys', refusal('InvalidIdentityToken', `Couldn't ${KEYS}`), 2],
  ] as const)('post asks no more once STS refuses %s', async (_, effect, atLeast) => {
    await within(scenarios.healthy(), async (simulator) => {
      const killed = { signal: 'SIGKILL', atSimulatedMs: 4 * MINUTE } as const;
      const run = await step(simulator, { inputs: OIDC, idToken: true, signalAt: killed });
      const seen = simulator.calls.length;
      simulator.faults.add({ service: 'sts', effect });
      const after = await post(simulator, run, { inputs: OIDC, idToken: true });
      expect(after).toMatchObject({ exitCode: 0, stderr: '' });
      expect(after.summary).toContain('could not be put back: role');
      const tokens = simulator.calls.slice(seen).filter(({ action }) => action === 'GetIdToken');
      if (atLeast === 1) expect(tokens).toHaveLength(1);
      else expect(tokens.length).toBeGreaterThanOrEqual(atLeast);
    });
  });

  test('post assumes it, too', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const killed = { signal: 'SIGKILL', atSimulatedMs: 4 * MINUTE } as const;
      const run = await step(simulator, { inputs: OIDC, idToken: true, signalAt: killed });
      const after = await post(simulator, run, { inputs: OIDC, idToken: true });
      expect(after).toMatchObject({ exitCode: 0, stderr: '' });
      expect(after.summary).toContain('was put back');
      expect(simulator.aliasHistory('checkout', 'live').at(-1)).toMatchObject({ functionVersion: '3', weights: {} });
      expect(simulator.calls.at(-1)?.action).toBe('GetAlias');
    });
  });

  test('without `id-token: write` says which lines to add', async () => {
    const run = await stepIn(scenarios.healthy(), OIDC);
    expectSound(run);
    expect(run.outputs['result']).toBe('failed');
    expect(errorsOf(run)[0]?.message).toContain('`id-token: write`');
    expect(run.calls).toEqual([]);
  });

  test('that does not trust the repository says where to look', async () => {
    const arranged = { ...scenarios.healthy(), deny: ['sts:*'] };
    const run = await stepIn(arranged, OIDC, { idToken: true });
    expectSound(run);
    expect(errorsOf(run)[0]?.message).toMatch(/role arn:aws:iam::123456789012:role\/deploy could not be assumed/);
    expect(errorsOf(run)[0]?.message).toContain('trust policy');
    expectNoSecrets(run);
  });
});

/** Credentials of the environment that end so many minutes after noon, and say so or not. */
function ending(minutes: number, name?: string) {
  const end = Date.UTC(2026, 0, 15, 12, minutes);
  return {
    env: name === undefined ? {} : { [name]: new Date(end).toISOString() },
    arrange: ({ sessions }: { sessions: { ends: Map<string, number> } }) => sessions.ends.set('AKIDSIMULATED', end),
  };
}

/** Those of a session, and what is said when nobody knows its end. */
const SESSION = { AWS_SESSION_TOKEN: 'simulated-session' } as const;
const UNKNOWN_END = 'Nobody can tell when the session of the AWS credentials ends';

describe('credentials of the environment', () => {
  test.each(['AWS_CREDENTIAL_EXPIRATION', 'AWS_SESSION_EXPIRATION'])(
    'that are known to expire before the end are refused (%s)',
    async (name) => {
      const run = await stepIn(scenarios.healthy(), LONG, ending(60, name));
      expectSound(run);
      expect(run.outputs['result']).toBe('failed');
      expect(errorsOf(run)[0]?.message).toContain('role-to-assume');
      expect(writes(run)).toEqual([]);
    },
  );

  test('that may expire before `auto` is over are warned about, and end it in time', async () => {
    const slow = { ...scenarios.lowTraffic() };
    const run = await stepIn(slow, { strategy: 'auto' }, ending(40, 'AWS_CREDENTIAL_EXPIRATION'));
    expectSound(run);
    expect(run.annotations).toEqual([
      expect.objectContaining({
        level: 'error',
        message: expect.stringMatching(/\nAlso: The AWS credentials expire in/),
      }),
    ]);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', 'canary-weight': '0' });
    expect(run.outputs['reason']).toContain('credentials expire at 12:40 UTC');
    expect(story(run).at(-1)).toBe('3');
  });

  test('that last long enough are fine', async () => {
    const run = await stepIn(scenarios.healthy(), {}, ending(60, 'AWS_CREDENTIAL_EXPIRATION'));
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(run.annotations).toEqual([]);
  });

  test('of a session that does not say when it ends are warned about once, where the rollout may outlast it', async () => {
    const run = await stepIn(scenarios.healthy(), { strategy: 'auto' }, { env: SESSION });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    const told = (lines: readonly string[]) => lines.filter((line) => line.includes(UNKNOWN_END));
    expect(told(run.lines.filter((line) => !line.startsWith('::')))).toHaveLength(1);
    expect(told(run.report?.notes ?? [])).toEqual([expect.stringContaining('takes up to 2h: once it has ended')]);
    expect(run.summary).toContain(UNKNOWN_END);
    expect(run.annotations).toEqual([
      expect.objectContaining({ level: 'warning', message: expect.stringContaining('Give role-to-assume') }),
    ]);
    const at = (part: string) => run.lines.findIndex((line) => line.includes(part));
    expect(at(UNKNOWN_END)).toBeLessThan(at('+00:00'));
  });

  test.each<[string, Readonly<Record<string, string>>, StepOptions]>([
    ["a user's own keys", { strategy: 'auto' }, {}],
    ['a rollout that is soon over', {}, { env: SESSION }],
    ['a role that is assumed anew', { ...OIDC, strategy: 'auto' }, { env: SESSION, idToken: true }],
    [
      'a session that says when',
      { strategy: 'auto' },
      { env: { ...SESSION, ...ending(180, 'AWS_SESSION_EXPIRATION').env } },
    ],
  ])('%s: nothing to warn about', async (_, inputs, options) => {
    const run = await stepIn(scenarios.healthy(), inputs, options);
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(run.annotations).toEqual([]);
    expect(run.summary).not.toContain(UNKNOWN_END);
  });

  test('a first deployment, and code that is live already, are no rollouts', async () => {
    const inputs = { strategy: 'auto' } as const;
    await within(scenarios.firstDeployment(), async (simulator) => {
      for (const result of ['promoted', 'unchanged']) {
        const run = await step(simulator, { inputs, env: SESSION });
        expect(run.outputs['result']).toBe(result);
        expect(run.annotations).toEqual([]);
      }
    });
  });

  test('that expire unforeseen end the rollout at the next poll, with what to do', async () => {
    const run = await stepIn(scenarios.healthy(), { strategy: '10% 20m' }, ending(10));
    expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
    expect(run.outputs['reason']).toContain('the AWS credentials expired before');
    expect(errorsOf(run)[0]?.message).toMatch(/command: rollback.*version: 3.*Log in to AWS anew/s);
    expect(run.report?.polls.length).toBeLessThan(25);
  });
});
