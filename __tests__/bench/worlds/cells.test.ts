import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../bench/random.ts';
import { REDUCED } from '../../../bench/reduced.ts';
import { hasRealTraffic } from '../../../bench/worlds/azure.ts';
import { brokenCells } from '../../../bench/worlds/broken.ts';
import { healthyCells } from '../../../bench/worlds/healthy.ts';
import { World } from '../../../bench/worlds/world.ts';

const cells = [...healthyCells(true), ...brokenCells(true, 0.01)];
const ids = new Set(cells.map(({ id }) => id));

describe('the cells', () => {
  test('have names of their own', () => {
    expect(ids.size).toBe(cells.length);
  });

  test('broken ones have a healthy twin with the same traffic', () => {
    for (const { id, kind, rpm, twin = '' } of cells.filter((cell) => cell.kind !== 'healthy')) {
      const healthy = cells.find((cell) => cell.id === twin);
      expect([id, healthy?.kind, healthy?.rpm]).toEqual([id, 'healthy', rpm]);
      expect(kind).not.toBe('healthy');
    }
  });

  test('those of the reduced run exist', () => {
    for (const id of REDUCED.cells) expect(ids).toContain(id);
  });

  test('without the recorded traffic there are the others', () => {
    const others = [...healthyCells(false), ...brokenCells(false, 0.01)];
    expect(others.map(({ id }) => id)).toEqual([...ids].filter((id) => !/^(NR|AR) /.test(id)));
  });

  test.each(
    cells.filter(({ family }) => !family.endsWith('R') || hasRealTraffic()).map((cell) => [cell.id, cell] as const),
  )('%s: the versions differ from the onset on if it is broken, and never if not', (_, cell) => {
    const random = new Random().seed(5, 6, 7);
    const conditions = cell.begin(random);
    const world = new World(conditions, random, { cell: 1, run: 1 });
    const { baseline, canary } = conditions.failing(cell.onset);
    const isOther = canary > baseline || conditions.latency?.factor !== 1 || conditions.refused !== undefined;
    if (cell.kind === 'healthy') expect(canary).toBeLessThanOrEqual(baseline);
    else expect(isOther || cell.family === 'A3').toBe(true);
    for (const minute of [-60, 0, 30, 74]) {
      const truth = world.step(minute, minute < 0 ? 0 : 10);
      expect(Number.isInteger(truth.canary.invocations + truth.baseline.errors)).toBe(true);
      if (minute < 0) expect(truth.canary.invocations).toBe(0);
    }
  });
});
