import { describe, expect, test } from '@jest/globals';
import { describeOrigin, isOlder, originOf } from '../../src/release/origin.ts';

const RUN = { repository: 'acme/shop', runId: 1001 };

describe('a version tells who published it', () => {
  test.each(['0123456789abcdef', ''])('by its default description (sha %j)', (sha) => {
    const text = describeOrigin({ ...RUN, sha });
    expect(text).toBe(`acme/shop@${sha.slice(0, 7)} (run 1001)`);
    expect(originOf(text)).toEqual(RUN);
  });

  test.each([
    '',
    'release 7',
    'acme/shop@0123456 (run 1001) and more',
    'see acme/shop@0123456 (run 1001)',
    'acme/shop@0123456 (run 0)',
    'acme/shop@0123456 (run 1e9)',
    'acme/shop@0123456 (run 1234567890123456)',
    'acme@0123456 (run 1001)',
  ])('no other description does: %j', (text) => {
    expect(originOf(text)).toBeUndefined();
  });
});

describe('an older run', () => {
  test.each([
    ['an earlier one', RUN, { ...RUN, runId: 1002 }, true],
    ['the same one, run again', RUN, RUN, false],
    ['a later one', RUN, { ...RUN, runId: 999 }, false],
    ['one of another repository', RUN, { repository: 'acme/other', runId: 1002 }, false],
    ['no run at all', undefined, RUN, false],
    ['against a version that nobody knows', RUN, undefined, false],
  ])('%s', (_, run, other, expected) => {
    expect(isOlder(run, other)).toBe(expected);
  });
});
