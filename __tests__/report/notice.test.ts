import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JOB_CANCELLED } from '../../src/model/failure.ts';
import type { RunFacts } from '../../src/model/notice.ts';
import { isWorthNotice, renderNotice, renderRescueNotice } from '../../src/report/notice.ts';
import { emptyRecord, publishedRecord } from './records.ts';

const FACTS: RunFacts = {
  command: 'deploy',
  functionName: 'checkout',
  alias: 'live',
  region: 'eu-west-1',
  repository: 'acme/shop',
  runUrl: 'https://github.com/acme/shop/actions/runs/1001',
  sha: '4f2c9b1',
  id: '1001.1.k3f9a2',
};
const NOWHERE: RunFacts = { ...FACTS, repository: '', runUrl: '', sha: '' };

describe('what is worth a notice', () => {
  test.each([
    [{ result: 'rolled-back' }, true],
    [{ result: 'rolled-back', command: 'rollback' }, true],
    [{ result: 'held' }, true],
    [{ result: 'failed' }, true],
    [{ result: 'failed', reason: `${JOB_CANCELLED} before any traffic was shifted` }, false],
    [{ result: 'failed', reason: `${JOB_CANCELLED} and stayed`, shiftedAt: 1 }, true],
    [{ result: 'failed', command: 'status' }, false],
    [{ result: 'promoted' }, false],
    [{ result: 'unchanged' }, false],
    [{ result: 'planned' }, false],
  ] as const)('%j: %p', (over, expected) => {
    expect(isWorthNotice(emptyRecord(over))).toBe(expected);
  });
});

describe('a notice', () => {
  test('says what happened, why, what is served now and what to do', () => {
    const record = emptyRecord({ result: 'failed' });
    expect(renderNotice(record, FACTS)).toMatchObject({
      subject: 'Failed: the deployment of checkout did not finish',
      message: [
        'Failed: the deployment of checkout did not finish.',
        '',
        'Why: Lambda has no function checkout in eu-west-1 (account 123456789012).',
        'Now: No traffic was shifted.',
        'Next: Check function-name and aws-region; the role must belong to the account of the function.',
        '',
        'Function checkout, alias live, region eu-west-1.',
        'Run: https://github.com/acme/shop/actions/runs/1001',
        'Commit: 4f2c9b1',
        '',
      ].join('\n'),
      group: 'checkout:live',
      id: '1001.1.k3f9a2',
    });
  });

  test('leaves out what is not known', () => {
    const { message, attributes } = renderNotice(emptyRecord({ next: '', endedAt: undefined }), NOWHERE);
    expect(message).not.toMatch(/^(Run|Commit|Next):/m);
    expect(Object.values(attributes)).not.toContain('');
    expect(JSON.parse(attributes['details'] ?? '')).toMatchObject({ endedAt: null });
  });

  test('has ten attributes at most, and details as JSON', () => {
    const { attributes } = renderNotice(
      publishedRecord({ result: 'rolled-back', version: '8', previousVersion: '7' }),
      FACTS,
    );
    expect(Object.keys(attributes)).toHaveLength(10);
    expect(JSON.parse(attributes['details'] ?? '')).toMatchObject({ sha: '4f2c9b1', run: FACTS.runUrl });
  });

  test('of a step that died', () => {
    const notice = renderRescueNotice(FACTS, { text: 'Alias live was put back', next: 'Deploy again' });
    expect(notice.subject).toBe('Failed: the step with command deploy for checkout did not come to its end');
    expect(notice.message).toContain('\nNow: Alias live was put back.\nNext: Deploy again.\n');
  });

  test('keeps the rules of SNS whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme' }), (name, text) => {
        const facts = { ...FACTS, functionName: name };
        const record = emptyRecord({ functionName: name, result: 'held', reason: text, next: text, version: text });
        for (const notice of [renderNotice(record, facts), renderRescueNotice(facts, { text, next: text })]) {
          expect(notice.subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
          expect(notice.message).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
          expect(Object.values(notice.attributes)).not.toContain('');
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('is short enough for every mail program and for SNS', () => {
    const { subject, message, attributes } = renderNotice(
      emptyRecord({ functionName: 'f'.repeat(300), reason: 'x'.repeat(1e6) }),
      FACTS,
    );
    expect(subject).toMatch(/^Failed: the deployment of f{71}\.\.\.$/);
    expect(message.length + JSON.stringify(attributes).length).toBeLessThan(10_000);
  });
});
