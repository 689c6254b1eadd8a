import { describe, expect, test } from '@jest/globals';
import { spillOverProblem } from '../../../src/rollout/judge/spill.ts';
import { minutesOf, repeat } from './support/builders.ts';
import type { CountRow } from './support/builders.ts';

describe('spillOverProblem', () => {
  test('is a canary that runs on cold environments which the baseline does not have', () => {
    const minutes = minutesOf(repeat(4, [900, 0, 100, 60] as const));
    expect(spillOverProblem(minutes)).toBe(
      "60.00% of the canary's invocations found no provisioned concurrency free, 0.00% of the baseline's: raise it, or let it move first",
    );
  });

  test.each<{ what: string; rows: CountRow[] }>([
    { what: 'nothing was read', rows: [] },
    { what: 'nobody has provisioned concurrency', rows: repeat(10, [900, 0, 100, 0] as const) },
    { what: 'both spill over alike', rows: repeat(10, [900, 450, 100, 50] as const) },
    { what: 'less than five points', rows: repeat(60, [9000, 0, 1000, 45] as const) },
    { what: 'one minute only', rows: [[900, 0, 100, 100]] },
  ])('none: $what', ({ rows }) => {
    expect(spillOverProblem(minutesOf(rows))).toBeUndefined();
  });
});
