import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RolloutRecord } from '../../src/model/record.ts';
import { byteLength, renderSummary } from '../../src/report/summary.ts';
import { emptyRecord, pollEntry, publishedRecord, SHIFTED, trafficMinutes, turn } from './records.ts';
import { count, expectSound } from './sound.ts';
import { STATES } from './states.ts';

function state(name: string): RolloutRecord {
  return STATES[name] ?? emptyRecord();
}

function outsideMetric(name: string): RolloutRecord['metrics'] {
  const lenient = trafficMinutes({ length: 1 });
  return [{ metric: { kind: 'custom', name, tolerance: 0, oddsRatio: 1, margin: 0.01 }, lenient, strict: lenient }];
}

describe('the summary limit', () => {
  const minutes = trafficMinutes({ length: 360 });

  test('six hours, read every half minute, with six metrics, stay far below it', () => {
    const long = state('promoted-long');
    const metrics = Array.from({ length: 6 }, (_, index) => {
      const { metric } = outsideMetric(`metric ${index}`)[0] ?? { metric: undefined };
      return metric === undefined ? [] : [{ metric, lenient: minutes, strict: minutes }];
    }).flat();
    const polls = Array.from({ length: 720 }, (_, index) =>
      pollEntry({ at: SHIFTED + index * 30_000, evidence: index / 50, assurance: index / 70, reason: 'x'.repeat(200) }),
    );
    const timeline = Array.from({ length: 40 }, (_, index) => turn(9 * index, index + 1, 'step', 'y'.repeat(200)));
    const assurances = metrics.map(({ metric }) => ({ metric: metric.name, evidence: 4, margin: 0.01 }));
    const groups = Array.from({ length: 10 }, () => ({
      message: 'z'.repeat(400),
      count: 1,
      firstSeen: 0,
      requestIds: [],
    }));
    const canaryErrors = { logGroup: '/aws/lambda/checkout', scanned: 10_000, groups };
    const reason = 'metric 3 5% vs 1%';
    const record = { ...long, metrics, polls, timeline, assurances, canaryErrors, reason };
    const summary = renderSummary(record);
    expect(count(summary, '```mermaid')).toBe(4);
    expect(byteLength(summary)).toBeLessThan(150_000);
    expectSound(summary);
  });

  test('10,000 turns, a year of minutes and texts without end stay below it, and say what is missing', () => {
    const long = '😀|`<@x>'.repeat(200_000);
    const record = publishedRecord({
      shiftedAt: SHIFTED,
      functionName: long,
      reason: long,
      next: long,
      version: long,
      minutes: trafficMinutes({ length: 5_000 }),
      timeline: Array.from({ length: 10_000 }, (_, index) => turn(index, 10, 'step', long.slice(0, 5_000))),
      notes: Array.from({ length: 5_000 }, () => long.slice(0, 5_000)),
      plan: [long],
    });
    const summary = renderSummary(record);
    expect(byteLength(summary)).toBeLessThanOrEqual(1_000_000);
    expectSound(summary);
    expect(summary).toContain('9,800 turns are left out here; the report file has them all');
    expect(summary).toMatch(/The first 4,\d+ minutes are left out/);
    expect(summary).toMatch(/- and 4,\d+ more, in the report file/);
  });

  test('never goes above any limit and never cuts inside a table, a fold or a fence', () => {
    const timeline = Array.from({ length: 300 }, (_, index) => turn(index, 10, 'step', `step ${index} | <b>`));
    const record = { ...state('rolled-back'), minutes, timeline, notes: ['one', 'two'] };
    const full = byteLength(renderSummary(record));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: full + 10 }), (limitBytes) => {
        const summary = renderSummary(record, { limitBytes });
        expect(byteLength(summary)).toBeLessThanOrEqual(limitBytes);
        expectSound(summary);
        expect(summary === '' || summary.startsWith('## ↩️ Rolled back')).toBe(true);
      }),
      { seed: 16, numRuns: 200 },
    );
    expect(renderSummary(record, { limitBytes: 700 })).toMatch(
      /The rest did not fit here; the report file has everything\.\n$/,
    );
  });

  test('holds with any text from outside, which never becomes markup', () => {
    const evil = fc.constantFrom(
      '</details>',
      '<script>',
      '|',
      '`',
      '\n\n| a |\n',
      '```',
      '@octocat',
      '#1',
      '🟦',
      '\u0000',
    );
    const outside = fc.array(evil, { maxLength: 30 }).map((parts) => parts.join('x'));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(STATES)), fc.tuple(outside, outside, outside), (name, [a, b, c]) => {
        const record: RolloutRecord = {
          ...state(name),
          ...{
            functionName: a,
            functionArn: b,
            alias: c,
            region: a,
            version: b,
            previousVersion: c,
            reason: a,
            next: b,
          },
          ...{
            notes: [a, b],
            plan: [c],
            timeline: [turn(0, 10, 'step', c)],
            strategy: { name: a, steps: [], pace: 'fixed' },
          },
          metrics: outsideMetric(a),
          assurances: [{ metric: b, evidence: 0, margin: 0.01 }],
          aliasNow: { functionVersion: a, weights: { [b]: 10.5 }, description: c },
        };
        const summary = renderSummary(record);
        expect(count(summary, '<details>')).toBe(count(summary, '</details>'));
        expect(count(summary, '\n> [!')).toBe(1);
        expect(summary.replace(/```mermaid[^`]*```|`+[^\n]*?`+/g, '')).not.toMatch(/<script|@octocat|#1\b/);
        expect(byteLength(summary)).toBeLessThan(1_000_000);
      }),
      { seed: 17, numRuns: 200 },
    );
  });
});
