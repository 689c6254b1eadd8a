import { describe, expect, test } from '@jest/globals';
import { CloudWatchAlarms } from '../../src/aws/cloudwatch-alarms.ts';
import { failureOf } from './adapters.ts';
import { type Answer, type Call, withStub } from './cloudwatch-stub.ts';

const alarm = (AlarmName: string, StateValue?: string, StateReason?: string) => ({
  AlarmName,
  StateValue,
  StateReason,
});

function withAlarms(
  answer: (call: Call) => Answer,
  run: (alarms: CloudWatchAlarms, calls: Call[]) => Promise<void>,
): Promise<void> {
  return withStub(answer, ({ client, calls }) => run(new CloudWatchAlarms({ client, region: 'eu-west-1' }), calls));
}

describe('CloudWatchAlarms', () => {
  test('metric, composite and log alarms, on all pages, in the order asked for', async () => {
    const pages: Record<string, Answer> = {
      undefined: { MetricAlarms: [alarm('a', 'OK', 'fine')], NextToken: '2' },
      2: { CompositeAlarms: [alarm('b', 'ALARM', 'two of them')], LogAlarms: [alarm('c', 'INSUFFICIENT_DATA')] },
    };
    await withAlarms(
      ({ fields }) => pages[String(fields['NextToken'])] ?? {},
      async (alarms, calls) => {
        expect(await alarms.readAlarms(['c', 'a', 'b'], new AbortController().signal)).toEqual([
          { name: 'c', state: 'INSUFFICIENT_DATA', reason: '' },
          { name: 'a', state: 'OK', reason: 'fine' },
          { name: 'b', state: 'ALARM', reason: 'two of them' },
        ]);
        expect(calls).toHaveLength(2);
        expect(calls[0]).toEqual({
          action: 'DescribeAlarms',
          fields: {
            AlarmNames: ['c', 'a', 'b'],
            AlarmTypes: ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'],
            MaxRecords: 100,
          },
        });
      },
    );
  });

  test('a hundred names at a time', async () => {
    const names = Array.from({ length: 101 }, (_, index) => `a${index}`);
    const named = ({ fields }: Call) => fields['AlarmNames'] as string[];
    await withAlarms(
      (call) => ({ MetricAlarms: named(call).map((name) => alarm(name, 'OK')) }),
      async (alarms, calls) => {
        expect((await alarms.readAlarms(names)).map(({ name }) => name)).toEqual(names);
        expect(calls.map((call) => named(call).length)).toEqual([100, 1]);
      },
    );
  });

  test('none asked for, none read', async () => {
    await withAlarms(
      () => ({}),
      async (alarms, calls) => {
        expect(await alarms.readAlarms([])).toEqual([]);
        expect(calls).toEqual([]);
      },
    );
  });

  test.each([
    [['a', 'b', 'c'], 'the alarms "b", "c" do not exist in eu-west-1'],
    [['a', 'A'], 'the alarm "A" does not exist in eu-west-1'],
  ])('what is missing is named, all of it: %j', async (names, message) => {
    await withAlarms(
      () => ({ MetricAlarms: [alarm('a', 'OK')] }),
      async (alarms) => {
        const failure = await failureOf(alarms.readAlarms(names));
        expect(failure).toMatchObject({ message, permanent: true });
        expect(failure.next).toMatch(/^Correct the alarms input/);
      },
    );
  });

  test('without a state nothing is known', async () => {
    await withAlarms(
      () => ({ MetricAlarms: [alarm('a')] }),
      async (alarms) => {
        const { message } = await failureOf(alarms.readAlarms(['a']));
        expect(message).toBe('CloudWatch does not say in which state the alarm "a" is');
      },
    );
  });

  test('what the role may not', async () => {
    await withAlarms(
      () => ({ error: 'AccessDenied', message: 'no' }),
      async (alarms) => {
        const { message, next } = await failureOf(alarms.readAlarms(['a']));
        expect(message).toBe('not allowed to cloudwatch:DescribeAlarms for alarm a in eu-west-1 (no)');
        expect(next).toContain('Add "cloudwatch:DescribeAlarms" to the policy');
        expect((await failureOf(alarms.readAlarms(['a', 'b']))).message).toContain('for 2 alarms');
      },
    );
  });
});
