import { formatEvidence, formatRate } from '../model/format.ts';
import type { PollEntry, TimelineEntry } from '../model/record.ts';
import { formatElapsed } from '../model/time.ts';
import { errorRate } from '../model/traffic.ts';
import type { Counts } from '../model/traffic.ts';
import { CAUTION, PASS_PROOF } from '../model/verdict.ts';
import { plainLine, sentence } from './escape.ts';
import { isQuarantined } from './quarantine.ts';

/** Longest outside text in one line of the log, characters. */
const LONGEST = 500;

/** `0.64 %`, as the log writes it: with a space. */
function spacedRate(counts: Counts): string {
  return formatRate(errorRate(counts)).replace('%', ' %');
}

function canaryWords(counts: Counts): string {
  return counts.invocations === 0
    ? 'canary no traffic'
    : `canary ${counts.errors}/${counts.invocations} errors (${spacedRate(counts)})`;
}

/** With all traffic on the canary there is no baseline beside it, only what it did before. */
function baselineWords(counts: Counts, weight: number): string {
  if (counts.invocations === 0) {
    return weight === 100 ? 'no baseline beside it' : 'baseline no traffic';
  }
  return `baseline ${weight === 100 ? 'before ' : ''}${counts.errors}/${counts.invocations} (${spacedRate(counts)})`;
}

/** What the numbers suggest before one bad minute is ruled out stands beside the evidence where it is more. */
function evidenceWords({ suspicion = 0 }: PollEntry, evidence: number): string {
  const [proven, suggested] = [formatEvidence(evidence), formatEvidence(suspicion)];
  const differs = suspicion > evidence && suggested !== proven;
  return `evidence ${proven}${differs ? ` (suspicion ${suggested})` : ''}`;
}

/** Two digits are enough of an estimate. */
function estimate(count: number): string {
  return String(count < 100 ? count : Number(count.toPrecision(2)));
}

/** What a rollout that could still pass is waiting for. A canary that was promoted after steps waits for nothing more. */
function passWords(poll: PollEntry, { timeline }: Course): string[] {
  const { assurance, missing = 0, suspicion = 0, weight } = poll;
  const isOver = weight === 100 && timeline.some(({ event }) => event === 'step');
  // With a margin of nothing no traffic is ever enough.
  if (assurance === undefined || assurance >= PASS_PROOF || missing === 0 || missing === Infinity) return [];
  return isOver || suspicion >= CAUTION ? [] : [`about ${estimate(missing)} more canary invocations for a pass`];
}

function figures(poll: PollEntry, evidence: number, course: Course): string[] {
  if (poll.canary.invocations + poll.baseline.invocations === 0) return [plainLine(poll.reason, LONGEST)];
  const counts = [canaryWords(poll.canary), baselineWords(poll.baseline, poll.weight)];
  return [...counts, evidenceWords(poll, evidence), ...passWords(poll, course)];
}

function unreadable(poll: PollEntry): string[] {
  const why = sentence(plainLine(poll.reason, LONGEST)) || 'no reason was given.';
  return [
    `what to judge by could not be read: ${why} Held at ${poll.weight} % until they can be; rolled back if they stay unreadable`,
  ];
}

/** The time since the first shift at `startedAt` (epoch ms) and the canary's weight, which open every line. */
function opening(entry: { readonly at: number; readonly weight: number }, startedAt: number): string[] {
  return [formatElapsed(entry.at - startedAt), `${entry.weight} %`];
}

/** The rollout that a poll belongs to, as far as it has come. */
export interface Course {
  /** When traffic was first shifted, epoch ms. */
  readonly startedAt: number;
  /** Its turns so far: they tell whether the canary is in quarantine. */
  readonly timeline: readonly TimelineEntry[];
}

/**
 * One poll as one line of the log:
 * `+03:30  10 %  canary 2/311 errors (0.64 %)  baseline 3/2810 (0.11 %)  evidence 1:38`; with `quarantine` behind the
 * weight while the canary is under suspicion, and what is missing for a pass at the end.
 */
export function renderPollLine(poll: PollEntry, course: Course): string {
  const state = isQuarantined(course.timeline) ? ['quarantine'] : [];
  const rest = poll.evidence === undefined ? unreadable(poll) : figures(poll, poll.evidence, course);
  return [...opening(poll, course.startedAt), ...state, ...rest].join('  ');
}

/**
 * A turn of the rollout as one line of the log, set off from the polls by an arrow:
 * `+02:52  0 %  → rolled back: error rate 25.69% vs 0.08%`.
 *
 * @param startedAt when traffic was first shifted, epoch ms
 */
export function renderTimelineLine(entry: TimelineEntry, startedAt: number): string {
  return [...opening(entry, startedAt), `→ ${plainLine(entry.text, LONGEST)}`].join('  ');
}
