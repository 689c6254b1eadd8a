import { describe, expect, test } from '@jest/globals';
import type { RolloutRecord } from '../../src/model/record.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { BEGAN, emptyRecord, pollEntry, publishedRecord, SHIFTED, trafficMinutes, turn } from './records.ts';
import { expectSound } from './sound.ts';
import { STATES } from './states.ts';

function state(name: string): RolloutRecord {
  return STATES[name] ?? emptyRecord();
}

const ORDERED: [name: string, title: string, ...more: string[]][] = [
  [
    'promoted',
    '## ✅ Promoted: version 8 of `checkout` has all traffic',
    '**Verdict: pass.** Error rate',
    '**Now:**',
    '| canary (version 8) |',
    '```mermaid',
    '### Timeline',
  ],
  [
    'promoted-unproven',
    '## ✅ Promoted, unproven: version 8',
    '**Verdict: inconclusive.** No traffic on the canary',
    '**Next:** Watch',
    'That was too little traffic to have rolled back even a canary that fails every time.',
    'There is no line for canary (version 8): it had no traffic.',
  ],
  [
    'promoted-auto',
    '## ✅ Promoted: version 8',
    '**Verdict: pass.**',
    '**In quarantine** at 1% from +02:00 to +05:00: the canary was under suspicion and got no more traffic than it takes to settle that. The suspicion went, and it got 5% again.',
    '**Now:**',
    '| canary (version 8) |',
    '| side by side | baseline | canary |',
    '| share of invocations slower than 300ms | 1.98% (33 of 1,663) | 2.99% to 5.03% |',
    '| failed payments | 1.98% (33 of 1,663) | 2.48% (39 of 1,570) |',
    'What a pass has to rule out, with 95% confidence:',
    '- ruled out: error rate higher by 1 point',
    '- not ruled out: share of invocations slower than 300ms higher by 5 points (evidence 1:7, it takes 1:20)',
    'could have detected: **+0.31 points** of error rate.',
    '| +02:00 | quarantine 1% | quarantine, 1% of',
    '| +03:00 | quarantine 1% | holding',
    '| +05:00 | 5% | out of',
    '50% 1m → 100%, on as soon as the evidence allows |',
  ],
  [
    'rolled-back-quarantined',
    '## ↩️ Rolled back',
    '**Why:**',
    '**In quarantine** at 1% from +02:00 to +06:30:',
    'settle that. It was rolled back.',
    '**Next:**',
    '- not ruled out: error rate higher by 1 point (evidence 1:1, it takes 1:20)',
    'could have detected: **+1.3 points** of error rate.',
  ],
  ['promoted-long', '## ✅ Promoted', 'Each point is 10m.', '| +5:59:00 | 16:00 | 100% |', '### Notes', 'in all)'],
  [
    'promoted-baked',
    '## ✅ Promoted',
    '| baseline (version 7) | 9,',
    '| canary (version 8) | 10,',
    'its line keeps the last rate.',
  ],
  [
    'first-deployment',
    '## ✅ First deployment: version 1 of `checkout` has all traffic',
    '| version 1 |',
    'There was no version before',
    '🟧 version 1<br>',
  ],
  [
    'rolled-back',
    '## ↩️ Rolled back: version 7 of `checkout` has all traffic again',
    '**Why:** Error rate 4.06%',
    '**Next:** Look at',
    '**Now:** Alias `live` serves version 7',
    '| 13,349 | 14 | **0.10%** |',
    '| 1,526 | 62 | **4.06%** |',
    '**1:9e13**. It takes **1:100** to roll back (a healthy release gets there in at most 1% of rollouts)',
  ],
  [
    'rolled-back-unreadable',
    '## ↩️ Rolled back',
    '**Why:** What to judge by could not be read for 10m',
    'What to judge by could not be read at any time.',
  ],
  [
    'held',
    '## ⏸️ Held: version 8 of `checkout` stays at 10% of the traffic',
    '**Next:** Finish with',
    'serves version 7 with 90% and version 8 with 10%.',
    '**1:38**',
  ],
  ['unchanged', '## ✅ Unchanged: version 7 of `checkout` already runs this code', '**Why:** The package', '**Now:**'],
  [
    'planned',
    '## 📋 Planned: what a deployment of `checkout` would do; nothing was changed',
    '**Next:** Run again',
    '### Plan',
    '- package: 214 files',
  ],
  [
    'failed-early',
    '## ❌ Failed: the deployment of the function did not finish',
    '**Why:**',
    '**Next:** Check',
    '**Now:** No traffic was shifted.',
  ],
  [
    'failed',
    '## ❌ Failed: the deployment of `checkout` did not finish',
    '**Why:** Lambda has no function',
    '**Next:**',
  ],
  [
    'failed-foreign',
    '## ❌ Failed',
    '**Why:** Alias live was changed by someone else',
    'serves version 9 with all traffic.',
    'settings</summary>',
  ],
  ['failed-unread', '## ❌ Failed', '**Now:** Alias `live` could not be read: check which version it serves.'],
  [
    'rollback-done',
    '## ✅ Rolled back: version 6 of `checkout` has all traffic again',
    '**Now:**',
    '### Timeline',
    '| +00:00 | all traffic to version 6 |',
  ],
  ['rollback-unchanged', '## ✅ Unchanged: version 7 of `checkout` already has all traffic'],
  ['rollback-planned', '## 📋 Planned: what a rollback of `checkout` would do', '- all traffic to version 6'],
  [
    'promote-done',
    '## ✅ Promoted: version 8 of `checkout` has all traffic',
    '**Why:** Alias live gives version 8 all traffic, as was asked for',
    '**Now:** Alias `live` serves version 8 with all traffic.',
    '| +00:30 | all traffic to version 8 |',
    '<details><summary>Details',
  ],
  ['promote-unchanged', '## ✅ Unchanged: version 7 of `checkout` already has all traffic', '**Why:** Alias live'],
  ['promote-planned', '## 📋 Planned: what a promotion of `checkout` would do', '- give version 8 all traffic'],
  ['promote-failed', '## ❌ Failed: the promotion of `checkout` did not finish', '**Next:** Wait for'],
  [
    'status-rollout',
    '## 🔎 Status: version 8 of `checkout` has 10% of the traffic\n\nAlias live serves version 7',
    '<https://github.com/acme/shop/actions/runs/7344102331>, which is over.',
    '**Next:** &#96;command: promote&#96;',
    '**Now:** Alias `live` serves version 7 with 90% and version 8 with 10%.',
    'Since 10:01 UTC, as far as CloudWatch has published it:',
    '| baseline (version 7) | 3,',
    '| canary (version 8) | 4',
    '🟦 baseline (version 7) &emsp; 🟧 canary (version 8)<br>Each point is 1m.',
    'x-axis "minutes since 10:01 UTC"',
    '| elapsed | UTC | baseline (version 7) errors | rate | canary (version 8) errors | rate |',
    '### Notes',
    '| canary | `8` |\n| baseline | `7` |',
  ],
  ['status-baking', '## 🔎 Status: version 8 of `checkout` has 100% of the traffic', '**Next:** Wait.'],
  [
    'status-alone',
    '## 🔎 Status: version 7 of `checkout` has all traffic',
    'Alias live serves version 7 alone, and no rollout is in flight.',
    '| version 7 | 2',
    '| elapsed | UTC | version 7 errors | rate |',
    '| version | `7` |',
  ],
  ['status-silent', '## 🔎 Status: version 7', '### Notes', '- No traffic in the last hour'],
  [
    'status-nothing',
    '## 🔎 Status: `checkout` has no alias `live`',
    'Function checkout has no alias live',
    '**Now:** Nobody can call it yet.',
  ],
  [
    'status-failed',
    '## ❌ Failed: the look at the alias of `checkout` did not finish',
    '**Why:** Not allowed',
    '**Now:** Nothing was changed.',
  ],
  ['rollback-failed', '## ❌ Failed: the rollback of `checkout` did not finish', '**Why:** No version older'],
];

describe('renderSummary', () => {
  test.each(ORDERED)('%s', (name, ...parts) => {
    const summary = renderSummary(state(name));
    let from = 0;
    for (const part of parts) {
      const at = summary.indexOf(part, from);
      expect([part, at >= from]).toEqual([part, true]);
      from = at + part.length;
    }
    expect(summary.startsWith(parts[0])).toBe(true);
    expectSound(summary);
  });

  test('is tried in every state there is', () => {
    expect(ORDERED.map(([name]) => name).sort()).toEqual(Object.keys(STATES).sort());
  });

  test('has no tables, chart or timeline for what never came', () => {
    for (const name of ['unchanged', 'planned', 'failed-early', 'failed', 'rollback-unchanged']) {
      expect(renderSummary(state(name))).not.toMatch(/mermaid|### Timeline|### Error rates|invocations \|/);
    }
  });

  test('says so when a shifted rollout saw no traffic', () => {
    const summary = renderSummary(
      publishedRecord({
        shiftedAt: SHIFTED,
        settings: undefined,
        polls: [
          pollEntry({ evidence: 0, baseline: { invocations: 0, errors: 0 }, canary: { invocations: 0, errors: 0 } }),
        ],
      }),
    );
    expect(summary).toContain('No traffic was seen since the first shift.');
    expect(summary).not.toContain('| invocations |');
  });

  test('says nothing of traffic when nothing was measured', () => {
    const summary = renderSummary({ ...state('first-deployment'), minutes: [] });
    expect(summary).not.toMatch(/traffic was seen|metrics|compare with\.\n\n###|mermaid/);
    expectSound(summary);
  });

  test('tells the evidence also while the limits are unknown', () => {
    const summary = renderSummary({ ...state('rolled-back'), settings: undefined });
    expect(summary).toContain('Evidence that the canary is worse: **1:9e13**.');
    expect(summary).not.toContain('It takes');
  });

  test('has no evidence where traffic was seen and no poll was judged', () => {
    const summary = renderSummary({ ...state('rolled-back'), polls: [] });
    expect(summary).toContain('| 1,526 | 62 | **4.06%** |');
    expect(summary).not.toContain('Evidence');
  });

  test('tells of the first quarantines, of one that never ended, and how many more there were', () => {
    const turns = Array.from({ length: 4 }, (_, index) => [
      turn(4 * index, 1, 'quarantine', 'in'),
      turn(4 * index + 2, 10, 'restore', 'out'),
    ]).flat();
    const tell = (timeline: RolloutRecord['timeline']): string =>
      renderSummary(publishedRecord({ shiftedAt: SHIFTED, timeline }));
    expect(tell(turns).match(/\*\*In quarantine\*\*/g)).toHaveLength(3);
    expect(tell(turns)).toContain('It was in quarantine 1 more time.');
    expect(tell([...turns, turn(20, 1, 'quarantine', 'in')])).toContain('It was in quarantine 2 more times.');
    expect(tell(turns.slice(0, 1))).toContain('at 1% from +00:00 on: the canary was under suspicion');
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
    const quiet = metrics.filter(({ metric }) => metric.kind === 'throttles');
    expect(renderSummary({ ...state('promoted-auto'), metrics: quiet })).not.toContain('side by side');
  });

  test('claims no power where the versions never served side by side', () => {
    const strategy = { name: 'all-at-once', steps: [], pace: 'fixed' } as const;
    const record = { ...state('promoted-auto'), strategy };
    expect(renderSummary(record)).not.toMatch(/could have detected|would have been detected/);
    expect(renderSummary({ ...record, strategy: undefined })).not.toContain('could have detected');
    expect(renderSummary({ ...state('promoted-auto'), assurances: [] })).not.toMatch(/could have detected|ruled out/);
  });

  test.each([
    [300, '300ms'],
    [1_500, '1.5s'],
  ])('shows a latency threshold of %d ms and the alarms', (latencyThreshold, shown) => {
    const { settings } = publishedRecord();
    const alarms = Array.from({ length: 22 }, (_, index) => `5xx | ${index}`);
    const facts = renderSummary(publishedRecord({ settings: settings && { ...settings, latencyThreshold, alarms } }));
    expect(facts).toContain(`| latency threshold | ${shown} |\n| latency tolerance | 5% (percentage points) |`);
    expect(facts).toContain('| alarms | <code>5xx &#124; 0</code>, ');
    expect(facts).toContain('19</code> and 2 more |');
    expect(facts).toContain('| pass margin | 1% (percentage points), with 95% confidence |');
    const few = renderSummary(publishedRecord({ settings: settings && { ...settings, alarms: ['one', 'two'] } }));
    expect(few).toContain('| alarms | `one`, `two` |');
  });

  test('shows an image, a second attempt, limits and steps beyond counting', () => {
    const steps = Array.from({ length: 30 }, (_, index) => ({ weight: index + 1, dwell: 60_000 }));
    const base = publishedRecord();
    const summary = renderSummary({
      ...base,
      package: { kind: 'image', uri: 'acme/shop:1.2', digest: 'sha256:4f2c' },
      run: base.run && { ...base.run, attempt: 2 },
      settings: base.settings && { ...base.settings, maxErrorRate: 0.05 },
      strategy: { name: 'many', steps, pace: 'fixed' },
    });
    expect(summary).toContain('| image | `acme/shop:1.2` |\n| digest | `sha256:4f2c` |');
    expect(summary).toContain(', attempt 2, commit `4f2c9b1d7a6e`');
    expect(summary).toContain('| highest error rate | 5.00% |');
    expect(summary).toContain('20% 1m → … → 100% |');
  });

  test.each([
    [812, undefined, 'zip, 812 B |\n| code SHA-256 |'],
    [4_214_301, 's3://builds/lambda/checkout/a.zip', 'zip, 4.2 MB |'],
  ])('shows a package of %d bytes', (bytes, s3Uri, expected) => {
    const summary = renderSummary(publishedRecord({ package: { kind: 'zip', sha256: 'abc=', bytes, s3Uri } }));
    expect(summary).toContain(expected);
    expect(summary.includes('| uploaded to | `s3://builds/')).toBe(s3Uri !== undefined);
  });

  test('says nothing about the size and hash of an object that Lambda has not taken yet', () => {
    const s3Uri = 's3://builds/ready.zip';
    const zip = { kind: 'zip', sha256: undefined, bytes: undefined, s3Uri } as const;
    const summary = renderSummary(publishedRecord({ package: zip }));
    expect(summary).toContain('| package | zip |\n| uploaded to | `s3://builds/ready.zip` |');
    expect(summary).not.toContain('SHA-256');
  });

  test('says when a minute was final, which may be later than metric-delay', () => {
    const { settings } = publishedRecord();
    const summary = renderSummary(publishedRecord({ settings: settings && { ...settings, finalAge: 360_000 } }));
    expect(summary).toContain('| read every | 30s; a minute is final after 6m |');
  });

  test('gives turns before the first shift no time, and minutes before the first turn no weight', () => {
    const summary = renderSummary(
      publishedRecord({
        shiftedAt: SHIFTED,
        minutes: trafficMinutes({ length: 2 }),
        timeline: [turn(-2, 0, 'recover', 'alias put back'), turn(0, 10, 'step', 'x')],
      }),
    );
    expect(summary).toContain('| before | 0% | alias put back |');
    const silent = { start: SHIFTED, baseline: { invocations: 0, errors: 0 }, canary: { invocations: 5, errors: 0 } };
    const unknown = renderSummary(publishedRecord({ shiftedAt: SHIFTED, minutes: [silent] }));
    expect(unknown).toContain('| +00:00 | 10:01 | – | 0 / 0 | – | 0 / 5 | 0.00% |');
    expect(unknown).toContain('| baseline (version 7) | 0 | 0 | **–** |');
  });

  test('counts from the beginning when nothing was shifted', () => {
    const timeline = [{ at: BEGAN + 2_000, weight: 0, event: 'recover' as const, text: 'alias put back' }];
    expect(renderSummary(emptyRecord({ timeline }))).toContain('| +00:02 | 0% | alias put back |');
  });

  test('shows both roles without numbers while versions are unknown', () => {
    const summary = renderSummary(
      emptyRecord({
        shiftedAt: SHIFTED,
        minutes: trafficMinutes({ length: 2 }),
        result: 'held',
        timeline: [turn(0, 10, 'step', 'x')],
      }),
    );
    expect(summary).toContain('`checkout` stays at 10% of the traffic');
    expect(summary).toContain('| baseline | ');
    expect(renderSummary(emptyRecord({ result: 'held' }))).toContain('stays at 0%');
    expect(renderSummary({ ...state('held'), version: '9' })).toContain('version 9 of `checkout` stays at 0%');
    expect(renderSummary({ ...state('held'), version: '7' })).toContain('version 7 of `checkout` stays at 90%');
    expect(renderSummary(emptyRecord({ result: 'unchanged', reason: '', next: '' }))).toMatch(
      /^## ✅ Unchanged: `checkout` already runs this code\n\n\*\*Now/,
    );
  });

  test('names versions, not roles, after a rollback that was asked for', () => {
    const record = { ...state('rollback-done'), minutes: trafficMinutes({ length: 2 }) };
    expect(renderSummary(record)).toContain('🟦 version 7 &emsp; 🟧 version 6<br>');
  });

  test('a summary begins where its clock did', () => {
    expect(renderSummary(emptyRecord({ startedAt: BEGAN }))).toContain('| began | 2026-03-04 10:00:30 UTC |');
  });
});
