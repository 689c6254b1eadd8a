import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isJson, isJsonObject, parseJson, whereNoJson } from '../../src/model/json.ts';

describe('isJson', () => {
  test('takes whatever JSON gives', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => isJson(JSON.parse(JSON.stringify(value)))));
  });

  test.each([undefined, NaN, Infinity, 10n, Symbol('a'), () => 1, [1, undefined], { a: { b: -Infinity } }])(
    'refuses %p',
    (value) => {
      expect(isJson(value)).toBe(false);
    },
  );
});

test.each([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  ['{}', false],
  [undefined, false],
])('isJsonObject %p', (value, is) => {
  expect(isJsonObject(value)).toBe(is);
});

describe('a text', () => {
  test.each([
    ['{"a": 1}', { a: 1 }],
    ['\uFEFF[1]', [1]],
    ['null', null],
  ])('%j is JSON', (text, value) => {
    expect(parseJson(text)).toEqual({ value });
  });

  test('that is JSON stops nowhere to be it', () => {
    expect(whereNoJson('{"a": 1}')).toBe('');
  });

  test.each([
    ['', ' but empty'],
    [' \n', ' but empty'],
    ['{"a": 1,\n "b": 1 2}', ' from line 2, column 9 on'],
    ['{"a"', ' from line 1, column 5 on'],
  ])('%j is none', (text, where) => {
    expect(parseJson(text)).toBeUndefined();
    expect(whereNoJson(text)).toBe(where);
  });

  test('is never repeated', () => {
    expect(whereNoJson('{"password": hunter2}')).not.toContain('hunter2');
  });
});
