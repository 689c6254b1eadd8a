import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Secrets } from '../../src/model/secrets.ts';

const KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYplantedKEY';
const JWT = `eyJ0eXAiOiJKV1Q.${'eyJzdWIiOiJyZXBv'.repeat(3)}.c2lnbmF0dXJl`;
const SESSION = `IQoJb3JpZ2luX2VjE${'abc/+='.repeat(20)}`;

const secrets = new Secrets();
secrets.add(KEY);

describe('what is known to be secret', () => {
  test.each([
    [`the key ${KEY} is wrong`, 'the key *** is wrong'],
    [`${KEY}${KEY} and ${KEY}`, '****** and ***'],
    [`cut at the end: ${KEY.slice(0, 20)}…`, 'cut at the end: ***…'],
    [`as an answer quotes it: "${KEY}"`, 'as an answer quotes it: "***"'],
    [`its first letters are no secret: ${KEY.slice(0, 11)}`, `its first letters are no secret: ${KEY.slice(0, 11)}`],
  ])('%j', (text, shown) => {
    expect(secrets.conceal(text)).toBe(shown);
  });

  test('is told once, and not when it is too short to be told from words', () => {
    const learning = new Secrets();
    expect(learning.add('short', undefined, ` ${KEY}\n`, KEY)).toEqual([KEY]);
    expect(learning.add(KEY)).toEqual([]);
    expect(learning.conceal('short')).toBe('short');
  });

  test('leaves no twelve letters of itself in any text', () => {
    const secret = fc.string({
      minLength: 16,
      maxLength: 60,
      unit: fc.constantFrom('a', 'b', 'X', 'Y', '0', '1', '/', '+', '='),
    });
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), fc.nat(60), (value, before, after, cut) => {
        const learning = new Secrets();
        learning.add(value);
        const end = Math.max(12, cut);
        const shown = learning.conceal(`${before}${value} ${value.slice(0, end)}`);
        expect(shown).not.toContain(value.slice(0, 12));
        expect(learning.conceal(after.slice(0, 8))).toBe(after.slice(0, 8));
      }),
      { seed: 7 },
    );
  });
});

describe('what gives itself away', () => {
  test.each([
    ['AKIAIOSFODNN7EXAMPLE', '***'],
    ['key ASIAIOSFODNN7EXAMPLE.', 'key ***.'],
    [`ghs_${'a1B2'.repeat(9)} is it`, '*** is it'],
    [`github_pat_${'a1_B2'.repeat(9)}`, '***'],
    [`Bearer ${JWT}`, 'Bearer ***'],
    ['-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----!', '***!'],
    ['-----BEGIN PRIVATE KEY-----\nabc, and cut', '***'],
    [`token=${SESSION} `, 'token=*** '],
    ['x-amz-security-token:abc/def== host:x', 'x-amz-security-token:*** host:x'],
    ['"X-Amz-Security-Token": "abc"', '"X-Amz-Security-Token": "***"'],
    [
      'https://b.s3.amazonaws.com/k?X-Amz-Credential=AK%2F1&X-Amz-Signature=0f',
      'https://b.s3.amazonaws.com/k?X-Amz-Credential=***&X-Amz-Signature=***',
    ],
    ['http://user:pa55@proxy:3128 refused', 'http://user:***@proxy:3128 refused'],
  ])('%j', (text, shown) => {
    expect(new Secrets().conceal(text)).toBe(shown);
  });

  test.each([
    'error rate 2.31% vs 0.10% (23/996 vs 9/8964), evidence 1:9e13',
    'arn:aws:lambda:eu-west-1:123456789012:function:checkout:live',
    '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
    'acme/shop@0123456789abcdef0123456789abcdef01234567 (run 1001)',
    'https://github.com/acme/shop/actions/runs/1001',
    's3://releases/lambda/checkout/0123456789abcdef.zip',
    'Canary10Percent5Minutes at 12:30 by a@b.example',
  ])('and this does not: %s', (text) => {
    expect(secrets.conceal(text)).toBe(text);
  });
});

test('values made of others are searched wholly', () => {
  const record = { reason: KEY, notes: [`a ${KEY}`, 1, null, undefined], weights: { [KEY]: 10 }, ok: true };
  expect(secrets.concealAll(record)).toEqual({
    reason: '***',
    notes: ['a ***', 1, null, undefined],
    weights: { '***': 10 },
    ok: true,
  });
});
