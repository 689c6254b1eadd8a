import { describe, expect, test } from '@jest/globals';
import { MINUTE, SECOND } from '../../../src/model/time.ts';
import { begin, next } from '../../../src/rollout/decide/machine.ts';
import { type RolloutPlan, expectedDuration } from '../../../src/rollout/decide/plan.ts';
import type { Holding, RolloutCommand, Turn } from '../../../src/rollout/decide/state.ts';
import { JUDGEMENTS, aJudgement, aPlan } from '../../support/rollouts.ts';
import { type Happening, START, play, playOut } from './walk.ts';

const ONE_STEP = aPlan({ steps: [{ weight: 10, dwell: 2 * MINUTE }], interval: MINUTE });
const BAKED = { ...ONE_STEP, bakeTime: 3 * MINUTE };
const AT_ONCE = aPlan({ steps: [], interval: MINUTE });

/** The commands a rollout goes through when every write is answered and every poll says the same; polls by their number. */
function course(plan: RolloutPlan, say: (poll: number) => Happening): string[] {
  const { moves, last } = playOut(plan, say);
  const commands = [...moves.map(({ before }) => before.command), last.command];
  return commands.map(nameOf).reduce<string[]>(countPolls, []);
}

function nameOf(command: RolloutCommand): string {
  switch (command.do) {
    case 'set-weight':
      return `set ${command.weight}`;
    case 'promote':
      return command.bakes ? 'promote, bake' : 'promote';
    case 'end':
      return `${command.outcome.result} (${command.outcome.verdict})`;
    default:
      return command.do;
  }
}

function countPolls(names: string[], name: string): string[] {
  const [last = '', ...rest] = names.toReversed();
  const polls = /^(\d+) polls$/.exec(last)?.[1];
  if (name !== 'poll') return [...names, name];
  return polls === undefined ? [...names, '1 polls'] : [...rest.toReversed(), `${Number(polls) + 1} polls`];
}

/** Says `first` for so many polls, then `then`. */
const after =
  (count: number, then: Happening, first: Happening = 'pass') =>
  (poll: number) =>
    poll < count ? first : then;

describe('the course of a rollout', () => {
  // Steps begin 8 s past a minute, so a dwell of 2 min ends with one whole minute, final 2 min after it: at +3:53.
  test.each<[string, RolloutPlan, (poll: number) => Happening, string[]]>([
    ['healthy', ONE_STEP, () => 'pass', ['set 10', '5 polls', 'promote', 'promoted (pass)']],
    [
      'healthy, two steps',
      aPlan({
        steps: [
          { weight: 10, dwell: 2 * MINUTE },
          { weight: 50, dwell: MINUTE },
        ],
        interval: MINUTE,
      }),
      () => 'pass',
      ['set 10', '3 polls', 'set 50', '5 polls', 'promote', 'promoted (pass)'],
    ],
    ['failing at once', ONE_STEP, () => 'fail', ['set 10', '1 polls', 'roll-back', 'rolled-back (fail)']],
    ['failing while settling', ONE_STEP, after(3, 'fail'), ['set 10', '4 polls', 'roll-back', 'rolled-back (fail)']],
    [
      'failing while baking',
      BAKED,
      after(6, 'fail'),
      ['set 10', '5 polls', 'promote, bake', '2 polls', 'roll-back', 'rolled-back (fail)'],
    ],
    [
      'healthy and baked',
      BAKED,
      () => 'pass',
      ['set 10', '5 polls', 'promote, bake', '5 polls', 'finish', 'promoted (pass)'],
    ],
    ['without traffic', ONE_STEP, () => 'inconclusive', ['set 10', '5 polls', 'promote', 'promoted (inconclusive)']],
    [
      'without traffic, policy rollback',
      { ...ONE_STEP, onInconclusive: 'rollback' },
      () => 'inconclusive',
      ['set 10', '5 polls', 'roll-back', 'rolled-back (inconclusive)'],
    ],
    [
      'without traffic, policy hold',
      { ...ONE_STEP, onInconclusive: 'hold' },
      () => 'inconclusive',
      ['set 10', '5 polls', 'held (inconclusive)'],
    ],
    [
      'without traffic in the bake only',
      { ...BAKED, onInconclusive: 'rollback' },
      after(5, 'inconclusive'),
      ['set 10', '5 polls', 'promote, bake', '5 polls', 'finish', 'promoted (inconclusive)'],
    ],
    [
      'suspect for a while',
      ONE_STEP,
      after(10, 'pass', 'suspect'),
      ['set 10', '11 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'gravely suspect at the end of the bake, then confirmed',
      BAKED,
      (poll) => (poll < 9 ? 'pass' : poll < 12 ? 'grave' : 'fail'),
      ['set 10', '5 polls', 'promote, bake', '8 polls', 'roll-back', 'rolled-back (fail)'],
    ],
    [
      'gravely suspect at the end of the bake, then cleared',
      BAKED,
      (poll) => (poll >= 9 && poll < 12 ? 'grave' : 'pass'),
      ['set 10', '5 polls', 'promote, bake', '8 polls', 'finish', 'promoted (pass)'],
    ],
    ['all at once', AT_ONCE, () => 'pass', ['promote', 'promoted (none)']],
    [
      'all at once and baked',
      { ...AT_ONCE, bakeTime: MINUTE },
      () => 'pass',
      ['promote, bake', '4 polls', 'finish', 'promoted (pass)'],
    ],
    [
      'all at once and baked without traffic, policy rollback',
      { ...AT_ONCE, bakeTime: MINUTE, onInconclusive: 'rollback' },
      () => 'inconclusive',
      ['promote, bake', '4 polls', 'roll-back', 'rolled-back (inconclusive)'],
    ],
    [
      'all at once and baked without traffic, policy hold',
      { ...AT_ONCE, bakeTime: MINUTE, onInconclusive: 'hold' },
      () => 'inconclusive',
      ['promote, bake', '4 polls', 'held (inconclusive)'],
    ],
    ['unreadable for ever', ONE_STEP, () => 'unreadable', ['set 10', '7 polls', 'roll-back', 'rolled-back (none)']],
    [
      'unreadable for a while',
      ONE_STEP,
      after(4, 'pass', 'unreadable'),
      ['set 10', '5 polls', 'promote', 'promoted (pass)'],
    ],
    [
      'readable only now and then',
      ONE_STEP,
      (poll) => (poll % 5 === 4 ? 'pass' : 'unreadable'),
      ['set 10', '5 polls', 'promote', 'promoted (pass)'],
    ],
  ])('%s', (_, plan, say, expected) => {
    expect(course(plan, say)).toEqual(expected);
  });
});

describe('at max-duration', () => {
  const short = { ...ONE_STEP, maxDuration: 3 * MINUTE };
  test.each<[string, RolloutPlan, (poll: number) => Happening, string]>([
    ['a pass promotes', short, () => 'pass', 'promoted (pass)'],
    ['no traffic meets the policy', { ...short, onInconclusive: 'hold' }, () => 'inconclusive', 'held (inconclusive)'],
    ['a grave suspicion rolls back', short, () => 'grave', 'rolled-back (inconclusive)'],
    ['unreadable metrics roll back', short, after(2, 'unreadable'), 'rolled-back (inconclusive)'],
    ['a bake is over', { ...BAKED, maxDuration: 5 * MINUTE }, () => 'pass', 'promoted (pass)'],
    [
      'a bake under grave suspicion rolls back',
      { ...BAKED, maxDuration: 5 * MINUTE },
      after(4, 'grave'),
      'rolled-back (inconclusive)',
    ],
  ])('%s', (_, plan, say, expected) => {
    const { moves, last } = playOut(plan, say);
    expect(nameOf(last.command)).toBe(expected);
    const lastPoll = moves.filter(({ before }) => before.command.do === 'poll').at(-1);
    expect((lastPoll?.event.at ?? 0) - START).toBe(plan.maxDuration);
  });

  test('the reason names the limit', () => {
    const { last } = playOut(short, () => 'grave');
    expect(last.command).toMatchObject({
      outcome: { reason: 'still under suspicion after the max-duration of 3m: great doubt' },
    });
  });
});

describe('when a promotion may rest on the last dwell', () => {
  // [begins after the minute, dwell] → when it is decided, from the start of that minute; finalAge is 2 min.
  test.each([
    { offset: 0, dwell: 2 * MINUTE, decided: 4 * MINUTE },
    { offset: 30 * SECOND, dwell: 2 * MINUTE, decided: 4 * MINUTE },
    // No whole minute was watched: the two halves have to do.
    { offset: 30 * SECOND, dwell: MINUTE, decided: 4 * MINUTE },
    { offset: 0, dwell: MINUTE, decided: 3 * MINUTE },
    { offset: 0, dwell: 10 * SECOND, decided: 3 * MINUTE },
    { offset: 59 * SECOND, dwell: SECOND, decided: 3 * MINUTE },
  ])('$dwell ms from $offset ms', ({ offset, dwell, decided }) => {
    const plan = aPlan({ steps: [{ weight: 5, dwell }], interval: SECOND });
    expect(timesOf(plan, offset).at(-1)).toBe(decided);
  });
});

/** When each poll takes place, for a step that begins at `offset`. */
function timesOf(plan: RolloutPlan, offset: number): number[] {
  const times: number[] = [];
  let turn: Turn = next(begin(plan, 0).state, { type: 'weight-set', at: offset });
  while (turn.command.do === 'poll') {
    times.push(turn.command.at);
    turn = next(turn.state, { type: 'judged', at: turn.command.at, judgement: JUDGEMENTS.pass });
  }
  return times;
}

test('polls meet the ends of the dwell, of the settling and of max-duration', () => {
  const plan = aPlan({ steps: [{ weight: 5, dwell: 70 * SECOND }], interval: 45 * SECOND, maxDuration: 200 * SECOND });
  expect(timesOf(plan, 0).map((at) => at / SECOND)).toEqual([45, 70, 90, 135, 180]);
  expect(timesOf({ ...plan, finalAge: 3 * MINUTE }, 0).map((at) => at / SECOND)).toEqual([45, 70, 90, 135, 180, 200]);
});

test('polls keep to whole intervals of the clock, when minutes become old enough to be judged', () => {
  const set = next(begin(aPlan(), 60 * MINUTE).state, { type: 'weight-set', at: 60 * MINUTE + 9 * SECOND });
  expect(set.command).toMatchObject({ do: 'poll', at: 60.5 * MINUTE });
  const late = { type: 'judged', at: 60.5 * MINUTE + SECOND, judgement: JUDGEMENTS.pass } as const;
  expect(next(set.state, late).command).toMatchObject({ do: 'poll', at: 61 * MINUTE });
});

describe('what holds a rollout', () => {
  const dwelt: readonly Happening[] = ['done', ...Array.from({ length: 20 }, (): Happening => 'pass')];
  test.each<[Happening, Holding]>([
    [
      'suspect',
      {
        because: 'suspicion',
        text: 'the canary is under suspicion: evidence 1:5, but 1:1 without the worst minute',
      },
    ],
    ['unreadable', { because: 'unreadable', text: 'metrics cannot be read: throttled' }],
  ])('%s at the end of a step', (happening, holding) => {
    const { last } = play(aPlan(), [...dwelt, happening]);
    expect(last.command).toMatchObject({ do: 'poll', holding });
    expect(last.state.weight).toBe(10);
    expect(play(aPlan(), [...dwelt, happening, 'pass']).last.command).toMatchObject({ do: 'set-weight', weight: 50 });
  });

  test('a hair less suspicion holds nothing', () => {
    const { last } = play(aPlan(), dwelt);
    const judgement = aJudgement({ suspicion: JUDGEMENTS.suspect.suspicion - 1e-12 });
    const at = last.command.do === 'poll' ? last.command.at : 0;
    expect(next(last.state, { type: 'judged', at, judgement }).command).toMatchObject({ do: 'set-weight', weight: 50 });
  });
});

describe('writes that fail', () => {
  const UNTOUCHED = { result: 'failed', verdict: 'none', reason: 'denied', next: 'allow it' };
  test.each<[string, RolloutPlan, Happening[], object]>([
    ['the first shift, refused', ONE_STEP, ['refused'], { do: 'end', outcome: UNTOUCHED }],
    ['a promotion of all at once, refused', AT_ONCE, ['refused'], { do: 'end', outcome: UNTOUCHED }],
    [
      'the first shift, unconfirmed',
      ONE_STEP,
      ['lost'],
      { do: 'roll-back', why: 'the alias could not be written: no answer' },
    ],
    [
      'a second shift, refused',
      aPlan({
        steps: [
          { weight: 10, dwell: MINUTE },
          { weight: 50, dwell: MINUTE },
        ],
        interval: MINUTE,
      }),
      ['done', 'pass', 'pass', 'refused'],
      { do: 'roll-back', why: 'the alias could not be written: denied' },
    ],
    [
      'a rollback',
      ONE_STEP,
      ['done', 'fail', 'refused'],
      {
        do: 'end',
        outcome: { result: 'failed', verdict: 'fail', reason: 'it is broken; the rollback failed: denied' },
      },
    ],
    [
      'a rollback of what was never judged',
      ONE_STEP,
      ['cancelled', 'refused'],
      {
        outcome: {
          result: 'failed',
          verdict: 'none',
          reason: 'the job was cancelled while the canary had 0% of the traffic; the rollback failed: denied',
        },
      },
    ],
    [
      'the end of a bake',
      { ...AT_ONCE, bakeTime: MINUTE },
      ['done', 'pass', 'pass', 'pass', 'pass', 'refused'],
      { do: 'end', outcome: { result: 'promoted', verdict: 'pass', reason: 'the numbers' } },
    ],
  ])('%s', (_, plan, story, command) => {
    expect(play(plan, story).last.command).toMatchObject(command);
  });
});

describe('a cancelled job', () => {
  test.each<[string, RolloutPlan, Happening[], number]>([
    ['before the first shift', ONE_STEP, [], 0],
    ['in a step', ONE_STEP, ['done', 'pass'], 10],
    ['while settling', ONE_STEP, ['done', 'pass', 'pass', 'pass'], 10],
    ['about to promote', ONE_STEP, ['done', 'pass', 'pass', 'pass', 'pass'], 10],
    ['while baking', BAKED, ['done', 'pass', 'pass', 'pass', 'pass', 'pass', 'done', 'pass'], 100],
  ])('%s goes back', (_, plan, story, weight) => {
    const why = `the job was cancelled while the canary had ${weight}% of the traffic`;
    expect(play(plan, [...story, 'cancelled']).last.command).toEqual({ do: 'roll-back', why });
    expect(play(plan, [...story, 'cancelled', 'done']).last.command).toMatchObject({
      do: 'end',
      outcome: { result: 'rolled-back', reason: why },
    });
  });
});

test.each<[string, Partial<RolloutPlan>, number]>([
  ['two steps, and until the last minutes are final', {}, 22 * MINUTE],
  ['and a bake, whose last minutes have to become final too', { bakeTime: 5 * MINUTE }, 29 * MINUTE],
  ['all at once', { steps: [] }, 0],
])('the expected duration: %s', (_, change, expected) => {
  expect(expectedDuration(aPlan(change))).toBe(expected);
});
