import { describe, expect, test } from '@jest/globals';
import { read, sourceText } from './pages.ts';

const source = sourceText();
const headings = read('docs/troubleshooting.md').match(/^### .*$/gm) ?? [];
const messages = headings.flatMap((heading) => [...heading.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));

/** What stands between the names and numbers of a message. */
function piecesOf(message: string): readonly string[] {
  return message.split('…').map((piece) => piece.trim());
}

describe('every message in the headings is one that the action says', () => {
  test.each(messages)('%s', (message) => {
    const pieces = piecesOf(message).filter((piece) => /\w{2}/.test(piece));
    expect(pieces).not.toEqual([]);
    expect(pieces.filter((piece) => !source.includes(piece))).toEqual([]);
  });
});

test('every failure of AWS that has a remedy of its own is there', () => {
  const problems = [...read('src/aws/failures.ts').matchAll(/problem: \([^)]*\) => `([^`]*)`/gs)];
  const starts = problems.map(([, text = '']) => text.split('${')[0]?.trim() ?? '');
  expect(starts.length).toBeGreaterThanOrEqual(4);
  const pieces = messages.flatMap(piecesOf);
  expect(starts.filter((start) => !pieces.some((piece) => piece !== '' && start.startsWith(piece)))).toEqual([]);
});
