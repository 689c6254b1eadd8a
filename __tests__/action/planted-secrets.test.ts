import { describe, expect, jest, test } from '@jest/globals';
import type { FaultContext, Outcome } from '../../simulator/faults.ts';
import { ApiError, isObject } from '../../simulator/http.ts';
import type { RunResult, Scenario, Simulator } from '../../simulator/index.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { INPUT_NAMES, type InputName } from '../../src/model/names.ts';
import { MINUTE } from '../../src/model/time.ts';
import { withFunction } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { APP, type Step, errorsOf, post, step, stepIn, within } from './support/step.ts';

jest.setTimeout(30_000);

/** Secrets as a job's environment holds them. */
const ENV = {
  AWS_ACCESS_KEY_ID: 'AKIAPLANTEDACCESSKEY',
  AWS_SECRET_ACCESS_KEY: 'plAntedSecretKey/K7MDENG+bPxRfiCYQwErTy',
  AWS_SESSION_TOKEN: `plAntedSessionToken${'/session+token='.repeat(20)}`,
  ACTIONS_RUNTIME_TOKEN: 'plAntedRuntimeToken.QwErTyUiOp',
  GITHUB_TOKEN: 'ghs_plAntedTokenOfTheJobQwErTyUiOp',
  DEPLOY_PASSWORD: 'plAnted-pass*word_with|markup',
} as const;

/** What nobody told the step of, and what gives itself away all the same. */
const STRAY = `ghp_plAntedStrayTokenQwErTyUiOpAsDfGh`;
/** What a function's configuration holds; only those who may read it see it. */
const VARIABLE = 'plAnted-variable-of-the-function';
/** What the simulated GitHub and STS hand out. */
const HANDED_OUT = ['simulated.jwt.', 'simulated-request-token', 'secret-of-ASIASIMULATED', 'session-token-of-ASIA'];

const PARTS = [...Object.values(ENV), STRAY, VARIABLE].flatMap((secret) =>
  // Any twelve letters in a row of a secret are a trace of it.
  Array.from({ length: secret.length - 11 }, (_, start) => secret.slice(start, start + 12)),
);

/** Everything that a run says, saves or writes, but for the lines that tell the runner what to mask. */
function saidBy(run: RunResult | Step): string {
  const lines = run.lines.filter((line) => !line.startsWith('::add-mask::'));
  const report = 'report' in run ? run.report : undefined;
  return [
    ...lines,
    run.stderr,
    run.summary,
    ...[run.outputs, run.state, report].map((all) => JSON.stringify(all)),
  ].join('\n');
}

function expectNoTraces(run: RunResult | Step): void {
  const said = saidBy(run);
  expect([...PARTS, ...HANDED_OUT].filter((part) => said.includes(part))).toEqual([]);
}

const ALL = Object.values(ENV).join(' ');

/** As AWS answers where a signature does not match: with the request that it was made of, its token included. */
function repeating({ render }: FaultContext) {
  const said = `The Canonical String should have been 'POST x-amz-security-token:${ENV.AWS_SESSION_TOKEN} ${ALL} ${STRAY}'`;
  return render(new ApiError(403, 'InvalidSignatureException', said));
}

/** Lambda's answers with the environment of the function, the presigned URL of its code, and a secret in a description. */
async function revealing({ carryOut }: FaultContext): Promise<Outcome> {
  const answer = await carryOut();
  if (typeof answer === 'string' || typeof answer.body !== 'string' || answer.status >= 300) return answer;
  const body: unknown = JSON.parse(answer.body);
  const more = { Environment: { Variables: { DB: VARIABLE } }, Description: `of ${ENV.GITHUB_TOKEN}` };
  const code = { Location: `https://b.example/k?X-Amz-Security-Token=${ENV.AWS_SESSION_TOKEN}` };
  if (!isObject(body)) return answer;
  const { Configuration: configuration, Code } = body;
  const changed = isObject(configuration)
    ? { ...body, Code: { ...(isObject(Code) ? Code : {}), ...code }, Configuration: { ...configuration, ...more } }
    : { ...body, ...more };
  return { ...answer, body: JSON.stringify(changed) };
}

function reveal({ faults }: Simulator): void {
  for (const action of ['GetFunction', 'UpdateFunctionCode', 'PublishVersion'])
    faults.add({ action, effect: revealing });
}

describe('secrets of the environment, of the function and of sessions are nowhere to be read', () => {
  test.each<[string, Scenario, Record<string, string>, string]>([
    ['promoted', scenarios.healthy(), { strategy: '10% 2m' }, 'promoted'],
    ['rolled back', scenarios.broken(), {}, 'rolled-back'],
    ['held', scenarios.lowTraffic(), { strategy: '10% 2m', 'on-inconclusive': 'hold' }, 'held'],
    ['planned', scenarios.healthy(), { 'dry-run': 'true' }, 'planned'],
    ['status', scenarios.healthy(), { command: 'status' }, 'unchanged'],
    ['rolled back by hand', scenarios.healthy(), { command: 'rollback' }, 'rolled-back'],
  ])('%s', async (_, scenario, inputs, result) => {
    const run = await stepIn(scenario, inputs, { env: ENV, idToken: true, arrange: reveal });
    expectSound(run);
    expect(run.outputs['result']).toBe(result);
    expectNoTraces(run);
  });

  test('with a role that is assumed', async () => {
    const inputs = { 'role-to-assume': 'arn:aws:iam::123456789012:role/deploy', strategy: '10% 2m' };
    const run = await stepIn(scenarios.healthy(), inputs, { env: ENV, idToken: true, arrange: reveal });
    expect(run.outputs['result']).toBe('promoted');
    expect(run.lines.filter((line) => line.startsWith('::add-mask::secret-of-'))).toHaveLength(1);
    expectNoTraces(run);
  });

  test('killed, and put back by post', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const signalAt = { signal: 'SIGKILL', atSimulatedMs: 4 * MINUTE } as const;
      const run = await step(simulator, { env: ENV, signalAt });
      simulator.faults.add({ action: 'UpdateAlias', effect: repeating });
      const after = await post(simulator, run, { env: ENV });
      expect(after.summary).toContain('could not be put back');
      expectNoTraces(run);
      expectNoTraces(after);
    });
  });
});

describe('values of variables that a smoke test meets in the new version', () => {
  const answers = () => ({
    error: { errorType: 'Error', errorMessage: `${'x'.repeat(80)} cannot connect with ${VARIABLE}` },
    log: `the key is ${VARIABLE}`,
  });
  const topic = 'arn:aws:sns:eu-west-1:123456789012:alerts';
  const inputs = { 'smoke-test': '{"a":1}', strategy: 'all-at-once', 'sns-topic-arn': topic };
  const settings = { Environment: { Variables: { API_KEY: VARIABLE } } };
  const withValue = { ...withFunction(scenarios.healthy(), { answers, settings }), topics: ['alerts'] };

  test.each<[string, Scenario, Record<string, string>, string]>([
    ['that it has already', withValue, {}, 'cannot connect with ***'],
    [
      'that this deployment sets',
      { ...withFunction(scenarios.healthy(), { answers }), topics: ['alerts'] },
      { environment: `API_KEY=${VARIABLE}` },
      'cannot connect with ***',
    ],
    [
      'that cannot be read',
      { ...withFunction(withValue, { environmentHidden: true }), topics: ['alerts'] },
      {},
      'got what is not shown: the environment variables of the version cannot be read',
    ],
  ])('%s', async (_, scenario, more, sentence) => {
    await within(scenario, async (simulator) => {
      const run = await step(simulator, { inputs: { ...inputs, ...more }, env: ENV });
      expectSound(run);
      expect(run.outputs['reason']).toContain(sentence);
      expectNoTraces(run);
      const [message] = simulator.topics.messages;
      expect(JSON.stringify(message)).toContain(sentence);
      expect(JSON.stringify(message)).not.toContain(VARIABLE.slice(0, 12));
    });
  });
});

describe('what AWS and GitHub repeat in their errors', () => {
  const LAMBDA = ['GetFunction', 'UpdateFunctionCode', 'PublishVersion', 'GetAlias', 'UpdateAlias', 'GetPolicy'];
  const OTHERS = ['ListEventSourceMappings', 'GetMetricData', 'DescribeAlarms', 'PutObject'];
  const inputs = { alarms: 'checkout-errors', 's3-bucket': 'releases', strategy: '10% 2m' };

  test.each([...LAMBDA, ...OTHERS])('%s', async (action) => {
    const arrange = ({ faults }: Simulator): unknown => faults.add({ action, effect: repeating });
    const run = await stepIn(scenarios.alarmRings(), inputs, { env: ENV, arrange });
    expectSound(run);
    expect(run.calls.map((call) => call.action)).toContain(action);
    expectNoTraces(run);
  });

  test.each(['GetIdToken', 'AssumeRoleWithWebIdentity'])('%s', async (action) => {
    const role = { 'role-to-assume': 'arn:aws:iam::123456789012:role/deploy' };
    const arrange = ({ faults }: Simulator): unknown => faults.add({ action, effect: repeating });
    const run = await stepIn(scenarios.healthy(), role, { env: ENV, idToken: true, arrange });
    expectSound(run);
    expect(run.outputs['result']).toBe('failed');
    expectNoTraces(run);
  });

  test('the reason why an update failed', async () => {
    const [fn] = scenarios.healthy().functions ?? [];
    const updateFails = { reason: `cannot decrypt with ${ALL}`, code: 'InvalidImage' };
    const scenario = fn === undefined ? {} : { ...scenarios.healthy(), functions: [{ ...fn, updateFails }] };
    const run = await stepIn(scenario, {}, { env: ENV });
    expectSound(run);
    expect(errorsOf(run)[0]?.message).toContain('cannot decrypt with ***');
    expectNoTraces(run);
  });
});

describe('a secret that was put into an input, wherever that was', () => {
  const value = `${ENV.AWS_SECRET_ACCESS_KEY}${STRAY}`;
  const withSecret = (...names: readonly InputName[]): Record<string, string> => ({
    'function-name': 'checkout',
    artifact: APP,
    strategy: 'all-at-once',
    ...Object.fromEntries(names.map((name) => [name, value])),
  });
  const isTaken = (name: InputName): boolean => parseInputs(withSecret(name), { region: 'eu-west-1' }).ok;
  const taken = INPUT_NAMES.filter(isTaken);

  test('all that do not take it, in one run, and its command', async () => {
    const refused = INPUT_NAMES.filter((name) => !taken.includes(name));
    for (const names of [refused, refused.filter((name) => name !== 'command')]) {
      const run = await stepIn(scenarios.healthy(), withSecret(...names), { env: ENV });
      expect(run.outputs['result']).toBe('failed');
      expectNoTraces(run);
    }
  });

  test.each(taken)('%s, which takes it', async (name) => {
    const run = await stepIn(scenarios.healthy(), withSecret(name), { env: ENV });
    expectSound(run);
    expectNoTraces(run);
  });

  test('alarms and metrics that are called like one', async () => {
    const inputs = {
      alarms: ENV.DEPLOY_PASSWORD.replace('|', ''),
      metrics: `[{ name: "${STRAY}", value: "m1+${STRAY}", max: 1 }]`,
    };
    const run = await stepIn(scenarios.healthy(), inputs, { env: { ...ENV, DEPLOY_PASSWORD: inputs.alarms } });
    expectSound(run);
    expect(run.outputs['result']).toBe('failed');
    expectNoTraces(run);
  });
});
