import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import { ALARM, NAMES, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { expectSound } from './support/sound.ts';
import { type Step, errorsOf, stepIn, story } from './support/step.ts';

jest.setTimeout(30_000);

function eventsOf({ report }: Step): readonly string[] {
  return report?.timeline.map(({ event }) => event) ?? [];
}

/** When something first happened, ms after the first shift. */
function timeOf({ report }: Step, wanted: string): number {
  const at = (event: string): number => Date.parse(report?.timeline.find((entry) => entry.event === event)?.at ?? '');
  return at(wanted) - at('step');
}

/** The weights of the plan, as the report tells it. */
function weightsIn({ report }: Step): readonly number[] {
  return report?.strategy?.steps.map(({ weight }) => weight) ?? [];
}

function withTraffic(scenario: Scenario, change: object): Scenario {
  return { ...scenario, traffic: scenario.traffic?.map((traffic) => ({ ...traffic, ...change })) ?? [] };
}

describe('quarantine', () => {
  test('a total failure gets there with the first minute that can be read, and is rolled back with the next', async () => {
    const run = await stepIn(scenarios.totalFailure());
    expectSound(run);
    expect(story(run)).toEqual(['3', '3 4:10', '3 4:1', '3']);
    expect(eventsOf(run)).toEqual(['step', 'quarantine', 'roll-back']);
    expect(timeOf(run, 'quarantine')).toBeLessThanOrEqual(2 * MINUTE);
    expect(timeOf(run, 'roll-back')).toBeLessThanOrEqual(3 * MINUTE);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(run.summary).toMatch(/quarantine/i);
  });

  test('one bad environment is found to be just that: the canary gets its weight back and is promoted', async () => {
    const run = await stepIn(scenarios.oneBadEnvironment());
    expectSound(run);
    expect(story(run)).toEqual(['3', '3 4:10', '3 4:1', '3 4:10', '4']);
    expect(eventsOf(run)).toEqual(['step', 'quarantine', 'restore', 'promote']);
    expect(run.outputs).toMatchObject({ result: 'promoted' });
    expect(run.outputs['reason']).toContain('one bad minute of the error rate excused');
  });
});

describe('auto', () => {
  test('promotes a healthy release as soon as it is proven, well before 10% 10m would', async () => {
    const run = await stepIn(withTraffic(scenarios.healthy(), { perMinute: 1000 }), { strategy: 'auto' });
    expectSound(run);
    // Not 50%: what is missing for a pass comes in soon enough at 35%.
    expect(story(run)).toEqual(['3', '3 4:5', '3 4:35', '4']);
    expect(weightsIn(run)).toEqual([5, 35, 50]);
    expect(run.outputs).toMatchObject({ result: 'promoted', verdict: 'pass' });
    expect(run.outputs['reason']).toMatch(/95% sure that it rose by less than \d.*points?$/);
    expect(timeOf(run, 'promote')).toBeLessThanOrEqual(8 * MINUTE);
  });

  test('begins with 1% where that is enough traffic to tell something by', async () => {
    const run = await stepIn(withTraffic(scenarios.healthy(), { perMinute: 6000 }), { strategy: 'auto' });
    expect(story(run).slice(0, 3)).toEqual(['3', '3 4:1', '3 4:5']);
    expect(weightsIn(run)).toEqual([1, 5, 35, 50]);
    expect(run.outputs['result']).toBe('promoted');
  });

  test('rolls back a broken release from its first step', async () => {
    const run = await stepIn(scenarios.broken(), { strategy: 'auto' });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(story(run).some((state) => state.endsWith(':20') || state.endsWith(':50'))).toBe(false);
  });

  test('without enough traffic ends at max-duration, by the policy', async () => {
    const inputs = { strategy: 'auto', 'max-duration': '20m', 'on-inconclusive': 'rollback' };
    const run = await stepIn(scenarios.lowTraffic(), inputs);
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'inconclusive' });
    expect(run.outputs['reason']).toMatch(
      /about \d+ more canary invocations are needed .* max-duration of 20m reached at 50%/,
    );
  });
});

describe('latency', () => {
  test.each(['all', 'percentiles', 'rejected'] as const)(
    'a slow canary is rolled back, with CloudWatch statistics: %s',
    async (durationStatistics) => {
      const scenario = { ...scenarios.slowCanary(), metrics: { durationStatistics } };
      const run = await stepIn(scenario, { 'latency-threshold': '300ms' });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
      expect(run.outputs['reason']).toMatch(/^share of invocations slower than 300ms \d+\.\d+% vs \d+\.\d+%/);
      const used = durationStatistics === 'all' ? "CloudWatch's trimmed counts" : 'percentiles';
      expect(run.lines.join('\n')).toContain(`slower than 300ms are counted by ${used}.`);
    },
  );

  test('cold starts of a young canary do not roll it back', async () => {
    const run = await stepIn(scenarios.coldStarts(), { 'latency-threshold': '400ms' });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'promoted', verdict: 'pass' });
    expect(eventsOf(run)).toEqual(['step', 'promote']);
  });
});

describe('alarms', () => {
  test('one that goes to ALARM during the rollout rolls back, and is quoted', async () => {
    const run = await stepIn(scenarios.alarmRings(), { alarms: ALARM });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(run.outputs['reason']).toContain(`alarm "${ALARM}" went to ALARM: Threshold Crossed`);
    expect(run.report?.next).toContain('Mend what the reason names');
  });

  test('one that rang before is told and ignored: the fix can be deployed', async () => {
    const run = await stepIn(scenarios.oldAlarm(), { alarms: ALARM });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'promoted', verdict: 'pass' });
    expect(run.report?.notes.join()).toContain('was in ALARM before the first shift');
  });

  test('one that does not exist is refused before anything is changed', async () => {
    const run = await stepIn(scenarios.healthy(), { alarms: `${ALARM}\nno-such` });
    expect(run.outputs['result']).toBe('failed');
    expect(errorsOf(run)[0]?.message).toContain('no-such');
    expect(story(run)).toEqual(['3']);
    expect(run.calls.some(({ action }) => action === 'UpdateFunctionCode')).toBe(false);
  });

  test('ones that cannot be read hold the rollout, and roll it back when that lasts', async () => {
    const run = await stepIn(
      scenarios.oldAlarm(),
      { alarms: ALARM },
      {
        arrange: ({ faults }) =>
          faults.add({ action: 'DescribeAlarms', from: 3, count: 1000, effect: 'access-denied' }),
      },
    );
    expectSound(run);
    expect(run.outputs['result']).toBe('rolled-back');
    expect(run.outputs['reason']).toContain('cloudwatch:DescribeAlarms');
    // What to do about it is told once, in a place of its own.
    expect(run.outputs['reason']).not.toContain('Add "');
    expect(errorsOf(run)[0]?.message.match(/Add "cloudwatch:DescribeAlarms" to the policy/g)).toHaveLength(1);
  });
});

const PAYMENTS = {
  namespace: 'Shop',
  dimensions: { Version: '{{version}}' },
  counts: { function: NAMES.function, alias: NAMES.alias },
} as const;

function shop(rate: number): Scenario {
  const { counts, ...series } = PAYMENTS;
  return {
    ...scenarios.healthy(),
    customMetrics: [
      { ...series, name: 'Payments', counts: { ...counts, rate: { default: 0.5 } } },
      {
        ...series,
        name: 'Failed',
        counts: { ...counts, of: 'Payments', rate: { default: 0.01, [NAMES.canary]: rate } },
      },
    ],
  };
}

const FAILED_PAYMENTS = `
- name: failed payments
  bad: SUM(SEARCH('{Shop,Version} MetricName="Failed" Version="{{version}}"', 'Sum', 60))
  total: { namespace: Shop, metric: Payments, dimensions: { Version: "{{version}}" } }
`;

describe('metrics', () => {
  test.each([
    ['rolls back', 0.2, { result: 'rolled-back', verdict: 'fail' }],
    ['passes', 0.01, { result: 'promoted' }],
  ])('a counted metric %s', async (_, rate, outcome) => {
    const run = await stepIn(shop(rate), { metrics: FAILED_PAYMENTS });
    expectSound(run);
    expect(run.outputs).toMatchObject(outcome);
    if (rate > 0.1) expect(run.outputs['reason']).toMatch(/^failed payments \d+\.\d+% vs /);
  });

  test('a limit that the alias breaks rolls back', async () => {
    const scenario = {
      ...scenarios.healthy(),
      customMetrics: [{ namespace: 'Shop', name: 'QueueAge', value: (ms: number) => (ms > 3 * MINUTE ? 90 : 5) }],
    };
    const metrics = '- { name: queue age, value: { namespace: Shop, metric: QueueAge }, max: 30 }';
    const run = await stepIn(scenario, { metrics });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(run.outputs['reason']).toBe(
      'metric "queue age" of the alias was 90, above its maximum of 30, twice in a row',
    );
    expect(run.report?.next).toContain('Mend what the reason names');
  });

  test('one that CloudWatch does not understand is refused before anything is changed', async () => {
    const metrics = '- { name: nonsense, value: "BOGUS(1)", max: 30 }';
    const run = await stepIn(scenarios.healthy(), { metrics });
    expect(run.outputs['result']).toBe('failed');
    expect(run.outputs['reason']).toContain('nonsense');
    expect(story(run)).toEqual(['3']);
  });
});

describe('what gets in the way of judging', () => {
  test('a canary without its traffic is never promoted', async () => {
    const run = await stepIn(scenarios.mismatch(), { 'max-duration': '20m' });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'inconclusive' });
    expect(run.outputs['reason']).toMatch(/the canary got none of \d+ invocations at a weight of 10%/);
    expect(eventsOf(run)).toEqual(['step', 'hold', 'roll-back']);
  });

  test('a throttled canary is rolled back for it', async () => {
    const run = await stepIn(scenarios.throttledCanary());
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(run.outputs['reason']).toMatch(/^throttle rate/);
  });
});
