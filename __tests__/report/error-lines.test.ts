import { expect, test } from '@jest/globals';
import type { CanaryErrors } from '../../src/model/canary-errors.ts';
import { errorLines } from '../../src/report/error-lines.ts';
import { SHIFTED } from './records.ts';

const CANARY = { version: '8', shiftedAt: SHIFTED };
const group = (message: string, count: number, ...requestIds: string[]) => ({
  message,
  count,
  firstSeen: SHIFTED + 72_000,
  requestIds,
});

function linesOf(over: Partial<CanaryErrors>): readonly string[] {
  const errors = { logGroup: '/aws/lambda/checkout', groups: [], scanned: 3, ...over };
  return errorLines(errors, CANARY).map(({ text }) => text);
}

test('nothing was recognised', () => {
  expect(linesOf({})).toEqual([
    'Version 8 logged no error that could be recognised (log group /aws/lambda/checkout, streams with [8]).',
  ]);
});

test('the most frequent, and how many more kinds there are', () => {
  const groups = [group('TypeError: boom', 19, '2c1e', '99'), group('a\n::error::b', 3), group('c', 2), group('d', 1)];
  const head = 'What version 8 says of its errors (log group /aws/lambda/checkout, streams with [8]):';
  expect(linesOf({ groups })).toEqual([
    head,
    '  19×  TypeError: boom  (first at +01:12, request 2c1e)',
    '  3×  a ::error::b  (first at +01:12)',
    '  2×  c  (first at +01:12)',
    '  and 1 more kind of errors',
  ]);
  expect(linesOf({ groups: [...groups, group('e', 1)] }).at(-1)).toBe('  and 2 more kinds of errors');
  expect(linesOf({ groups: groups.slice(0, 3), isPartial: true })).toHaveLength(4);
  expect(linesOf({ groups, isPartial: true })[1]).toMatch(/^ {2}at least 19× {2}TypeError/);
});
