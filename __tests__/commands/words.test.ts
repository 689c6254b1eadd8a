import { describe, expect, test } from '@jest/globals';
import { endingOf } from '../../src/commands/deploy-words.ts';
import { someInputs } from '../support/inputs.ts';

describe('endingOf', () => {
  const versions = { inputs: someInputs(), baseline: '7', canary: '8', isMoving: false };
  test.each([
    ['promoted', 'pass', []],
    ['rolled-back', 'fail', ['Version 7 has all traffic again', '[8]']],
    ['rolled-back', 'inconclusive', ['Version 7 has all traffic again', 'Mend what the reason names']],
    [
      'held',
      'inconclusive',
      ['`command: promote` gives it all traffic', '`command: rollback` puts version 7 back', 'nobody is watching'],
    ],
    ['failed', 'fail', ['may still give version 8 traffic', '`version: 7`']],
  ] as const)('%s (%s) says what to do next', (result, verdict, parts) => {
    const ending = endingOf({ result, verdict, reason: 'why' }, versions);
    expect(ending).toMatchObject({ result, verdict, reason: 'why' });
    expect(parts.filter((part) => !ending.next.includes(part))).toEqual([]);
    expect(ending.next === '').toBe(result === 'promoted');
  });

  test('while Lambda still moves capacity back, nobody is told that it is over', () => {
    const outcome = { result: 'rolled-back', verdict: 'inconclusive', reason: 'why' } as const;
    const { next } = endingOf(outcome, { ...versions, isMoving: true });
    expect(next).toMatch(/^Lambda gives version 7 all traffic back once /);
    expect(next).not.toContain('nothing is urgent');
  });

  test('what the failure itself says to do comes first', () => {
    const outcome = { result: 'failed', verdict: 'none', reason: 'denied', next: 'allow it' } as const;
    expect(endingOf(outcome, versions)).toEqual(outcome);
  });
});
