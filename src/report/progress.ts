import { formatEvidence, formatRate } from '../model/format.ts';
import type { PollEntry, TimelineEntry } from '../model/record.ts';
import { formatElapsed } from '../model/time.ts';
import { errorRate } from '../model/traffic.ts';
import type { Counts } from '../model/traffic.ts';
import { plainLine, sentence } from './escape.ts';

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

function figures(poll: PollEntry, evidence: number): string[] {
  if (poll.canary.invocations + poll.baseline.invocations === 0) return [plainLine(poll.reason, LONGEST)];
  return [canaryWords(poll.canary), baselineWords(poll.baseline, poll.weight), `evidence ${formatEvidence(evidence)}`];
}

function unreadable(poll: PollEntry): string[] {
  const why = sentence(plainLine(poll.reason, LONGEST)) || 'no reason was given.';
  return [
    `metrics could not be read: ${why} Held at ${poll.weight} % until they can be; rolled back if they stay unreadable`,
  ];
}

/** The time since the first shift at `startedAt` (epoch ms) and the canary's weight, which open every line. */
function opening(entry: { readonly at: number; readonly weight: number }, startedAt: number): string[] {
  return [formatElapsed(entry.at - startedAt), `${entry.weight} %`];
}

/**
 * One poll as one line of the log:
 * `+03:30  10 %  canary 2/311 errors (0.64 %)  baseline 3/2810 (0.11 %)  evidence 1:38`.
 *
 * @param startedAt when traffic was first shifted, epoch ms
 */
export function renderPollLine(poll: PollEntry, startedAt: number): string {
  const rest = poll.evidence === undefined ? unreadable(poll) : figures(poll, poll.evidence);
  return [...opening(poll, startedAt), ...rest].join('  ');
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
