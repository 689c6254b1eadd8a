import { describe, expect, test } from '@jest/globals';
import type { RolloutRecord } from '../../src/model/record.ts';
import { failureAnnotation, toReportJson } from '../../src/report/document.ts';
import { emptyRecord, SHIFTED, turn } from './records.ts';
import { STATES } from './states.ts';

function state(name: string): RolloutRecord {
  return STATES[name] ?? emptyRecord();
}

describe('toReportJson', () => {
  test.each(Object.entries(STATES))('%s: the same keys in the same order, nothing lost', (_, record) => {
    const parsed = JSON.parse(toReportJson(record)) as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(Object.keys(JSON.parse(toReportJson(emptyRecord())) as object));
    expect(Object.keys(parsed).sort()).toEqual(Object.keys(record).sort());
    expect(parsed['minutes']).toEqual(record.minutes.map((m) => ({ ...m, start: new Date(m.start).toISOString() })));
    expect(parsed['polls']).toHaveLength(record.polls.length);
  });

  test('writes times as ISO 8601, what is absent as null, and an entry a line', () => {
    const json = toReportJson(
      emptyRecord({ shiftedAt: SHIFTED, timeline: [turn(0, 10, 'step', 'a'), turn(1, 0, 'end', 'b')] }),
    );
    expect(json).toContain('"shiftedAt": "2026-03-04T10:01:00.000Z"');
    expect(json).toContain('"functionArn": null');
    expect(json).toContain('\n    {"at":"2026-03-04T10:02:00.000Z","weight":0,"event":"end","text":"b"}\n  ]');
    expect(json).toContain('"polls": []');
  });

  test('has a line for each minute of a metric, and all that another judge needs', () => {
    const record = state('promoted-auto');
    const json = toReportJson(record);
    expect(json).toContain(
      '      "metric": {"kind":"throttles","name":"throttle rate","tolerance":0.001,"oddsRatio":1,"margin":0.01},\n' +
        '      "lenient": [\n        {"start":"2026-03-04T10:01:00.000Z",',
    );
    expect(json).toContain('"promotedAt": "2026-03-04T10:28:00.000Z"');
    expect(json).toContain('"stretches": [\n    {"weight":50,"baseline":9003,"canary":8998}\n  ]');
    expect(json).toContain('"past": [\n    {"invocations":1013,"errors":4}\n  ]');
    expect(json).toContain('    "steps": [\n      {"weight":5,"dwell":60000},');
    const parsed = JSON.parse(json) as Pick<RolloutRecord, 'assurances' | 'detectable' | 'metrics'>;
    expect(parsed.assurances).toEqual(record.assurances);
    expect(parsed.detectable).toBe(record.detectable);
    expect(parsed.metrics.map(({ metric }) => metric)).toEqual(record.metrics.map(({ metric }) => metric));
    expect(parsed.metrics[0]?.strict).toHaveLength(3);
  });

  test('keeps evidence that could not be had as null, and a time that is none', () => {
    const json = toReportJson({ ...state('rolled-back-unreadable'), startedAt: Number.NaN });
    expect(json).toContain('"evidence":null');
    expect(json).toContain('"startedAt": null');
  });
});

describe('failureAnnotation', () => {
  test('says what happened, why, what callers get and what to do', () => {
    const { title, message } = failureAnnotation(state('rolled-back'));
    expect(title).toBe('Rolled back: version 7 of checkout has all traffic again');
    expect(message.split('\n')).toEqual([
      expect.stringMatching(/^error rate 4\.06% vs 0\.10% \(62\/1526 vs 14\/13349\), evidence 1:9e13\.$/),
      'Alias live serves version 7 with all traffic.',
      expect.stringMatching(/^Next: Look at the errors .* no longer reach it\.$/),
    ]);
  });

  test.each([
    [
      'held',
      'Held: version 8 of checkout stays at 10% of the traffic',
      'Alias live serves version 7 with 90% and version 8 with 10%.',
    ],
    ['failed', 'Failed: the deployment of checkout did not finish', 'No traffic was shifted.'],
    ['failed-early', 'Failed: the deployment of the function did not finish', 'No traffic was shifted.'],
    [
      'failed-unread',
      'Failed: the deployment of checkout did not finish',
      'Alias live could not be read: check which version it serves.',
    ],
    ['rollback-failed', 'Failed: the rollback of checkout did not finish', 'Next: Name one with version.'],
  ])('%s', (name, title, line) => {
    const annotation = failureAnnotation(state(name));
    expect(annotation.title).toBe(title);
    expect(annotation.message.split('\n')).toContain(line);
  });

  test('leaves out what there is nothing to say of, and stays short', () => {
    const { title, message } = failureAnnotation(
      emptyRecord({ next: '', reason: 'x'.repeat(9_000), functionName: 'y'.repeat(900) }),
    );
    expect(message).not.toContain('Next');
    expect(message.length).toBeLessThan(4_100);
    expect(title.length).toBeLessThan(210);
  });
});
