import { describe, expect, test } from '@jest/globals';
import type { Metric } from '../../src/model/metric.ts';
import type { MetricRecord, RolloutRecord } from '../../src/model/record.ts';
import { MINUTE } from '../../src/model/time.ts';
import type { Minute } from '../../src/model/traffic.ts';
import { toReportJson } from '../../src/report/document.ts';
import { emptyRecord, publishedRecord, SHIFTED, turn } from '../report/records.ts';
import { minutesOf, recordOf, replayReport } from './replay-support.ts';

const BAD = minutesOf([1, 0], [1, 8], [1, 8], [1, 8], [1, 8]);

/** A rollback without a quarantine before it. */
const NOT_AT_ALL = /^With these settings: rolled back after minute \d /;

async function answer(record: RolloutRecord, ...args: string[]): Promise<string> {
  const { ok, lines } = await replayReport(record, ...args);
  expect(ok).toBe(true);
  return lines.at(-1) ?? '';
}

describe('a report', () => {
  test('is judged minute by minute up to the rollback, and held against what happened', async () => {
    const timeline = [turn(0, 10, 'step', 'x'), turn(5.5, 0, 'roll-back', 'y')];
    const { ok, lines } = await replayReport(recordOf({ minutes: BAD, timeline, result: 'rolled-back' }));
    expect(ok).toBe(true);
    expect(lines[0]).toBe(
      'Judging version 8 of checkout again: 5 minutes, confidence 99%, error-tolerance 0.1%, pass-margin 1%, min-invocations 1.',
    );
    const rows = lines.filter((text) => /^\| +\d/.test(text));
    expect(rows).toHaveLength(3);
    expect(rows[1]).toMatch(
      /^\| +1 \| \+03:00 \| +10% \| 8\/100 \(8\.00%\) \| 1\/900 \(0\.11%\) \|.* inconclusive \|$/,
    );
    expect(rows[2]).toMatch(/ fail +\|$/);
    expect(lines.at(-1)).toMatch(
      /^With these settings: in quarantine after minute 1 \(\+03:00\), then rolled back after minute 2 \(\+04:00\): error rate .*\. In fact: rolled back at \+05:30\.$/,
    );
  });

  test.each<[string, string[], RegExp]>([
    [
      'a wide tolerance',
      ['--error-tolerance', '20%'],
      /^With these settings: not rolled back, and inconclusive in the end: /,
    ],
    [
      'a ceiling',
      ['--error-tolerance', '20%', '--max-error-rate', '2%'],
      /rolled back after minute \d .*max-error-rate 2\.00%/,
    ],
  ])('is judged by other settings: %s', async (_, args, expected) => {
    expect(await answer(recordOf({ minutes: BAD }), ...args)).toMatch(expected);
  });

  test('is judged by more confidence: later', async () => {
    const record = recordOf({ minutes: minutesOf(...Array.from({ length: 12 }, () => [1, 2] as const)) });
    const minuteOf = (text: string): number => Number(/rolled back after minute (\d+)/.exec(text)?.[1]);
    const usual = minuteOf(await answer(record));
    expect(minuteOf(await answer(record, '--confidence', '99.9999%'))).toBeGreaterThan(usual);
  });

  const SLIGHT = minutesOf(...Array.from({ length: 12 }, () => [1, 1] as const));
  test.each<[string, RolloutRecord, string[], RegExp]>([
    [
      'where a slight difference would show at no less weight: half of it, still',
      recordOf({ minutes: SLIGHT }),
      [],
      /^With these settings: in quarantine after minute \d \(\+0\d:00\), then rolled back after/,
    ],
    [
      'from a suspicion of 1:8, which is never more than that',
      recordOf({ minutes: minutesOf([1, 1], [1, 2], [2, 0], [2, 0]) }),
      [],
      /^With these settings: in quarantine after minute 1 \(\+03:00\), then not rolled back/,
    ],
    ['at the least weight there is', recordOf({ minutes: BAD, timeline: [turn(0, 1, 'step', 'x')] }), [], NOT_AT_ALL],
    [
      'above a ceiling, where it would not help',
      recordOf({ minutes: BAD }),
      ['--error-tolerance', '20%', '--max-error-rate', '2%'],
      NOT_AT_ALL,
    ],
  ])('tells of a quarantine as the rollout has it: %s', async (_, record, args, expected) => {
    expect(await answer(record, ...args)).toMatch(expected);
  });

  test('says when it would have passed: on final minutes only', async () => {
    const minutes = minutesOf(...Array.from({ length: 12 }, () => [0, 0] as const));
    const timeline = [turn(0, 10, 'step', 'x'), turn(14, 100, 'promote', 'y')];
    const record = recordOf({ minutes, timeline });
    const usual = await answer(record);
    expect(usual).toMatch(
      /^With these settings: passed after minute \d \(\+0\d:00\), then not rolled back, and pass in the end: .*In fact: promoted at \+14:00\.$/,
    );
    const { settings } = record;
    const later = await answer({ ...record, settings: settings && { ...settings, finalAge: 5 * MINUTE } });
    const minuteOf = (text: string): number => Number(/passed after minute (\d+)/.exec(text)?.[1]);
    expect(minuteOf(later)).toBe(minuteOf(usual) + 3);
    expect(await answer(record, '--min-invocations', '9999')).toContain('too few canary invocations: 1100 of 9999');
  });

  test('knows the bake: the canary alone against the past', async () => {
    const promotedAt = SHIFTED + 2 * MINUTE + 10_000;
    const shared = minutesOf([0, 0], [0, 0]);
    const alone = minutesOf('-', '-', '-', [0, 90], [0, 90], [0, 90], [0, 90]).slice(3);
    const past = Array.from({ length: 60 }, () => ({ invocations: 1_000, errors: 1 }));
    const { settings } = publishedRecord();
    const record = recordOf({
      minutes: [...shared, ...alone.map((minute) => ({ ...minute, baseline: { invocations: 0, errors: 0 } }))],
      timeline: [turn(0, 10, 'step', 'x'), { at: promotedAt, weight: 100, event: 'bake', text: 'y' }],
      promotedAt,
      past,
      settings: settings && { ...settings, bakeTime: 10 * MINUTE },
    });
    const { lines } = await replayReport(record);
    expect(lines.find((text) => text.startsWith('|      3 |'))).toMatch(
      /\| +100% \| 90\/100 \(90\.00%\) \| +no traffic \|/,
    );
    expect(lines.at(-1)).toMatch(/rolled back after minute 5 .*baseline's past.* In fact: promoted at \+02:10\.$/);
    expect(lines.at(-1)).not.toContain('quarantine');
  });

  test('says what happened in its own words where the timeline has no turn', async () => {
    const record = recordOf({
      minutes: minutesOf([0, 0]),
      version: undefined,
      result: 'held',
      reason: 'too\nlittle',
      timeline: [],
    });
    const { lines } = await replayReport(record);
    expect(lines[0]).toMatch(/^Judging checkout again: 1 minute, /);
    expect(lines.at(-1)).toMatch(/In fact: held: too little\.$/);
    expect(lines.find((text) => /^\| +0/.test(text))).toContain('|      – |');
  });
});

describe('other metrics', () => {
  function metricOf(kind: Metric['kind'], name: string, margin: number | undefined): MetricRecord {
    const minutes = minutesOf([9, 5], [9, 30], [9, 30], [9, 30], [9, 30]);
    return { metric: { kind, name, tolerance: 0.05, oddsRatio: 1, margin }, lenient: minutes, strict: minutes };
  }
  const healthy = minutesOf([1, 0], [1, 0], [1, 0], [1, 0], [1, 0]);
  const slow = metricOf('latency', 'share of invocations slower than 300ms', 0.05);
  const throttles = metricOf('throttles', 'throttle rate', 0.05);
  const custom = metricOf('custom', 'failed payments', 0.05);

  test.each<[string, MetricRecord, string[], RegExp]>([
    ['latency', slow, [], /rolled back after minute \d .*: share of invocations slower/],
    ['latency within its tolerance', slow, ['--latency-tolerance', '60%'], /not rolled back/],
    [
      'latency that proves nothing',
      metricOf('latency', 'slow', undefined),
      ['--latency-tolerance', '60%'],
      /not rolled back/,
    ],
    ['throttles', throttles, [], /rolled back .*: throttle rate/],
    ['throttles within the tolerance', throttles, ['--error-tolerance', '60%'], /not rolled back/],
    ['throttles and another margin', throttles, ['--error-tolerance', '60%', '--pass-margin', '70%'], /passed after/],
    [
      'a metric of the user',
      custom,
      ['--latency-tolerance', '60%', '--error-tolerance', '60%'],
      /rolled back .*: failed payments/,
    ],
    ['the same with a margin', custom, ['--pass-margin', '60%'], /rolled back .*: failed payments/],
    ['errors under another name', metricOf('errors', 'error rate', 0.05), [], /With these settings: /],
  ])('%s', async (_, metric, args, expected) => {
    expect(await answer(recordOf({ minutes: healthy, metrics: [metric] }), ...args)).toMatch(expected);
  });

  test.each([
    { changed: 2.5, expected: /^With these settings: not rolled back, and / },
    { changed: 3.5, expected: /^With these settings: in quarantine after minute 2 / },
  ])('are not blamed on a weight that changed within the minute: at $changed', async ({ changed, expected }) => {
    // What struck all traffic while the canary had half of it, in a minute in which it had less on the whole.
    const struck = (minute: Minute): Minute =>
      minute.start === SHIFTED + 2 * MINUTE
        ? { ...minute, baseline: { invocations: 700, errors: 100 }, canary: { invocations: 300, errors: 100 } }
        : minute;
    const minutes = minutesOf([0, 0], [0, 0], [0, 0], [0, 0], [0, 0]).map(struck);
    const metrics = [{ ...custom, lenient: minutes, strict: minutes }];
    const timeline = [turn(0, 10, 'step', 'x'), turn(changed, 50, 'step', 'y')];
    expect(await answer(recordOf({ minutes: healthy, metrics, timeline }))).toMatch(expected);
  });

  test('are named above the table, harmless to a terminal', async () => {
    const named = metricOf('custom', 'a\u001b[2Jb', 0.05);
    const { lines } = await replayReport(recordOf({ minutes: healthy, metrics: [slow, named] }));
    expect(lines[1]).toBe('Compared besides the error rate: share of invocations slower than 300ms, a [2Jb.');
  });
});

describe('a report that cannot be judged', () => {
  const broken = (change: (report: Record<string, unknown>) => void): string => {
    const report = JSON.parse(toReportJson(recordOf({ minutes: BAD }))) as Record<string, unknown>;
    change(report);
    return JSON.stringify(report);
  };

  test.each<[string, RolloutRecord | string, string]>([
    ['no JSON', '{', 'The report is not JSON.'],
    ['something else', '[]', 'The report cannot be read: is missing, or not an object.'],
    [
      'another format',
      '{"schema": 2}',
      'The report cannot be read: schema is not 1, the only version that can be read.',
    ],
    [
      'never shifted',
      emptyRecord({ reason: 'no such function' }),
      'This deployment never shifted any traffic, so there is nothing to judge: failed, no such function.',
    ],
    ['asked for', emptyRecord({ command: 'rollback' }), 'This is the report of a rollback, which judges nothing.'],
    [
      'unread',
      recordOf({ minutes: [], result: 'rolled-back', reason: 'AccessDenied' }),
      'No minute of this rollout was read, so there is nothing to judge: rolled-back, AccessDenied.',
    ],
    [
      'too long',
      recordOf({ minutes: [...BAD, ...BAD.map((minute) => ({ ...minute, start: minute.start + 800 * MINUTE }))] }),
      'The rollout took 805 minutes, and a replay judges at most 720.',
    ],
    [
      'no settings',
      recordOf({ minutes: BAD, settings: undefined }),
      'The report cannot be read: settings is missing, or not an object.',
    ],
    [
      'a time that is none',
      broken((report) => (report['promotedAt'] = 'noon')),
      'The report cannot be read: promotedAt is not a time.',
    ],
    [
      'half a minute',
      broken((report) => (report['minutes'] = [{ ...BAD[0], start: '2026-03-04T10:01:30.000Z' }])),
      'The report cannot be read: minutes.0.start is not the start of a minute.',
    ],
  ])('%s', async (_, record, problem) => {
    expect(await replayReport(record)).toEqual({ ok: false, lines: [problem] });
  });

  test('names the first of its many faults', async () => {
    const minutes = Array.from({ length: 30 }, () => ({ start: 1 }));
    const { ok, lines } = await replayReport(broken((report) => (report['minutes'] = minutes)));
    expect(ok).toBe(false);
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe('The report cannot be read: minutes.0.start is not a text.');
    expect(lines.at(-1)).toBe('There are 80 more problems like these.');
  });
});
