import type { Metric } from '../../src/model/metric.ts';
import type { MetricRecord, RolloutRecord } from '../../src/model/record.ts';
import { MINUTE } from '../../src/model/time.ts';
import { formatRates } from '../../src/model/format.ts';
import { errorRate, totalOf } from '../../src/model/traffic.ts';
import type { Counts, Minute } from '../../src/model/traffic.ts';
import { BEGAN, emptyRecord, pollEntry, publishedRecord, SHIFTED, trafficMinutes, turn } from './records.ts';

const onSeven = { functionVersion: '7', weights: {}, description: 'production' };
const onEight = { functionVersion: '8', weights: {}, description: 'production' };

function reasonOf(baseline: Counts, canary: Counts, evidence: string): string {
  const [before, after] = formatRates(errorRate(baseline), errorRate(canary));
  const counts = `${canary.errors}/${canary.invocations} vs ${baseline.errors}/${baseline.invocations}`;
  return `error rate ${after} vs ${before} (${counts}), evidence ${evidence}`;
}

function promoted(over: Partial<RolloutRecord> = {}): RolloutRecord {
  const weightAt = (minute: number): number => (minute < 5 ? 5 : minute < 15 ? 25 : 50);
  const minutes = trafficMinutes({ length: 25, weightAt });
  const baseline = totalOf(minutes, 'baseline');
  const canary = totalOf(minutes, 'canary');
  return publishedRecord({
    shiftedAt: SHIFTED,
    endedAt: SHIFTED + 27.5 * MINUTE,
    minutes,
    polls: [pollEntry({ at: SHIFTED + 27 * MINUTE, weight: 50, verdict: 'pass', evidence: 0.2, baseline, canary })],
    timeline: [
      turn(0, 5, 'step', 'step 1 of 3: 5% for 5m'),
      turn(5, 25, 'step', 'step 2 of 3: 25% for 10m'),
      turn(15, 50, 'step', 'step 3 of 3: 50% for 10m'),
      turn(27, 100, 'promote', 'promoted: every final minute was judged'),
      turn(27.5, 100, 'end', 'alias read back: version 8 has all traffic'),
    ],
    result: 'promoted',
    verdict: 'pass',
    reason: reasonOf(baseline, canary, '1:1'),
    next: '',
    aliasNow: onEight,
    ...over,
  });
}

function rolledBack(over: Partial<RolloutRecord> = {}): RolloutRecord {
  const minutes = trafficMinutes({ length: 6, baselineRate: 0.001, canaryRate: 0.041, perMinute: 2_400 });
  const baseline = totalOf(minutes, 'baseline');
  const canary = totalOf(minutes, 'canary');
  const reason = reasonOf(baseline, canary, '1:9e13');
  return publishedRecord({
    shiftedAt: SHIFTED,
    endedAt: SHIFTED + 6.6 * MINUTE,
    strategy: { name: 'canary', steps: [{ weight: 10, dwell: 10 * MINUTE }], pace: 'fixed' },
    minutes,
    polls: [
      pollEntry({ at: SHIFTED + 6.5 * MINUTE, verdict: 'fail', evidence: Math.log(9.3e13), baseline, canary, reason }),
    ],
    timeline: [
      turn(0, 10, 'step', 'step 1 of 1: 10% for 10m'),
      turn(6.5, 0, 'roll-back', `rolled back: ${reason}`),
      turn(6.6, 0, 'end', 'alias read back: version 7 has all traffic'),
    ],
    result: 'rolled-back',
    verdict: 'fail',
    reason,
    next: 'Look at the errors of version 8 in its log group /aws/lambda/checkout, fix them and deploy again. Version 8 is still published; callers no longer reach it',
    aliasNow: onSeven,
    ...over,
  });
}

function badShare({ invocations }: Counts, share: number): Counts {
  return { invocations, errors: Math.round(invocations * share) };
}

function metricOf(metric: Metric, shares: { least: number; most: number }): MetricRecord {
  const minutes = trafficMinutes({ length: 3, weightAt: () => 50 });
  const shaped = (share: number): Minute[] =>
    minutes.map(({ start, baseline, canary }) => ({
      start,
      baseline: badShare(baseline, 0.02),
      canary: badShare(canary, share),
    }));
  return { metric, lenient: shaped(shares.least), strict: shaped(shares.most) };
}

const slowShare = metricOf(
  { kind: 'latency', name: 'share of invocations slower than 300ms', tolerance: 0.05, oddsRatio: 1.25, margin: 0.05 },
  { least: 0.03, most: 0.05 },
);
const failedPayments = metricOf(
  { kind: 'custom', name: 'failed payments', tolerance: 0.005, oddsRatio: 1, margin: 0.01 },
  { least: 0.025, most: 0.025 },
);
const quiet = trafficMinutes({ length: 3, baselineRate: 0, canaryRate: 0 });
const throttleRate: MetricRecord = {
  metric: { kind: 'throttles', name: 'throttle rate', tolerance: 0.001, oddsRatio: 1, margin: 0.01 },
  lenient: quiet,
  strict: quiet,
};

/** What a look at an alias in a rollout found. */
function looked(over: Partial<RolloutRecord>): RolloutRecord {
  const bare = { strategy: undefined, settings: undefined, package: undefined };
  return publishedRecord({ ...bare, command: 'status', result: 'unchanged', next: '', ...over });
}

const noBaseline = trafficMinutes({ length: 4, weightAt: () => 100 });

/** One record for every way in which a command ends, by name. */
export const STATES: Readonly<Record<string, RolloutRecord>> = {
  promoted: promoted(),
  'promoted-unproven': promoted({
    verdict: 'inconclusive',
    reason: 'no traffic on the canary in 25 final minutes',
    assurances: [{ metric: 'error rate', evidence: 0, margin: 0.01 }],
    minutes: trafficMinutes({ length: 25, perMinute: 2, weightAt: () => 10 }),
    polls: [
      pollEntry({ evidence: 0, canary: { invocations: 0, errors: 0 }, baseline: { invocations: 45, errors: 0 } }),
    ],
    next: 'Watch version 8 while its first callers come; roll back with command: rollback',
  }),
  'promoted-auto': promoted({
    strategy: { name: 'auto', steps: [5, 20, 50].map((weight) => ({ weight, dwell: MINUTE })), pace: 'evidence' },
    metrics: [slowShare, throttleRate, failedPayments],
    stretches: [{ weight: 50, baseline: 9_003, canary: 8_998 }],
    past: [{ invocations: 1_013, errors: 4 }],
    promotedAt: SHIFTED + 27 * MINUTE,
    durations: {
      start: SHIFTED - MINUTE,
      end: SHIFTED + 27 * MINUTE,
      baseline: { p50: 84.21, p99: 412.7 },
      canary: { p50: 88.04, p99: 1_240.66 },
    },
    detectable: 0.003_06,
    assurances: [
      { metric: 'error rate', evidence: 9.1, margin: 0.01 },
      { metric: slowShare.metric.name, evidence: Math.log(7.3), margin: 0.05 },
    ],
    timeline: [
      turn(0, 5, 'step', 'step 1 of 5'),
      turn(2, 1, 'quarantine', 'quarantine, 1% of the traffic to version 8'),
      turn(3, 1, 'hold', 'holding: the canary is under suspicion'),
      turn(5, 5, 'restore', 'out of quarantine, 5% of the traffic to version 8'),
      turn(27, 100, 'promote', 'promoted'),
    ],
  }),
  'rolled-back-quarantined': rolledBack({
    assurances: [{ metric: 'error rate', evidence: -40, margin: 0.01 }],
    detectable: 0.0125,
    timeline: [
      turn(0, 10, 'step', 'step 1 of 1: 10% for 10m'),
      turn(2, 1, 'quarantine', 'quarantine, 1% of the traffic to version 8'),
      turn(6.5, 0, 'roll-back', 'rolled back'),
    ],
  }),
  'promoted-long': promoted({
    minutes: trafficMinutes({ length: 360, weightAt: (minute) => Math.min(90, 5 + Math.floor(minute / 20) * 5) }),
    endedAt: SHIFTED + 362 * MINUTE,
    notes: ['A marker of run 7344101111 was found on the alias; its rollout was undone first (version 7)'],
  }),
  'promoted-baked': promoted({
    minutes: [
      ...trafficMinutes({ length: 10 }),
      ...trafficMinutes({ length: 20, weightAt: () => 100 })
        .slice(10)
        .map((minute) => ({ ...minute, baseline: { invocations: 0, errors: 0 } })),
    ],
    polls: [
      pollEntry({
        weight: 100,
        baseline: { invocations: 0, errors: 0 },
        canary: { invocations: 9_800, errors: 40 },
        evidence: 0,
      }),
    ],
  }),
  'first-deployment': publishedRecord({
    previousVersion: undefined,
    version: '1',
    shiftedAt: SHIFTED,
    minutes: noBaseline,
    result: 'promoted',
    next: '',
    endedAt: SHIFTED + 5_000,
    reason: 'alias live was created on version 1; there was no version before to compare with',
    aliasNow: { functionVersion: '1', weights: {}, description: '' },
    timeline: [turn(0, 100, 'promote', 'alias live created on version 1')],
    notes: ['The alias did not exist; there was no baseline'],
  }),
  'rolled-back': rolledBack(),
  'rolled-back-unreadable': rolledBack({
    minutes: [],
    verdict: 'none',
    polls: [pollEntry({ evidence: undefined, reason: 'AccessDenied: cloudwatch:GetMetricData' })],
    reason: 'what to judge by could not be read for 10m: AccessDenied on cloudwatch:GetMetricData',
    next: 'Allow cloudwatch:GetMetricData to the role and deploy again',
    timeline: [
      turn(0, 10, 'step', 'step 1 of 1: 10% for 10m'),
      turn(2, 10, 'hold', 'holding: what to judge by cannot be read: AccessDenied on cloudwatch:GetMetricData'),
      turn(
        12,
        0,
        'roll-back',
        'rolled back: what to judge by could not be read for 10m: AccessDenied on cloudwatch:GetMetricData',
      ),
    ],
    endedAt: SHIFTED + 12.1 * 60_000,
  }),
  'rolled-back-explained': rolledBack({
    canaryErrors: {
      logGroup: '/aws/lambda/checkout',
      scanned: 1_204,
      groups: [
        {
          message: "TypeError: Cannot read properties of null (reading 'total') at handler (/var/task/index.js:42:17)",
          count: 51,
          firstSeen: SHIFTED + 4_000,
          requestIds: ['8f5c0c1e-3a59-4a7e-9d0b-0a4b6c1f2d3e', '1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9', 'c', 'd', 'e'],
        },
        {
          message: 'Task timed out after 3.00 seconds | <b>',
          count: 11,
          firstSeen: SHIFTED + 61_000,
          requestIds: ['77d0e8c2-0000-4000-8000-1234567890ab'],
        },
      ],
    },
  }),
  'rolled-back-latency': rolledBack({
    metrics: [slowShare],
    reason: 'share of invocations slower than 300ms 5.03% vs 1.98% (79/1570 vs 33/1663), evidence 1:412',
  }),
  'rolled-back-alarm': rolledBack({
    minutes: [],
    polls: [],
    reason: 'alarm "checkout-5xx" went to ALARM: Threshold Crossed',
    next: 'Mend what the reason names, then deploy again',
  }),
  cancelled: rolledBack({
    verdict: 'inconclusive',
    reason: 'the job was cancelled while the canary had 10% of the traffic',
  }),
  'cancelled-early': publishedRecord({
    reason: 'the job was cancelled before any traffic was shifted',
    next: 'The alias is as it was; run this step again when you are ready.',
    aliasNow: onSeven,
  }),
  'cancelled-badly': rolledBack({
    result: 'failed',
    reason: 'the job was cancelled while the canary had 10% of the traffic; the rollback failed: throttled',
    aliasNow: undefined,
  }),
  'cancelled-status': emptyRecord({
    command: 'status',
    reason: 'the job was cancelled before any traffic was shifted',
  }),
  held: rolledBack({
    result: 'held',
    verdict: 'inconclusive',
    reason: 'error rate 0.64% vs 0.11% (2/311 vs 3/2810), evidence 1:38',
    next: 'Finish with command: promote, or go back with command: rollback',
    polls: [pollEntry()],
    minutes: trafficMinutes({ length: 1 }),
    timeline: [
      turn(0, 10, 'step', 'step 1 of 1: 10% for 10m'),
      turn(10, 10, 'end', 'held: too little traffic to decide'),
    ],
    aliasNow: { functionVersion: '7', weights: { '8': 10 }, description: 'production' },
  }),
  unchanged: publishedRecord({
    version: '7',
    previousVersion: '7',
    result: 'unchanged',
    reason: 'the package has the code that version 7 already runs (pq7Xx2m0…)',
    next: '',
    aliasNow: onSeven,
  }),
  planned: publishedRecord({
    dryRun: true,
    version: undefined,
    result: 'planned',
    reason: 'dry run: nothing was changed',
    next: 'Run again without dry-run to deploy',
    aliasNow: onSeven,
    plan: [
      'package: 214 files, 4.2 MB zipped; handler index.handler found in index.mjs',
      'alias live serves version 7; the code differs, so a version would be published',
      'shift: 5% for 5m, 25% for 10m, 50% for 10m, then 100% (25m at least)',
    ],
  }),
  'failed-early': emptyRecord({ functionName: '', region: '', endedAt: BEGAN }),
  failed: emptyRecord(),
  'failed-foreign': rolledBack({
    result: 'failed',
    verdict: 'none',
    reason: 'alias live was changed by someone else at +03:10: it serves version 9 now',
    next: 'Find out who changed the alias (CloudTrail, UpdateAlias), then deploy again',
    aliasNow: { functionVersion: '9', weights: {}, description: 'hotfix' },
    endedAt: undefined,
  }),
  'failed-unread': rolledBack({ result: 'failed', verdict: 'none', aliasNow: undefined }),
  'rollback-done': publishedRecord({
    command: 'rollback',
    version: '6',
    previousVersion: '7',
    strategy: undefined,
    settings: undefined,
    package: undefined,
    shiftedAt: SHIFTED,
    timeline: [turn(0, 0, 'roll-back', 'all traffic to version 6')],
    result: 'rolled-back',
    reason: 'rolled back from version 7 to version 6, as asked',
    next: 'Version 7 stays published; the next deployment replaces version 6',
    aliasNow: { functionVersion: '6', weights: {}, description: 'production' },
  }),
  'rollback-unchanged': publishedRecord({
    command: 'rollback',
    version: '7',
    result: 'unchanged',
    reason: 'version 7 already has all traffic',
    next: '',
    aliasNow: onSeven,
  }),
  'rollback-planned': publishedRecord({
    command: 'rollback',
    result: 'planned',
    plan: ['all traffic to version 6'],
    next: '',
  }),
  'promote-done': publishedRecord({
    command: 'promote',
    strategy: undefined,
    settings: undefined,
    package: undefined,
    timeline: [turn(0, 100, 'promote', 'all traffic to version 8')],
    result: 'promoted',
    reason:
      'alias live gives version 8 all traffic, as was asked for; before, it served version 7 (90%) and version 8 (10%)',
    next: '',
    aliasNow: onEight,
  }),
  'promote-unchanged': publishedRecord({
    command: 'promote',
    version: '7',
    previousVersion: undefined,
    result: 'unchanged',
    reason: 'alias live serves version 7 alone, so no rollout is in flight that could be promoted',
    next: '',
    aliasNow: onSeven,
  }),
  'promote-planned': publishedRecord({
    command: 'promote',
    result: 'planned',
    plan: ['give version 8 all traffic'],
    next: '',
  }),
  'promote-failed': emptyRecord({
    command: 'promote',
    reason: 'alias live is in the middle of a rollout',
    next: 'Wait for that run or cancel it',
  }),
  'status-rollout': looked({
    minutes: trafficMinutes({ length: 4 }),
    reason:
      'alias live serves version 7 (90%) and version 8 (10%), in the rollout from version 7 to 8 by acme/shop, run https://github.com/acme/shop/actions/runs/7344102331, which is over',
    next: '`command: promote` gives version 8 all traffic, `command: rollback` version 7',
    aliasNow: { functionVersion: '7', weights: { '8': 10 }, description: '[canary 7->8 …] production' },
    notes: ['The description of the alias is "production".'],
  }),
  'status-baking': looked({ aliasNow: onEight, minutes: noBaseline, reason: 'in its bake', next: 'Wait' }),
  'status-alone': looked({
    version: '7',
    previousVersion: undefined,
    minutes: trafficMinutes({ length: 2 }).map((minute) => ({
      ...minute,
      baseline: { invocations: 0, errors: 0 },
    })),
    reason: 'alias live serves version 7 alone, and no rollout is in flight',
    aliasNow: onSeven,
  }),
  'status-silent': looked({
    version: '7',
    previousVersion: undefined,
    reason: 'alias live serves version 7 alone, and no rollout is in flight',
    aliasNow: onSeven,
    notes: ['No traffic in the last hour, as far as CloudWatch has published it.'],
  }),
  'status-nothing': emptyRecord({
    command: 'status',
    result: 'unchanged',
    reason: 'function checkout has no alias live; the first deployment creates it',
    next: '',
  }),
  'status-failed': emptyRecord({ command: 'status', reason: 'not allowed to lambda:GetAlias', next: 'Allow it' }),
  'rollback-failed': emptyRecord({
    command: 'rollback',
    reason: 'no version older than 1 exists',
    next: 'Name one with version',
  }),
};
