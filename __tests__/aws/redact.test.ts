import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { redact, withoutSecrets } from '../../src/aws/redact.ts';

const VARIABLES = new Map([
  ['API_KEY', 's3cret'],
  ['LONGER', 's3cret-and-more'],
  ['QUOTED', 'a"b\\c\n'],
  ['PIN', '42'],
  ['EMPTY', ''],
]);

describe('redact', () => {
  test.each<[string, string]>([
    ['Access denied', 'Access denied'],
    ['cannot use s3cret-and-more, nor s3cret', 'cannot use ***, nor ***'],
    ['{"QUOTED":"a\\"b\\\\c\\n"}', '{"QUOTED":"***"}'],
    ['42 things: PIN=42, "PIN":"42", "PIN": "42"', '42 things: PIN=***, "PIN":"***", "PIN": "***"'],
    [
      'exceeded the 4KB limit. String measured: {"X":"cut off in the mid',
      'exceeded the 4KB limit. String measured: ***',
    ],
    [
      "Value '{API_KEY=unknown to us}' at 'environment.variables' failed",
      "Value '***' at 'environment.variables' failed",
    ],
  ])('%j', (said, shown) => {
    expect(redact(said, VARIABLES)).toBe(shown);
  });

  test('no variables, nothing to hide', () => {
    expect(redact('as it is', undefined)).toBe('as it is');
  });

  test('no value is left, wherever it stands', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 4, maxLength: 30 }).filter((text) => !text.includes('*'));
    const property = fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), fc.string(), (values, around) => {
      const variables = new Map(values.map((text, index) => [`NAME_${index}`, text]));
      const said = `${around}${values.join(around)} ${JSON.stringify(values)}`;
      const shown = redact(said, variables);
      for (const secret of values) {
        // What is left of the text around a value may happen to be one.
        if (!around.includes(secret) && !'",[]'.includes(secret)) expect(shown).not.toContain(secret);
      }
    });
    fc.assert(property, { seed: 13, numRuns: 300 });
  });
});

describe('withoutSecrets', () => {
  test('an error loses them in its message and its stack, and stays what it is', () => {
    const error = new TypeError('bad s3cret');
    expect(() => withoutSecrets(VARIABLES)(error)).toThrow(error);
    expect(error.message).toBe('bad ***');
    expect(error.stack).not.toContain('s3cret');
  });

  test('an error without a stack, and what is no error', () => {
    const error = new Error('bad s3cret');
    delete error.stack;
    expect(() => withoutSecrets(VARIABLES)(error)).toThrow('bad ***');
    expect(() => withoutSecrets(VARIABLES)('text')).toThrow('text');
  });
});
