import { describe, expect, test } from '@jest/globals';
import type { RolloutRecord } from '../../../src/model/record.ts';
import { rolloutFrame } from '../../../src/report/charts/frame.ts';
import { spellsOf, weightsChart } from '../../../src/report/charts/weights.ts';
import { publishedRecord, SHIFTED, turn } from '../records.ts';
import { linesOf } from './read.ts';

function diagramOf(timeline: RolloutRecord['timeline']): string | undefined {
  const record = publishedRecord({ shiftedAt: SHIFTED, timeline });
  const frame = rolloutFrame(record);
  return frame === undefined ? undefined : weightsChart(record, frame);
}

describe("the chart of the canary's weight", () => {
  test('is steps, filled down to 0', () => {
    const diagram = diagramOf([turn(0, 10, 'step', 'a'), turn(1, 50, 'step', 'b'), turn(2, 0, 'roll-back', 'c')]) ?? '';
    const [line = []] = linesOf(diagram);
    expect(line).toHaveLength(193);
    expect([line[0], line[1], line[63], line[64], line[127], line[128], line[192]]).toEqual([0, 10, 10, 50, 50, 0, 0]);
    expect(diagram).toContain('y-axis 0 --> 100');
    expect(diagram).toContain('fill:#f4900c38');
  });

  test('is not drawn where the weight never changed', () => {
    expect(diagramOf([turn(0, 100, 'promote', 'a')])).toBeUndefined();
    expect(diagramOf([turn(0, 10, 'step', 'a'), turn(3, 10, 'hold', 'b')])).toBeUndefined();
  });

  test('begins at 0 where the first turn comes later than the frame', () => {
    const late = turn(0.5, 10, 'step', 'a');
    const [line = []] = linesOf(diagramOf([late, turn(2, 50, 'step', 'b')]) ?? '');
    expect(line.slice(0, 32).every((value) => value === 0)).toBe(true);
  });
});

test('spells of the same weight begin with the first shift', () => {
  expect(spellsOf(publishedRecord())).toEqual([]);
  const timeline = [
    turn(-3, 0, 'recover', 'x'),
    turn(0, 10, 'step', 'a'),
    turn(1, 10, 'hold', 'b'),
    turn(2, 0, 'end', 'c'),
  ];
  const spells = spellsOf(publishedRecord({ shiftedAt: SHIFTED, timeline }));
  expect(spells.map(({ began, ended }) => [began.text, ended])).toEqual([
    ['a', timeline[3]?.at],
    ['c', undefined],
  ]);
});
