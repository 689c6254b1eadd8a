import { describe, expect, test } from '@jest/globals';
import { ActionFailure } from '../../src/model/failure.ts';
import { explainGitHub } from '../../src/runner/github-failures.ts';

function answered(status: number, message: string): Error {
  return Object.assign(new Error(message), { status });
}

describe('what GitHub answers', () => {
  test.each<[unknown, boolean, RegExp]>([
    [answered(403, 'Resource not accessible by integration'), true, /`deployments: write`/],
    [answered(404, 'Not Found'), true, /`deployments: write`/],
    [answered(401, 'Bad credentials'), true, /github-token/],
    [answered(422, 'No ref found for: abc'), true, /No ref found/],
    [answered(403, 'API rate limit exceeded for installation'), false, /asks to wait/],
    [answered(403, 'You have exceeded a secondary rate limit'), false, /asks to wait/],
    [answered(429, 'Too many requests'), false, /asks to wait/],
    [answered(408, 'timeout'), false, /timeout/],
    [answered(502, 'Server Error'), false, /Server Error/],
    [new Error('fetch failed'), false, /fetch failed/],
    [Object.assign(new Error('odd'), { status: 'odd' }), false, /odd/],
    ['nothing', false, /nothing/],
  ])('%s: final %p', (error, permanent, words) => {
    const failure = explainGitHub(error);
    expect(failure.permanent).toBe(permanent);
    expect(`${failure.message} ${failure.next}`).toMatch(words);
  });

  test('a failure of our own stays as it is', () => {
    const own = new ActionFailure('a', 'b');
    expect(explainGitHub(own)).toBe(own);
  });
});
