import { formatEvidence, formatRate } from '../model/format.ts';
import type { Tone } from '../model/log.ts';
import type { PollEntry, TimelineEntry } from '../model/record.ts';
import { MINUTE, formatElapsed } from '../model/time.ts';
import { errorRate } from '../model/traffic.ts';
import type { Counts } from '../model/traffic.ts';
import { PASS_PROOF, SUSPICION_GATE } from '../model/verdict.ts';
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
  return isOver || suspicion >= SUSPICION_GATE ? [] : [`about ${estimate(missing)} more canary invocations for a pass`];
}

function hasTraffic({ canary, baseline }: PollEntry): boolean {
  return canary.invocations + baseline.invocations > 0;
}

function figures(poll: PollEntry, evidence: number, course: Course): string[] {
  if (!hasTraffic(poll)) return [plainLine(poll.reason, LONGEST)];
  const counts = [canaryWords(poll.canary), baselineWords(poll.baseline, poll.weight)];
  return [...counts, evidenceWords(poll, evidence), ...passWords(poll, course)];
}

function unreadable(poll: PollEntry): string[] {
  const why = sentence(plainLine(poll.reason, LONGEST)) || 'no reason was given.';
  return [`what to judge by could not be read: ${why}`];
}

/** The time since the first shift at `startedAt` (epoch ms) and the canary's weight, which open every line. */
function opening(entry: { readonly at: number; readonly weight: number }, startedAt: number, stage = ''): string[] {
  return [formatElapsed(entry.at - startedAt), ...(stage === '' ? [] : [stage]), `${entry.weight} %`];
}

/** The rollout that a poll belongs to, as far as it has come. */
export interface Course {
  /** When traffic was first shifted, epoch ms. */
  readonly startedAt: number;
  /** Its turns so far: they tell whether the canary is in quarantine. */
  readonly timeline: readonly TimelineEntry[];
  /** Where in its plan it is, `step 2/3`; '' is left out. */
  readonly stage?: string;
  /** What happens next, `25% in 1m30s`; '' is left out. */
  readonly next?: string;
  /** The last poll that was told with its figures. */
  readonly told?: PollEntry | undefined;
}

/** After so long the figures are told again although there is nothing new in them, ms. */
const REMINDER = 5 * MINUTE;
/** Growth of the counts, a fraction, that is no news by itself: numbers of minutes that are told already come in late. */
const LITTLE = 0.05;

/** Whether a poll says nothing that the one before it did not say. */
export function isQuiet(poll: PollEntry, told: PollEntry | undefined): boolean {
  if (poll.verdict !== told?.verdict) return false;
  if (poll.evidence === undefined) return told.evidence === undefined && poll.reason === told.reason;
  if (poll.at - told.at >= REMINDER) return false;
  if (!hasTraffic(poll)) return !hasTraffic(told) && poll.reason === told.reason;
  return hasTraffic(told) && sameEvidence(poll, told) && poll.weight === told.weight && !hasGrown(poll, told);
}

function sameEvidence(poll: PollEntry, told: PollEntry): boolean {
  const words = ({ evidence = 0, suspicion = 0 }: PollEntry) =>
    `${formatEvidence(evidence)} ${formatEvidence(suspicion)}`;
  return words(poll) === words(told);
}

function hasGrown(poll: PollEntry, told: PollEntry): boolean {
  const of = ({ canary, baseline }: PollEntry): number => canary.invocations + baseline.invocations;
  const isFirstError = poll.canary.errors > 0 && told.canary.errors === 0;
  return isFirstError || of(poll) > of(told) * (1 + LITTLE) || of(poll) < of(told);
}

/**
 * One poll as one line of the log:
 * `+03:30  step 1/2  10 %  canary 2/311 errors (0.64 %)  baseline 3/2810 (0.11 %)  evidence 1:38  next: 25% in 1m30s`; with
 * `quarantine` behind the weight while the canary is under suspicion, and what is missing for a pass before what is next. A
 * poll that says nothing new says so instead of repeating its figures.
 */
export function renderPollLine(poll: PollEntry, course: Course): string {
  const { startedAt, timeline, stage, next = '', told } = course;
  const state = isQuarantined(timeline) ? ['quarantine'] : [];
  const rest = isQuiet(poll, told) ? [nothingNew(poll)] : wholeOf(poll, course);
  return [...opening(poll, startedAt, stage), ...state, ...rest, ...(next === '' ? [] : [`next: ${next}`])].join('  ');
}

function nothingNew({ evidence }: PollEntry): string {
  return evidence === undefined ? 'still cannot be read' : 'nothing new';
}

function wholeOf(poll: PollEntry, course: Course): string[] {
  return poll.evidence === undefined ? unreadable(poll) : figures(poll, poll.evidence, course);
}

/** What a poll is to somebody who watches. */
export function toneOfPoll(poll: PollEntry, { told }: Pick<Course, 'told'>): Tone | undefined {
  if (isQuiet(poll, told)) return 'quiet';
  return poll.evidence === undefined || (poll.suspicion ?? 0) >= SUSPICION_GATE ? 'caution' : undefined;
}

/** What a turn is to somebody who watches. */
export function toneOfTurn({ event, weight }: Pick<TimelineEntry, 'event' | 'weight'>): Tone {
  switch (event) {
    case 'step':
      return 'strong';
    case 'resume':
    case 'restore':
    case 'promote':
    case 'bake':
      return 'good';
    case 'hold':
    case 'quarantine':
    case 'recover':
      return 'caution';
    case 'end':
      return weight === 100 ? 'good' : 'caution';
    case 'roll-back':
      return 'bad';
  }
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
