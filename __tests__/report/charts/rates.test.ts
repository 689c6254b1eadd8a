import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE } from '../../../src/model/time.ts';
import type { Minute } from '../../../src/model/traffic.ts';
import { measuredFrame } from '../../../src/report/charts/frame.ts';
import { type Compared, type RatesChart, ratesChart } from '../../../src/report/charts/rates.ts';
import { trafficMinutes } from '../records.ts';
import { linesOf, paletteOf, topOf } from './read.ts';

function minute(index: number, baseline: readonly [number, number], canary: readonly [number, number]): Minute {
  const side = ([errors, invocations]: readonly [number, number]): Minute['canary'] => ({ errors, invocations });
  return { start: index * MINUTE, baseline: side(baseline), canary: side(canary) };
}

function drawn(minutes: readonly Minute[], limits: Partial<Compared> = {}): RatesChart | undefined {
  const frame = measuredFrame(minutes);
  if (frame === undefined) return undefined;
  return ratesChart({ title: 'errors', frame, minutes, tolerance: undefined, ceiling: undefined, ...limits });
}

const diagramOf = (...given: Parameters<typeof drawn>): string => drawn(...given)?.diagram ?? '';

describe('the chart of rates', () => {
  test('draws nothing without minutes or without traffic', () => {
    expect(drawn([])).toBeUndefined();
    expect(drawn([minute(0, [0, 0], [0, 0])])).toBeUndefined();
  });

  test('draws both versions in percent, each in its colour', () => {
    const chart = drawn([minute(5, [1, 100], [4, 50]), minute(6, [2, 100], [0, 50])]);
    expect(paletteOf(chart?.diagram ?? '')).toBe('#3b88c3, #f4900c');
    expect(chart?.diagram).toContain('x-axis "minutes since 00:05 UTC" 0 --> 2\n  y-axis 0 --> 10\n');
    expect(linesOf(chart?.diagram ?? '')).toEqual([
      [1, 1, 1.5, 2, 2],
      [8, 8, 4, 0, 0],
    ]);
    expect(chart).toMatchObject({ lines: ['baseline', 'canary'], silent: [], carried: false, hasBand: false });
    expect(chart?.hasCeiling).toBeUndefined();
  });

  test('leaves out a version without traffic, and needs no fine scale where nothing failed', () => {
    const chart = drawn([minute(0, [0, 0], [0, 50])], { tolerance: 0.001 });
    expect(linesOf(chart?.diagram ?? '')).toEqual([[0, 0, 0]]);
    expect(paletteOf(chart?.diagram ?? '')).toBe('#f4900c');
    expect(topOf(chart?.diagram ?? '')).toBe(1);
    expect(chart).toMatchObject({ lines: ['canary'], silent: ['baseline'], hasBand: false });
  });

  test('keeps the last rate where there was no traffic, and takes the overall one at the ends', () => {
    const quiet = [minute(1, [0, 0], [1, 10]), minute(2, [0, 0], [0, 0]), minute(3, [3, 100], [1, 30])];
    const chart = drawn([minute(0, [1, 100], [0, 0]), ...quiet, minute(4, [0, 0], [0, 0])]);
    const [baseline = [], canary = []] = linesOf(chart?.diagram ?? '');
    const middles = (line: number[]): number[] => line.filter((_, index) => index % 2 === 1);
    expect(middles(baseline)).toEqual([1, 1, 1, 3, 2]);
    expect(middles(canary)).toEqual([5, 10, 10, 3.3333, 5]);
    expect(chart?.carried).toBe(true);
  });

  test('fills what is tolerated above the baseline, down to 0', () => {
    const diagram = diagramOf([minute(0, [1, 100], [4, 50])], { tolerance: 0.02 });
    const [band = [], ...lines] = linesOf(diagram);
    expect(new Set(band.slice(1, -1))).toEqual(new Set([3]));
    expect([band[0], band.at(-1)]).toEqual([0, 0]);
    expect(lines).toHaveLength(2);
    expect(paletteOf(diagram)).toBe('#8b949e, #3b88c3, #f4900c');
    expect(diagram).toContain('.line-plot-0 path{stroke:none;fill:#8b949e40}');
    const whole = linesOf(diagramOf([minute(0, [99, 100], [4, 50])], { tolerance: 0.02 }))[0] ?? [];
    expect(Math.max(...whole)).toBe(100);
  });

  test.each([
    [0.05, true, 10],
    [0.2, true, 35],
    [0.4, false, 10],
  ])('a ceiling of %d is drawn where it does not press the lines flat: %s', (ceiling, isDrawn, top) => {
    const chart = drawn([minute(0, [1, 100], [8, 100])], { ceiling });
    expect(chart?.hasCeiling).toBe(isDrawn);
    expect(topOf(chart?.diagram ?? '')).toBe(top);
    expect(linesOf(chart?.diagram ?? '')).toHaveLength(isDrawn ? 3 : 2);
    expect(chart?.diagram.includes('stroke-dasharray')).toBe(isDrawn);
  });

  test.each([
    [98, 100],
    [200, 100],
    [2.31, 3.5],
    [0.004, 0.01],
    [0.5, 0.75],
    [1.05, 1.5],
  ])('%d percent fit under a top of %d', (percent, top) => {
    expect(topOf(diagramOf([minute(0, [0, 0], [percent * 1_000, 100_000])]))).toBe(top);
  });

  test('tells the time in hours after ten of them, and weighs minutes by their traffic', () => {
    expect(diagramOf(trafficMinutes({ length: 600 }))).toContain('minutes since 10:01 UTC" 0 --> 600\n');
    expect(diagramOf(trafficMinutes({ length: 720 }))).toContain('hours since 10:01 UTC" 0 --> 12\n');
    const far = diagramOf([
      minute(0, [1, 10], [0, 10]),
      minute(1, [0, 30], [0, 10]),
      minute(900_000, [0, 10], [0, 10]),
    ]);
    const [baseline = []] = linesOf(far);
    expect(baseline.length).toBeLessThanOrEqual(121);
    expect(baseline[0]).toBe(2.5);
  });

  test('only ever draws plain decimals within the axis, in less than Mermaid takes', () => {
    const counts = fc
      .tuple(fc.nat(1_000_000), fc.nat(1_000_000))
      .map(([a, b]) => ({ errors: Math.min(a, b), invocations: b }));
    const start = fc.nat(2_000).map((index) => index * MINUTE);
    const minutes = fc.array(fc.record({ start, baseline: counts, canary: counts }), { maxLength: 80 });
    const limit = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(minutes, limit, limit, (given, tolerance, ceiling) => {
        const diagram = diagramOf(given, { tolerance, ceiling });
        expect(diagram.length).toBeLessThan(50_000);
        expect(diagram.slice(diagram.indexOf('\n'))).not.toMatch(/NaN|Infinity|undefined|\de[-+]?\d/);
        const top = topOf(diagram === '' ? 'y-axis 0 --> 0' : diagram);
        expect(
          linesOf(diagram)
            .flat()
            .every((value) => value >= 0 && value <= top),
        ).toBe(true);
      }),
      { seed: 15, numRuns: 150 },
    );
  });
});
