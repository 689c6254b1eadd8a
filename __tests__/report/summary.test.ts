import { describe, expect, test } from '@jest/globals';
import type { RolloutRecord } from '../../src/model/record.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { BEGAN, emptyRecord, pollEntry, publishedRecord, SHIFTED, trafficMinutes, turn } from './records.ts';
import { expectSound } from './sound.ts';
import { STATES } from './states.ts';

function state(name: string): RolloutRecord {
  return STATES[name] ?? emptyRecord();
}

const FIGURES = 'version 8 of `checkout` failed 4.06% of 1,526 invocations; version 7 failed 0.10% of 13,349';

const ORDERED: [name: string, title: string, ...more: string[]][] = [
  [
    'promoted',
    '## ✅ Promoted: version 8 of `checkout` failed 0.38% of 7,814 invocations; version 7 failed 0.41% of 17,462\n',
    '> [!TIP]\n> **Verdict: pass.** Error rate',
    '> **Now:** Alias `live` serves version 8 with all traffic.',
    '> **Next:** Nothing to do.',
    '**AWS console:** [Metrics of both versions](<https://eu-west-1.console.aws.amazon.com/cloudwatch/',
    '| 🟦&nbsp;baseline<br>version&nbsp;7 | 🟧&nbsp;canary<br>version&nbsp;8 |',
    '```mermaid',
    '### Timeline',
  ],
  [
    'promoted-unproven',
    '## ✅ Promoted, unproven: version 8 of `checkout` had no traffic\n',
    '> [!WARNING]\n> **Verdict: inconclusive.** No traffic on the canary',
    '**Next:** Watch',
    'That was too little traffic to have rolled back even a canary that fails every time.',
    'There is no line for canary (version 8): it had no traffic.',
  ],
  [
    'promoted-auto',
    '## ✅ Promoted: version 8',
    '**Verdict: pass.**',
    '**Now:**',
    '| **error rate** | **0.41%** | **0.38%**<br><sub>−0.023 points</sub> |',
    '| share of invocations slower than 300ms | 1.98% | 2.99% to 5.03%<br><sub>+1 to +3 points</sub> |',
    '| failed payments | 1.98% | 2.48%<br><sub>+0.5 points</sub> |',
    '| evidence that … | odds | it takes | reached |',
    '| the canary is worse | **1:1** | 1:100 to roll back | no |',
    '| error rate not higher by 1 point | **1:8955** | 1:20 to pass | 🟩 yes |',
    '| share of invocations slower than 300ms not higher by 5 points | **1:7** | 1:20 to pass | no |',
    'A healthy release gets to 1:100 in at most 1% of rollouts',
    'could have detected: **+0.31 points** of error rate.',
    '**In quarantine** at 1% from +02:00 to +05:00: the canary was under suspicion and got no more traffic than it takes to settle that. The suspicion went, and it got 5% again.',
    'title "canary, % of the traffic"',
    '| +00:00 | 10:01 | 2m | 5% |\n| +02:00 | 10:03 | 3m | 1% |',
    '| +02:00 | quarantine 1% | 🔶 quarantine, 1% of',
    '| +03:00 | quarantine 1% | ⏸️ holding',
    '| +05:00 | 5% | ▶️ out of',
    '50% 1m → 100%, on as soon as the evidence allows |',
  ],
  [
    'rolled-back-quarantined',
    `## ↩️ Rolled back: ${FIGURES}\n`,
    '**Why:**',
    '**Next:**',
    '| error rate not higher by 1 point | **1:1** | 1:20 to pass | no |',
    'could have detected: **+1.3 points** of error rate.',
    '**In quarantine** at 1% from +02:00 to +06:30:',
    'settle that. It was rolled back.',
  ],
  ['promoted-long', '## ✅ Promoted', 'Each point is 10m.', '| +5:59:00 | 16:00 | 100% |', '### Notes', 'in all)'],
  [
    'promoted-baked',
    '## ✅ Promoted',
    '| invocations | 9,',
    'its line keeps the last rate; at the ends, its overall one.',
  ],
  [
    'first-deployment',
    '## ✅ First deployment: version 1 of `checkout` has all traffic',
    '> [!TIP]',
    '| 🟧&nbsp;version 1 |',
    'There was no version before',
    '🟧 version 1\n',
  ],
  [
    'rolled-back',
    `## ↩️ Rolled back: ${FIGURES}\n`,
    '> [!CAUTION]\n> **Why:** Error rate 4.06%',
    '> **Now:** Alias `live` serves version 7',
    '> **Next:** Look at',
    '| invocations | 13,349 | 1,526 |\n| errors | 14 | 62 |\n| **error rate** | **0.10%** | **4.06%**<br><sub>+4 points</sub> |',
    '| the canary is worse | **over 1:1e12** | 1:100 to roll back | 🟥 yes |',
    'A healthy release gets to 1:100 in at most 1% of rollouts; 1:20 is proof with 95% confidence.',
    '⬜ tolerated: up to 0.1 points above the baseline',
  ],
  [
    'rolled-back-explained',
    '## ↩️ Rolled back',
    '### What version 8 says of its errors',
    "| 51 | `TypeError: Cannot read properties of null (reading 'total') at handler (/var/task/index.js:42:17)`<br><sub>first at 10:01 UTC, in request `8f5c0c1e-3a59-4a7e-9d0b-0a4b6c1f2d3e`, `",
    ', `c` and 2 more</sub> |',
    '| 11 | <code>Task timed out after 3.00 seconds &#124; &#60;b&#62;</code><br><sub>first at 10:02 UTC, in request',
    '1,204 log events of version 8 in log group `/aws/lambda/checkout` ([open](<https://',
    '### Over time',
  ],
  [
    'rolled-back-latency',
    '## ↩️ Rolled back version 8 of `checkout`: share of invocations slower than 300ms 5.03% vs 1.98% (79/1570 vs 33/1663), evidence 1:412\n\n> [!CAUTION]\n> **Now:**',
    '⬜ tolerated: up to 5 points above the baseline',
    'title "share of invocations slower than 300ms, %"',
    'title "errors, % of invocations"',
  ],
  [
    'rolled-back-alarm',
    '## ↩️ Rolled back version 8 of `checkout`: alarm "checkout-5xx" went to ALARM: Threshold Crossed\n',
    '> [!CAUTION]\n> **Now:**',
  ],
  [
    'rolled-back-unreadable',
    '## ↩️ Rolled back version 8 of `checkout`: what to judge by could not be read for 10m',
    'What to judge by could not be read at any time.',
  ],
  [
    'cancelled',
    '## 🛑 Cancelled: version 7 of `checkout` has all traffic again',
    '> [!WARNING]\n> **Why:** The job was cancelled while the canary had 10%',
  ],
  [
    'cancelled-early',
    '## 🛑 Cancelled before any traffic was shifted\n',
    '> [!WARNING]',
    '**Now:** Alias `live` serves version 7 with all traffic.',
    '**Next:** The alias is as it was',
  ],
  [
    'cancelled-badly',
    '## ❌ Failed: the deployment of `checkout` did not finish',
    '> [!CAUTION]',
    'could not be read: check which version it serves.',
  ],
  ['cancelled-status', '## 🛑 Cancelled: the look at the alias of `checkout` did not finish', '> [!WARNING]'],
  [
    'held',
    '## ⏸️ Held at 10%: version 8 of `checkout` failed 0.64% of 311 invocations; version 7 failed 0.11% of 2,810\n',
    '> [!WARNING]',
    'serves version 7 with 90% and version 8 with 10%.',
    '**Next:** Finish with',
    '**1:38**',
  ],
  [
    'unchanged',
    '## ✅ Unchanged: version 7 of `checkout` already runs this code',
    '> [!NOTE]',
    '**Why:** The package',
    '**Next:** Nothing to do.',
  ],
  [
    'planned',
    '## 📋 Planned: what a deployment of `checkout` would do; nothing was changed\n\n> [!NOTE]\n> **Now:**',
    '**Next:** Run again',
    '### Plan',
    '- package: 214 files',
  ],
  [
    'failed-early',
    '## ❌ Failed: the deployment of the function did not finish',
    '**Why:**',
    '**Now:** No traffic was shifted.',
    '**Next:** Check',
  ],
  [
    'failed',
    '## ❌ Failed: the deployment of `checkout` did not finish',
    '> [!CAUTION]\n> **Why:** Lambda has no function',
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
    '> [!TIP]',
    '**Now:**',
    '### Timeline',
    '| +00:00 | ↩️ all traffic to version 6 |',
  ],
  ['rollback-unchanged', '## ✅ Unchanged: version 7 of `checkout` already has all traffic'],
  [
    'rollback-planned',
    '## 📋 Planned: what a rollback of `checkout` would do',
    '`dry-run: true`',
    '- all traffic to version 6',
  ],
  [
    'promote-done',
    '## ✅ Promoted: version 8 of `checkout` has all traffic',
    '> [!TIP]\n> **Why:** Alias live gives version 8 all traffic, as was asked for',
    '**Now:** Alias `live` serves version 8 with all traffic.',
    '| +00:30 | ✅ all traffic to version 8 |',
    '<details><summary>Details',
  ],
  ['promote-unchanged', '## ✅ Unchanged: version 7 of `checkout` already has all traffic', '**Why:** Alias live'],
  ['promote-planned', '## 📋 Planned: what a promotion of `checkout` would do', '- give version 8 all traffic'],
  ['promote-failed', '## ❌ Failed: the promotion of `checkout` did not finish', '**Next:** Wait for'],
  [
    'status-rollout',
    '## 🔎 Status: version 8 of `checkout` has 10% of the traffic and failed 0.00% of 409 invocations; version 7 failed 0.40% of 3,746\n\n> [!NOTE]\n> Alias live serves version 7',
    '<https://github.com/acme/shop/actions/runs/7344102331>, which is over.',
    '**Now:** Alias `live` serves version 7 with 90% and version 8 with 10%.',
    '**Next:** `command: promote` gives version 8 all traffic, `command: rollback` version 7.',
    'Since 10:01 UTC, as far as CloudWatch has published it:',
    '| invocations | 3,',
    '🟦 baseline (version 7) &emsp; 🟧 canary (version 8)\n',
    'x-axis "minutes since 10:01 UTC"',
    '| elapsed | UTC | baseline (version 7) | rate | canary (version 8) | rate |',
    '### Notes',
    '| canary | `8` |\n| baseline | `7` |',
  ],
  ['status-baking', '## 🔎 Status: version 8 of `checkout` has 100% of the traffic and failed', '**Next:** Wait.'],
  [
    'status-alone',
    '## 🔎 Status: version 7 of `checkout` has all traffic and failed',
    'Alias live serves version 7 alone, and no rollout is in flight.',
    '[Metrics](<https://',
    '| invocations | 2',
    '| elapsed | UTC | version 7 | rate |',
    '| version | `7` |',
  ],
  [
    'status-silent',
    '## 🔎 Status: version 7 of `checkout` has all traffic\n',
    '### Notes',
    '- No traffic in the last hour',
  ],
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

  test('has no tables, charts or timeline for what never came', () => {
    for (const name of ['unchanged', 'planned', 'failed-early', 'failed', 'rollback-unchanged']) {
      expect(renderSummary(state(name))).not.toMatch(/mermaid|### Timeline|### Over time|\| invocations \|/);
    }
  });

  test('says nothing of traffic when nothing was measured', () => {
    const summary = renderSummary({ ...state('first-deployment'), minutes: [] });
    expect(summary).not.toMatch(/traffic was seen|metrics could|compare with\.\n\n###|title "errors/);
    expectSound(summary);
  });

  test.each([
    ['promoted', 'Nothing proves version 8 to be healthy: watch it, and go back with `command: rollback`'],
    ['rollback-done', 'Nothing is urgent: callers no longer reach version 7.'],
  ])('%s without a word of what to do: says it', (name, next) => {
    const record = { ...state(name), verdict: 'inconclusive', next: '' } as const;
    expect(renderSummary(record)).toContain(`> **Next:** ${next}`);
    expect(renderSummary({ ...record, version: undefined })).not.toContain('undefined');
  });

  test.each(['held', 'failed', 'status-alone'])('%s without a word of what to do: says nothing', (name) => {
    expect(renderSummary({ ...state(name), next: '' })).not.toContain('**Next:**');
  });

  test.each([undefined, '6'])(
    'a rollback from version %s to version 6 names none that callers no longer reach',
    (left) => {
      const record = { ...state('rollback-done'), next: '', previousVersion: left };
      expect(renderSummary(record)).not.toContain('**Next:**');
    },
  );

  test('counts from the beginning when nothing was shifted', () => {
    const timeline = [{ at: BEGAN + 2_000, weight: 0, event: 'recover' as const, text: 'alias put back' }];
    expect(renderSummary(emptyRecord({ timeline }))).toContain('| +00:02 | 0% | 🛟 alias put back |');
  });

  test('gives turns before the first shift no time, and minutes before the first turn no weight', () => {
    const summary = renderSummary(
      publishedRecord({
        shiftedAt: SHIFTED,
        minutes: trafficMinutes({ length: 2 }),
        timeline: [turn(-2, 0, 'recover', 'alias put back'), turn(0, 10, 'step', 'x')],
      }),
    );
    expect(summary).toContain('| before | 0% | 🛟 alias put back |');
    const silent = { start: SHIFTED, baseline: { invocations: 0, errors: 0 }, canary: { invocations: 5, errors: 0 } };
    const unknown = renderSummary(publishedRecord({ shiftedAt: SHIFTED, minutes: [silent] }));
    expect(unknown).toContain('| +00:00 | 10:01 | – | 0 / 0 | – | 0 / 5 | 0.00% |');
    expect(unknown).toContain('| **error rate** | **–** | **0.00%** |');
  });

  test('draws the evidence of many readings, with one row for each part of the time', () => {
    const polls = Array.from({ length: 300 }, (_, index) =>
      pollEntry({ at: SHIFTED + index * 30_000, evidence: index === 7 ? undefined : index / 9, assurance: index / 60 }),
    );
    const timeline = [turn(0, 10, 'step', 'x'), turn(40, 1, 'quarantine', 'y')];
    const summary = renderSummary(publishedRecord({ shiftedAt: SHIFTED, polls, timeline, verdict: 'fail' }));
    expect(summary).toContain('🟥 evidence that the canary is worse (dashed: 1:100 rolls back) &emsp; 🟪 suspicion');
    expect(summary).toContain('🟩 evidence that it is not (dashed: 1:20 passes)<br>What goes beyond the scale');
    const rows = summary.match(/^\| \+.* \| (inconclusive|not readable) \|$/gm) ?? [];
    expect(rows).toHaveLength(30);
    const short = publishedRecord({ shiftedAt: SHIFTED, polls: polls.slice(6, 8), timeline: [], settings: undefined });
    expect(renderSummary({ ...short, polls: [...short.polls, ...polls.slice(8, 9)] })).toContain(
      '🟥 evidence that the canary is worse &emsp;',
    );
    const unproven = polls.slice(0, 3).map((poll) => ({ ...poll, assurance: undefined }));
    expect(renderSummary({ ...short, polls: unproven })).toContain('🟥 evidence that the canary is worse\n');
    const unread = renderSummary({ ...short, polls: polls.slice(0, 8) });
    expect(unread).toContain('| +03:30 | 10:04 | 10% | – | 1:38 | 1:1 | not readable |');
  });

  test('tells how far a ceiling is, and leaves weights out that are too many', () => {
    const { settings } = publishedRecord();
    const timeline = Array.from({ length: 500 }, (_, index) => turn(index, (index % 50) + 1, 'step', 'x'));
    const record = (maxErrorRate: number): string =>
      renderSummary({ ...state('rolled-back'), timeline, settings: settings && { ...settings, maxErrorRate } });
    expect(record(0.3)).toContain('The highest error rate that is allowed, 30%, is far above this chart.');
    expect(record(0.05)).toContain('🟥 highest that is allowed');
    expect(record(0.05)).not.toContain('far above');
    expect(record(0.05)).toContain('The first 300 weights are left out; the report file has them all.');
  });

  test('draws no rates where minutes were silent', () => {
    const none = { invocations: 0, errors: 0 };
    const minutes = [{ start: SHIFTED, baseline: none, canary: none }];
    expect(renderSummary({ ...state('status-rollout'), minutes })).not.toContain('mermaid');
  });

  test('names versions, not roles, after a rollback that was asked for', () => {
    const record = { ...state('rollback-done'), minutes: trafficMinutes({ length: 2 }) };
    expect(renderSummary(record)).toContain('🟦 version 7 &emsp; 🟧 version 6\n');
  });
});
