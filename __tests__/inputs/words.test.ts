import { describe, expect, test } from '@jest/globals';
import { didYouMean, oneOf, quote } from '../../src/inputs/words.ts';

describe('quote', () => {
  test.each([
    ['plain', '"plain"'],
    ['C:\\dist', '"C:\\dist"'],
    ['a\nb\tc', '"a\\nb\\u0009c"'],
    ['\u001b[31mred', '"\\u001b[31mred"'],
    ['\u202egnp.exe', '"\\u202egnp.exe"'],
    ['a\u2028b', '"a\\u2028b"'],
    ['\u{e0041}', '"\\udb40\\udc41"'],
    ['\ud800', '"\\ud800"'],
    ['😀'.repeat(81), `"${'😀'.repeat(80)}…"`],
    ['x'.repeat(80), `"${'x'.repeat(80)}"`],
    ['x'.repeat(1_000_000), `"${'x'.repeat(80)}…"`],
  ])('%#', (text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });
});

test.each([
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('oneOf %j', (words, text) => {
  expect(oneOf(words)).toBe(text);
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
