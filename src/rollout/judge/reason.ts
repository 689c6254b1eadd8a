import { formatEvidence, formatRate, formatRates } from '../../model/format.ts';
import { errorRate } from '../../model/traffic.ts';
import type { Counts } from '../../model/traffic.ts';
import type { JudgeSettings, TestResult } from '../../model/verdict.ts';
import { ERROR_RATE } from './metrics.ts';
import type { Safety } from './promote.ts';

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
  /** Names of the metrics by which one bad minute of the canary was found not to be how it runs. */
  readonly excused: readonly string[];
}

/** What the inputs allow; rates as fractions. */
type Limits = Pick<JudgeSettings, 'maxErrorRate'>;

/**
 * Why the canary fails: the numbers of the test that speaks loudest, and the evidence of all tests together, which is what
 * is held against 1/alpha.
 *
 * @param all `isAlone`: that test would have been enough
 */
export function failReason(
  test: TestResult,
  all: Limits & { readonly evidence: number; readonly isAlone: boolean },
): string {
  const together = all.isAlone ? '' : ' with all metrics together';
  return `${finding(test, all)}, evidence ${formatEvidence(all.evidence)}${together}`;
}

/** Why the canary neither fails nor passes although its numbers look bad. */
export function suspectReason(test: TestResult, limits: Limits): string {
  const [all, without] = [formatEvidence(test.suspicion), formatEvidence(test.withoutWorst)];
  const rest = test.withoutWorst < test.suspicion ? `, ${without} without the worst minute` : '';
  return `${finding(test, limits)}, suspicion ${all}${rest}: not confirmed`;
}

/** What passed: the rates of both versions, what speaks against the canary, and what is ruled out. */
export function passReason(facts: Facts, { ruledOut }: Pick<Safety, 'ruledOut'>): string {
  const against = facts.evidence > 0 ? `evidence ${formatEvidence(facts.evidence)}` : 'no evidence against the canary';
  const sure = ruledOut === undefined ? '' : `, 95% sure that it rose by less than ${points(ruledOut)}`;
  return `${observed(facts)}, ${against}${sure}`;
}

/** What is missing before anything can be said. */
export function inconclusiveReason(facts: Facts, { needed, safety }: { needed: number; safety: Missing }): string {
  if (facts.minutes === 0) return 'no minute is old enough to be judged yet';
  const seen = facts.canary.invocations + facts.alone.invocations;
  if (seen === 0 && facts.baseline.invocations === 0) return 'no invocations: neither version had traffic';
  if (seen === 0) return `no invocations of the canary, ${facts.baseline.invocations} of the baseline`;
  if (facts.finalMinutes === 0) return `no minute is final yet: ${seen} canary invocations so far`;
  const { invocations } = facts.finalCanary;
  if (invocations < needed) return `too few canary invocations: ${invocations} of ${needed} in final minutes`;
  return `${observed(facts)}, but too little for a pass: ${shortOf(safety)}`;
}

type Missing = Pick<Safety, 'missing' | 'unproven'>;

function shortOf({ missing, unproven }: Missing): string {
  if (unproven === undefined) return 'there is nothing to compare with';
  const { assurance, seen } = unproven;
  const what = `a rise of the ${assurance.metric} by ${points(assurance.margin)}`;
  if (seen === 0) return `no minute has counted yet for the ${assurance.metric}, so nothing rules out ${what}`;
  return `about ${missing} more canary invocations are needed to rule out ${what}`;
}

function finding(test: TestResult, { maxErrorRate = 1 }: Limits): string {
  const { canary, reference, minutes, metric } = test;
  if (reference === undefined) return overCeiling(canary, maxErrorRate, minutes);
  if (test.test === 'past') return besidePast(canary, reference, ` in the last ${span(minutes)}`);
  // Totals mislead when the weight rose between minutes that fared differently; say what was compared then.
  const apparent = errorRate(canary) - errorRate(reference);
  const within = apparent >= test.excess / 2 ? '' : `, ${points(test.excess)} higher minute by minute`;
  return `${sideBySide(canary, reference, metric)}${within}`;
}

function observed({ baseline, canary, alone, past, excused }: Facts): string {
  if (canary.invocations > 0) {
    const excuse = excused.length === 0 ? '' : `, one bad minute of the ${excused.join(' and the ')} excused`;
    const later = alone.invocations > 0 ? `, then ${formatRate(errorRate(alone))} alone (${ratio(alone)})` : '';
    return `${sideBySide(canary, baseline)}${excuse}${later}`;
  }
  return past === undefined ? `error rate ${formatRate(errorRate(alone))} (${ratio(alone)})` : besidePast(alone, past);
}

function sideBySide(canary: Counts, baseline: Counts, metric = ERROR_RATE): string {
  const [first, second] = rates(canary, baseline);
  return `${metric} ${first} vs ${second} (${ratio(canary)} vs ${ratio(baseline)})`;
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

/** `0.4 points` */
function points(fraction: number): string {
  const number = Number(formatRate(fraction).replace('%', ''));
  return `${number} ${number === 1 ? 'point' : 'points'}`;
}

function span(minutes: number): string {
  return minutes === 1 ? 'minute' : `${minutes} minutes`;
}
