import { describe, expect, test } from '@jest/globals';
import { quote } from '../../src/model/text.ts';

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
    ['😀'.repeat(201), `"${'😀'.repeat(200)}…"`],
    ['x'.repeat(200), `"${'x'.repeat(200)}"`],
    ['x'.repeat(1_000_000), `"${'x'.repeat(200)}…"`],
  ])('%#', (text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });
});
