import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clean } from '../../src/errors/clean.ts';

const KEY = ['AK', 'IAQX7RTMN2PLK3DSWV'].join('');
const SESSION_KEY = ['AS', 'IAQX7RTMN2PLK3DSWV'].join('');
const SECRET_KEY = ['wJalrXUtnFEMIzK7MDENGz', 'bPxRfiCYzzzzzzKEY1'].join('');
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dQw4w9WgXcQ';

describe('secrets are masked', () => {
  test.each([
    [`Unable to sign with ${KEY}`, 'Unable to sign with ***'],
    [`${SESSION_KEY}: expired`, '***: expired'],
    [`key ${SECRET_KEY} refused`, 'key *** refused'],
    ['Authorization: Bearer abcdef0123456789', 'Authorization: *** ***'],
    ['sent bearer abc.def~ghi+jkl/== to it', 'sent bearer *** to it'],
    ['sent Basic dXNlcjpwYXNzd29yZA== to it', 'sent Basic *** to it'],
    ['Basic authentication failed', 'Basic authentication failed'],
    [`token is ${JWT}`, 'token is ***'],
    ['password=hunter2 for app', 'password=*** for app'],
    ["PGPASSWORD='hunter 2' psql", 'PGPASSWORD=*** psql'],
    ['{"password":"hunter 2","user":"app"}', '{"password":***,"user":"app"}'],
    [
      String.raw`{\"db_password\": \"hunter 2\", \"user\": \"app\"}`,
      String.raw`{\"db_password\": ***, \"user\": \"app\"}`,
    ],
    ['{ apiKey: "abc", retries: 3 }', '{ apiKey: ***, retries: 3 }'],
    ['client_secret => abc', 'client_secret => ***'],
    [
      'GET /x?X-Amz-Signature=abc&X-Amz-Security-Token=def&part=1',
      'GET /x?X-Amz-Signature=***&X-Amz-Security-Token=***&part=1',
    ],
    [
      'connect postgres://app:s3cr/e@t@db.internal:5432/shop failed',
      'connect postgres://***@db.internal:5432/shop failed',
    ],
    ['redis://s3cret@cache:6379', 'redis://***@cache:6379'],
    ['https://api.example.com:8443/orders/7', 'https://api.example.com:8443/orders/7'],
    ['DefaultEndpointsProtocol=https;AccountKey=abc==;x=1', 'DefaultEndpointsProtocol=https;AccountKey=***;x=1'],
    ['Set-Cookie: sid=abc; Path=/; theme=dark', 'Set-Cookie: ***'],
    [`pushed with ghp_${'a1'.repeat(18)}`, 'pushed with ***'],
    [`xoxb-${'1'.repeat(12)}-abc`, '***'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- refused', '*** refused'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE', '***'],
    ['no account for ann.lee+1@example.co.uk', 'no account for <email>'],
  ])('%s', (text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  test.each([
    "TypeError: Cannot read properties of undefined (reading 'price')",
    'InvalidTokenError: the session has ended',
    'not authorized to perform: secretsmanager:GetSecretValue on resource: *',
    'password authentication failed for user "app"',
    'sha1 3f786850e387550fdab836ed7e6dc881de23001b is not in the cache',
    'SyntaxError: Unexpected token < in JSON at position 0',
  ])('what is none stays: %s', (text) => {
    expect(clean(text)).toBe(text);
  });

  test('also behind characters that nobody sees', () => {
    expect(clean('pass\u200bword=hunter2')).not.toContain('hunter2');
    expect(clean(`\u001b[31mpassword\u001b[0m=hunter2`)).toBe('password=***');
    expect(clean(`AKIA\u200d${KEY.slice(4)}`)).not.toContain(KEY.slice(8));
  });

  test('wherever they stand', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_$!#%*+-]{6,40}$/);
    const before = fc.constantFrom(
      'password=',
      'DB_PASSWORD: ',
      '"client_secret": "',
      'api-key=',
      "token='",
      'x-api-key: ',
    );
    const around = fc.string({ maxLength: 60 }).filter((text) => !/["'\\]/.test(text));
    fc.assert(
      fc.property(around, before, secret, around, (left, name, value, right) => {
        fc.pre(!`${left}${name}***${right}`.includes(value));
        const end = name.endsWith('"') ? '"' : name.endsWith("'") ? "'" : ' ';
        expect(clean(`${left} ${name}${value}${end}${right}`)).not.toContain(value);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('a message is one short line', () => {
  test.each([
    ['a\r\n\tb', 'a b'],
    ['\u202ea\u0000', 'a'],
    ['x'.repeat(300), 'x'.repeat(300)],
    [`${'x'.repeat(299)} y`, `${'x'.repeat(299)}…`],
    ['𝒳'.repeat(301), `${'𝒳'.repeat(300)}…`],
    ['\ud800', '\ufffd'],
  ])('%j', (text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  test('quickly, whatever it is', () => {
    const began = performance.now();
    for (const text of [
      'a'.repeat(1e6),
      'password'.repeat(1e5),
      '://:'.repeat(1e5),
      'eyJaaaaaa.'.repeat(1e5),
      'A1a/'.repeat(1e5),
    ])
      clean(text);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
