import { describe, expect, test } from '@jest/globals';
import { didYouMean, listed, oneOf } from '../../src/inputs/words.ts';

test.each([
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('oneOf %j', (words, text) => {
  expect(oneOf(words)).toBe(text);
});

test('listed', () => {
  expect(listed(' a b,c\r\n\n,d ')).toEqual(['a b', 'c', 'd']);
  expect(listed('')).toEqual([]);
});

const COMMANDS = ['deploy', 'rollback'];

describe('didYouMean', () => {
  test.each([
    ['Deploy', 'deploy'],
    ['deplyo', 'deploy'],
    ['deply', 'deploy'],
    ['deployy', 'deploy'],
    ['depliy', 'deploy'],
    ['rolback', 'rollback'],
    ['roll-back', 'rollback'],
    ['rollbakc', 'rollback'],
  ])('%s', (text, word) => {
    expect(didYouMean(text, COMMANDS)).toBe(` (did you mean ${word}?)`);
  });

  test.each(['', 'status', 'release', 'deployment', 'x'.repeat(1_000_000)])('nothing near %#', (text) => {
    expect(didYouMean(text, COMMANDS)).toBe('');
  });

  test('the nearest of several', () => {
    expect(didYouMean('linears', ['Linearly', 'linear'])).toBe(' (did you mean linear?)');
  });
});
