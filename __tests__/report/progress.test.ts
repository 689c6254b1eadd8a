import { describe, expect, test } from '@jest/globals';
import { MINUTE } from '../../src/model/time.ts';
import type { PollEntry } from '../../src/model/record.ts';
import { isQuiet, renderPollLine, renderTimelineLine, toneOfPoll, toneOfTurn } from '../../src/report/progress.ts';
import { pollEntry, SHIFTED, turn } from './records.ts';

type PollTimeline = Parameters<typeof renderPollLine>[1]['timeline'];

const none = { invocations: 0, errors: 0 };

describe('renderPollLine', () => {
  test.each<[string, Partial<PollEntry>, string]>([
    ['both versions', {}, '+03:30  10 %  canary 2/311 errors (0.64 %)  baseline 3/2810 (0.11 %)  evidence 1:38'],
    [
      'no canary traffic',
      { canary: none, evidence: 0, suspicion: 0 },
      '+03:30  10 %  canary no traffic  baseline 3/2810 (0.11 %)  evidence 1:1',
    ],
    [
      'no baseline traffic',
      { baseline: none, evidence: 0, suspicion: 0 },
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
      '+03:30  10 %  what to judge by could not be read: AccessDenied: ::error::cloudwatch:GetMetricData.',
    ],
    [
      'unreadable without a reason',
      { evidence: undefined, reason: '' },
      '+03:30  10 %  what to judge by could not be read: no reason was given.',
    ],
  ])('%s', (_, over, line) => {
    expect(renderPollLine(pollEntry(over), { startedAt: SHIFTED, timeline: [] })).toBe(line);
  });

  const line = '+03:30  10 %  canary 2/311 errors (0.64 %)  baseline 3/2810 (0.11 %)';
  const waiting = { assurance: 0.4, missing: 1_284, suspicion: 0, evidence: 0 };
  test.each<[string, Partial<PollEntry>, string]>([
    ['suspicion beyond the evidence', { suspicion: Math.log(412) }, 'evidence 1:38 (suspicion 1:412)'],
    ['suspicion that reads the same', { suspicion: Math.log(38.9) }, 'evidence 1:38'],
    ['excused suspicion', { suspicion: 0 }, 'evidence 1:38'],
    ['nothing known of suspicion', { suspicion: undefined }, 'evidence 1:38'],
    ['a pass to wait for', waiting, 'evidence 1:1  about 1300 more canary invocations for a pass'],
    ['a pass that is near', { ...waiting, missing: 7 }, 'evidence 1:1  about 7 more canary invocations for a pass'],
    ['a pass that is proven', { ...waiting, assurance: 3 }, 'evidence 1:1'],
    ['a pass that no traffic can prove', { ...waiting, missing: Infinity }, 'evidence 1:1'],
    ['nothing missing', { ...waiting, missing: undefined }, 'evidence 1:1'],
    [
      'nothing known of suspicion, but of a pass',
      { ...waiting, suspicion: undefined },
      'evidence 1:1  about 1300 more canary invocations for a pass',
    ],
    ['a suspicion to settle first', { ...waiting, suspicion: 3 }, 'evidence 1:1 (suspicion 1:20)'],
  ])('%s', (_, over, end) => {
    expect(renderPollLine(pollEntry(over), { startedAt: SHIFTED, timeline: [] })).toBe(`${line}  ${end}`);
  });

  test('a canary that has all traffic waits for a pass only where there were no steps', () => {
    const poll = pollEntry({ ...waiting, weight: 100 });
    const timeline = [turn(0, 10, 'step', 'x'), turn(10, 100, 'bake', 'y')];
    expect(renderPollLine(poll, { startedAt: SHIFTED, timeline })).not.toContain('more canary');
    expect(renderPollLine(poll, { startedAt: SHIFTED, timeline: [] })).toContain('more canary');
  });

  test.each<[string, PollEntry]>([
    ['readable', pollEntry({ weight: 1 })],
    ['unreadable', pollEntry({ weight: 1, evidence: undefined })],
  ])('says that the canary is in quarantine: %s', (_, poll) => {
    const began = [turn(0, 10, 'step', 'x'), turn(2, 1, 'quarantine', 'y'), turn(3, 1, 'hold', 'z')];
    const opening = (timeline: PollTimeline): string => renderPollLine(poll, { startedAt: SHIFTED, timeline });
    expect(opening(began)).toMatch(/^\+03:30 {2}1 % {2}quarantine {2}\S/);
    expect(opening([...began, turn(3, 10, 'restore', 'r')])).not.toContain('quarantine');
  });
});

describe('what is next, and where in the plan', () => {
  const course = { startedAt: SHIFTED, timeline: [] };

  test.each([
    [
      { stage: 'step 1/2', next: '25% in 8s' },
      /^\+03:30 {2}step 1\/2 {2}10 % {2}canary .* evidence 1:38 {2}next: 25% in 8s$/,
    ],
    [{ stage: '', next: '' }, /^\+03:30 {2}10 % {2}canary .* evidence 1:38$/],
  ])('%j', (more, line) => {
    expect(renderPollLine(pollEntry(), { ...course, ...more })).toMatch(line);
  });

  test('a quiet poll is told in two words', () => {
    const told = pollEntry();
    const poll = pollEntry({ at: told.at + 30_000 });
    expect(renderPollLine(poll, { ...course, told, next: '25% in 8s' })).toBe(
      '+04:00  10 %  nothing new  next: 25% in 8s',
    );
    const [unread, again] = [told, poll].map((one) => ({ ...one, evidence: undefined, verdict: 'none' as const }));
    expect(renderPollLine(again ?? poll, { ...course, told: unread })).toBe('+04:00  10 %  still cannot be read');
  });
});

describe('news', () => {
  const told = pollEntry({ evidence: 0, suspicion: 0, verdict: 'inconclusive' });
  const idle = { ...told, baseline: none, canary: none, reason: 'no minute is old enough to be judged yet' };
  const unread = { ...idle, evidence: undefined, suspicion: undefined, verdict: 'none' as const };

  test.each<[string, PollEntry, PollEntry | undefined, boolean]>([
    ['the first poll', told, undefined, false],
    ['the same again', told, told, true],
    ['hardly more', { ...told, baseline: { invocations: 2_820, errors: 3 } }, told, true],
    ['a minute more', { ...told, baseline: { invocations: 3_400, errors: 3 } }, told, false],
    ['fewer than before', { ...told, baseline: { invocations: 2_809, errors: 3 } }, told, false],
    ['another verdict', { ...told, verdict: 'pass' }, told, false],
    ['more evidence', { ...told, evidence: 1 }, told, false],
    ['more suspicion', { ...told, suspicion: 1 }, told, false],
    ['nothing known of suspicion', { ...told, suspicion: undefined }, told, true],
    ['nothing known of the evidence then', told, { ...told, evidence: undefined }, true],
    ['another weight', { ...told, weight: 25 }, told, false],
    ['the first error', told, { ...told, canary: { ...told.canary, errors: 0 } }, false],
    ['five minutes', { ...told, at: told.at + 5 * MINUTE }, told, false],
    ['traffic', told, idle, false],
    ['no traffic', idle, idle, true],
    ['no traffic any more', idle, told, false],
    ['no traffic for another reason', { ...idle, reason: 'x' }, idle, false],
    ['unreadable', unread, told, false],
    ['unreadable still', { ...unread, at: unread.at + 9 * MINUTE }, unread, true],
    ['unreadable for another reason', { ...unread, reason: 'x' }, unread, false],
    ['unreadable, though nothing was said either', unread, { ...idle, verdict: 'none' }, false],
    ['readable again', idle, unread, false],
  ])('%s', (_, poll, before, quiet) => {
    expect(isQuiet(poll, before)).toBe(quiet);
  });

  test.each<[string, PollEntry, PollEntry | undefined, string | undefined]>([
    ['nothing new', told, told, 'quiet'],
    ['figures', told, undefined, undefined],
    ['a suspicion', { ...told, suspicion: 3 }, told, 'caution'],
    ['nothing known of suspicion', { ...told, suspicion: undefined }, undefined, undefined],
    ['unreadable', unread, told, 'caution'],
  ])('%s: %#', (_, poll, before, tone) => {
    expect(toneOfPoll(poll, { told: before })).toBe(tone);
  });

  test.each<[Parameters<typeof toneOfTurn>[0], string]>([
    [{ event: 'step', weight: 10 }, 'strong'],
    [{ event: 'resume', weight: 10 }, 'good'],
    [{ event: 'restore', weight: 10 }, 'good'],
    [{ event: 'promote', weight: 100 }, 'good'],
    [{ event: 'bake', weight: 100 }, 'good'],
    [{ event: 'end', weight: 100 }, 'good'],
    [{ event: 'end', weight: 10 }, 'caution'],
    [{ event: 'hold', weight: 10 }, 'caution'],
    [{ event: 'quarantine', weight: 1 }, 'caution'],
    [{ event: 'recover', weight: 0 }, 'caution'],
    [{ event: 'roll-back', weight: 0 }, 'bad'],
  ])('%j is %s', (entry, tone) => {
    expect(toneOfTurn(entry)).toBe(tone);
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
