import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { environmentHider } from '../../src/model/environment-hider.ts';

test.each([
  [{ TABLE: 'orders-prod-7' }, 'no table orders-prod-7', 'no table ***'],
  [{ STAGE: 'prod' }, 'prod is down', 'prod is down'],
  [{ API_KEY: 'abcd' }, 'key abcd refused', 'key *** refused'],
  [{ API_KEY: 'ab' }, 'key ab refused', 'key ab refused'],
  [{ A: 'abcdefgh', B: 'abcdefghijkl' }, 'abcdefghijkl abcdefgh', '*** ***'],
  [{ CONFIG: '{"a":"b c"}' }, String.raw`{"config":"{\"a\":\"b c\"}"} {"a":"b c"}`, '{"config":"***"} ***'],
  [{ DB: 'postgres://app:hunter22@db/shop' }, 'login as app with hunter22 failed', 'login as app with *** failed'],
  [{ A: ' padded-value\n' }, 'padded-value', '***'],
  [{ A: 'a "b" c.' }, JSON.stringify(JSON.stringify({ A: 'a "b" c.' })), JSON.stringify(JSON.stringify({ A: '***' }))],
  [{ KEY: '-----BEGIN\nMIIEvQIBADAN\n-----END' }, 'it is -----BEGIN\rMIIEvQIBADAN\r-----END', 'it is ***\r***\r***'],
  [{}, 'as it was', 'as it was'],
])('%j: %s', (variables, text, hidden) => {
  expect(environmentHider(new Map(Object.entries(variables)))(text)).toBe(hidden);
});

test('no value that is long enough comes through, whatever it is made of', () => {
  const value = fc.string({ minLength: 8, maxLength: 40 }).filter((text) => text.trim().length >= 8);
  fc.assert(
    fc.property(value, fc.string(), fc.string(), (secret, left, right) => {
      fc.pre(!`${left}***${right}`.includes(secret.trim()));
      expect(environmentHider(new Map([['X', secret]]))(`${left}${secret.trim()}${right}`)).not.toContain(
        secret.trim(),
      );
    }),
    { seed: 11, numRuns: 500 },
  );
});
