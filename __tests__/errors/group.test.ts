import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { groupErrors } from '../../src/errors/group.ts';
import { MINUTE } from '../../src/model/time.ts';

const NOON = Date.UTC(2026, 0, 15, 12);

function id(n: number): string {
  return `6bc28136-5b6a-4c9e-8d2f-${String(n).padStart(12, '0')}`;
}

function thrown(n: number, message: string, at = n): { at: number; text: string } {
  return { at: NOON + at, text: `2026-01-15T12:00:00.000Z\t${id(n)}\tERROR\t${message}` };
}

function report(n: number): { at: number; text: string } {
  return { at: NOON + n, text: `REPORT RequestId: ${id(n)}\tStatus: error\tError Type: Runtime.ExitError` };
}

test('the most frequent first, the same but for numbers together, with when and which', () => {
  const lines = [
    thrown(1, 'order 7 was declined'),
    thrown(2, 'boom 5'),
    thrown(3, 'order 8 was declined'),
    thrown(4, 'no such table'),
    { at: NOON + 5, text: '[ERROR] KeyError: 3' },
    { at: NOON + 6, text: 'END RequestId: x' },
  ];
  expect(groupErrors(lines)).toEqual([
    { message: 'order <n> was declined', count: 2, firstSeen: NOON + 1, requestIds: [id(1), id(3)] },
    // One alone is told as it was written.
    { message: 'boom 5', count: 1, firstSeen: NOON + 2, requestIds: [id(2)] },
    { message: 'no such table', count: 1, firstSeen: NOON + 4, requestIds: [id(4)] },
    { message: 'KeyError: 3', count: 1, firstSeen: NOON + 5, requestIds: [] },
  ]);
});

describe('an invocation counts once', () => {
  test('where it says the same several times', () => {
    expect(groupErrors([thrown(1, 'boom'), thrown(1, 'boom', 100), thrown(1, 'bang', 101)])).toMatchObject([
      { message: 'boom', count: 1 },
      { message: 'bang', count: 1 },
    ]);
  });

  test('but again when Lambda tries it again', () => {
    expect(groupErrors([thrown(1, 'boom'), thrown(1, 'boom', MINUTE + 1)])).toMatchObject([
      { count: 2, requestIds: [id(1)] },
    ]);
  });

  test("where Lambda's report says it, too", () => {
    expect(groupErrors([thrown(1, 'boom'), report(1), report(2)])).toMatchObject([
      { message: 'boom', requestIds: [id(1)] },
      { message: 'Invocation failed: Runtime.ExitError', requestIds: [id(2)] },
    ]);
  });
});

test('there is an end to kinds and to ids', () => {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
  const many = letters.flatMap((letter, index) =>
    Array.from({ length: 8 }, (_, n) => thrown(index * 10 + n, `no ${letter}`)),
  );
  const groups = groupErrors(many);
  expect(groups).toHaveLength(20);
  expect(groups[0]?.requestIds).toEqual([0, 1, 2, 3, 4].map(id));
});

test('no line of a log, however it is made, brings a secret out', () => {
  const secret = 'hunter2-N0b0dy';
  const carriers = [
    (text: string) => `2026-01-15T12:00:00.000Z\t${id(1)}\tERROR\t${text}`,
    (text: string) => JSON.stringify({ level: 'ERROR', message: text }),
    (text: string) => JSON.stringify({ level: 'ERROR', message: { errorType: 'E', errorMessage: text } }),
    (text: string) => `[ERROR] E: ${text}\nTraceback (most recent call last):\n  File "a"`,
    (text: string) => JSON.stringify({ level: 50, msg: JSON.stringify({ text }) }),
  ];
  const plants = ['password=', 'connecting to mysql://app:', 'Authorization: Bearer ', '{"apiKey":"', 'api_secret: '];
  fc.assert(
    fc.property(fc.constantFrom(...carriers), fc.constantFrom(...plants), fc.nat(4_200), (carry, plant, ahead) => {
      const tail = plant.includes('://') ? '@db' : plant.endsWith('"') ? '"}' : '';
      const text = carry(`${'x'.repeat(ahead)} ${plant}${secret}${tail}`);
      expect(JSON.stringify(groupErrors([{ at: NOON, text }]))).not.toContain(secret);
    }),
    { seed: 7, numRuns: 400 },
  );
});
