import { describe, expect, test } from '@jest/globals';
import { alreadyRinging, heedAlarms } from '../../../src/rollout/observe/alarms.ts';
import type { AlarmState } from '../../../src/rollout/ports.ts';

type State = AlarmState['state'];

function alarm(state: State, { name = 'queue age', reason = '' } = {}): AlarmState {
  return { name, state, reason };
}

/** How many vetoes there are after each state, by what was ignored before the first. */
function vetoesAfter(before: State, states: readonly State[]): number[] {
  let ignored = alreadyRinging([alarm(before)]);
  return states.map((state) => {
    const heeded = heedAlarms(ignored, [alarm(state)]);
    ({ ignored } = heeded);
    return heeded.vetoes.length;
  });
}

describe('heedAlarms', () => {
  test.each<{ before: State; states: State[]; vetoes: number[] }>([
    { before: 'OK', states: ['OK', 'ALARM', 'OK'], vetoes: [0, 1, 0] },
    { before: 'ALARM', states: ['ALARM', 'ALARM', 'ALARM'], vetoes: [0, 0, 0] },
    { before: 'ALARM', states: ['ALARM', 'OK', 'ALARM'], vetoes: [0, 0, 1] },
    { before: 'ALARM', states: ['INSUFFICIENT_DATA', 'ALARM'], vetoes: [0, 0] },
    { before: 'ALARM', states: ['OK', 'INSUFFICIENT_DATA', 'ALARM'], vetoes: [0, 0, 1] },
    { before: 'INSUFFICIENT_DATA', states: ['INSUFFICIENT_DATA', 'ALARM'], vetoes: [0, 1] },
    { before: 'OK', states: ['INSUFFICIENT_DATA'], vetoes: [0] },
  ])('$before before, then $states: $vetoes', ({ before, states, vetoes }) => {
    expect(vetoesAfter(before, states)).toEqual(vetoes);
  });

  test('tells every alarm that rings, in the words of CloudWatch', () => {
    const states = [
      alarm('ALARM', { reason: 'Threshold Crossed: 1 datapoint was greater than 5.' }),
      alarm('OK', { name: 'fine' }),
      alarm('ALARM', { name: 'silent\n' }),
    ];
    expect(heedAlarms(new Set(), states).vetoes).toEqual([
      'alarm "queue age" went to ALARM: Threshold Crossed: 1 datapoint was greater than 5.',
      'alarm "silent\\n" went to ALARM',
    ]);
  });

  test('old trouble of one alarm does not hide another', () => {
    const ignored = alreadyRinging([alarm('ALARM'), alarm('OK', { name: 'other' })]);
    const heeded = heedAlarms(ignored, [alarm('ALARM'), alarm('ALARM', { name: 'other' })]);
    expect(heeded.vetoes).toEqual(['alarm "other" went to ALARM']);
    expect([...heeded.ignored]).toEqual(['queue age']);
  });
});
