import { describe, expect, test } from '@jest/globals';
import type { AnswerSpec, Scenario } from '../../simulator/scenario.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { LambdaInvoke } from '../../src/aws/lambda-invoke.ts';
import type { Call } from '../../src/checks/ports.ts';
import { withFunction } from '../action/support/aliases.ts';
import { type Bench, withBench } from '../simulator/bench.ts';
import { failureOf, pointEnvironmentAt } from './adapters.ts';

function answering(answers: (payload: unknown) => AnswerSpec): Scenario {
  return withFunction(scenarios.healthy(), { answers: ({ payload }) => answers(payload) });
}

type Invoke = (call?: Partial<Call>) => ReturnType<LambdaInvoke['invoke']>;

/** The adapter on its own client, as a workflow's environment would make it. */
function withInvoker(scenario: Scenario, test: (bench: Bench, invoke: Invoke) => Promise<void>): Promise<void> {
  return withBench(scenario, (bench) => {
    pointEnvironmentAt(bench.simulator.url);
    const invoker = new LambdaInvoke({ id: 'checkout', region: 'eu-west-1' });
    const { signal } = new AbortController();
    return test(bench, (call) => invoker.invoke({ version: '2', payload: '{}', limit: 5_000, signal, ...call }));
  });
}

describe('an invocation', () => {
  test('sends the payload as it is, to the version, and asks for the log', async () => {
    const scenario = answering((payload) => ({ response: { got: payload }, log: 'one\ntwo ünï' }));
    await withInvoker(scenario, async ({ simulator }, invoke) => {
      const payload = '{"id": 12345678901234567890, "name":  "ü"}';
      const found = await invoke({ payload });
      expect(found).toMatchObject({ hasFailed: false, text: expect.stringContaining('"name":"ü"') });
      expect(found?.log).toMatch(/^START RequestId: .*\none\ntwo ünï\nEND RequestId: .*\nREPORT /);
      expect(simulator.calls.at(-1)?.request).toEqual({
        FunctionName: 'checkout',
        Qualifier: '2',
        Payload: payload,
        LogType: 'Tail',
      });
    });
  });

  test('that fails', async () => {
    const error = { errorType: 'ValueError', errorMessage: 'no' };
    await withInvoker(
      answering(() => ({ error })),
      async (_, invoke) => {
        expect(await invoke()).toMatchObject({ hasFailed: true, text: JSON.stringify(error) });
      },
    );
  });

  test('that the function’s own timeout ends', async () => {
    await withInvoker(
      answering(() => ({ durationMs: 5_000 })),
      async ({ simulator }, invoke) => {
        const before = simulator.clock.now();
        expect(await invoke()).toMatchObject({ hasFailed: true, text: expect.stringContaining('Sandbox.Timedout') });
        expect(simulator.clock.now() - before).toBeGreaterThanOrEqual(3_000);
        expect(simulator.clock.now() - before).toBeLessThan(3_200);
      },
    );
  });

  test('without an answer in time has none, and is not repeated', async () => {
    await withInvoker(scenarios.healthy(), async ({ simulator }, invoke) => {
      simulator.faults.add({ action: 'Invoke', effect: 'hang' });
      expect(await invoke({ limit: 100 })).toBeUndefined();
      expect(simulator.calls).toHaveLength(1);
    });
  });

  test('ends with its signal', async () => {
    await withInvoker(scenarios.healthy(), async ({ simulator }, invoke) => {
      const controller = new AbortController();
      simulator.faults.add({
        action: 'Invoke',
        effect: () => {
          controller.abort();
          return 'hang';
        },
      });
      await failureOf(invoke({ signal: controller.signal }));
    });
  });
});

describe('whether a version may be invoked', () => {
  const asked = (scenario: Scenario, arrange: (bench: Bench) => void = () => undefined): Promise<unknown> =>
    new Promise((resolve, reject) => {
      withBench(scenario, async (bench) => {
        pointEnvironmentAt(bench.simulator.url);
        arrange(bench);
        const work = new LambdaInvoke({ id: 'checkout', region: 'eu-west-1' }).requirePermission('2');
        resolve(await work.catch((error: unknown) => error));
      }).catch(reject);
    });

  test('it may, and nothing runs', async () => {
    let runs = 0;
    const scenario = answering(() => ((runs += 1), {}));
    expect(await asked(scenario)).toBeUndefined();
    expect(runs).toBe(0);
  });

  test('it may not', async () => {
    const found = await asked({ ...scenarios.healthy(), deny: ['lambda:InvokeFunction'] });
    expect(found).toMatchObject({
      permanent: true,
      message: expect.stringContaining('not allowed to lambda:InvokeFunction'),
    });
  });

  test('nobody can tell', async () => {
    const found = await asked(scenarios.healthy(), ({ simulator }) => {
      simulator.faults.add({ action: 'Invoke', effect: 'throttle' });
    });
    expect(found).toMatchObject({ permanent: false });
  });
});

describe('what is not invoked', () => {
  test.each([
    [
      'throttled',
      'throttle',
      false,
      /version 2 of function checkout could not be invoked: TooManyRequestsException/,
      /reserved concurrency/,
    ],
    [
      'denied',
      'access-denied',
      true,
      /not allowed to lambda:InvokeFunction for version 2 .*function:checkout:2/,
      /Add "lambda:InvokeFunction"/,
    ],
    ['expired', 'expired-token', true, /credentials expired before lambda:InvokeFunction/, /Log in/],
    // It may have run.
    ['broken', 'server-error', true, /lambda:InvokeFunction for version 2 .* failed: ServiceException/, /again/],
    ['cut off', 'reset', true, /lambda:InvokeFunction for version 2 .* failed/, /again/],
  ] as const)('%s', async (_, effect, permanent, message, next) => {
    const scenario =
      effect === 'access-denied' ? { ...scenarios.healthy(), deny: ['lambda:InvokeFunction'] } : scenarios.healthy();
    await withInvoker(scenario, async ({ simulator }, invoke) => {
      if (effect !== 'access-denied') simulator.faults.add({ action: 'Invoke', effect });
      const failure = await failureOf(invoke());
      expect(failure.message).toMatch(message);
      expect(failure.next).toMatch(next);
      expect([failure.permanent, failure.expired]).toEqual([permanent, effect === 'expired-token']);
      expect(simulator.calls).toHaveLength(1);
    });
  });

  test('a version that is not ready yet', async () => {
    await withInvoker(scenarios.healthy(), async ({ simulator }, invoke) => {
      simulator.world.changeVersion('checkout', '2', { state: 'Pending' });
      const failure = await failureOf(invoke());
      expect(failure.message).toContain('ResourceConflictException');
      expect(failure.permanent).toBe(false);
    });
  });

  test.each([
    ['of a VPC or an image', false, 'ResourceNotReadyException'],
    ['with SnapStart', true, 'SnapStartNotReadyException'],
  ])('a version %s that was put away', async (_, snapStart, said) => {
    await withInvoker(withFunction(scenarios.healthy(), { snapStart }), async ({ simulator }, invoke) => {
      simulator.world.changeVersion('checkout', '2', { state: 'Inactive' });
      const failure = await failureOf(invoke());
      expect(failure.message).toContain(said);
      expect(failure.permanent).toBe(false);
    });
  });

  test('a version that is not there, and a payload that is too large', async () => {
    await withInvoker(scenarios.healthy(), async (_, invoke) => {
      expect((await failureOf(invoke({ version: '9' }))).permanent).toBe(true);
      const payload = `"${'x'.repeat(6 * 1024 * 1024)}"`;
      expect((await failureOf(invoke({ payload }))).message).toContain('RequestTooLargeException');
    });
  });
});
