/** Items separated by newlines or commas, trimmed; empty ones do not count. */
export function listed(text: string): readonly string[] {
  return text
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  return words.join(', ').replace(/, (?=[^,]*$)/, ' or ');
}

/** ` (did you mean deploy?)` when one of `words` is a slip of the finger away from `text`, else `''`. */
export function didYouMean(text: string, words: readonly string[]): string {
  const found = nearest(text, words);
  return found === undefined ? '' : ` (did you mean ${found}?)`;
}

/** The one of `words` that is the fewest slips of the finger away from `text`, if any is. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  return [0, 1, 2, 3]
    .flatMap((slips) => words.filter((word) => slips <= word.length / 3 && isWithin(slips, text, word)))
    .at(0);
}

/** Whether so many slips make one word of the other: a letter added, lost, changed, or swapped with the next. */
function isWithin(slips: number, text: string, word: string): boolean {
  // The length first: the text may be megabytes long.
  if (Math.abs(text.length - word.length) > slips) return false;
  return isNear(slips, text.toLowerCase(), word.toLowerCase());
}

function isNear(slips: number, a: string, b: string): boolean {
  if (a === b) return true;
  const [[a0, a1], [b0, b1]] = [a, b];
  if (a0 === b0) return isNear(slips, a.slice(1), b.slice(1));
  if (slips === 0) return false;
  const swapped = a0 === b1 && a1 === b0;
  return (
    isNear(slips - 1, a.slice(1), b.slice(1)) ||
    isNear(slips - 1, a.slice(1), b) ||
    isNear(slips - 1, a, b.slice(1)) ||
    (swapped && isNear(slips - 1, a.slice(2), b.slice(2)))
  );
}
