/** Longest text that a message repeats, in characters: a path is told whole as a rule. */
const QUOTED_LENGTH = 200;

/** Control characters, line separators and marks that turn the reading direction: none may reach a log as they are. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** An outside text or file name as a message shows it: in quotes, unprintable characters escaped, cut when it is long. */
export function quote(text: string): string {
  // Cut before escaping, by characters: the text may be megabytes long, and half a character must not be left.
  const characters = Array.from(text.slice(0, 2 * QUOTED_LENGTH + 2));
  const cut = characters.length > QUOTED_LENGTH;
  return `"${characters.slice(0, QUOTED_LENGTH).join('').replace(UNPRINTABLE, escapeCharacter)}${cut ? '…' : ''}"`;
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
