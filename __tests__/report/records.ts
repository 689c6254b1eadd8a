import { MINUTE } from '../../src/model/time.ts';
import type { Counts, Minute } from '../../src/model/traffic.ts';
import type { PollEntry, RolloutRecord, TimelineEntry } from '../../src/model/record.ts';

/** 2026-03-04 10:00:30 UTC: half a minute before the first shift. */
export const BEGAN = Date.UTC(2026, 2, 4, 10, 0, 30);
export const SHIFTED = BEGAN + 30_000;

/** A record of a command that failed before anything was known, with what a test sets. */
export function emptyRecord(over: Partial<RolloutRecord> = {}): RolloutRecord {
  return {
    schema: 1,
    command: 'deploy',
    dryRun: false,
    run: undefined,
    functionName: 'checkout',
    functionArn: undefined,
    region: 'eu-west-1',
    alias: 'live',
    strategy: undefined,
    settings: undefined,
    package: undefined,
    version: undefined,
    previousVersion: undefined,
    startedAt: BEGAN,
    shiftedAt: undefined,
    endedAt: BEGAN + 2_000,
    timeline: [],
    polls: [],
    minutes: [],
    metrics: [],
    stretches: [],
    past: [],
    promotedAt: undefined,
    detectable: undefined,
    assurances: [],
    result: 'failed',
    verdict: 'none',
    reason: 'Lambda has no function checkout in eu-west-1 (account 123456789012)',
    next: 'Check function-name and aws-region; the role must belong to the account of the function',
    aliasNow: undefined,
    plan: [],
    notes: [],
    canaryErrors: undefined,
    durations: undefined,
    ...over,
  };
}

/** Everything that is known once a version is published and nothing is shifted yet. */
export function publishedRecord(over: Partial<RolloutRecord> = {}): RolloutRecord {
  return emptyRecord({
    run: {
      repository: 'acme/shop',
      runId: 7_344_102_331,
      attempt: 1,
      sha: '4f2c9b1d7a6e3058c1b2a39f88e7d6c5b4a39281',
      url: 'https://github.com/acme/shop/actions/runs/7344102331',
    },
    functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout',
    strategy: {
      name: '5% 5m, 25% 10m, 50% 10m',
      steps: [
        { weight: 5, dwell: 5 * MINUTE },
        { weight: 25, dwell: 10 * MINUTE },
        { weight: 50, dwell: 10 * MINUTE },
      ],
      pace: 'fixed',
    },
    settings: {
      confidence: 0.99,
      errorTolerance: 0.001,
      passMargin: 0.01,
      maxErrorRate: undefined,
      latencyThreshold: undefined,
      latencyTolerance: 0.05,
      alarms: [],
      minInvocations: 1,
      onInconclusive: 'promote',
      interval: 30_000,
      metricDelay: 2 * MINUTE,
      finalAge: 2 * MINUTE,
      bakeTime: 0,
      maxDuration: 120 * MINUTE,
    },
    package: {
      kind: 'zip',
      sha256: 'pq7Xx2m0Yk1uJv8ZC1m8r9dLZq0oM2r3S4t5U6v7W8x=',
      bytes: 4_214_301,
      s3Uri: undefined,
    },
    version: '8',
    previousVersion: '7',
    ...over,
  });
}

/** The same every time, without chance: a wave around `mean`. */
function wave(index: number, mean: number): number {
  return Math.round(mean * (1 + 0.15 * Math.sin(index * 1.7) + 0.1 * Math.cos(index * 0.61)));
}

function counts(index: number, invocations: number, rate: number): Counts {
  const served = wave(index, invocations);
  return { invocations: served, errors: Math.min(served, Math.max(0, wave(index * 3 + 1, served * rate))) };
}

/** What `trafficMinutes` makes: `weightAt` in percent by minute, rates as fractions. */
interface Shape {
  readonly length: number;
  readonly perMinute?: number;
  readonly baselineRate?: number;
  readonly canaryRate?: number;
  readonly weightAt?: (minute: number) => number;
}

export function trafficMinutes(shape: Shape): Minute[] {
  const { length, perMinute = 1_000, baselineRate = 0.004, canaryRate = 0.004, weightAt = () => 10 } = shape;
  return Array.from({ length }, (_, index) => {
    const share = weightAt(index) / 100;
    return {
      start: Math.floor(SHIFTED / MINUTE) * MINUTE + index * MINUTE,
      baseline: counts(index, perMinute * (1 - share), baselineRate),
      canary: counts(index + 7, perMinute * share, canaryRate),
    };
  });
}

export function pollEntry(over: Partial<PollEntry> = {}): PollEntry {
  return {
    at: SHIFTED + 3.5 * MINUTE,
    weight: 10,
    verdict: 'inconclusive',
    evidence: Math.log(38.5),
    suspicion: Math.log(38.5),
    assurance: undefined,
    missing: undefined,
    baseline: { invocations: 2810, errors: 3 },
    canary: { invocations: 311, errors: 2 },
    reason: 'error rate 0.64% vs 0.11% (2/311 vs 3/2810), evidence 1:38',
    ...over,
  };
}

export function turn(minute: number, weight: number, event: TimelineEntry['event'], text: string): TimelineEntry {
  return { at: SHIFTED + minute * MINUTE, weight, event, text };
}
