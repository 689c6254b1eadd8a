import type { RolloutRecord, TimelineEntry } from '../../model/record.ts';
import { type Frame, lastBy, throughout } from './frame.ts';
import { xychart } from './xychart.ts';

/** A time in which the canary's weight stayed the same. */
export interface Spell {
  readonly began: TimelineEntry;
  /** Epoch ms; undefined for the last. */
  readonly ended: number | undefined;
}

/** Every time in which the canary's weight stayed the same, in order. */
export function spellsOf({ timeline, shiftedAt = Infinity }: RolloutRecord): readonly Spell[] {
  const turns = timeline.filter(({ at }) => at >= shiftedAt);
  const changes = turns.filter(({ weight }, index) => weight !== turns[index - 1]?.weight);
  return changes.map((began, index) => ({ began, ended: changes[index + 1]?.at }));
}

/** The canary's share of the traffic over time as a Mermaid diagram; undefined where it never changed. */
export function weightsChart(record: RolloutRecord, frame: Frame): string | undefined {
  if (spellsOf(record).length < 2) return undefined;
  const values = throughout(frame, (at) => lastBy(record.timeline, at)?.weight ?? 0);
  return xychart({
    title: 'canary, % of the traffic',
    frame,
    top: 100,
    height: 220,
    lines: [{ of: 'canary', look: 'area', values }],
  });
}
