import { describe, expect, test } from '@jest/globals';
import type { PollEntry, RolloutRecord } from '../../../src/model/record.ts';
import { MINUTE } from '../../../src/model/time.ts';
import { type EvidenceChart, evidenceChart } from '../../../src/report/charts/evidence.ts';
import { rolloutFrame } from '../../../src/report/charts/frame.ts';
import { pollEntry, publishedRecord, SHIFTED, turn } from '../records.ts';
import { linesOf, paletteOf, topOf } from './read.ts';

const decades = (count: number): number => count * Math.log(10);

function poll(minute: number, over: Partial<PollEntry>): PollEntry {
  return pollEntry({ at: SHIFTED + minute * MINUTE, suspicion: undefined, ...over });
}

function chartOf(polls: readonly PollEntry[], over: Partial<RolloutRecord> = {}): EvidenceChart | undefined {
  const record = publishedRecord({ shiftedAt: SHIFTED, polls, ...over });
  const frame = rolloutFrame(record);
  return frame === undefined ? undefined : evidenceChart(record, frame);
}

const TWO = [poll(1, { evidence: 0 }), poll(2, { evidence: decades(3), assurance: decades(0.5) })];
const GREEN = '#67a346';
const RED = '#dd2e44';

describe('the chart of the evidence', () => {
  test('holds what was known, against what it takes', () => {
    const chart = chartOf(TWO);
    expect(paletteOf(chart?.diagram ?? '')).toBe(`${GREEN}b0, ${GREEN}, ${RED}b0, ${RED}`);
    const [passes = [], proof = [], rolls = [], evidence = []] = linesOf(chart?.diagram ?? '');
    expect(passes.every((value) => value === 1.301)).toBe(true);
    expect(rolls.every((value) => value === 2)).toBe(true);
    // Three minutes, 64 points each.
    expect([evidence[0], evidence[64], evidence[127], evidence[128], evidence[192]]).toEqual([0, 0, 0, 3, 3]);
    expect([proof[127], proof[128]]).toEqual([0, 0.5]);
    expect(topOf(chart?.diagram ?? '')).toBe(3.5);
    expect(chart).toMatchObject({ hasSuspicion: false, hasProof: true, isCut: false });
    expect(chart?.limit).toBeCloseTo(Math.log(100));
  });

  test('takes two readings', () => {
    expect(chartOf([])).toBeUndefined();
    expect(chartOf([poll(1, { evidence: 1 }), poll(2, { evidence: undefined })])).toBeUndefined();
  });

  test('keeps the last reading while nothing could be read', () => {
    const [first = []] = linesOf(chartOf([...TWO, poll(3, { evidence: undefined })])?.diagram ?? '').slice(-1);
    expect(first.at(-1)).toBe(3);
  });

  test('draws less than 1:1 as 1:1, and what goes beyond the scale at its top', () => {
    const chart = chartOf([poll(1, { evidence: -40 }), poll(2, { evidence: decades(300) })]);
    const evidence = linesOf(chart?.diagram ?? '').at(-1) ?? [];
    expect([evidence[64], evidence.at(-1)]).toEqual([0, 7.5]);
    expect(topOf(chart?.diagram ?? '')).toBe(7.5);
    expect(chart).toMatchObject({ isCut: true, hasProof: false });
  });

  test('draws the suspicion where it led to a quarantine', () => {
    const polls = TWO.map((entry) => ({ ...entry, suspicion: decades(5) }));
    expect(linesOf(chartOf(polls)?.diagram ?? '')).toHaveLength(4);
    const chart = chartOf(polls, { timeline: [turn(1, 1, 'quarantine', 'x')] });
    expect(chart?.hasSuspicion).toBe(true);
    expect(linesOf(chart?.diagram ?? '')).toHaveLength(5);
    expect(topOf(chart?.diagram ?? '')).toBe(7.5);
  });

  test('has room above a limit that is hard to reach, and none to draw where it is not known', () => {
    const { settings } = publishedRecord();
    const strict = chartOf(TWO, { settings: settings && { ...settings, confidence: 0.999_999 } });
    expect(topOf(strict?.diagram ?? '')).toBe(7.5);
    const unknown = chartOf(TWO, { settings: undefined });
    expect(unknown?.limit).toBeUndefined();
    expect(linesOf(unknown?.diagram ?? '')).toHaveLength(3);
  });
});
