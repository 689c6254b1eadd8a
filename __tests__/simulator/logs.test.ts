import { FilterLogEventsCommand, type FilterLogEventsCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import { createFilter } from '../../simulator/logs/filter.ts';
import { MINUTE } from '../../src/model/time.ts';
import { type Bench, withBench } from './bench.ts';

const GROUP = '/aws/lambda/f';

function failing(change: Partial<Scenario> = {}): Scenario {
  return {
    functions: [
      {
        name: 'f',
        versions: [{ code: 'old' }, { code: 'new' }],
        aliases: [{ name: 'live', functionVersion: '1', weights: { 2: 50 } }],
      },
    ],
    traffic: [{ function: 'f', alias: 'live', perMinute: 60, errorRate: { 2: 0.5 } }],
    historyMs: 0,
    ...change,
  };
}

async function ask({ logs }: Bench, input: Partial<FilterLogEventsCommandInput>) {
  const { events = [], nextToken } = await logs.send(new FilterLogEventsCommand({ logGroupName: GROUP, ...input }));
  return { events, nextToken };
}

describe('FilterLogEvents', () => {
  test('has the whole of each invocation, in the stream of an environment of its version', async () => {
    await withBench(failing(), async (bench) => {
      await bench.simulator.clock.sleep(2 * MINUTE);
      const { events } = await ask(bench, { startTime: bench.simulator.frame.start });
      const of = (start: string) => events.filter(({ message }) => message?.startsWith(start) === true).length;
      const { simulator } = bench;
      const truth = simulator.truth({ function: 'f', resource: 'f:live', version: '2' });
      expect(of('START')).toBeGreaterThan(60);
      // What has just been written is still under way.
      expect(of('START') - of('REPORT')).toBeLessThan(4);
      const failed = events.filter(({ message = '' }) => message.includes('\tERROR\t'));
      expect(Math.abs(failed.length - truth.errors)).toBeLessThan(4);
      for (const { logStreamName } of failed) expect(logStreamName).toMatch(/^2026\/01\/15\/\[2\][0-9a-f]{32}$/);
      expect(new Set(events.map(({ logStreamName }) => logStreamName)).size).toBe(8);
      expect(events).toEqual(events.toSorted((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0)));
    });
  });

  test('by stream, time and pattern, so many at a time', async () => {
    await withBench(failing(), async (bench) => {
      await bench.simulator.clock.sleep(2 * MINUTE);
      const start = bench.simulator.frame.start;
      const input = {
        logStreamNamePrefix: '2026/01/15/[2]',
        filterPattern: 'ERROR',
        startTime: start + MINUTE,
        limit: 3,
      };
      const first = await ask(bench, input);
      expect(first.events).toHaveLength(3);
      const second = await ask(bench, { ...input, nextToken: first.nextToken });
      expect(second.events[0]?.timestamp).toBeGreaterThanOrEqual(first.events[2]?.timestamp ?? Infinity);
      const ids = [...first.events, ...second.events].map(({ message }) => message);
      expect(new Set(ids).size).toBe(6);
      // Nothing in that part of the log: an empty page, and more to come.
      expect(await ask(bench, {})).toEqual({ events: [], nextToken: expect.any(String) });
    });
  });

  test.each([
    [{ logGroupName: 'none' }, /log group does not exist/],
    [{ nextToken: 'x' }, /nextToken is invalid/],
    [{ filterPattern: '{ $.level = "ERROR" }' }, /Invalid filter pattern/],
  ])('refuses %j', async (input, message) => {
    await withBench(failing(), async (bench) => {
      await bench.simulator.clock.sleep(MINUTE);
      await expect(ask(bench, input)).rejects.toThrow(message);
    });
  });

  test('names the action that is denied', async () => {
    await withBench(failing({ deny: ['logs:*'] }), async (bench) => {
      await expect(ask(bench, {})).rejects.toThrow(
        'is not authorized to perform: logs:FilterLogEvents on resource: arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/f:log-stream:',
      );
    });
  });
});

test.each<[string, string, boolean]>([
  ['', 'anything', true],
  ['ERROR', 'an ERROR', true],
  ['ERROR', 'an Error', false],
  ['"two words"', 'these two words', true],
  ['one two', 'two and one', true],
  ['one two', 'one', false],
  ['?one ?two', 'two', true],
  ['?one ?two', 'three', false],
  ['one -two', 'one two', false],
  ['%[Ee]rror|ERR%', 'TypeError', true],
  ['%^ERR%', 'an ERR', false],
])('the pattern %s on %s: %s', (pattern, message, matches) => {
  expect(createFilter(pattern)(message)).toBe(matches);
});

test.each(['%a b%', '%(a)%', '[a, b]', 'x'.repeat(1_025)])('the pattern %s is refused', (pattern) => {
  expect(() => createFilter(pattern)).toThrow('Invalid filter pattern');
});
