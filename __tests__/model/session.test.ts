import { describe, expect, test } from '@jest/globals';
import { sessionEnd } from '../../src/model/session.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret' } as const;
const SESSION = { ...KEYS, AWS_SESSION_TOKEN: 'token' } as const;
const ONE = Date.UTC(2026, 0, 15, 13);

describe('sessionEnd', () => {
  test.each<[string, Record<string, string | undefined>, ReturnType<typeof sessionEnd>]>([
    ['nothing in the environment: a role of the machine', {}, 'never'],
    ["a user's own keys", KEYS, 'never'],
    ['an empty token', { ...KEYS, AWS_SESSION_TOKEN: '' }, 'never'],
    ['a session', SESSION, 'unknown'],
    ['one that says when', { ...SESSION, AWS_CREDENTIAL_EXPIRATION: '2026-01-15T13:00:00Z' }, ONE],
    ['in the other word', { ...SESSION, AWS_SESSION_EXPIRATION: '2026-01-15T13:00:00+00:00' }, ONE],
    [
      'the one that is not empty counts',
      { ...SESSION, AWS_CREDENTIAL_EXPIRATION: '', AWS_SESSION_EXPIRATION: '2026-01-15T13:00:00Z' },
      ONE,
    ],
    ['an output that was not there', { ...SESSION, AWS_CREDENTIAL_EXPIRATION: '' }, 'unknown'],
    ['no time', { ...SESSION, AWS_CREDENTIAL_EXPIRATION: 'soon' }, 'unknown'],
    ['no time, and no session', { ...KEYS, AWS_CREDENTIAL_EXPIRATION: 'soon' }, 'never'],
    ['an end alone', { AWS_CREDENTIAL_EXPIRATION: '2026-01-15T13:00:00Z' }, ONE],
  ])('%s', (_, env, expected) => {
    expect(sessionEnd(env)).toBe(expected);
  });
});
