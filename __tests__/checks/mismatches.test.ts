import { describe, expect, test } from '@jest/globals';
import { sayMismatch } from '../../src/checks/differences.ts';
import { mismatches } from '../../src/checks/mismatches.ts';
import type { Expectation } from '../../src/model/smoke.ts';

const said = (value: unknown, hasFailed = false) => ({ text: JSON.stringify(value), hasFailed, log: '' });
const threw = (value: unknown) => said(value, true);
const status = (text: string, least: number, most = least): Expectation => ({ status: { text, least, most } });
const API = { statusCode: 200, headers: {}, body: '{"currency":"EUR","total":7}' };
const ERROR = { errorType: 'OrderNotFound', errorMessage: 'no order 7', trace: ['a'] };

describe('holds', () => {
  test.each<[string, Expectation, ReturnType<typeof said>]>([
    ['nothing expected, something got', {}, said({ a: 1 })],
    ['nothing expected, nothing got', {}, { text: '', hasFailed: false, log: '' }],
    ['nothing expected of what is no JSON', {}, { text: '<html>', hasFailed: false, log: '' }],
    ['a client error that nobody spoke of', {}, said({ statusCode: 404 })],
    ['a statusCode that is none', {}, said({ statusCode: null })],
    ['the status', status('200', 200), said(API)],
    ['the status in a text', status('200', 200), said({ statusCode: '200' })],
    ['a range', status('2xx', 200, 299), said({ statusCode: 204 })],
    ['a server error that was asked for', status('503', 503), said({ statusCode: 503 })],
    ['a server error that was asked for in json', { json: { statusCode: 500 } }, said({ statusCode: 500 })],
    ['json', { json: { statusCode: 200, body: { total: 7 } } }, said(API)],
    ['json that is null', { json: null }, said(null)],
    ['a pattern', { matches: /"currency\\":\\"EUR/ }, said(API)],
    ['a pattern on a text, without its quotes', { matches: /^pong$/ }, said('pong')],
    ['the error', { error: 'OrderNotFound' }, threw(ERROR)],
    ['the error and its message', { error: 'OrderNotFound', json: { errorMessage: 'no order 7' } }, threw(ERROR)],
    ['all together', { ...status('200', 200), json: { headers: {} }, matches: /EUR/ }, said(API)],
  ])('%s', (_, expected, answer) => {
    expect(mismatches(expected, answer)).toEqual([]);
  });
});

describe('does not hold, and says why', () => {
  test.each<[string, Expectation, ReturnType<typeof said>, string[]]>([
    ['an error', {}, threw(ERROR), ['expected no error, got OrderNotFound: no order 7']],
    [
      'an error without a type',
      {},
      threw({ errorMessage: 'Task timed out' }),
      ['expected no error, got Task timed out'],
    ],
    [
      'an error without a message',
      {},
      threw({ errorType: 'Runtime.ExitError' }),
      ['expected no error, got Runtime.ExitError'],
    ],
    ['an error of no known shape', {}, threw([1]), ['expected no error, got [1]']],
    ['an error without a word', {}, { text: '', hasFailed: true, log: '' }, ['expected no error, got an empty answer']],
    [
      'an error, whatever else was expected',
      { ...status('200', 200), json: 1 },
      threw(ERROR),
      ['expected no error, got OrderNotFound: no order 7'],
    ],
    ['a server error', {}, said({ statusCode: 502 }), ['$.statusCode: expected no 500 or more, got 502']],
    [
      'a server error in a text',
      { matches: /x|5/ },
      said({ statusCode: '500' }),
      ['$.statusCode: expected no 500 or more, got "500"'],
    ],
    ['another status', status('200', 200), said({ statusCode: 500 }), ['$.statusCode: expected 200, got 500']],
    ['beside the range', status('2xx', 200, 299), said({ statusCode: 300 }), ['$.statusCode: expected 2xx, got 300']],
    ['no status', status('200', 200), said([API]), ['$.statusCode: expected 200, got nothing']],
    [
      'a status that is none',
      status('200', 200),
      said({ statusCode: [200] }),
      ['$.statusCode: expected 200, got [200]'],
    ],
    ['other json', { json: { body: { total: 8 } } }, said(API), ['$.body.total: expected 8, got 7']],
    ['no JSON', { json: {} }, { text: '<html>', hasFailed: false, log: '' }, ['expected JSON, got <html>']],
    ['no match', { matches: /USD/ }, said('EUR'), ['expected an answer that matches /USD/, got "EUR"']],
    ['no error', { error: 'OrderNotFound' }, said({ a: 1 }), ['expected the error OrderNotFound, got {"a":1}']],
    [
      'another error',
      { error: 'NotFound' },
      threw(ERROR),
      ['expected the error NotFound, got OrderNotFound: no order 7'],
    ],
    [
      'another message',
      { error: 'OrderNotFound', json: { errorMessage: 'x' } },
      threw(ERROR),
      ['$.errorMessage: expected "x", got "no order 7"'],
    ],
    [
      'everything',
      { ...status('201', 201), json: { a: 1 }, matches: /x/ },
      said({ statusCode: 200 }),
      [
        '$.statusCode: expected 201, got 200',
        '$.a: expected 1, got nothing',
        'expected an answer that matches /x/, got {"statusCode":200}',
      ],
    ],
  ])('%s', (_, expected, answer, sentences) => {
    expect(mismatches(expected, answer).map((one) => sayMismatch(one, (text) => text))).toEqual(sentences);
  });
});
