import { describe, expect, test } from '@jest/globals';
import type { RolloutRecord } from '../../src/model/record.ts';
import { toReportJson } from '../../src/report/document.ts';
import { emptyRecord, SHIFTED, turn } from './records.ts';
import { STATES } from './states.ts';

function state(name: string): RolloutRecord {
  return STATES[name] ?? emptyRecord();
}

describe('toReportJson', () => {
  test.each(Object.entries(STATES))('%s: the same keys in the same order, nothing lost', (_, record) => {
    const parsed = JSON.parse(toReportJson(record)) as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(Object.keys(JSON.parse(toReportJson(emptyRecord())) as object));
    expect(Object.keys(parsed).sort()).toEqual(Object.keys({ ...record, canaryErrors: null }).sort());
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
    expect(json).toContain(
      '"durations": {\n    "start": "2026-03-04T10:00:00.000Z",\n    "end": "2026-03-04T10:28:00.000Z",\n' +
        '    "baseline": {"p50":84.21,"p99":412.7},\n    "canary": {"p50":88.04,"p99":1240.66}\n  }',
    );
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
