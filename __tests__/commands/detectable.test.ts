import { describe, expect, test } from '@jest/globals';
import { detectableLine } from '../../src/commands/detectable.ts';
import { judgeSettings } from '../../src/commands/judge-settings.ts';
import { NO_OUTLOOK } from '../../src/commands/look-around.ts';
import { MINUTE } from '../../src/model/time.ts';
import { aPlan } from '../support/rollouts.ts';
import { someInputs } from '../support/inputs.ts';

/** Percentage points in the line of a plan; undefined where it has none. */
function points(perMinute: number, text: Parameters<typeof someInputs>[0] = {}): number | undefined {
  const line = lineOf(perMinute, text);
  const [, found] = /\+([\d.]+) points? of error rate$/.exec(line) ?? [];
  return found === undefined ? undefined : Number(found);
}

function lineOf(perMinute: number, text: Parameters<typeof someInputs>[0] = {}): string {
  const inputs = someInputs(text);
  const { steps, pace } = inputs.strategy;
  const plan = aPlan({ steps, pace, bakeTime: 0, finalAge: 2 * MINUTE, maxDuration: inputs.maxDuration });
  const past = Array.from({ length: 60 }, () => ({ invocations: perMinute, errors: perMinute / 1000 }));
  return detectableLine(plan, past, judgeSettings(inputs, NO_OUTLOOK));
}

describe('the smallest regression that a rollout would show', () => {
  test('is smaller the more traffic there is', () => {
    const found = [10, 100, 1000, 10_000].map((perMinute) => points(perMinute) ?? Infinity);
    expect(found).toEqual(found.toSorted((a, b) => b - a));
    expect(new Set(found).size).toBe(found.length);
  });

  test('is smaller the longer the canary is watched', () => {
    expect(points(100, { strategy: '10% 1h' })).toBeLessThan(points(100, { strategy: '10% 5m' }) ?? 0);
  });

  test('by evidence, counts on the time that there is', () => {
    const [long, short] = ['2h', '30m'].map((max) => points(100, { strategy: 'auto', 'max-duration': max }) ?? NaN);
    expect(long).toBeLessThan(short ?? 0);
  });

  test('a call every few minutes is traffic, too', () => {
    expect(points(0.25, { strategy: '50% 4h', 'max-duration': '6h' })).toBeGreaterThan(1);
  });

  test('with hardly any there is none', () => {
    expect(lineOf(0.25, { strategy: '1% 5m' })).toMatch(/^at the traffic of the last hour not even a total failure/);
  });
});

test.each([
  ['nothing is known', [], '10% 5m'],
  ['both never serve side by side', [{ invocations: 10, errors: 0 }], 'all-at-once'],
])('nothing is said where %s', (_, past, strategy) => {
  const inputs = someInputs({ strategy });
  const plan = aPlan({ steps: inputs.strategy.steps });
  expect(detectableLine(plan, past, judgeSettings(inputs, NO_OUTLOOK))).toBe('');
});
