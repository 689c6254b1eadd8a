import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type {
  CloudWatchClient,
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from '@jest/globals';
import type { AlarmSpec } from '../../simulator/scenario.ts';
import { withBench } from './bench.ts';
import { MINUTE, START, scenario } from './metric-queries.ts';

const ALL: NonNullable<DescribeAlarmsCommandInput['AlarmTypes']> = ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'];

const ALARMS: AlarmSpec[] = [
  { name: 'metric', state: 'OK' },
  { name: 'composite', kind: 'composite', state: 'ALARM', reason: 'children are red' },
  { name: 'log', kind: 'log', state: 'INSUFFICIENT_DATA' },
];

async function ask(client: CloudWatchClient, input: DescribeAlarmsCommandInput): Promise<DescribeAlarmsCommandOutput> {
  return client.send(new DescribeAlarmsCommand(input));
}

function names({ MetricAlarms = [], CompositeAlarms = [], LogAlarms = [] }: DescribeAlarmsCommandOutput) {
  const of = (alarms: { AlarmName?: string | undefined }[]) => alarms.map(({ AlarmName }) => AlarmName);
  return [of(MetricAlarms), of(CompositeAlarms), of(LogAlarms)];
}

describe('DescribeAlarms', () => {
  test.each<[string, DescribeAlarmsCommandInput, string[][]]>([
    ['nothing asked for: metric alarms only', {}, [['metric'], [], []]],
    ['all types', { AlarmTypes: ALL }, [['metric'], ['composite'], ['log']]],
    ['one type', { AlarmTypes: ['LogAlarm'] }, [[], [], ['log']]],
    ['by name, type forgotten', { AlarmNames: ['composite'] }, [[], [], []]],
    ['by name', { AlarmNames: ['composite', 'none'], AlarmTypes: ALL }, [[], ['composite'], []]],
    ['by prefix', { AlarmNamePrefix: 'me', AlarmTypes: ALL }, [['metric'], [], []]],
    ['by state', { StateValue: 'ALARM', AlarmTypes: ALL }, [[], ['composite'], []]],
  ])('%s', async (_, input, expected) => {
    await withBench(scenario({ alarms: ALARMS }), async ({ cloudwatch }) => {
      expect(names(await ask(cloudwatch, input))).toEqual(expected);
    });
  });

  test('tells name, ARN, state, reason and since when', async () => {
    const changing: AlarmSpec = {
      name: 'a b',
      state: [
        [-MINUTE, 'OK'],
        [3 * MINUTE, 'ALARM'],
      ],
      reason: 'too much',
    };
    await withBench(scenario({ alarms: [changing] }), async ({ cloudwatch, simulator }) => {
      const first = await ask(cloudwatch, { AlarmNames: ['a b'] });
      expect(first.MetricAlarms?.[0]?.StateValue).toBe('OK');
      await simulator.clock.sleep(5 * MINUTE);
      const [alarm] = (await ask(cloudwatch, { AlarmNames: ['a b'] })).MetricAlarms ?? [];
      expect(alarm).toMatchObject({
        AlarmName: 'a b',
        AlarmArn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a b',
        StateValue: 'ALARM',
        StateReason: 'too much',
        StateUpdatedTimestamp: new Date(START + 3 * MINUTE),
      });
    });
  });

  test('a state may be a function of time', async () => {
    const alarms: AlarmSpec[] = [{ name: 'a', state: (ms) => (ms < MINUTE ? 'ALARM' : 'OK') }];
    await withBench(scenario({ alarms }), async ({ cloudwatch, simulator }) => {
      const state = async () => (await ask(cloudwatch, {})).MetricAlarms?.[0]?.StateValue;
      expect(await state()).toBe('ALARM');
      await simulator.clock.sleep(MINUTE);
      expect(await state()).toBe('OK');
    });
  });

  test('pages join to the whole', async () => {
    const alarms = Array.from({ length: 7 }, (_, i): AlarmSpec => ({ name: `a${i}`, state: 'OK' }));
    await withBench(scenario({ alarms: [...alarms, ...ALARMS] }), async ({ cloudwatch }) => {
      const seen: unknown[] = [];
      let token: string | undefined;
      do {
        const page = await ask(cloudwatch, { AlarmTypes: ALL, MaxRecords: 4, ...(token ? { NextToken: token } : {}) });
        seen.push(names(page).flat());
        token = page.NextToken;
      } while (token !== undefined);
      expect(seen).toEqual(
        [
          ['a0', 'a1', 'a2', 'a3'],
          ['a4', 'a5', 'a6', 'composite'],
          ['metric', 'log'],
        ].map((page) => expect.arrayContaining(page)),
      );
      expect(seen.flat()).toHaveLength(10);
    });
  });

  test('fifty by default', async () => {
    const alarms = Array.from({ length: 51 }, (_, i): AlarmSpec => ({ name: `a${i}`, state: 'OK' }));
    await withBench(scenario({ alarms }), async ({ cloudwatch }) => {
      const page = await ask(cloudwatch, {});
      expect([page.MetricAlarms?.length, page.NextToken === undefined]).toEqual([50, false]);
    });
  });

  test.each<[string, DescribeAlarmsCommandInput, string]>([
    ['101 names', { AlarmNames: Array.from({ length: 101 }, (_, i) => `a${i}`) }, 'ValidationError'],
    ['no record', { MaxRecords: 0 }, 'ValidationError'],
    ['101 records', { MaxRecords: 101 }, 'ValidationError'],
    ['names and a prefix', { AlarmNames: ['a'], AlarmNamePrefix: 'a' }, 'ValidationError'],
    ['a token of nobody', { NextToken: 'nonsense' }, 'InvalidNextToken'],
  ])('%s is an error', async (_, input, Code) => {
    await withBench(scenario({ alarms: ALARMS }), async ({ cloudwatch }) => {
      await expect(ask(cloudwatch, input)).rejects.toMatchObject({ Code });
    });
  });

  test('can be denied', async () => {
    await withBench(scenario({ alarms: ALARMS, deny: ['cloudwatch:DescribeAlarms'] }), async ({ cloudwatch }) => {
      await expect(ask(cloudwatch, {})).rejects.toMatchObject({
        Code: 'AccessDenied',
        message: expect.stringContaining('cloudwatch:DescribeAlarms on resource: arn:aws:cloudwatch:eu-west-1:'),
      });
    });
  });

  test('can be throttled, and is recorded', async () => {
    await withBench(scenario({ alarms: ALARMS }), async ({ cloudwatch, simulator }) => {
      simulator.faults.add({ action: 'DescribeAlarms', nth: 1, effect: 'throttle' });
      await expect(ask(cloudwatch, { AlarmNames: ['metric'] })).rejects.toMatchObject({ Code: 'Throttling' });
      expect(names(await ask(cloudwatch, {}))[0]).toEqual(['metric']);
      expect(simulator.calls[0]).toMatchObject({
        action: 'DescribeAlarms',
        fault: 'throttle',
        request: { AlarmNames: ['metric'] },
      });
    });
  });
});

describe('an alarm on errors', () => {
  const rule = { function: 'f', alias: 'live', version: '2', atLeast: 30, periods: 2 };

  test('follows what is published: no data, then ALARM, then OK when the errors stop', async () => {
    const errorRate = { default: 0, 2: (ms: number) => (ms < 4 * MINUTE ? 0.5 : 0) };
    await withBench(
      scenario({ alarms: [{ name: 'a', errors: rule }] }, { errorRate }),
      async ({ cloudwatch, simulator }) => {
        const states: (string | undefined)[] = [];
        for (let i = 0; i < 20; i += 1) {
          states.push((await ask(cloudwatch, {})).MetricAlarms?.[0]?.StateValue);
          await simulator.clock.sleep(MINUTE / 2);
        }
        const changes = states.filter((state, i) => state !== states[i - 1]);
        expect(changes).toEqual(['INSUFFICIENT_DATA', 'OK', 'ALARM', 'OK']);
        expect(states.indexOf('ALARM')).toBeGreaterThanOrEqual(5);
      },
    );
  });

  test('describes itself', async () => {
    await withBench(scenario({ alarms: [{ name: 'a', errors: rule }] }), async ({ cloudwatch, simulator }) => {
      await simulator.clock.sleep(6 * MINUTE);
      const [alarm] = (await ask(cloudwatch, {})).MetricAlarms ?? [];
      expect(alarm).toMatchObject({ MetricName: 'Errors', Threshold: 30, EvaluationPeriods: 2, StateValue: 'ALARM' });
      expect(alarm?.StateReason).toMatch(/^Threshold Crossed: the datapoints \[\d+, \d+\]/);
      expect(alarm?.StateUpdatedTimestamp?.getTime()).toBeLessThan(START + 6 * MINUTE);
    });
  });
});
