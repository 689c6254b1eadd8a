import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../src/model/time.ts';
import type { PollEntry } from '../../src/model/record.ts';
import { renderPollLine, renderTimelineLine } from '../../src/report/progress.ts';
import { pollEntry, SHIFTED, turn } from './records.ts';

const none = { invocations: 0, errors: 0 };

describe('renderPollLine', () => {
  test.each<[string, Partial<PollEntry>, string]>([
    ['both versions', {}, '+03:30  10 %  canary 2/311 errors (0.64 %)  baseline 3/2810 (0.11 %)  evidence 1:38'],
    [
      'no canary traffic',
      { canary: none, evidence: 0 },
      '+03:30  10 %  canary no traffic  baseline 3/2810 (0.11 %)  evidence 1:1',
    ],
    [
      'no baseline traffic',
      { baseline: none, evidence: 0 },
      '+03:30  10 %  canary 2/311 errors (0.64 %)  baseline no traffic  evidence 1:1',
    ],
    [
      'no traffic at all',
      { canary: none, baseline: none, evidence: 0, reason: 'no minute is old enough to be judged yet' },
      '+03:30  10 %  no minute is old enough to be judged yet',
    ],
    [
      'bake',
      { weight: 100, baseline: none, at: SHIFTED + 63.5 * MINUTE },
      '+1:03:30  100 %  canary 2/311 errors (0.64 %)  no baseline beside it  evidence 1:38',
    ],
    [
      'bake with a past',
      { weight: 100 },
      '+03:30  100 %  canary 2/311 errors (0.64 %)  baseline before 3/2810 (0.11 %)  evidence 1:38',
    ],
    [
      'unreadable',
      { evidence: undefined, reason: 'AccessDenied:\n::error::cloudwatch:GetMetricData' },
      '+03:30  10 %  metrics could not be read: AccessDenied: ::error::cloudwatch:GetMetricData. Held at 10 % until they can be; rolled back if they stay unreadable',
    ],
    [
      'unreadable without a reason',
      { evidence: undefined, reason: '' },
      '+03:30  10 %  metrics could not be read: no reason was given. Held at 10 % until they can be; rolled back if they stay unreadable',
    ],
  ])('%s', (_, over, line) => {
    expect(renderPollLine(pollEntry(over), SHIFTED)).toBe(line);
  });
});

describe('renderTimelineLine', () => {
  test('is one line with an arrow', () => {
    expect(renderTimelineLine(turn(10, 25, 'step', 'step 2 of 3:\n25% for 10m'), SHIFTED)).toBe(
      '+10:00  25 %  → step 2 of 3: 25% for 10m',
    );
  });

  test('starts at zero for what came before the first shift', () => {
    expect(renderTimelineLine(turn(-3, 0, 'recover', 'alias put back'), SHIFTED)).toBe('+00:00  0 %  → alias put back');
  });
});
