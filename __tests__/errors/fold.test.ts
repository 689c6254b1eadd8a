import { expect, test } from '@jest/globals';
import { fold, kindOf } from '../../src/errors/fold.ts';

test.each([
  ['order 83112 was declined', 'order <n> was declined'],
  ['order83112 was declined', 'order<n> was declined'],
  ['took 3.25 s of 1,000', 'took <n> s of <n>'],
  ['no item 6f9619ff-8b86-d011-b42d-00cf4fc964ff', 'no item <id>'],
  ['no blob 3f786850e387550fdab836ed7e6dc881de23001b', 'no blob <id>'],
  ['no session sess_9aZ8kQ0x7LmN4vB2', 'no session <id>'],
  ['at 2026-01-15T12:00:03.123Z and 2026-01-15 12:00:03,5', 'at <time> and <time>'],
  ['connect ECONNREFUSED 10.0.3.17:5432', 'connect ECONNREFUSED <ip>'],
  ['bad address 0xdeadbeef', 'bad address <n>'],
  ['S3 and utf8 and v2 deadbeef acknowledged', 'S3 and utf8 and v2 deadbeef acknowledged'],
  ['at Object.<anonymous> (internationalization-library)', 'at Object.<anonymous> (internationalization-library)'],
])('%s', (message, folded) => {
  expect(fold(message)).toBe(folded);
});

test('a hash that has no letter in it is of the same kind as others', () => {
  const [letters = '', digits = ''] = ['no blob 3f786850', 'no blob 37868501'].map(fold);
  expect(letters).not.toBe(digits);
  expect(kindOf(letters)).toBe(kindOf(digits));
});
