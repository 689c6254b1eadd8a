import { describe, expect, test } from '@jest/globals';
import type { CanaryErrors } from '../../src/model/canary-errors.ts';
import type { RolloutRecord } from '../../src/model/record.ts';
import { closingLine, failureAnnotation, remarkAnnotation } from '../../src/report/annotation.ts';
import { emptyRecord, SHIFTED } from './records.ts';
import { STATES } from './states.ts';

function state(name: string): RolloutRecord {
  return STATES[name] ?? emptyRecord();
}

describe('failureAnnotation', () => {
  test('says what happened, why, what callers get and what to do', () => {
    const { title, message } = failureAnnotation(state('rolled-back'));
    expect(title).toBe('Rolled back: version 7 of checkout has all traffic again (alias live)');
    expect(message.split('\n')).toEqual([
      expect.stringMatching(/^error rate 4\.06% vs 0\.10% \(62\/1526 vs 14\/13349\), evidence 1:9e13\.$/),
      'Alias live serves version 7 with all traffic.',
      expect.stringMatching(/^Next: Look at the errors .* no longer reach it\.$/),
    ]);
  });

  test('of a rollback that Lambda has not carried out yet does not say that it is done', () => {
    const aliasNow = { functionVersion: '7', weights: { 8: 100 }, description: '' };
    const { title } = failureAnnotation({ ...state('rolled-back'), aliasNow });
    expect(title).toBe('Rolled back: version 7 of checkout is being given all traffic back (alias live)');
  });

  test.each([
    [
      'held',
      'Held: version 8 of checkout stays at 10% of the traffic (alias live)',
      'Alias live serves version 7 with 90% and version 8 with 10%.',
    ],
    ['failed', 'Failed: the deployment of checkout did not finish (alias live)', 'No traffic was shifted.'],
    ['failed-early', 'Failed: the deployment of the function did not finish', 'No traffic was shifted.'],
    [
      'failed-unread',
      'Failed: the deployment of checkout did not finish (alias live)',
      'Alias live could not be read: check which version it serves.',
    ],
    ['rollback-failed', 'Failed: the rollback of checkout did not finish (alias live)', 'Next: Name one with version.'],
  ])('%s', (name, title, line) => {
    const annotation = failureAnnotation(state(name));
    expect(annotation.title).toBe(title);
    expect(annotation.message.split('\n')).toContain(line);
  });

  test('leaves out what there is nothing to say of, and stays short', () => {
    const { title, message } = failureAnnotation(
      emptyRecord({ next: '', reason: 'x'.repeat(9_000), functionName: 'y'.repeat(900) }),
    );
    expect(message).not.toContain('Next');
    expect(message.length).toBeLessThan(4_100);
    expect(title.length).toBeLessThan(210);
  });
});

describe('what the canary logged', () => {
  const group = { message: 'TypeError: x of undefined', count: 26, firstSeen: SHIFTED, requestIds: [] };
  const canaryErrors: CanaryErrors = { logGroup: '/aws/lambda/checkout', groups: [group], scanned: 40 };

  test.each([
    [{ canaryErrors }, 'Version 8 logged 26× "TypeError: x of undefined".'],
    [
      { canaryErrors: { ...canaryErrors, isPartial: true } },
      'Version 8 logged at least 26× "TypeError: x of undefined".',
    ],
  ])('is told with the reason', (over, line) => {
    const { message } = failureAnnotation({ ...state('rolled-back'), ...over });
    expect(message.split('\n')[1]).toBe(line);
  });

  test.each([{ canaryErrors: { ...canaryErrors, groups: [] } }, { canaryErrors, version: undefined }])(
    'is not told where there is nothing',
    (over) => {
      expect(failureAnnotation({ ...state('rolled-back'), ...over }).message).not.toContain('logged');
    },
  );
});

describe('warnings', () => {
  test('stand behind a failure in its own annotation', () => {
    const { message } = failureAnnotation(state('rolled-back'), ['the disk\n::error::is full', 'two']);
    expect(message.split('\n').slice(-2)).toEqual(['Also: the disk ::error::is full.', 'Also: two.']);
  });

  test.each([
    [['a'], ', with a warning', 'a.'],
    [['a', 'b.'], ', with 2 warnings', 'a.\nb.'],
  ])('of a success are one annotation: %j', (warnings, suffix, message) => {
    const annotation = remarkAnnotation(state('promoted'), warnings);
    expect(annotation).toEqual({
      title: `Promoted: version 8 of checkout has all traffic (alias live)${suffix}`,
      message,
    });
  });
});

describe('the last line of a log', () => {
  test('does not repeat why, which stands above it', () => {
    expect(closingLine(state('promoted'))).toBe('Promoted: version 8 of checkout has all traffic (alias live)');
  });

  test.each([
    ['unchanged', 'alias live\nserves this', 'Unchanged: alias live serves this'],
    ['promoted', 'first deployment: the alias was created', 'First deployment: the alias was created'],
  ] as const)('says why where no rollout has: %s', (result, reason, line) => {
    expect(closingLine(emptyRecord({ result, reason }))).toBe(line);
  });
});
