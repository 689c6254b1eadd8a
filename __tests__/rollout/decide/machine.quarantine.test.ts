import { describe, expect, test } from '@jest/globals';
import { SUSPICION_GATE } from '../../../src/model/verdict.ts';
import { MINUTE } from '../../../src/model/time.ts';
import { next } from '../../../src/rollout/decide/machine.ts';
import type { RolloutPlan } from '../../../src/rollout/decide/plan.ts';
import { JUDGEMENTS, aJudgement } from '../../support/rollouts.ts';
import { BAKED, ONE_STEP, type Say, TWO_STEPS, course, holdingsOf, nameOf, reasonsOf, saying } from './course.ts';
import { type Happening, START, play } from './walk.ts';

describe('the course of a canary under suspicion', () => {
  // Polls of ONE_STEP come at +0:53, +1:53, +2:01 (its dwell is over), +2:53 and +3:53 (its last minute is final).
  test.each<[string, RolloutPlan, Say, string[]]>([
    [
      'that is confirmed',
      ONE_STEP,
      saying([1, 'pass'], [3, 'cautious'], [1, 'fail']),
      ['set 10', '2 polls', 'quarantine 3', '3 polls', 'roll-back', 'rolled-back (fail)'],
    ],
    [
      'that goes away',
      ONE_STEP,
      saying([1, 'pass'], [2, 'cautious'], [1, 'pass']),
      ['set 10', '2 polls', 'quarantine 3', '2 polls', 'restore 10', '3 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'that fades slowly',
      ONE_STEP,
      saying([1, 'grave'], [1, 'cautious'], [5, 'suspect'], [1, 'pass']),
      ['set 10', '1 polls', 'quarantine 1', '7 polls', 'restore 10', '4 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'that goes away in the second step',
      TWO_STEPS,
      saying([4, 'pass'], [2, 'cautious'], [1, 'inconclusive']),
      [
        ...['set 10', '3 polls', 'set 50', '2 polls', 'quarantine 3', '2 polls', 'restore 50'],
        ...['2 polls', 'promote', 'promoted (inconclusive)'],
      ],
    ],
    [
      'while its last minutes settle',
      ONE_STEP,
      saying([3, 'pass'], [1, 'cautious'], [1, 'pass']),
      ['set 10', '4 polls', 'quarantine 3', '1 polls', 'restore 10', '1 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'that comes back',
      ONE_STEP,
      saying([1, 'grave'], [1, 'pass'], [1, 'cautious'], [1, 'pass'], [1, 'fail']),
      [
        ...['set 10', '1 polls', 'quarantine 1', '1 polls', 'restore 10', '1 polls'],
        ...['quarantine 3', '1 polls', 'restore 10', '1 polls', 'roll-back', 'rolled-back (fail)'],
      ],
    ],
    [
      'that less traffic would never settle',
      ONE_STEP,
      saying([9, 'faint'], [1, 'pass']),
      ['set 10', '10 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'that shows only at more traffic than it has: half of it is taken all the same',
      ONE_STEP,
      saying([1, 'slight'], [1, 'pass']),
      ['set 10', '1 polls', 'quarantine 5', '1 polls', 'restore 10', '4 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'that has as little already',
      { ...ONE_STEP, steps: [{ weight: 1, dwell: 2 * MINUTE }] },
      saying([9, 'cautious'], [1, 'pass']),
      ['set 1', '10 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'that is followed by an obstacle: it gets no more until that has gone too',
      ONE_STEP,
      saying([1, 'cautious'], [4, 'obstacle'], [1, 'pass']),
      ['set 10', '1 polls', 'quarantine 3', '5 polls', 'restore 10', '4 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'that cannot be read any more',
      ONE_STEP,
      saying([1, 'cautious'], [1, 'unreadable']),
      ['set 10', '1 polls', 'quarantine 3', '7 polls', 'roll-back', 'rolled-back (inconclusive)'],
    ],
    [
      'with all traffic',
      BAKED,
      saying([5, 'pass'], [1, 'grave'], [1, 'pass']),
      ['set 10', '5 polls', 'promote, bake', '5 polls', 'finish', 'promoted (pass)'],
    ],
    [
      'that was one bad minute, which the others excuse',
      ONE_STEP,
      saying([1, 'excused']),
      ['set 10', '5 polls', 'promote', 'promoted (pass)'],
    ],
  ])('%s', (_, plan, say, expected) => {
    expect(course(plan, say)).toEqual(expected);
  });

  test('is explained', () => {
    expect(reasonsOf(ONE_STEP, saying([1, 'cautious'], [1, 'pass']))).toEqual([
      'the canary is under suspicion: 1:20, evidence 1:1 as no single minute may decide',
      'the suspicion is gone',
      'the numbers',
    ]);
  });

  test('is what every poll in quarantine waits for, from the first on', () => {
    const said = holdingsOf(
      ONE_STEP,
      saying([1, 'pass'], [1, 'cautious'], [2, 'suspect'], [2, 'obstacle'], [1, 'pass']),
    );
    const isolated = ['suspicion', 'suspicion', 'suspicion', 'obstacle', 'obstacle'];
    expect(said.slice(0, 8)).toEqual(['nothing', 'nothing', ...isolated, 'nothing']);
  });
});

describe('a quarantine', () => {
  const isolated: readonly Happening[] = ['done', 'pass', 'cautious', 'done'];

  test('begins at odds of 1:5, not a hair before', () => {
    const { last } = play(ONE_STEP, ['done']);
    const at = START + MINUTE;
    const decide = (suspicion: number) =>
      next(last.state, { type: 'judged', at, judgement: aJudgement({ suspicion, probeWeight: 2 }) }).command;
    expect(nameOf(decide(SUSPICION_GATE - 1e-12))).toBe('poll');
    expect(nameOf(decide(SUSPICION_GATE))).toBe('quarantine 2');
  });

  test.each([
    { has: 10, shows: 1, gets: 1 },
    { has: 10, shows: 5, gets: 5 },
    { has: 10, shows: 6, gets: 5 },
    // What it takes is what it has: no reason to leave it all of that.
    { has: 10, shows: 10, gets: 5 },
    { has: 10, shows: 100, gets: 5 },
    { has: 99, shows: 100, gets: 50 },
    { has: 9, shows: 9, gets: 5 },
    { has: 3, shows: 3, gets: 2 },
    { has: 3, shows: 2, gets: 2 },
    { has: 2, shows: 2, gets: 1 },
    { has: 10, shows: 0, gets: 1 },
    { has: 1, shows: 1, gets: undefined },
    { has: 1, shows: 100, gets: undefined },
    { has: 10, shows: undefined, gets: undefined },
    { has: 99, shows: undefined, gets: undefined },
  ])('of a canary with $has% whose difference shows at $shows% gets $gets%', ({ has, shows, gets }) => {
    const { last } = play({ ...ONE_STEP, steps: [{ weight: has, dwell: 2 * MINUTE }] }, ['done']);
    const judgement = { ...JUDGEMENTS.cautious, probeWeight: shows };
    const { command } = next(last.state, { type: 'judged', at: START + MINUTE, judgement });
    expect(nameOf(command)).toBe(gets === undefined ? 'poll' : `quarantine ${gets}`);
  });

  test('says while it lasts what it waits for, and how that stands', () => {
    const { last } = play(ONE_STEP, isolated);
    const textAfter = (happening: Happening): unknown => play(ONE_STEP, [...isolated, happening]).last.state.holding;
    const grave = 'the canary is under suspicion: 1:20, evidence 1:1 as no single minute may decide';
    expect(last.state.holding).toEqual({ because: 'suspicion', text: grave });
    expect(textAfter('grave')).toEqual({ because: 'suspicion', text: grave.replace('1:20', '1:100') });
    expect(textAfter('suspect')).toEqual({ because: 'suspicion', text: grave.replace('1:20', '1:5') });
  });

  test('ends below odds of 1:5', () => {
    const { last } = play(ONE_STEP, isolated);
    const at = START + 3 * MINUTE;
    const decide = (suspicion: number) =>
      next(last.state, { type: 'judged', at, judgement: aJudgement({ suspicion }) }).command;
    expect(nameOf(decide(JUDGEMENTS.suspect.suspicion))).toBe('poll');
    expect(nameOf(decide(JUDGEMENTS.suspect.suspicion - 1e-12))).toBe('restore 10');
  });

  test('gives back the time that it took, from one confirmed write to the other', () => {
    const { moves } = play(ONE_STEP, [...isolated, 'pass', 'done']);
    const [entered, , left] = moves.slice(-3).map(({ after, event }) => ({ state: after.state, at: event.at }));
    const [since, until] = [START + 1000, START + 1000 + 2 * MINUTE];
    expect(entered?.state).toMatchObject({
      weight: 3,
      quarantine: { weight: 10, since: entered?.at },
      phase: { since, until },
    });
    const lost = (left?.at ?? 0) - (entered?.at ?? 0);
    expect(lost).toBeGreaterThan(0);
    expect(left?.state).toMatchObject({ weight: 10, phase: { since: since + lost, until: until + lost } });
    expect(left?.state.quarantine).toBeUndefined();
  });

  test('that nobody knows of has taken no time', () => {
    const { last } = play(ONE_STEP, [...isolated, 'pass']);
    const restored = next({ ...last.state, quarantine: undefined }, { type: 'weight-set', at: START + 9 * MINUTE });
    expect(restored.state).toMatchObject({ weight: 10, phase: { name: 'dwelling', until: START + 1000 + 2 * MINUTE } });
  });

  test.each<[string, Happening[], object]>([
    [
      'that cannot be written is a rollback',
      ['done', 'pass', 'cautious', 'refused'],
      { do: 'roll-back', why: 'the alias could not be written: denied' },
    ],
    [
      'whose end cannot be written is a rollback',
      [...isolated, 'pass', 'lost'],
      { do: 'roll-back', why: 'the alias could not be written: no answer' },
    ],
    [
      'of a cancelled job goes back',
      [...isolated, 'cancelled'],
      { do: 'roll-back', why: 'the job was cancelled while the canary had 3% of the traffic' },
    ],
    [
      'that is not confirmed yet goes back',
      ['done', 'pass', 'cautious', 'cancelled'],
      { do: 'roll-back', why: 'the job was cancelled while the canary had 10% of the traffic' },
    ],
  ])('%s', (_, story, command) => {
    expect(play(ONE_STEP, story).last.command).toEqual(command);
  });
});
