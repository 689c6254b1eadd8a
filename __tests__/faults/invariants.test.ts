import { describe, expect, test } from '@jest/globals';
import { OUTPUT_NAMES } from '../../src/model/names.ts';
import { MINUTE } from '../../src/model/time.ts';
import { type Evidence, type Part, type State, violations } from './invariants.ts';

const MARK = '[canary 3->4 by acme/shop run 1001.1 until 2026-01-15T18:00Z] ours';

function state(minute: number, functionVersion: string, change: Partial<State> = {}): State {
  return { at: minute * MINUTE, functionVersion, weights: {}, description: 'ours', isForeign: false, ...change };
}

const START = state(0, '3', { isForeign: true });
const SPLIT = state(1, '3', { weights: { 4: 10 }, description: MARK });
const PROMOTED = state(3, '4');
const GOOD = [START, SPLIT, PROMOTED];

function outputs(change: Readonly<Record<string, string>> = {}): Record<string, string> {
  const all = Object.fromEntries(OUTPUT_NAMES.map((name) => [name, '']));
  return { ...all, result: 'promoted', version: '4', 'previous-version': '3', 'canary-weight': '100', ...change };
}

function part(change: Partial<Part> = {}): Part {
  const rest = { startedAtState: 1, states: 3, lastReadAt: 3 * MINUTE, isAlone: true, isMoving: false };
  return { kind: 'main', exitCode: 0, stderr: '', outputs: outputs(), ...rest, ...change };
}

function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    states: GOOD,
    parts: [part()],
    revisions: ['one', 'two'],
    plan: { weights: [10], dwell: 2 * MINUTE, bake: 0 },
    fit: (version) => version === '4',
    readings: [3 * MINUTE],
    isOver: true,
    lent: [],
    ...change,
  };
}

const FOREIGN = state(2, '2', { isForeign: true, description: 'by hand' });
const ROLLED_BACK = { exitCode: 1, outputs: outputs({ result: 'rolled-back', 'canary-weight': '0' }) } as const;
const FAILED = { exitCode: 1, outputs: outputs({ result: 'failed' }) } as const;

describe('what keeps every promise', () => {
  test.each<[string, Partial<Evidence>]>([
    ['a promotion', {}],
    ['a rollback', { states: [START, SPLIT, state(3, '3')], fit: () => false, parts: [part(ROLLED_BACK)] }],
    ['nothing written', { states: [START], parts: [part({ ...FAILED, states: 1 })] }],
    [
      'a quarantine',
      { states: [START, SPLIT, { ...SPLIT, weights: { 4: 1 } }, PROMOTED], parts: [part({ states: 4 })] },
    ],
    ['a change by somebody else, respected', { states: [START, SPLIT, FOREIGN], parts: [part(FAILED)] }],
    [
      'a run that was killed',
      { states: [START, SPLIT, state(2, '3')], parts: [part({ exitCode: null, outputs: {} })] },
    ],
    ['a split that nobody was let in to mend', { states: [START, SPLIT], isOver: false, parts: [part(FAILED)] }],
    [
      'a rollout from what somebody made of the alias',
      {
        states: [
          START,
          FOREIGN,
          state(3, '2', { weights: { 4: 10 }, description: MARK.replace('3->', '2->') }),
          state(4, '2', { description: 'by hand' }),
        ],
        parts: [],
      },
    ],
  ])('%s', (_, change) => {
    expect(violations(evidence(change))).toEqual([]);
  });
});

const BAKE = { weights: [10], dwell: 2 * MINUTE, bake: 5 * MINUTE } as const;

describe('what breaks a promise is found', () => {
  test.each<[string, Partial<Evidence>, string]>([
    ['left split', { states: [START, SPLIT], parts: [] }, 'ends split'],
    ['left on an unfit version', { fit: () => false, parts: [] }, 'neither the baseline nor fit'],
    [
      'an unfit version had everything for a while',
      { states: [...GOOD, state(4, '3')], fit: () => false, parts: [] },
      'unfit version was promoted',
    ],
    [
      'a weight above the plan',
      { states: [START, { ...SPLIT, weights: { 4: 11 } }, PROMOTED] },
      'a weight above the plan',
    ],
    ['three versions', { states: [START, { ...SPLIT, weights: { 4: 5, 5: 5 } }, PROMOTED] }, 'more than two versions'],
    [
      'a split from something unknown',
      { states: [START, { ...SPLIT, functionVersion: '1' }, PROMOTED] },
      'never served alone',
    ],
    [
      'a split that says nothing',
      { states: [START, { ...SPLIT, description: 'ours' }, PROMOTED] },
      'split without its marker',
    ],
    [
      'a split with the marker of others',
      { states: [START, { ...SPLIT, description: MARK.replace('4', '7') }, PROMOTED] },
      'split without its marker',
    ],
    ['promoted too early', { states: [START, SPLIT, state(2, '4')] }, 'promoted after 60000 ms of 120000'],
    ['promoted without a split', { states: [START, state(3, '4')], parts: [] }, 'promoted after 0 ms of 120000'],
    ['promoted unread', { readings: [2 * MINUTE, 4 * MINUTE] }, 'without a reading'],
    [
      'not baked',
      { states: [START, SPLIT, { ...PROMOTED, description: MARK }, state(4, '4')], plan: BAKE },
      'the bake ended after 60000 ms',
    ],
    [
      'overwritten',
      { states: [START, SPLIT, FOREIGN, state(3, '3', { description: 'by hand' })], parts: [] },
      'a foreign change was overwritten',
    ],
    [
      'split over somebody',
      { states: [START, FOREIGN, { ...SPLIT, at: 3 * MINUTE }], parts: [] },
      'a foreign change was overwritten',
    ],
    ['the marker left', { states: [START, SPLIT, { ...PROMOTED, description: MARK }] }, 'the description is'],
    ['an old description', { states: [START, FOREIGN, state(3, '2')], parts: [] }, 'not "by hand"'],
    ['capacity left on a version', { lent: ['4'] }, 'version 4 was left with provisioned concurrency'],
    ['no RevisionId', { revisions: ['one', undefined] }, 'named no RevisionId'],
    ['an empty RevisionId', { revisions: [''] }, 'named no RevisionId'],
  ])('%s', (_, change, sentence) => {
    expect(violations(evidence(change)).join('; ')).toContain(sentence);
  });

  test.each<[string, Partial<Part>, string]>([
    ['a stack trace', { stderr: 'TypeError: boom' }, 'wrote to stderr: TypeError'],
    ['post fails the job', { kind: 'post', exitCode: 1 }, 'post exits with 1'],
    ['no result', { outputs: {} }, 'the result is missing'],
    ['an unknown result', { outputs: outputs({ result: 'fine' }) }, 'the result is fine'],
    [
      'a missing output',
      { outputs: { result: 'promoted', version: '4', 'canary-weight': '100' } },
      'outputs are missing',
    ],
    ['a failure that exits with 0', { outputs: outputs({ result: 'failed' }) }, 'exit code 0 with result failed'],
    ['a success that exits with 1', { exitCode: 1 }, 'exit code 1 with result promoted'],
    ['promoted, but the alias is not', { outputs: outputs({ version: '5' }) }, 'result promoted, but the alias is 4'],
    ['rolled back, but the alias is not', ROLLED_BACK, 'result rolled-back, but the alias is 4'],
    ['a killed run that had promised', { exitCode: null, outputs: outputs({ version: '5' }) }, 'result promoted, but'],
    ['promoted with another weight', { outputs: outputs({ 'canary-weight': '10' }) }, 'promoted with canary-weight 10'],
  ])('%s', (_, change, sentence) => {
    expect(violations(evidence({ parts: [part(change)] })).join('; ')).toContain(sentence);
  });

  test('success although somebody else had changed the alias', () => {
    const states = [START, SPLIT, FOREIGN];
    expect(violations(evidence({ states })).join()).toContain('although somebody else had changed the alias');
    const unseen = part({ ...ROLLED_BACK, lastReadAt: MINUTE });
    expect(violations(evidence({ states, parts: [unseen] })).join()).toContain(
      'result rolled-back, but the alias is 3',
    );
  });
});
