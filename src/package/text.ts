import { quote } from '../model/text.ts';

/** Names for a sentence: `"a", "b" and 3 more`. */
export function quoteSome(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).map(quote);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${String(more)} more` : shown.join(', ');
}

/** `1 file`, `2 files`. */
export function count(number: number, noun: string): string {
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** What an error says: the system's code when there is one (`EACCES`), for the rest of its message repeats the path. */
export function why(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'message' in error ? String(error.message) : 'unknown';
}
