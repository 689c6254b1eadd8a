import { describe, expect, test } from '@jest/globals';
import { deploy, parse, sentences } from './support.ts';

/** The runner takes the common indentation off. */
const unindented = (text: string): string => text.replaceAll('\n      ', '\n');
const testsOf = (text: string): unknown => deploy({ 'smoke-test': unindented(text) }).smokeTests;
const payload = (given: unknown): unknown => [{ name: undefined, payload: given, expect: {}, maxDuration: undefined }];

describe('one payload', () => {
  test.each([
    ['{"a": [1, 2], "b": {"payload": 1}}', { text: '{"a": [1, 2], "b": {"payload": 1}}' }],
    // Sent as it was written: no number is rounded on its way through this program.
    ['{"id": 12345678901234567890}', { text: '{"id": 12345678901234567890}' }],
    ['{}', { text: '{}' }],
    ['"pong"', { text: '"pong"' }],
    ['5', { text: '5' }],
    ['null', { text: 'null' }],
    ['order: 7\nitems:\n  - a', { text: '{"order":7,"items":["a"]}' }],
    ['events/a.json', { files: 'events/a.json' }],
    ['*.json', { files: '*.json' }],
    ['./[ab].json', { files: './[ab].json' }],
    ['**/events/{a,b}*.json', { files: '**/events/{a,b}*.json' }],
  ])('%j', (text, expected) => {
    expect(testsOf(text)).toEqual(payload(expected));
  });

  test.each(['', '[]', '# none'])('none: %j', (text) => {
    expect(testsOf(text)).toEqual([]);
  });
});

test('a list', () => {
  const text = `
      - payload: events/*.json
      - name: " no such order "
        payload: {orderId: none}
        expect: {error: OrderNotFound, json: {errorMessage: none}}
        max-duration: 1.5s
      - payload: '{"a": 1.0}'
        expect: 200
      - payload: [1, "two", null]
        expect:
          status: 2XX
          json: null
          matches: ^ok$
      - payload: '"text"'
        expect: {status: "404"}
        max-duration: 300ms
      - payload: 7
        expect:`;
  const none = { name: undefined, expect: {}, maxDuration: undefined };
  expect(testsOf(text)).toEqual([
    { ...none, payload: { files: 'events/*.json' } },
    {
      name: 'no such order',
      payload: { text: '{"orderId":"none"}' },
      expect: { error: 'OrderNotFound', json: { errorMessage: 'none' } },
      maxDuration: 1500,
    },
    { ...none, payload: { text: '{"a": 1.0}' }, expect: { status: { text: '200', least: 200, most: 200 } } },
    {
      ...none,
      payload: { text: '[1,"two",null]' },
      expect: { status: { text: '2xx', least: 200, most: 299 }, json: null, matches: /^ok$/ },
    },
    {
      ...none,
      payload: { text: '"text"' },
      expect: { status: { text: '404', least: 404, most: 404 } },
      maxDuration: 300,
    },
    { ...none, payload: { text: '7' } },
  ]);
});

describe('what is wrong', () => {
  const wrong = (text: string): readonly string[] => sentences({ 'smoke-test': unindented(text) });
  const ofExpect = (text: string): string => `[{payload: {}, expect: ${text}}]`;

  test.each([
    ['{"a": }', /^smoke-test: is not JSON\. Expected JSON, or the path or glob of JSON files, or a YAML list/],
    ['{"a": 1,\n b: 2}', /^smoke-test: is not JSON from line 2, column 2 on\./],
    ['- {payload: {}', /^smoke-test: is not YAML \(".*"\)\. Expected JSON/],
    ["'a.json", /^smoke-test: is not YAML/],
    ['a.json\nb.json', /is a text\. Expected JSON, or the path/],
    ['[1]', /item 1: is a number\. Expected a mapping of payload/],
    ['{"payload": {}}', /reads like an item of the list without its dash\. Expected "- payload: …"/],
    ['payload: a.json\nexpect: 200', /reads like an item of the list/],
    ['a: .nan\nb: 1', /holds a number that JSON does not have/],
    ['[{payload: {a: .inf}}]', /item 1: payload: holds a number/],
    ['- expect: 200', /item 1: has no payload\. Expected JSON, .*; \{\} is an empty one/],
    ['- payload:', /item 1: has no payload/],
    ['- payload: " "', /item 1: payload: is empty/],
    ['- payload: \'{"a"\'', /item 1: payload: "\{"a"" is not JSON/],
    ['- {payload: {}, expected: 200}', /item 1: "expected" is unknown \(did you mean expect\?\)/],
    ['- {payload: {}, name: 7}', /name: is a number\. Expected a text/],
    ['- {payload: {}, name: ""}', /name: is empty/],
    [`- {payload: {}, name: ${'x'.repeat(101)}}`, /name: has 101 characters\. Expected at most 100/],
    ['- {payload: {}, max-duration: 5}', /max-duration: "5" has no unit/],
    ['- {payload: {}, max-duration: 1h}', /max-duration: "1h" is not a duration/],
    [ofExpect('ok'), /expect: is a text\. Expected a status code, or a mapping of status, json, matches or error/],
    [ofExpect('[200]'), /expect: is a list/],
    [ofExpect('{}'), /expect: expects nothing/],
    [ofExpect('99'), /expect: status: "99" is not a status code\. Expected a status code such as 200, or 2xx/],
    [ofExpect('{status: 6xx}'), /status: "6xx" is not a status code/],
    [ofExpect('{status: true}'), /status: is a boolean/],
    [ofExpect('{statusCode: 200}'), /"statusCode" is unknown.*fields of the answer stand below json/],
    [ofExpect('{matches: "("}'), /matches: is not a regular expression \(".*Unterminated group"\)/],
    [ofExpect('{matches: ""}'), /matches: is empty, which matches everything/],
    [ofExpect('{matches: 7}'), /matches: is a number\. Expected a regular expression in quotes/],
    [ofExpect('{error: ""}'), /error: is empty/],
    [ofExpect('{error: true}'), /error: is a boolean\. Expected the errorType/],
    [ofExpect('{error: E, status: 500}'), /has status beside error/],
    [ofExpect('{json: {a: .nan}}'), /json: holds a number/],
    ['- &a [*a]', /is not YAML|is a list/],
  ])('%j', (text, sentence) => {
    const [first, ...others] = wrong(text);
    expect(first).toMatch(sentence);
    expect(others).toEqual([]);
  });

  test('all of it at once', () => {
    const text = '[{payload: {}, expect: {status: x, matches: "[", json: .nan}, max-duration: 1}, 7]';
    expect(wrong(text)).toHaveLength(5);
  });

  test('too many', () => {
    const items = Array.from({ length: 101 }, () => '- payload: {}').join('\n');
    expect(wrong(items)).toEqual([expect.stringContaining('has 101 items. Expected at most 100')]);
  });

  test('the payloads of an item that is right are looked for although another input is wrong', () => {
    const found = parse({ 'smoke-test': 'a.json', interval: 'x' });
    expect(found).toMatchObject({ ok: false, smokeTests: payload({ files: 'a.json' }) });
    expect(parse({ 'smoke-test': '- x', interval: 'x' })).toMatchObject({ ok: false, smokeTests: [] });
  });

  test('nothing else reads them', () => {
    const warnings = ['smoke-test', 'check', 'check-timeout'].map(
      (name) => `${name} has no effect with command rollback.`,
    );
    const raw = { command: 'rollback', artifact: '', 'smoke-test': '- x', check: 'true', 'check-timeout': 'x' };
    expect(parse(raw)).toMatchObject({ ok: true, warnings });
  });

  test.each([['0s'], ['x'], ['-1m']])('check-timeout %s', (text) => {
    expect(sentences({ check: 'true', 'check-timeout': text })).toEqual([expect.stringMatching(/^check-timeout: /)]);
  });
});

test('nesting beyond the stack is no fault', () => {
  const depth = 30_000;
  const deep = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  expect(parse({ 'smoke-test': deep })).toMatchObject({
    ok: true,
    inputs: { smokeTests: [{ payload: { text: deep } }] },
  });
  expect(parse({ 'smoke-test': `a: 1\nb: ${'['.repeat(20_000)}` })).toMatchObject({ ok: false });
});
