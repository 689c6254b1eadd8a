import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JOB_CANCELLED } from '../../src/model/failure.ts';
import type { TimelineEntry } from '../../src/model/record.ts';
import { deploymentStatus, finalStatus, progressStatus } from '../../src/report/deployment.ts';
import { emptyRecord } from './records.ts';

describe('the end of a deployment', () => {
  test.each([
    ['deploy', 'promoted', 'all is well', 'success: Promoted: all is well'],
    ['deploy', 'unchanged', 'is there', 'success: Unchanged: is there'],
    ['deploy', 'rolled-back', 'error rate 25%', 'failure: Rolled back: error rate 25%'],
    ['deploy', 'rolled-back', `${JOB_CANCELLED} while it ran`, `inactive: Rolled back: ${JOB_CANCELLED} while it ran`],
    ['deploy', 'failed', 'no function', 'failure: Failed: no function'],
    ['deploy', 'held', 'too little traffic', 'in_progress: Held: too little traffic'],
    ['promote', 'promoted', 'as was asked for', 'success: Promoted: as was asked for'],
    ['rollback', 'rolled-back', 'as was asked for', 'inactive: Rolled back: as was asked for'],
  ] as const)('%s %s, %s: %s', (command, result, reason, expected) => {
    const status = finalStatus(emptyRecord({ command, result, reason }));
    expect(`${status?.state}: ${status?.description}`).toBe(expected);
  });

  test.each([
    ['deploy', 'planned'],
    ['rollback', 'failed'],
    ['rollback', 'unchanged'],
    ['promote', 'failed'],
  ] as const)('%s %s leaves it as it was', (command, result) => {
    expect(finalStatus(emptyRecord({ command, result }))).toBeUndefined();
  });
});

test.each<[TimelineEntry['event'], boolean]>([
  ['step', true],
  ['quarantine', true],
  ['restore', true],
  ['bake', true],
  ['hold', false],
  ['resume', false],
  ['promote', false],
  ['roll-back', false],
  ['end', false],
  ['recover', false],
])('%s is told: %p', (event, isTold) => {
  const status = progressStatus({ at: 0, weight: 5, event, text: 'step 1 of 2' });
  expect(status).toEqual(isTold ? { state: 'in_progress', description: 'Step 1 of 2' } : undefined);
});

test('no account is told', () => {
  const { description } = deploymentStatus('failure', 'arn:aws:lambda:eu-west-1:123456789012:function:f is gone');
  expect(description).toBe('Arn:aws:lambda:eu-west-1:***:function:f is gone');
});

test('a description is one line of at most 140 characters, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const { description } = deploymentStatus('error', text);
      expect(Array.from(description).length).toBeLessThanOrEqual(140);
      expect(description).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
    { seed: 1, numRuns: 300 },
  );
});
