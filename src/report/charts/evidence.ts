import type { PollEntry, RolloutRecord } from '../../model/record.ts';
import { PASS_PROOF } from '../../model/verdict.ts';
import { type Frame, lastBy, throughout } from './frame.ts';
import { type Line, roundAbove, xychart } from './xychart.ts';

/** Natural logs become powers of ten. */
const LN_10 = Math.log(10);

/** Powers of ten up to which evidence is drawn, and at least this many times the limit that decides. */
const ENOUGH = 6;
const ENOUGH_TIMES = 2;

export interface EvidenceChart {
  readonly diagram: string;
  readonly hasSuspicion: boolean;
  readonly hasProof: boolean;
  /** Natural log of what it takes to roll back; undefined when it is not known. */
  readonly limit: number | undefined;
  /** Something went beyond the scale, and is drawn at its top. */
  readonly isCut: boolean;
}

type Known = 'evidence' | 'suspicion' | 'assurance';

/** A poll that said something, with what was last known where it said nothing. */
type Reading = Pick<PollEntry, 'at'> & Readonly<Record<Known, number>>;

function readingsOf(polls: readonly PollEntry[]): readonly Reading[] {
  let last = { evidence: 0, suspicion: 0, assurance: 0 };
  return polls.map((poll) => {
    const { at, evidence = last.evidence, suspicion = last.suspicion, assurance = last.assurance } = poll;
    last = { evidence, suspicion, assurance };
    return { at, ...last };
  });
}

function highest(readings: readonly Reading[], known: readonly Known[]): number {
  return readings.flatMap((reading) => known.map((key) => reading[key])).reduce((a, b) => Math.max(a, b), 0);
}

/** Natural log of the evidence that rolls back. */
export function rollbackLimit({ settings }: Pick<RolloutRecord, 'settings'>): number | undefined {
  return settings === undefined ? undefined : -Math.log(1 - settings.confidence);
}

/**
 * What spoke against the canary and what for it, over time, in powers of ten, against what it takes to roll back and to
 * pass. Less than 1:1 is drawn as 1:1. undefined when there were not two readings to draw a line through.
 */
export function evidenceChart(record: RolloutRecord, frame: Frame): EvidenceChart | undefined {
  const { polls, timeline } = record;
  if (polls.filter(({ evidence }) => evidence !== undefined).length < 2) return undefined;
  const readings = readingsOf(polls);
  const hasSuspicion = timeline.some(({ event }) => event === 'quarantine');
  const hasProof = polls.some(({ assurance }) => assurance !== undefined);
  const limit = rollbackLimit(record);
  const least = Math.max(limit ?? 0, PASS_PROOF) / LN_10;
  const found = highest(readings, hasSuspicion ? ['evidence', 'suspicion', 'assurance'] : ['evidence', 'assurance']);
  const enough = Math.max(ENOUGH, least * ENOUGH_TIMES);
  const top = roundAbove(Math.min(found / LN_10, enough), least * 1.1);
  const line = (of: Line['of'], known: Known): Line => {
    const values = throughout(frame, (at) => (lastBy(readings, at)?.[known] ?? 0) / LN_10);
    return { of, look: 'line', values: values.map((value) => Math.min(top, Math.max(0, value))) };
  };
  const flat = (of: Line['of'], value: number): Line => {
    return { of, look: 'limit', values: throughout(frame, () => value / LN_10) };
  };
  const lines = [
    ...(hasProof ? [flat('proven', PASS_PROOF), line('proven', 'assurance')] : []),
    ...(limit === undefined ? [] : [flat('worse', limit)]),
    ...(hasSuspicion ? [line('suspected', 'suspicion')] : []),
    line('worse', 'evidence'),
  ];
  const diagram = xychart({ title: 'evidence, powers of ten (2 is 1:100)', frame, top, height: 240, lines });
  return { diagram, hasSuspicion, hasProof, limit, isCut: found / LN_10 > top };
}
