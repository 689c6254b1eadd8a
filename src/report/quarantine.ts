import type { RolloutRecord, TimelineEntry } from '../model/record.ts';
import { elapsed } from './words.ts';

/** A time in which the canary was under suspicion and had less traffic than before. */
interface Quarantine {
  readonly began: TimelineEntry;
  /** The turn that ended it; undefined while it lasts. */
  readonly ended: TimelineEntry | undefined;
}

/** Waiting and going on changes neither the weight nor whether the canary is in quarantine. */
function changesState({ event }: TimelineEntry): boolean {
  return event !== 'hold' && event !== 'resume';
}

/** Whether the canary is in quarantine after the last of these turns. */
export function isQuarantined(timeline: readonly TimelineEntry[]): boolean {
  return timeline.findLast(changesState)?.event === 'quarantine';
}

/** Every quarantine of a rollout, in order. */
function quarantinesOf(timeline: readonly TimelineEntry[]): readonly Quarantine[] {
  const turns = timeline.filter(changesState);
  return turns.flatMap((began, index) => (began.event === 'quarantine' ? [{ began, ended: turns[index + 1] }] : []));
}

/** For each turn, whether the canary is in quarantine from then on. */
export function quarantinedAfter(timeline: readonly TimelineEntry[]): readonly boolean[] {
  let inside = false;
  return timeline.map((entry) => {
    if (changesState(entry)) inside = entry.event === 'quarantine';
    return inside;
  });
}

function endOfQuarantine({ ended }: Quarantine): string {
  switch (ended?.event) {
    case 'restore':
      return `The suspicion went, and it got ${ended.weight}% again.`;
    case 'roll-back':
      return 'It was rolled back.';
    default:
      return '';
  }
}

/** Most quarantines that are told of one by one; the timeline has them all. */
const MOST_TOLD = 3;

/** When the canary was in quarantine and what came of it: a sentence or two for each time, and one for those left out. */
export function quarantineSentences(record: RolloutRecord): readonly string[] {
  const all = quarantinesOf(record.timeline);
  const told = all.slice(0, MOST_TOLD).map((quarantine) => {
    const { began, ended } = quarantine;
    const until = ended === undefined ? 'on' : `to ${elapsed(ended.at, record)}`;
    const when = `**In quarantine** at ${began.weight}% from ${elapsed(began.at, record)} ${until}`;
    const why = 'the canary was under suspicion and got no more traffic than it takes to settle that';
    return `${when}: ${why}. ${endOfQuarantine(quarantine)}`.trim();
  });
  const left = all.length - told.length;
  return left === 0 ? told : [...told, `It was in quarantine ${left} more ${left === 1 ? 'time' : 'times'}.`];
}
