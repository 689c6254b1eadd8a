import { describe, expect, jest, test } from '@jest/globals';
import type { Scenario, Simulator } from '../../simulator/index.ts';
import { ALARM, scenarios } from '../../simulator/scenarios.ts';
import { MINUTE } from '../../src/model/time.ts';
import { expectSound } from './support/sound.ts';
import { type Step, stepIn, story, writes } from './support/step.ts';

jest.setTimeout(20_000);

const START = Date.UTC(2026, 0, 15, 12);

function warningsOf({ annotations }: Step): readonly string[] {
  return annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
}

/** From so many ms after the start on, no metric can be read. */
const unreadable =
  (from: number) =>
  ({ faults }: Simulator): void => {
    faults.add({ action: 'GetMetricData', between: [from, Infinity], effect: 'metrics-internal-error' });
  };

/** The same, but of the user's metrics only. */
const theirsUnreadable =
  (from: number) =>
  ({ faults }: Simulator): void => {
    faults.add({
      action: 'GetMetricData',
      between: [from, Infinity],
      effect: async ({ carryOut }) => {
        const answer = await carryOut();
        if (typeof answer === 'string' || typeof answer.body !== 'string') return answer;
        const body = answer.body.replaceAll(/("Id":"m0[^}]*"StatusCode":)"Complete"/g, '$1"InternalError"');
        return { ...answer, body };
      },
    });
  };

/** When the alias was put back, ms after the start. */
function endOf({ history }: Step): number {
  return (history.at(-1)?.at ?? Infinity) - START;
}

/** What each poll came to; `none` where something could not be read. */
function verdictsOf({ report }: Step): readonly string[] {
  return report?.polls.map(({ verdict }) => verdict) ?? [];
}

const QUEUE_AGE = '- { name: queue age, value: { namespace: Shop, metric: QueueAge }, max: 30 }';

function withQueueAge(scenario: Scenario, value: (ms: number) => number | undefined): Scenario {
  return { ...scenario, customMetrics: [{ namespace: 'Shop', name: 'QueueAge', value }] };
}

describe('what can be read counts, whatever cannot', () => {
  test('an alarm vetoes while the counts cannot be read', async () => {
    const alarms = [{ name: ALARM, state: [[4 * MINUTE, 'ALARM']] as const }];
    const arrange = unreadable(2 * MINUTE);
    const run = await stepIn({ ...scenarios.healthy(), alarms }, { alarms: ALARM }, { arrange });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(run.outputs['reason']).toContain(`alarm "${ALARM}" went to ALARM`);
    expect(endOf(run)).toBeLessThanOrEqual(5 * MINUTE);
  });

  test("Lambda's own counts convict while a metric of the user's cannot be read", async () => {
    const scenario = withQueueAge(scenarios.broken(), () => 5);
    const run = await stepIn(scenario, { metrics: QUEUE_AGE }, { arrange: theirsUnreadable(MINUTE) });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(run.outputs['reason']).toMatch(/^error rate \d+\.\d+% vs /);
    expect(endOf(run)).toBeLessThanOrEqual(5 * MINUTE);
    expect(verdictsOf(run).slice(-2)).toEqual(['none', 'fail']);
  });

  test("but they never acquit without a metric of the user's", async () => {
    const scenario = withQueueAge(scenarios.healthy(), () => 5);
    const run = await stepIn(scenario, { metrics: QUEUE_AGE }, { arrange: theirsUnreadable(3 * MINUTE) });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'inconclusive' });
    expect(run.outputs['reason']).toMatch(/^what to judge by could not be read for 5m(?:30s)?: .*queue age/);
  });

  test('counts convict while the alarms cannot be read', async () => {
    const alarms = [{ name: ALARM, state: 'OK' }] as const;
    const arrange = ({ faults }: Simulator): void => {
      faults.add({ action: 'DescribeAlarms', between: [MINUTE, Infinity], effect: 'access-denied' });
    };
    const run = await stepIn({ ...scenarios.broken(), alarms }, { alarms: ALARM }, { arrange });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
    expect(run.outputs['reason']).toMatch(/^error rate /);
    expect(verdictsOf(run).slice(-2)).toEqual(['none', 'fail']);
  });
});

describe('a metric that says nothing', () => {
  const LIMIT = 'Metric "queue age" had no data in the last hour: make sure that its query is right.';

  test('is told before anything is changed, and there is no pass without it', async () => {
    const run = await stepIn(scenarios.healthy(), { metrics: QUEUE_AGE });
    expectSound(run);
    expect(warningsOf(run)).toEqual([LIMIT]);
    expect(run.report?.notes).toContain(LIMIT);
    expect(run.summary).toContain('had no data in the last hour');
    expect(run.outputs).toMatchObject({ result: 'promoted', verdict: 'inconclusive' });
    expect(run.outputs['reason']).toBe('metric "queue age" has no value since the first shift');
  });

  test('is told in a dry run as well', async () => {
    const run = await stepIn(scenarios.healthy(), { metrics: QUEUE_AGE, 'dry-run': 'true' });
    expect(warningsOf(run)).toEqual([LIMIT]);
    expect(run.outputs['result']).toBe('planned');
  });

  test('is no news where there was no traffic, nor where it has values', async () => {
    const dry = { metrics: QUEUE_AGE, 'dry-run': 'true' };
    expect(warningsOf(await stepIn(scenarios.noTraffic(), dry))).toEqual([]);
    expect(
      warningsOf(
        await stepIn(
          withQueueAge(scenarios.healthy(), () => 5),
          dry,
        ),
      ),
    ).toEqual([]);
  });

  test.each([
    { bad: 'Failed', total: 'Paid', warnings: [], lines: [] },
    { bad: 'Fialed', total: 'Paid', warnings: [], lines: ['Metric "payments" counted nothing bad in the last hour.'] },
    { bad: 'Failed', total: 'Piad', warnings: [LIMIT.replace('queue age', 'payments')], lines: [] },
  ])('counts too: $bad of $total', async ({ bad, total, warnings, lines }) => {
    const counted = (name: string, rate: number) => ({
      namespace: 'Shop',
      name,
      dimensions: { Version: '{{version}}' },
      counts: { function: 'checkout', alias: 'live', rate: { default: rate } },
    });
    const scenario = { ...scenarios.healthy(), customMetrics: [counted('Paid', 0.5), counted('Failed', 0.01)] };
    const query = (metric: string): string =>
      `{ namespace: Shop, metric: ${metric}, dimensions: { Version: "{{version}}" } }`;
    const metrics = `- { name: payments, bad: ${query(bad)}, total: ${query(total)} }`;
    const run = await stepIn(scenario, { metrics, 'dry-run': 'true' });
    expect(warningsOf(run)).toEqual(warnings);
    expect(run.lines.filter((line) => line.includes('counted nothing bad'))).toEqual(lines);
  });
});

describe('throttles', () => {
  const proven = ({ report }: Step): readonly string[] => report?.assurances.map(({ metric }) => metric) ?? [];

  test('are part of a pass where Lambda counts them by version', async () => {
    const run = await stepIn(scenarios.healthy());
    expect(run.outputs['verdict']).toBe('pass');
    expect(proven(run)).toEqual(['error rate', 'throttle rate']);
  });

  test('are not where it does not: their absence proves nothing', async () => {
    const run = await stepIn({ ...scenarios.healthy(), metrics: { versionThrottles: false } });
    expectSound(run);
    expect(run.outputs['verdict']).toBe('pass');
    expect(proven(run)).toEqual(['error rate']);
  });
});

describe('a dry run', () => {
  const RINGS = `Alarm "${ALARM}" was in ALARM before the first shift: ignored until it has been OK.`;

  test('tells of an alarm that rings already', async () => {
    const run = await stepIn(scenarios.oldAlarm(), { alarms: ALARM, 'dry-run': 'true' });
    expectSound(run);
    expect(run.outputs['result']).toBe('planned');
    expect(warningsOf(run)).toEqual([RINGS]);
    expect(run.report?.notes).toEqual([RINGS]);
    expect([story(run), writes(run)]).toEqual([['3'], []]);
  });

  test('of an alarm that does not says nothing, and a deployment tells of it once', async () => {
    const alarms = [{ name: ALARM, state: 'OK' }] as const;
    const quiet = await stepIn({ ...scenarios.healthy(), alarms }, { alarms: ALARM, 'dry-run': 'true' });
    expect(warningsOf(quiet)).toEqual([]);
    const deployed = await stepIn(scenarios.oldAlarm(), { alarms: ALARM });
    expect(warningsOf(deployed)).toEqual([RINGS]);
  });
});
