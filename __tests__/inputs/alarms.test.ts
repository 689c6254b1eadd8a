import { describe, expect, test } from '@jest/globals';
import { deploy, sentences } from './support.ts';

const arn = (name: string, region = 'eu-central-1'): string =>
  `arn:aws:cloudwatch:${region}:123456789012:alarm:${name}`;
const AN_ALARM =
  'Expected the name of a CloudWatch alarm or its ARN such as arn:aws:cloudwatch:eu-central-1:123456789012:alarm:checkout-5xx.';

describe('alarms', () => {
  test.each([
    ['', []],
    ['checkout 5xx, queue age\n\n p99 ', ['checkout 5xx', 'queue age', 'p99']],
    [arn('checkout 5xx'), ['checkout 5xx']],
    [arn('team:checkout'), ['team:checkout']],
    [`b, a\n${arn('b')}, a`, ['b', 'a']],
    ['x'.repeat(255), ['x'.repeat(255)]],
  ])('%j', (text, names) => {
    expect(deploy({ alarms: text }).alarms).toEqual(names);
  });

  test.each([
    'arn:aws:cloudwatch:eu-central-1:123456789012:dashboard:x',
    'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:',
    'arn:aws:sns:eu-central-1:123456789012:topic',
    'arn:aws:cloudwatch:mars:123456789012:alarm:x',
  ])('%s is no alarm', (text) => {
    expect(sentences({ alarms: `fine, ${text}` })).toEqual([
      `alarms: "${text}" is not the ARN of a CloudWatch alarm. ${AN_ALARM}`,
    ]);
  });

  test('every alarm of another region is quoted', () => {
    const [here, there] = [arn('a'), arn('a', 'us-east-1')];
    const [gov] = ['arn:aws-us-gov:cloudwatch:us-gov-west-1:123456789012:alarm:b'];
    expect(sentences({ alarms: [here, there, gov].join() })).toEqual(
      [there, gov].map(
        (text) => `alarms: "${text}" is not in the function's region. Expected an alarm in eu-central-1.`,
      ),
    );
  });

  test('too long, too many', () => {
    const many = (count: number): string => Array.from({ length: count }, (_, index) => `a${index}`).join();
    expect(sentences({ alarms: 'x'.repeat(256) })).toEqual([
      `alarms: the name "${'x'.repeat(200)}…" has 256 characters. Expected at most 255.`,
    ]);
    expect(sentences({ alarms: `${many(100)},a0` })).toEqual([]);
    expect(sentences({ alarms: many(101) })).toEqual(['alarms: has 101 alarms. Expected at most 100.']);
  });
});
