import { describe, expect, test } from '@jest/globals';
import { CAUTION, SUSPICION_GATE } from '../../../src/model/verdict.ts';
import { next } from '../../../src/rollout/decide/machine.ts';
import type { Holding } from '../../../src/rollout/decide/state.ts';
import { JUDGEMENTS, aJudgement, aPlan, anAutoPlan } from '../../support/rollouts.ts';
import { type Happening, play } from './walk.ts';

describe('what holds a rollout', () => {
  const dwelt: readonly Happening[] = ['done', ...Array.from({ length: 20 }, (): Happening => 'pass')];
  test.each<[Happening, Holding]>([
    [
      'suspect',
      {
        because: 'suspicion',
        text: 'the canary is under suspicion: 1:5, evidence 1:1 as no single minute may decide',
      },
    ],
    [
      'faint',
      {
        because: 'suspicion',
        text: 'the canary is under suspicion: 1:20, evidence 1:1 as no single minute may decide',
      },
    ],
    ['obstacle', { because: 'obstacle', text: 'a wrong split' }],
    ['unreadable', { because: 'unreadable', text: 'what to judge by cannot be read: throttled' }],
  ])('%s at the end of a step', (happening, holding) => {
    const { last } = play(aPlan(), [...dwelt, happening]);
    expect(last.command).toMatchObject({ do: 'poll', holding });
    expect(last.state.weight).toBe(10);
    expect(play(aPlan(), [...dwelt, happening, 'pass']).last.command).toMatchObject({ do: 'set-weight', weight: 50 });
  });

  test('a hair less suspicion holds nothing', () => {
    const { last } = play(aPlan(), dwelt);
    const judgement = aJudgement({ suspicion: JUDGEMENTS.suspect.suspicion - 1e-12, probeWeight: 1 });
    const at = last.command.do === 'poll' ? last.command.at : 0;
    expect(next(last.state, { type: 'judged', at, judgement }).command).toMatchObject({ do: 'set-weight', weight: 50 });
  });

  test.each([
    { suspicion: SUSPICION_GATE, text: /: 1:5, evidence 1:3 as no single minute may decide$/ },
    { suspicion: CAUTION, text: /: 1:20, evidence 1:3 as no single minute may decide$/ },
    { suspicion: SUSPICION_GATE, evidence: SUSPICION_GATE, text: /: 1:5, which is no proof yet$/ },
  ])('a suspicion of $suspicion is told for what it is', ({ suspicion, evidence = Math.log(3.5), text }) => {
    const { last } = play(aPlan(), dwelt);
    const judgement = aJudgement({ suspicion, evidence });
    const at = last.command.do === 'poll' ? last.command.at : 0;
    const { command } = next(last.state, { type: 'judged', at, judgement });
    expect(command).toMatchObject({ holding: { because: 'suspicion', text: expect.stringMatching(text) } });
  });

  test('an obstacle to a canary under suspicion is not the first thing to say', () => {
    const { last } = play(aPlan(), dwelt);
    const judgement = aJudgement({ ...JUDGEMENTS.suspect, obstacle: 'a wrong split' });
    const at = last.command.do === 'poll' ? last.command.at : 0;
    expect(next(last.state, { type: 'judged', at, judgement }).command).toMatchObject({
      holding: { because: 'suspicion' },
    });
  });

  test('nothing is held before its time has come', () => {
    for (const word of ['suspect', 'faint', 'obstacle'] as const) {
      expect(play(aPlan(), ['done', word]).last.command).toMatchObject({ do: 'poll', holding: undefined });
    }
  });

  test('an obstacle keeps even a pass from more traffic and from the promotion', () => {
    const judgement = aJudgement({ obstacle: 'a wrong split' });
    for (const plan of [aPlan(), aPlan({ steps: [{ weight: 10, dwell: 1000 }] }), anAutoPlan()]) {
      const { last } = play(plan, ['done', ...Array.from({ length: 7 }, (): Happening => 'obstacle')]);
      const at = last.command.do === 'poll' ? last.command.at + 30 * 60_000 : 0;
      const held = next(last.state, { type: 'judged', at, judgement });
      expect(held.command).toMatchObject({ do: 'poll', holding: { because: 'obstacle' } });
    }
  });
});
