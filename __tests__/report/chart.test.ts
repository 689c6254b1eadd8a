import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE } from '../../src/model/time.ts';
import type { Minute } from '../../src/model/traffic.ts';
import { pointLength, renderChart } from '../../src/report/chart.ts';
import { trafficMinutes } from './records.ts';

const none = { invocations: 0, errors: 0 };

function minute(index: number, baseline: readonly [number, number], canary: readonly [number, number]): Minute {
  const side = ([errors, invocations]: readonly [number, number]): Minute['canary'] => ({ errors, invocations });
  return { start: index * MINUTE, baseline: side(baseline), canary: side(canary) };
}

/** The lines' values, read back. */
function values(diagram: string): number[][] {
  return Array.from(diagram.matchAll(/^ {2}line \[(.*)\]$/gm), ([, list = '']) => list.split(', ').map(Number));
}

describe('renderChart', () => {
  test('draws nothing without minutes or without traffic', () => {
    expect(renderChart([])).toBeUndefined();
    expect(renderChart([{ start: 0, baseline: none, canary: none }])).toBeUndefined();
  });

  test('draws both versions in percent, each in its colour', () => {
    const chart = renderChart([minute(5, [1, 100], [4, 50]), minute(6, [2, 100], [0, 50])]);
    expect(chart?.diagram).toContain('"plotColorPalette":"#3b88c3, #f4900c"');
    expect(chart?.diagram).toContain('x-axis "minutes since the first shift" ["0", "1"]');
    expect(chart?.diagram).toContain('y-axis 0 --> 10');
    expect(values(chart?.diagram ?? '')).toEqual([
      [1, 2],
      [8, 0],
    ]);
    expect(chart?.lines.map(({ side, swatch }) => `${swatch} ${side}`)).toEqual(['🟦 baseline', '🟧 canary']);
    expect(chart?.carried).toBe(false);
  });

  test('makes a line of one point, and leaves out a version without traffic', () => {
    const chart = renderChart([minute(0, [0, 0], [0, 50])]);
    expect(values(chart?.diagram ?? '')).toEqual([[0, 0]]);
    expect(chart?.diagram).toContain('"plotColorPalette":"#f4900c"');
    expect(chart?.diagram).toContain('y-axis 0 --> 1\n');
  });

  test('keeps the last rate where there was no traffic, and takes the first at the start', () => {
    const chart = renderChart([minute(0, [1, 100], [0, 0]), minute(1, [0, 0], [1, 10]), minute(3, [3, 100], [0, 0])]);
    expect(values(chart?.diagram ?? '')).toEqual([
      [1, 1, 1, 3],
      [10, 10, 10, 10],
    ]);
    expect(chart?.carried).toBe(true);
  });

  test.each([
    [12, '1m', '["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]'],
    [60, '1m', '0 --> 59'],
    [61, '2m', '0 --> 60'],
    [240, '5m', '0 --> 235'],
    [360, '10m', '0 --> 350'],
  ])('%d minutes: a point is %s', (length, point, axis) => {
    const chart = renderChart(trafficMinutes({ length }));
    expect(chart === undefined ? '' : pointLength(chart)).toBe(point);
    expect(chart?.diagram).toContain(`shift" ${axis}\n`);
  });

  test('stays short over years, and weighs minutes by their traffic', () => {
    const far = renderChart([
      minute(0, [1, 10], [0, 10]),
      minute(1, [0, 30], [0, 10]),
      minute(900_000, [0, 10], [0, 10]),
    ]);
    const [baseline = []] = values(far?.diagram ?? '');
    expect(baseline.length).toBeLessThanOrEqual(60);
    expect(baseline[0]).toBe(2.5);
  });

  test.each([
    [98, 100],
    [200, 100],
    [2.31, 3.5],
    [0.004, 0.01],
  ])('%d percent fit under a ceiling of %d', (percent, top) => {
    expect(renderChart([minute(0, [0, 0], [percent * 1_000, 100_000])])?.diagram).toContain(`y-axis 0 --> ${top}\n`);
  });

  test('only ever draws plain decimals within the axis, in less than Mermaid takes', () => {
    const counts = fc
      .tuple(fc.nat(1_000_000), fc.nat(1_000_000))
      .map(([a, b]) => ({ errors: Math.min(a, b), invocations: b }));
    const start = fc.nat(2_000).map((index) => index * MINUTE);
    fc.assert(
      fc.property(fc.array(fc.record({ start, baseline: counts, canary: counts }), { maxLength: 80 }), (minutes) => {
        const diagram = renderChart(minutes)?.diagram ?? '';
        const top = Number(/y-axis 0 --> (\S+)/.exec(diagram)?.[1] ?? 0);
        expect(diagram.length).toBeLessThan(50_000);
        expect(diagram).not.toMatch(/NaN|Infinity|undefined|\de[-+]?\d/);
        expect(
          values(diagram)
            .flat()
            .every((value) => value >= 0 && value <= top),
        ).toBe(true);
      }),
      { seed: 15, numRuns: 150 },
    );
  });
});
