import { describe, expect, test } from '@jest/globals';
import type { RolloutRecord } from '../../src/model/record.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { emptyRecord, pollEntry, publishedRecord, SHIFTED, trafficMinutes, turn } from './records.ts';
import { STATES } from './states.ts';

function state(name: string): RolloutRecord {
  return STATES[name] ?? emptyRecord();
}

const none = { invocations: 0, errors: 0 };

describe('what both versions did', () => {
  test('is told in the words of the last reading when a shifted rollout saw no traffic', () => {
    const reason = 'no invocations: neither version had traffic';
    const polls = [pollEntry({ evidence: 0, baseline: none, canary: none, reason })];
    const record = publishedRecord({ shiftedAt: SHIFTED, settings: undefined, polls, result: 'promoted' });
    const summary = renderSummary(record);
    expect(summary).toContain('No invocations: neither version had traffic.\n');
    expect(summary).not.toContain('| invocations |');
    expect(summary).toContain('## ✅ Promoted, unproven: version 8 of `checkout` had no traffic\n');
  });

  test('has no baseline to name where it had no traffic', () => {
    const polls = [pollEntry({ evidence: 0, baseline: none })];
    const summary = renderSummary(publishedRecord({ shiftedAt: SHIFTED, polls, result: 'promoted' }));
    expect(summary).toContain('failed 0.64% of 311 invocations\n');
  });

  test('shows both roles without numbers while versions are unknown', () => {
    const timeline = [turn(0, 10, 'step', 'x')];
    const record = { shiftedAt: SHIFTED, minutes: trafficMinutes({ length: 2 }), result: 'held', timeline } as const;
    const summary = renderSummary(emptyRecord(record));
    expect(summary).toContain('`checkout` stays at 10% of the traffic');
    expect(summary).toContain('| 🟦&nbsp;baseline | 🟧&nbsp;canary |');
    expect(renderSummary(emptyRecord({ result: 'held' }))).toContain('stays at 0%');
    const unjudged = { ...state('held'), polls: [] };
    expect(renderSummary({ ...unjudged, version: '9' })).toContain('version 9 of `checkout` stays at 0%');
    expect(renderSummary({ ...unjudged, version: '7' })).toContain('version 7 of `checkout` stays at 90%');
    expect(renderSummary({ ...state('held'), timeline: [] })).toContain('## ⏸️ Held at 0%: version 8');
    expect(renderSummary(emptyRecord({ result: 'unchanged', reason: '', next: '' }))).toMatch(
      /^## ✅ Unchanged: `checkout` already runs this code\n\n> \[!NOTE\]\n> \*\*Now/,
    );
  });

  test('leaves out throttles where there were none, and shows what has no data', () => {
    const { metrics } = state('promoted-auto');
    expect(renderSummary(state('promoted-auto'))).not.toContain('| throttle rate |');
    const throttled = metrics
      .filter(({ metric }) => metric.kind === 'throttles')
      .map((found) => ({ ...found, lenient: trafficMinutes({ length: 3, baselineRate: 0.1 }) }));
    expect(renderSummary({ ...state('promoted-auto'), metrics: throttled })).toContain('| throttle rate | ');
    const unseen = metrics.map((found) => ({ ...found, lenient: [], strict: [] }));
    expect(renderSummary({ ...state('promoted-auto'), metrics: unseen })).toContain('| failed payments | – | – |');
    const reason = 'failed payments 3% vs 1%';
    expect(renderSummary({ ...state('rolled-back'), reason, metrics: unseen })).not.toContain('title "failed payments');
  });

  const some = { p50: 8.26, p99: 1_240 };
  const span = { start: SHIFTED, end: SHIFTED };
  test.each<[string, RolloutRecord['durations'], readonly string[]]>([
    [
      'both',
      { ...span, baseline: some, canary: { p50: 912, p99: 12_400 } },
      ['| p50 duration | 8.3ms | 912ms |', '| p99 duration | 1.2s | 12s |'],
    ],
    [
      'one version only',
      { ...span, baseline: undefined, canary: some },
      ['| p50 duration | – | 8.3ms |', '| p99 duration | – | 1.2s |'],
    ],
    [
      'the other only',
      { ...span, baseline: some, canary: undefined },
      ['| p50 duration | 8.3ms | – |', '| p99 duration | 1.2s | – |'],
    ],
    ['neither version', { ...span, baseline: undefined, canary: undefined }, []],
    ['nothing', undefined, []],
  ])('has p50 and p99 of the duration where they are known: %s', (_, durations, expected) => {
    const summary = renderSummary({ ...state('rolled-back'), durations });
    expect(summary.match(/^.* duration \|.*$/gm) ?? []).toEqual(expected);
  });

  test('says by how much they differ, where they do', () => {
    const canary = { invocations: 1_000, errors: 11 };
    const of = (errors: number): string =>
      renderSummary({
        ...state('rolled-back'),
        polls: [pollEntry({ canary, baseline: { invocations: 1_000, errors } })],
      });
    expect(of(1)).toContain('**1.10%**<br><sub>+1 point</sub>');
    expect(of(21)).toContain('**1.10%**<br><sub>−1 points</sub>');
    expect(of(11)).toContain('| **error rate** | **1.10%** | **1.10%** |');
  });
});

describe('the evidence', () => {
  test('is told also while the limits are unknown', () => {
    const summary = renderSummary({ ...state('held'), settings: undefined });
    expect(summary).toContain('| the canary is worse | **1:38** | | no |');
    expect(summary).not.toContain('A healthy release');
  });

  test('is not there where traffic was seen and no poll was judged', () => {
    const summary = renderSummary({ ...state('rolled-back'), polls: [] });
    expect(summary).toContain('| errors | 14 | 62 |');
    expect(summary).not.toContain('evidence that');
    expect(summary).toMatch(/^## ↩️ Rolled back: version 7 of `checkout` has all traffic again\n/);
  });

  test('claims no power where the versions never served side by side', () => {
    const strategy = { name: 'all-at-once', steps: [], pace: 'fixed' } as const;
    const record = { ...state('promoted-auto'), strategy };
    expect(renderSummary(record)).not.toMatch(/could have detected|would have been detected/);
    expect(renderSummary({ ...record, strategy: undefined })).not.toContain('could have detected');
    expect(renderSummary({ ...state('promoted-auto'), assurances: [] })).not.toMatch(
      /could have detected|not higher by/,
    );
  });

  test('tells of the first quarantines, of one that never ended, and how many more there were', () => {
    const turns = Array.from({ length: 4 }, (_, index) => [
      turn(4 * index, 1, 'quarantine', 'in'),
      turn(4 * index + 2, 10, 'restore', 'out'),
    ]).flat();
    const tell = (timeline: RolloutRecord['timeline']): string => renderSummary({ ...state('rolled-back'), timeline });
    expect(tell(turns).match(/\*\*In quarantine\*\*/g)).toHaveLength(3);
    expect(tell(turns)).toContain('It was in quarantine 1 more time.');
    expect(tell([...turns, turn(20, 1, 'quarantine', 'in')])).toContain('It was in quarantine 2 more times.');
    expect(tell(turns.slice(0, 1))).toContain('at 1% from +00:00 on: the canary was under suspicion');
  });
});

test('totals that are apart although nothing speaks against the canary are explained', () => {
  const words = 'The totals are not what is judged';
  const [baseline, canary] = [
    { invocations: 1_000, errors: 10 },
    { invocations: 1_000, errors: 60 },
  ];
  const told = (over: Parameters<typeof pollEntry>[0], record: Partial<RolloutRecord> = {}): boolean =>
    renderSummary({ ...state('promoted'), polls: [pollEntry({ baseline, canary, ...over })], ...record }).includes(
      words,
    );
  expect(told({ evidence: 0 })).toBe(true);
  expect(told({ evidence: 0 }, { settings: undefined })).toBe(true);
  expect(told({ evidence: 9 })).toBe(false);
  expect(told({ evidence: 0, canary: { invocations: 1_000, errors: 15 } })).toBe(false);
  expect(told({ evidence: 0, baseline: none }, { minutes: [] })).toBe(false);
});

describe("the canary's own errors", () => {
  const errors = { logGroup: '/aws/lambda/checkout', scanned: 12, groups: [] };
  const group = { message: 'boom', count: 2, firstSeen: SHIFTED, requestIds: [] };

  test('are said to be none where there are none', () => {
    const summary = renderSummary({ ...state('rolled-back'), canaryErrors: errors });
    expect(summary).toContain('12 log events of version 8 in log group `/aws/lambda/checkout` ([open](<https://');
    expect(summary).toContain('were looked through: no error message is among them.');
  });

  test('are ten at most, and say how many more there are', () => {
    const groups = Array.from({ length: 14 }, (_, index) => ({ ...group, count: 14 - index }));
    const found = { ...state('rolled-back'), canaryErrors: { ...errors, groups } };
    expect(renderSummary(found).match(/\| `boom`<br>/g)).toHaveLength(10);
    expect(renderSummary(found)).toContain('4 more kinds of message are in the report file.');
  });

  test('need no link and no version', () => {
    const found = { ...emptyRecord({ region: '' }), canaryErrors: { ...errors, groups: [group] } };
    const summary = renderSummary(found);
    expect(summary).toContain('in log group `/aws/lambda/checkout` were looked through.');
    expect(summary).toContain('| 2 | `boom`<br><sub>first at 10:01 UTC</sub> |');
    expect(renderSummary({ ...found, canaryErrors: errors })).toContain('### What version  says');
  });
});
