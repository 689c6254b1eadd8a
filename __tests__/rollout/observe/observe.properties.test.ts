import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE, SECOND } from '../../../src/model/time.ts';
import type { Counts, Minute } from '../../../src/model/traffic.ts';
import { judge } from '../../../src/rollout/judge/judge.ts';
import { assemble } from '../../../src/rollout/observe/observe.ts';
import type { Observation, Window } from '../../../src/rollout/observe/observe.ts';
import type { MinuteSeries } from '../../../src/rollout/ports.ts';
import { settings } from '../judge/support/builders.ts';
import { at, series, traffic } from './support.ts';

const minuteCounts = fc.dictionary(
  fc.integer({ min: 0, max: 40 }).map(String),
  fc.record({ invocations: fc.nat(500), errors: fc.nat(20) }),
);
const windows = fc
  .record({
    shiftedAt: fc.nat(20 * 60).map((second) => at(0) + second * SECOND),
    later: fc.nat(30 * 60),
    promoted: fc.option(fc.nat(20 * 60), { nil: undefined }),
    finalAge: fc.integer({ min: 60, max: 360 }).map((seconds) => seconds * SECOND),
  })
  .map(({ shiftedAt, later, promoted, finalAge }): Window => ({
    shiftedAt,
    now: shiftedAt + later * SECOND,
    promotion: promoted === undefined ? undefined : promotionAt(shiftedAt + Math.min(promoted, later) * SECOND),
    finalAge,
    changes: [],
  }));

/** A write that takes ten seconds, and so may cross the minute. */
function promotionAt(begunAt: number): Window['promotion'] {
  return { begunAt, doneAt: begunAt + 10 * SECOND };
}

describe('whatever was read', () => {
  test('minutes are without gaps, ripe, and final ones come first', () => {
    fc.assert(
      fc.property(minuteCounts, minuteCounts, windows, (baseline, canary, window) => {
        const found = assemble(traffic({ baseline: series(baseline), canary: series(canary) }), window);
        const all = [...found.concurrent, ...found.alone];
        const gaps = all.slice(1).filter((minute, index) => minute.start !== (all[index]?.start ?? 0) + MINUTE);
        // Only the minutes of the promotion may be missing.
        expect(gaps.length).toBeLessThanOrEqual(window.promotion === undefined ? 0 : 1);
        expect(all.every(({ start }) => start % MINUTE === 0 && start + 2 * MINUTE <= window.now)).toBe(true);
        const isOpen = ({ start, baseline: b, canary: c }: Minute): boolean => {
          const age = window.now - start - MINUTE;
          const isWrong = b.errors > b.invocations || c.errors > c.invocations;
          return age < window.finalAge || (isWrong && age < 15 * MINUTE);
        };
        expect(found.concurrent.slice(0, found.finalMinutes).some(isOpen)).toBe(false);
        expect(found.concurrent.slice(found.finalMinutes, found.finalMinutes + 1).every(isOpen)).toBe(true);
        expect(found.alone.slice(0, found.finalAlone).some(isOpen)).toBe(false);
        expect(found.alone.slice(found.finalAlone, found.finalAlone + 1).every(isOpen)).toBe(true);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test('the same counts in the end give the same judgement, in whatever order they came', () => {
    const configured = settings({ maxErrorRate: 0.5, bakes: true });
    const judgeAs = ({ past, ...observation }: Observation & { past: readonly Counts[] }) =>
      judge(
        { ...observation, past, metrics: new Map(), spillOver: [], stretches: [], vetoes: [], unknown: [] },
        configured,
      );
    fc.assert(
      fc.property(minuteCounts, minuteCounts, windows, fc.integer(), (baseline, canary, window, seed) => {
        const judged = (order: (entries: [number, Counts][]) => [number, Counts][]) => {
          const shuffled = (counts: Record<string, Counts>): MinuteSeries => new Map(order([...series(counts)]));
          const read = traffic({ baseline: shuffled(baseline), canary: shuffled(canary) });
          // What an earlier poll made of half of it must not matter.
          const half = traffic({ canary: new Map([...read.canary].slice(0, seed & 7)) });
          judgeAs({ ...assemble(half, window), past: [] });
          const observation = assemble(read, window);
          return judgeAs({ ...observation, past: observation.concurrent.map((minute) => minute.baseline) });
        };
        const byHash = (entries: [number, Counts][]) =>
          entries.toSorted(([a], [b]) => ((a * 7919) ^ seed) - ((b * 7919) ^ seed));
        expect(judged(byHash)).toEqual(judged((entries) => entries));
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});
