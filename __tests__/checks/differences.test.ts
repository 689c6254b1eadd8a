import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { differences, sayMismatch } from '../../src/checks/differences.ts';
import type { Json } from '../../src/model/json.ts';

const sentencesOf = (expected: Json, actual: Json | undefined): readonly string[] =>
  differences(expected, actual).map((one) => sayMismatch(one, (text) => text));

const DEEP = { a: { b: [1, { c: 'x' }], 'd e': null }, body: '{"ok": true, "items": [1]}' };

describe('what an answer holds', () => {
  test.each<[Json, Json]>([
    [{}, DEEP],
    [DEEP, DEEP],
    [{ a: { b: [1, {}] } }, DEEP],
    [{ body: { ok: true } }, DEEP],
    [{ body: { items: [1] } }, DEEP],
    [{ body: '{"ok": true, "items": [1]}' }, DEEP],
    [[], []],
    [null, null],
    ['', ''],
    [0, -0],
    [
      [{ id: 1 }, { id: 2 }],
      [{ id: 1, more: 1 }, { id: 2 }],
    ],
    [[1], '[1]'],
  ])('%j in %j', (expected, actual) => {
    expect(differences(expected, actual)).toEqual([]);
  });
});

describe('what it does not: the place, what was expected, what was got', () => {
  test.each<[Json, Json | undefined, string[]]>([
    [1, 2, ['$: expected 1, got 2']],
    [1, '1', ['$: expected 1, got "1"']],
    [null, undefined, ['$: expected null, got nothing']],
    [{}, [], ['$: expected {}, got []']],
    [{}, null, ['$: expected {}, got null']],
    [[], {}, ['$: expected [], got {}']],
    [{ a: 1 }, {}, ['$.a: expected 1, got nothing']],
    [{ a: { b: [1, { c: 'y' }] } }, DEEP, ['$.a.b[1].c: expected "y", got "x"']],
    [{ a: { 'd e': 1 } }, DEEP, ['$.a["d e"]: expected 1, got null']],
    [[1], [1, 2], ['$: expected 1 item, got 2: [1,2]']],
    [[1, 2], [], ['$: expected 2 items, got 0: []']],
    [{ a: 1, b: 2 }, { a: 2, b: 1 }, ['$.a: expected 1, got 2', '$.b: expected 2, got 1']],
    [{ body: { ok: false } }, DEEP, ['$.body.ok: expected false, got true']],
    [{ body: { ok: false } }, { body: 'no JSON' }, ['$.body: expected {"ok":false}, got "no JSON"']],
    [{ body: { ok: false } }, { body: '7' }, ['$.body: expected {"ok":false}, got "7"']],
    // What an object has only because it is one does not count.
    [{ toString: 1 }, {}, ['$.toString: expected 1, got nothing']],
    [{ constructor: { name: 'Object' } }, {}, ['$.constructor: expected {"name":"Object"}, got nothing']],
  ])('%j in %j', (expected, actual, sentences) => {
    expect(sentencesOf(expected, actual)).toEqual(sentences);
  });

  test('nothing that could pose as a command or hide, and not more than fits a line', () => {
    const [sentence = ''] = sentencesOf('a', '\u001b[31m\n::error::x\u202e');
    expect(sentence).toMatch(/^\$: expected "a", got "[\x20-\x7e]+"$/);
    expect(sentencesOf(1, 'x'.repeat(500))[0]).toHaveLength('$: expected 1, got '.length + 121);
    expect(sentencesOf({ ['k\n'.repeat(300)]: 1 }, {})[0]?.length).toBeLessThan(700);
  });
});

describe('what must not be seen', () => {
  const hide = (text: string): string => text.replaceAll('s3cret', '***');

  test.each<[Json, Json | undefined, string]>([
    [1, 'a s3cret', '$: expected 1, got "a ***"'],
    ['the s3cret', 's3cret', '$: expected "the ***", got "***"'],
    [[], ['s3cret'], '$: expected 0 items, got 1: ["***"]'],
    // What is cut afterwards cannot leave a piece of it.
    [1, `${'x'.repeat(116)}s3cret`, `$: expected 1, got "${'x'.repeat(116)}***…`],
  ])('is hidden before anything is cut: %j in %j', (expected, actual, sentence) => {
    expect(differences(expected, actual).map((one) => sayMismatch(one, hide))).toEqual([sentence]);
  });

  test.each<[Json, Json | undefined, string]>([
    [200, 502, '$: expected 200, got 502'],
    [200, undefined, '$: expected 200, got nothing'],
    [200, 's3cret', '$: expected 200, got what is not shown: the environment variables of the version cannot be read'],
    [200, 12_345, '$: expected 200, got what is not shown: the environment variables of the version cannot be read'],
  ])('may be anything where nobody knows what it is: %j in %j', (expected, actual, sentence) => {
    const said = differences(expected, actual).map((one) => sayMismatch(one, undefined));
    expect(said).toEqual([expect.stringContaining(sentence)]);
    expect(said.join()).not.toContain('s3cret');
  });
});

describe('properties', () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

  test('every value holds itself', () => {
    fc.assert(
      fc.property(json, (value) => differences(value, value).length === 0),
      { seed: 11 },
    );
  });

  test('fields that were not spoken of do not matter', () => {
    const more = fc.dictionary(fc.string(), json);
    const property = fc.property(fc.dictionary(fc.string(), json), more, (expected, other) => {
      expect(differences(expected, { ...other, ...expected })).toEqual([]);
    });
    fc.assert(property, { seed: 12 });
  });

  test('a field that is missing is told', () => {
    const property = fc.property(fc.dictionary(fc.string(), json, { minKeys: 1 }), (value) => {
      const [key = ''] = Object.keys(value);
      const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      expect(differences(value, rest)).toHaveLength(1);
    });
    fc.assert(property, { seed: 13 });
  });

  test('whatever holds the other way round, too, is equal but for what lists and objects have in a text', () => {
    const property = fc.property(json, json, (a, b) => {
      const both = differences(a, b).length === 0 && differences(b, a).length === 0;
      if (both && typeof a !== 'string' && typeof b !== 'string') expect(differences([a], [b])).toEqual([]);
      if (!both && typeof a !== 'object') expect(a).not.toBe(b);
    });
    fc.assert(property, { seed: 14 });
  });
});
