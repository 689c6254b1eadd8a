import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { environment } from '../../src/inputs/environment.ts';
import { problemsOf } from '../../src/inputs/field.ts';
import { VARIABLES_LIMIT } from '../../src/model/settings.ts';
import { deploy, sentences } from './support.ts';

function read(text: string): Record<string, string | null> {
  return Object.fromEntries(deploy({ environment: text }).change.variables);
}

describe('is understood', () => {
  test.each<[string, Record<string, string | null>]>([
    ['', {}],
    ['# nothing yet', {}],
    ['FEATURE=on', { FEATURE: 'on' }],
    ['# first\n\n  AB = x=y # z\nCD=\r\n', { AB: 'x=y # z', CD: '' }],
    ['JSON={"a": "b"}\nONE="', { JSON: '{"a": "b"}', ONE: '"' }],
    ['AB: x=y\nCD: "a # b"\nEF:', { AB: 'x=y', CD: 'a # b', EF: null }],
    [
      'PORT: 08080\nRATE: 1.10\nHEX: 0x1F\nFLAG: TRUE\nBIG: 12345678901234567890',
      {
        PORT: '08080',
        RATE: '1.10',
        HEX: '0x1F',
        FLAG: 'TRUE',
        BIG: '12345678901234567890',
      },
    ],
    ['CERT: |\n  one\n  two', { CERT: 'one\ntwo\n' }],
    ['{"AB": "x", "CD": null, "EF": 7, "GH": ""}', { AB: 'x', CD: null, EF: '7', GH: '' }],
    ['{\n\t"AB": "x"\n}', { AB: 'x' }],
    ['AB: &x 1\nCD: *x', { AB: '1', CD: '1' }],
    // Names without a value, however they look, where nothing before them is cut.
    ['FEATURE=\nfeatureV2Url=\nAB==', { FEATURE: '', featureV2Url: '', AB: '=' }],
    [`KEY=${'k'.repeat(76)}\nFEATURE=\nnodeEnv=`, { KEY: 'k'.repeat(76), FEATURE: '', nodeEnv: '' }],
    [`KEY=${'k'.repeat(76)}\n\nc2VjcmV0cGFydDE=`, { KEY: 'k'.repeat(76), c2VjcmV0cGFydDE: '' }],
    ['constructor=1\ntoString=2', { constructor: '1', toString: '2' }],
  ])('%j', (text, variables) => {
    expect(read(text)).toEqual(variables);
  });
});

const LINES = 'Expected NAME=value on every line, or a YAML or JSON mapping (also for values of several lines).';
const IN_YAML = 'Expected YAML or JSON, both for a value of several lines and for an empty one under such a name.';
const A_NAME = 'Expected a letter, then at least one more letter, digit or underscore.';

describe('is refused, without a word of what may be a value', () => {
  test.each<[string, readonly string[]]>([
    ['AB=s3cret\ns3cret\n=s3cret', [`line 2 is not NAME=value. ${LINES}`, `line 3 is not NAME=value. ${LINES}`]],
    ['AB=1\ns3cr+et==', [`line 2 begins with no name that Lambda takes. ${A_NAME}`]],
    ...['c2VjcmV0cGFydA==', 'c2VjcmV0cGFydDE=', 'Qg==', `${'c2Vj'.repeat(10)}YWI=`, `${'ABCD'.repeat(10)}ABC=`].map(
      (rest): [string, readonly string[]] => [
        `KEY=${'QUFB'.repeat(19)}\n${rest}`,
        [`line 2 looks like the rest of a value. ${IN_YAML}`],
      ],
    ),
    ['A=s3cret', [`line 1 begins with no name that Lambda takes. ${A_NAME}`]],
    [
      'AB="s3cret"',
      ['line 1 has quotes, which would be part of the value. Expected none, or YAML, where quotes are not.'],
    ],
    ['AB=s3cret\nAB=s3cret', ['"AB" is given twice. Expected each name once.']],
    ['AB: s3cret\nAB: s3cret', [`repeats a name (line 2). ${LINES}`]],
    [
      'AWS_REGION=s3cret\n_HANDLER=s3cret',
      [
        '"AWS_REGION" is set by Lambda itself. Expected another name.',
        '"_HANDLER" is set by Lambda itself. Expected another name.',
      ],
    ],
    ['MY-NAME: s3cret', [`"MY-NAME" is no name that Lambda takes. ${A_NAME}`]],
    [
      'AB: [s3cret]\nCD: {s3cret: 1}',
      [
        'the value of "AB" is no text. Expected one text or number.',
        'the value of "CD" is no text. Expected one text or number.',
      ],
    ],
    ['[s3cret]: x1', [`"" is no name that Lambda takes. ${A_NAME}`]],
    ['AB: !!binary aGk=', ['the value of "AB" is no text. Expected one text or number.']],
    ['- s3cret', [`is not a mapping. ${LINES}`]],
    ['s3cret', [`is not a mapping. ${LINES}`]],
    ['AB: '.concat('{'.repeat(1000)), [`is nested too deep. ${LINES}`]],
    ['{AB, '.repeat(100), [`is nested too deep. ${LINES}`]],
    ['AB: *s3cret', [`is not YAML. ${LINES}`]],
    ['AB: "s3cret', [`is not YAML (line 1). ${LINES}`]],
    [`AB=${'s'.repeat(5000)}`, ['has 5009 bytes. Expected at most 4096 for all variables of a function together.']],
    [`AB: ${'s'.repeat(60_000)}`, ['has 60004 characters. Expected at most 50000.']],
  ])('%j', (text, problems) => {
    expect(sentences({ environment: text })).toEqual(problems.map((problem) => `environment: ${problem}`));
  });
});

describe('properties', () => {
  const names = fc.stringMatching(/^[A-Z][A-Z0-9_]{1,20}$/).filter((name) => !/^AWS|^LAMBDA|^_/.test(name));
  const values = fc.string({ unit: 'grapheme', maxLength: 60 });
  const entries = fc.dictionary(names, values, { maxKeys: 8 });

  test('JSON comes through as it is', () => {
    const property = fc.property(entries, (given) => {
      expect(read(JSON.stringify(given))).toEqual({ ...given });
    });
    fc.assert(property, { seed: 7, numRuns: 200 });
  });

  test('lines come through as they are, but for spaces around and quotes', () => {
    const plain = fc
      .string({ unit: 'grapheme-ascii', maxLength: 60 })
      .map((value) => value.trim())
      .filter((value) => value !== '=' && (!/^(["']).*\1$/.test(value) || value.length < 2));
    const property = fc.property(fc.dictionary(names, plain, { minKeys: 1, maxKeys: 8 }), (given) => {
      const lines = Object.entries(given).map(([name, value]) => `${name}=${value}`);
      expect(read(lines.join('\n'))).toEqual({ ...given });
    });
    fc.assert(property, { seed: 7, numRuns: 200 });
  });

  test('whatever is wrong with a text, no problem repeats a secret in it', () => {
    const SECRET = 'Zq9Xk7Wv';
    const around = fc.string({ unit: 'grapheme', maxLength: 30 });
    const shapes = fc.constantFrom(
      'AB=',
      'AB: ',
      'AB: "',
      '- ',
      '{"AB": "',
      'AB: |\n ',
      '*',
      'AB: &',
      'AB: !',
      'x: y: ',
      '',
    );
    const property = fc.property(shapes, around, around, (shape, before, after) => {
      const text = `${shape}${before.replaceAll('=', '')}${SECRET}${after}`;
      const problems = problemsOf(environment(text)).filter(({ problem }) => !problem.startsWith('"'));
      expect(JSON.stringify(problems)).not.toContain(SECRET);
    });
    fc.assert(property, { seed: 7, numRuns: 1000 });
  });

  test('never more than Lambda has room for', () => {
    const property = fc.property(fc.integer({ min: 4000, max: 4200 }), (length) => {
      const parsed = environment(`AB=${'x'.repeat(length)}`);
      expect('value' in parsed).toBe(length + '{"AB":""}'.length <= VARIABLES_LIMIT);
    });
    fc.assert(property, { seed: 7, numRuns: 100 });
  });
});
