import { formatEvidence, formatRate, formatRates } from '../../model/format.ts';
import { errorRate } from '../../model/traffic.ts';
import type { Counts } from '../../model/traffic.ts';
import type { JudgeSettings, TestResult } from '../../model/verdict.ts';

/** What the sentence about a canary that did not fail is made of. */
export interface Facts {
  /** Both versions while they served side by side. */
  readonly baseline: Counts;
  readonly canary: Counts;
  /** The canary since it has all traffic. */
  readonly alone: Counts;
  /** The baseline before that; undefined when there is nothing to compare with. */
  readonly past: Counts | undefined;
  /** The canary in final minutes. */
  readonly finalCanary: Counts;
  readonly finalMinutes: number;
  /** Minutes that are old enough to be judged, with or without traffic. */
  readonly minutes: number;
  /** Natural log of the combined e-value. */
  readonly evidence: number;
}

/** What the inputs allow; rates as fractions. */
type Limits = Pick<JudgeSettings, 'errorTolerance' | 'maxErrorRate'>;

/** Why the canary fails: the numbers of the test that decided, and its evidence. */
export function failReason(test: TestResult, limits: Limits): string {
  return `${finding(test, limits)}, evidence ${formatEvidence(test.evidence)}`;
}

/** Why the canary neither fails nor passes although its numbers look bad: all of it rests on a single minute. */
export function suspectReason(test: TestResult, limits: Limits): string {
  const [all, without] = [formatEvidence(test.suspicion), formatEvidence(test.evidence)];
  return `${finding(test, limits)}, evidence ${all} but ${without} without the worst minute: not confirmed`;
}

/** What passed: the rates of both versions and what speaks against the canary. */
export function passReason(facts: Facts): string {
  const against = facts.evidence > 0 ? `evidence ${formatEvidence(facts.evidence)}` : 'no evidence against the canary';
  return `${observed(facts)}, ${against}`;
}

/** What is missing before anything can be said. */
export function inconclusiveReason(facts: Facts, needed: number): string {
  if (facts.minutes === 0) return 'no minute is old enough to be judged yet';
  const seen = facts.canary.invocations + facts.alone.invocations;
  if (seen === 0 && facts.baseline.invocations === 0) return 'no invocations: neither version had traffic';
  if (seen === 0) return `no invocations of the canary, ${facts.baseline.invocations} of the baseline`;
  if (facts.finalMinutes === 0) return `no minute is final yet: ${seen} canary invocations so far`;
  return `too few canary invocations: ${facts.finalCanary.invocations} of ${needed} in final minutes`;
}

function finding(test: TestResult, { errorTolerance, maxErrorRate = 1 }: Limits): string {
  const { canary, reference, minutes } = test;
  if (reference === undefined) return overCeiling(canary, maxErrorRate, minutes);
  if (test.test === 'past') return besidePast(canary, reference, ` in the last ${span(minutes)}`);
  // Totals mislead when the weight rose between minutes that fared differently; say what was compared then.
  const apparent = errorRate(canary) - errorRate(reference);
  const within = apparent >= errorTolerance ? '' : `, ${points(test.excess)} higher minute by minute`;
  return `${sideBySide(canary, reference)}${within}`;
}

function observed({ baseline, canary, alone, past }: Facts): string {
  if (canary.invocations > 0) {
    const later = alone.invocations > 0 ? `, then ${formatRate(errorRate(alone))} alone (${ratio(alone)})` : '';
    return `${sideBySide(canary, baseline)}${later}`;
  }
  return past === undefined ? `error rate ${formatRate(errorRate(alone))} (${ratio(alone)})` : besidePast(alone, past);
}

function sideBySide(canary: Counts, baseline: Counts): string {
  const [first, second] = rates(canary, baseline);
  return `error rate ${first} vs ${second} (${ratio(canary)} vs ${ratio(baseline)})`;
}

function besidePast(canary: Counts, past: Counts, when = ''): string {
  const [first, second] = rates(canary, past);
  return `error rate ${first} vs ${second} in the baseline's past (${ratio(canary)}${when} vs ${ratio(past)})`;
}

function overCeiling(canary: Counts, limit: number, minutes: number): string {
  const [rate, highest] = formatRates(errorRate(canary), limit);
  return `error rate ${rate} vs max-error-rate ${highest} (${ratio(canary)} in the last ${span(minutes)})`;
}

function rates(canary: Counts, reference: Counts): readonly [string, string] {
  if (reference.invocations === 0) return [formatRate(errorRate(canary)), 'no invocations'];
  return formatRates(errorRate(canary), errorRate(reference));
}

function ratio({ errors, invocations }: Counts): string {
  return `${errors}/${invocations}`;
}

function points(fraction: number): string {
  return `${formatRate(fraction).replace('%', '')} points`;
}

function span(minutes: number): string {
  return minutes === 1 ? 'minute' : `${minutes} minutes`;
}
