import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Scenario, type Simulator, startSimulator } from '../../simulator/index.ts';
import { NAMES } from '../../simulator/scenarios.ts';
import type { Effect } from '../../simulator/faults.ts';
import { CloudWatchLogs } from '../../src/aws/cloudwatch-logs.ts';
import { groupErrors } from '../../src/errors/group.ts';
import { MINUTE } from '../../src/model/time.ts';
import type { LoggingSpec } from '../../simulator/scenario.ts';
import { failureOf, pointEnvironmentAt } from './adapters.ts';

const { env } = process;
beforeEach(() => {
  process.env = { ...env };
});
afterEach(() => {
  process.env = env;
});

const NEVER = new AbortController().signal;

interface Change {
  readonly logging?: LoggingSpec;
  readonly runtime?: string;
  readonly more?: Partial<Scenario>;
  readonly rate?: number;
}

/** Versions 3 and 4 of `checkout` and of `billing` share the traffic of their aliases; both fail, each in its own way. */
function shared({ logging = {}, runtime = 'nodejs24.x', more = {}, rate = 0.5 }: Change = {}): Scenario {
  const fn = (name: string) => ({
    name,
    runtime,
    versions: [3, 4].map((version) => ({ version, code: `release ${version}` })),
    aliases: [{ name: NAMES.alias, functionVersion: '3', weights: { 4: 50 } }],
    logging: {
      failures: {
        3: [{ message: `${name} 3 is down` }],
        4: [
          { type: 'TypeError', message: `${name} 4 broke on order {n}` },
          { kind: 'timeout' as const },
          { kind: 'exit' as const },
        ],
      },
      ...logging,
    },
  });
  const traffic = (name: string) => ({
    function: name,
    alias: NAMES.alias,
    perMinute: 60,
    errorRate: { default: rate },
  });
  return { functions: [fn('checkout'), fn('billing')], traffic: ['checkout', 'billing'].map(traffic), ...more };
}

/** Lambda's answer with another `Environment`. */
function withEnvironment(Environment: object): Effect {
  return async ({ carryOut }) => {
    const answer = await carryOut();
    if (typeof answer === 'string' || typeof answer.body !== 'string') return answer;
    const body = JSON.parse(answer.body) as { Configuration: object };
    return { ...answer, body: JSON.stringify({ ...body, Configuration: { ...body.Configuration, Environment } }) };
  };
}

async function within(scenario: Scenario, work: (simulator: Simulator) => Promise<void>): Promise<void> {
  const simulator = await startSimulator(scenario);
  pointEnvironmentAt(simulator.url);
  try {
    await simulator.clock.sleep(3 * MINUTE);
    await work(simulator);
  } finally {
    await simulator.close();
  }
}

function logsOf(name = 'checkout'): CloudWatchLogs {
  return new CloudWatchLogs({ access: { region: 'eu-west-1' }, functionId: name, functionName: name });
}

async function read(simulator: Simulator, version: string, start = simulator.frame.start) {
  const log = await logsOf().open(version, NEVER);
  const lines = [];
  for await (const page of log.pages({ start, now: simulator.clock.now(), signal: NEVER })) lines.push(...page);
  return {
    logGroup: log.logGroup,
    lines,
    groups: groupErrors(lines)
      .map(({ message }) => message)
      .sort(),
  };
}

const TEXT = [
  'Runtime exited with error: exit status 1',
  'Task timed out after 3.00 seconds',
  'TypeError: checkout <n> broke on order <n>',
];
const JSON_LOG = [
  'Invocation failed: Runtime.ExitError',
  'Task timed out',
  'TypeError: checkout <n> broke on order <n>',
];

describe('reads the errors of one version', () => {
  test.each<[string, Change, string, string[]]>([
    ['text', {}, '/aws/lambda/checkout', TEXT],
    ['Python', { runtime: 'python3.14' }, '/aws/lambda/checkout', TEXT],
    ['JSON', { logging: { format: 'JSON' } }, '/aws/lambda/checkout', JSON_LOG],
    ['a log group that functions share', { logging: { group: 'shop' } }, 'shop', TEXT],
  ])('%s', async (_, change, logGroup, groups) => {
    await within(shared(change), async (simulator) => {
      expect(await read(simulator, '4')).toMatchObject({ logGroup, groups });
      expect((await read(simulator, '3')).groups).toEqual(['Error: checkout 3 is down']);
      const asked = simulator.calls.filter(({ service }) => service === 'logs');
      expect(asked.map(({ request }) => String(request['logStreamNamePrefix']).slice(11))).toEqual(
        ['4', '3'].map((version) => (logGroup === 'shop' ? `checkout[${version}]` : `[${version}]`)),
      );
    });
  });

  test('since the time it was asked for, and lets those that went well be', async () => {
    await within(shared(), async (simulator) => {
      const start = simulator.frame.start + MINUTE;
      const { lines } = await read(simulator, '4', start);
      expect(Math.min(...lines.map(({ at }) => at))).toBeGreaterThanOrEqual(start);
      expect(lines.filter(({ text }) => text.startsWith('START'))).toEqual([]);
    });
    await within(shared({ rate: 0 }), async (simulator) => {
      expect((await read(simulator, '4')).lines).toEqual([]);
    });
  });

  test('also of environments that were started on the day before', async () => {
    const start = Date.UTC(2026, 0, 15, 23, 58, 30);
    await within(shared({ more: { start, historyMs: 0 } }), async (simulator) => {
      const { lines } = await read(simulator, '4');
      const asked = simulator.calls.filter(({ service }) => service === 'logs');
      expect(asked.map(({ request }) => request['logStreamNamePrefix'])).toEqual(['2026/01/15/[4]', '2026/01/16/[4]']);
      const after = Date.UTC(2026, 0, 16);
      // Odd environments live on past midnight, the others are new: both are found on either side.
      expect([lines.some(({ at }) => at < after), lines.some(({ at }) => at >= after)]).toEqual([true, true]);
      const truth = simulator.truth({ function: 'checkout', resource: 'checkout:live', version: '4' });
      const last = simulator.clock.now() - 5_000;
      expect(
        new Set(lines.flatMap(({ text, at }) => (at < last ? (/[0-9a-f-]{36}/.exec(text) ?? []) : []))).size,
      ).toBeGreaterThan(truth.errors * 0.9);
    });
  });

  test('page by page, empty ones too', async () => {
    await within(shared({ more: { start: Date.UTC(2026, 0, 15, 12) } }), async (simulator) => {
      await simulator.clock.sleep(21 * MINUTE);
      const log = await logsOf().open('4', NEVER);
      const sizes: number[] = [];
      const span = { start: simulator.frame.start - 30 * MINUTE, now: simulator.clock.now(), signal: NEVER };
      for await (const page of log.pages(span)) sizes.push(page.length);
      expect(sizes[0]).toBe(0);
      expect(sizes.length).toBeGreaterThan(4);
      const { errors } = simulator.truth({ function: 'checkout', resource: 'checkout:live', version: '4' });
      expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThanOrEqual(errors);
    });
  });

  test('not at all where its environment cannot be read', async () => {
    await within(shared(), async (simulator) => {
      const effect = withEnvironment({ Error: { ErrorCode: 'AccessDeniedException', Message: 'no' } });
      simulator.faults.add({ action: 'GetFunction', effect });
      const failure = await failureOf(read(simulator, '4'));
      expect(failure.message).toContain('the environment variables of version 4 cannot be read');
      expect(failure.next).toContain('kms:Decrypt');
    });
  });

  test('without the values of its environment', async () => {
    const effect = withEnvironment({ Variables: { ORDERS: 'broke on order', SECRET: 'down' } });
    await within(shared(), async (simulator) => {
      simulator.faults.add({ action: 'GetFunction', effect });
      expect((await read(simulator, '4')).groups).toContain('TypeError: checkout <n> *** <n>');
      expect((await read(simulator, '3')).groups).toEqual(['Error: checkout 3 is ***']);
    });
  });
});

describe('what goes wrong is told', () => {
  test.each<[string, Change, RegExp, RegExp]>([
    [
      'not allowed',
      { more: { deny: ['logs:FilterLogEvents'] } },
      /not allowed to logs:FilterLogEvents for log group \/aws\/lambda\/checkout/,
      /Add "logs:FilterLogEvents"/,
    ],
    [
      'no log group',
      { logging: { denied: true } },
      /there is no log group \/aws\/lambda\/checkout/,
      /role of the function/,
    ],
  ])('%s', async (_, change, message, next) => {
    await within(shared(change), async (simulator) => {
      const failure = await failureOf(read(simulator, '4'));
      expect(failure.message).toMatch(message);
      expect(failure.next).toMatch(next);
    });
  });

  test('the version cannot be looked at', async () => {
    await within(shared(), async (simulator) => {
      simulator.faults.add({ action: 'GetFunction', effect: 'access-denied' });
      expect((await failureOf(read(simulator, '4'))).message).toContain('not allowed to lambda:GetFunction');
    });
  });

  test('a signal ends it', async () => {
    await within(shared(), async (simulator) => {
      simulator.faults.add({ service: 'logs', effect: 'hang' });
      const controller = new AbortController();
      const log = await logsOf().open('4', NEVER);
      const span = { start: 0, now: simulator.clock.now(), signal: controller.signal };
      const iterator = log.pages(span)[Symbol.asyncIterator]();
      const page = iterator.next();
      controller.abort();
      await expect(page).rejects.toThrow();
    });
  });
});
