import { expect } from '@jest/globals';

/** How often a part occurs in a text. */
export function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Every table has a row below its delimiter, and folds and fences close. */
export function expectSound(summary: string): void {
  expect(count(summary, '<details>')).toBe(count(summary, '</details>'));
  expect(count(summary, '```') % 2).toBe(0);
  expect(summary).not.toMatch(/undefined|NaN|\[object|Invalid Date/);
  expect(summary).not.toMatch(/^\| :?-.*\n(?!\|)/m);
  for (const line of summary.split('\n')) {
    expect(line.startsWith('|')).toBe(line.endsWith('|') && line !== '');
  }
}
