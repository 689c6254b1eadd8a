import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import type { AnswerSpec, Scenario } from '../../simulator/scenario.ts';
import { NAMES, scenarios } from '../../simulator/scenarios.ts';
import { SECOND } from '../../src/model/time.ts';
import { withFunction } from './support/aliases.ts';
import { expectSound } from './support/sound.ts';
import { type Step, errorsOf, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

const AT_ONCE = { strategy: 'all-at-once' } as const;
const EVENTS = '__tests__/action/fixtures/events/*.json';
const folder = mkdtempSync(join(tmpdir(), 'smoke-'));
writeFileSync(join(folder, 'broken.json'), '{"a": 1,');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Orders of an API: 7 is there, everything else is not. */
function shop({ payload }: { payload: unknown }): AnswerSpec {
  const { orderId } = (payload ?? {}) as { orderId?: unknown };
  if (orderId !== 7)
    return { error: { errorType: 'OrderNotFound', errorMessage: `no order ${String(orderId)}` }, log: 'looking' };
  return { response: { statusCode: 200, body: JSON.stringify({ id: 7, currency: 'EUR' }) }, log: 'found' };
}

function answering(answers: (invocation: { version: string; payload: unknown }) => AnswerSpec = shop): Scenario {
  return withFunction(scenarios.healthy(), { answers });
}

/** Version and payload of what ran: a `DryRun` runs nothing. */
function invoked({ calls }: Pick<Step, 'calls'>): readonly unknown[] {
  return calls
    .filter(({ action, request }) => action === 'Invoke' && request['InvocationType'] !== 'DryRun')
    .map(({ request }) => [request['Qualifier'], request['Payload']]);
}

/** Nothing was shifted, the version is there, and everything says so. */
function expectRefused(run: Step): void {
  expectSound(run);
  expect(run.exitCode).toBe(1);
  expect(run.outputs).toMatchObject({
    result: 'failed',
    verdict: 'fail',
    version: NAMES.canary,
    'previous-version': NAMES.baseline,
    'canary-weight': '0',
  });
  expect(writes(run)).toEqual(['UpdateFunctionCode', 'PublishVersion']);
  expect(story(run)).toEqual(['3']);
  expect(run.report?.aliasNow).toMatchObject({ functionVersion: '3', weights: {} });
  expect(errorsOf(run)[0]?.message).toContain('No traffic was shifted: alias live serves version 3 as before.');
}

describe('smoke tests that pass', () => {
  test('run on the new version before anything is shifted, as they were written', async () => {
    const tests = `
- payload: ${EVENTS.replace('*', 'get')}
  expect: {status: 2xx, json: {body: {currency: EUR}}, matches: statusCode}
  max-duration: 10s
- name: not there
  payload: '{ "orderId":  8 }'
  expect: {error: OrderNotFound, json: {errorMessage: no order 8}}
- payload: {orderId: 7}
  expect: 200`;
    const run = await stepIn(answering(), { ...AT_ONCE, 'smoke-test': tests });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(invoked(run)).toEqual([
      ['4', '{ "orderId": 7 }\n'],
      ['4', '{ "orderId":  8 }'],
      ['4', '{"orderId":7}'],
    ]);
    const actions = run.calls.map(({ action }) => action);
    expect(actions.lastIndexOf('Invoke')).toBeLessThan(actions.indexOf('UpdateAlias'));
    expect(run.report?.notes.join()).toMatch(/3 smoke tests passed on version 4, the slowest after \d+ms/);
    expect(run.lines.filter((line) => line.startsWith('✓'))).toHaveLength(3);
    expect(run.stdout).not.toContain('looking');
  });

  test('on a first deployment before there is an alias', async () => {
    const scenario = withFunction(scenarios.firstDeployment(), { answers: shop });
    const run = await stepIn(scenario, { 'smoke-test': '{"orderId": 7}' });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'promoted', version: '1' });
    expect(invoked(run)).toEqual([['1', '{"orderId": 7}']]);
    expect(run.calls.findIndex(({ action }) => action === 'Invoke')).toBeLessThan(
      run.calls.findIndex(({ action }) => action === 'CreateAlias'),
    );
  });

  test('are not run where nothing is deployed', async () => {
    await within(answering(), async (simulator) => {
      const inputs = { ...AT_ONCE, 'smoke-test': '{"orderId": 7}' };
      await step(simulator, { inputs });
      const again = await step(simulator, { inputs });
      expect(again.outputs['result']).toBe('unchanged');
      expect(invoked(again)).toEqual([]);
      const planned = await step(simulator, { inputs: { ...inputs, 'dry-run': 'true', 'allow-older': 'true' } });
      expect(invoked(planned)).toEqual([]);
    });
  });

  test('after Lambda was busy for a while', async () => {
    const arrange = ({
      faults,
    }: Parameters<NonNullable<Parameters<typeof stepIn>[2]>['arrange'] & object>[0]): void => {
      faults.add({ action: 'Invoke', from: 1, count: 2, effect: 'throttle' });
    };
    const run = await stepIn(answering(), { ...AT_ONCE, 'smoke-test': '{"orderId": 7}' }, { arrange });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(invoked(run)).toHaveLength(3);
  });
});

describe('a smoke test that fails: nothing is shifted', () => {
  const body = (value: unknown) => () => ({ response: { statusCode: 200, body: JSON.stringify(value) } });

  test.each<[string, string, Scenario, string]>([
    [
      'an error',
      '{"orderId": 8}',
      answering(),
      'the smoke test failed on version 4: expected no error, got OrderNotFound: no order 8',
    ],
    [
      'a server error',
      '{}',
      answering(() => ({ response: { statusCode: 503 } })),
      '$.statusCode: expected no 500 or more, got 503',
    ],
    ['another status', '[{payload: {orderId: 7}, expect: 201}]', answering(), '$.statusCode: expected 201, got 200'],
    [
      'another body',
      '[{payload: {}, name: x, expect: {json: {body: {ok: true}}}}]',
      answering(body({ ok: false })),
      'smoke test "x" failed on version 4: $.body.ok: expected true, got false',
    ],
    [
      'no match',
      '[{payload: {orderId: 7}, expect: {matches: USD}}]',
      answering(),
      'expected an answer that matches /USD/, got {"statusCode":200',
    ],
    [
      'no error where one is expected',
      '[{payload: {orderId: 7}, expect: {error: OrderNotFound}}]',
      answering(),
      'expected the error OrderNotFound, got {"statusCode":200',
    ],
    [
      'another error',
      '[{payload: {}, expect: {error: ValueError}}]',
      answering(),
      'expected the error ValueError, got OrderNotFound: no order undefined',
    ],
    [
      'the timeout of the function',
      '{}',
      answering(() => ({ durationMs: 60_000 })),
      'expected no error, got Sandbox.Timedout: RequestId: simulated Error: Task timed out after 3.00 seconds',
    ],
    [
      'too slow',
      '[{payload: {orderId: 7}, max-duration: 1s}]',
      answering((invocation) => ({ ...shop(invocation), durationMs: 1_500 })),
      'expected an answer within 1s, got one after 1.6s',
    ],
  ])('%s', async (_, tests, scenario, reason) => {
    const run = await stepIn(scenario, { 'smoke-test': tests });
    expectRefused(run);
    expect(run.outputs['reason']).toContain(reason);
    expect(run.summary).toContain('❌ Failed');
  });

  test('no answer at all', async () => {
    await within(answering(), async (simulator) => {
      simulator.faults.add({ action: 'Invoke', effect: 'hang' });
      const run = await step(simulator, { inputs: { 'smoke-test': '[{payload: {}, max-duration: 300ms}]' } });
      expectRefused(run);
      expect(run.outputs['reason']).toContain('expected an answer within 300ms, got none');
      expect(run.lines).toContain('Lambda gave no log with its answer.');
    });
  });

  test('all of them run, the reason names the first, the log shows each', async () => {
    const tests = `[{payload: {}}, {payload: {orderId: 7}}, {payload: "${EVENTS}", expect: 200}]`;
    const run = await stepIn(answering(), { 'smoke-test': tests });
    expectRefused(run);
    expect(invoked(run)).toHaveLength(4);
    expect(run.outputs['reason']).toBe(
      'smoke test 1 failed on version 4: expected no error, got OrderNotFound: no order undefined; 2 of 4 smoke tests failed',
    );
    const group = run.lines.findIndex((line) =>
      line.startsWith('::group::What version 4 wrote to its log in smoke test "'),
    );
    expect(run.lines[group]).toContain('events/missing.json');
    expect(run.lines.slice(group + 1, group + 3)).toEqual(['START RequestId: simulated Version: 4', 'looking']);
    expect(run.lines.filter((line) => line === 'looking')).toHaveLength(2);
  });

  test('a first deployment creates no alias', async () => {
    const scenario = withFunction(scenarios.firstDeployment(), { answers: shop });
    const run = await stepIn(scenario, { 'smoke-test': '{}' });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'failed', verdict: 'fail', version: '1', 'previous-version': '' });
    expect(writes(run)).not.toContain('CreateAlias');
    expect(run.report?.next).toContain('Alias live was not created');
  });

  test('mended by a test that is right: the same version is tried again and goes live', async () => {
    await within(answering(), async (simulator) => {
      expectRefused(await step(simulator, { inputs: { 'smoke-test': '{}' } }));
      const again = await step(simulator, { inputs: { ...AT_ONCE, 'smoke-test': '{"orderId": 7}' } });
      expectSound(again);
      expect(again.outputs).toMatchObject({ result: 'promoted', version: '4' });
    });
  });

  test('access denied names the action and the version', async () => {
    const run = await stepIn({ ...answering(), deny: ['lambda:InvokeFunction'] }, { 'smoke-test': '{}' });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'failed', verdict: 'none', 'canary-weight': '0' });
    expect(run.outputs['reason']).toContain('function:checkout:4');
    expect(run.report?.next).toContain('Add "lambda:InvokeFunction"');
    expect(story(run)).toEqual(['3']);
  });
});

describe('found before AWS is asked anything', () => {
  test('files, together with everything else', async () => {
    const tests = `[{payload: ${folder}/*.json}, {payload: ${folder}/none/*.json}, {payload: ${folder}/x.json}]`;
    const run = await stepIn(answering(), { 'smoke-test': tests, interval: 'x', artifact: `${folder}/nowhere` });
    expectSound(run);
    expect(run.calls).toEqual([]);
    const { reason = '' } = run.outputs;
    expect(reason).toContain('5 problems with the inputs');
    for (const sentence of [
      'broken.json" is not JSON',
      '*.json" matches no file',
      'x.json" does not exist',
      'interval: ',
    ])
      expect(reason).toContain(sentence);
  });

  test('what cannot be understood', async () => {
    const run = await stepIn(answering(), { 'smoke-test': '[{payload: {}, expect: {statusCode: 200}}]' });
    expect(run.calls).toEqual([]);
    expect(run.outputs['reason']).toContain('smoke-test: item 1: expect: "statusCode" is unknown');
  });
});

test('dry-run lists what would be invoked', async () => {
  const run = await stepIn(answering(), { 'smoke-test': EVENTS, check: 'true', 'bake-time': '5m', 'dry-run': 'true' });
  expectSound(run);
  expect(invoked(run)).toEqual([]);
  expect(run.report?.plan).toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        /^invoke the new version before it gets traffic: smoke test ".*get\.json", smoke test ".*missing\.json"$/,
      ),
      'run the check before the first shift, after every step, when it has all traffic',
    ]),
  );
});

describe('what is said', () => {
  test('is no workflow command, whatever the function answers and logs', async () => {
    const log = '::error::boo\n  ::set-output name=result::promoted\nx ##[error]y\r::warning::z\u001b[31m';
    const response = '\n::error::in the answer ##[error]';
    const run = await stepIn(
      answering(() => ({ log, response })),
      { 'smoke-test': '[{payload: 1, expect: {json: 2}}]' },
    );
    expectRefused(run);
    expect(run.annotations).toHaveLength(1);
    // The runner looks for commands of the old kind in lines that are none of the new kind.
    expect(run.lines.filter((line) => line.includes('##[') && !line.startsWith('::'))).toEqual([]);
    expect(run.lines.filter((line) => /^\s*::(?!(?:end)?group::|error title)/.test(line))).toEqual([]);
    expect(run.stdout).toContain('\u200b::error::boo');
  });

  test('is not what was planted in the payload, nor in the environment', async () => {
    const planted = { payload: 'planted-payload', token: 'planted-token', key: 'planted-key' };
    const run = await stepIn(
      answering(() => ({ error: { errorType: 'E', errorMessage: 'e' } })),
      {
        'smoke-test': JSON.stringify({ password: planted.payload }),
        'github-token': planted.token,
      },
      { env: { AWS_SECRET_ACCESS_KEY: planted.key } },
    );
    expectRefused(run);
    const everything = [
      run.stdout,
      run.stderr,
      run.summary,
      JSON.stringify(run.outputs),
      JSON.stringify(run.report),
      JSON.stringify(run.state),
    ];
    for (const secret of Object.values(planted)) expect(everything.join('\n')).not.toContain(secret);
  });
});

test('a cancellation ends a smoke test at once, and the next one never begins', async () => {
  await within(answering(), async (simulator) => {
    let told = 0;
    const run = await step(simulator, {
      inputs: { 'smoke-test': '[{payload: 1}, {payload: 2}]' },
      signalAt: { signal: 'SIGINT', afterCall: { action: 'Invoke', nth: 1 } },
      onLine: (line) => {
        if (line === '::group::Smoke tests') simulator.faults.add({ action: 'Invoke', effect: 'hang' });
        if (line.startsWith('SIGINT: ')) told = performance.now();
      },
    });
    expect(performance.now() - told).toBeLessThan(3 * SECOND);
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'failed', verdict: 'none', version: '4', 'canary-weight': '0' });
    expect(run.outputs['reason']).toBe('the job was cancelled before any traffic was shifted');
    expect(invoked(run)).toHaveLength(1);
    expect(story(run)).toEqual(['3']);
  });
});
