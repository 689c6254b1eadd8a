const FOLDS: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, '<ip>'],
  [/\b0x[0-9a-f]{1,16}\b/gi, '<n>'],
  // Hashes, and long names of letters and digits.
  [/\b(?=[a-f]{0,63}\d)(?=\d{0,63}[a-f])[0-9a-f]{8,64}\b/gi, '<id>'],
  [/(?<![\w-])(?=[A-Za-z_-]{0,63}\d)(?=[\d_-]{0,63}[A-Za-z])[\w-]{16,128}(?![\w-])/g, '<id>'],
  // `S3` and `utf8` are words; `order83112` holds a number.
  [/(?<![A-Za-z_])\d+(?:[.,]\d+)*|\d{4,}/g, '<n>'],
];

/** What messages have in common that differ in times, ids, addresses and numbers only. */
export function fold(message: string): string {
  return FOLDS.reduce((folded, [pattern, instead]) => folded.replace(pattern, instead), message);
}

/** What two messages must share to be the same error: a hash of nothing but digits is still a hash. */
export function kindOf(folded: string): string {
  return folded.replace(/<(?:id|ip|n|time)>/g, '…');
}
