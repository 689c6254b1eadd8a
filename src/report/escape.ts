/**
 * Makes text from outside (names, descriptions, error messages) safe to put into what people read. Everything that is not
 * written in this folder passes through here.
 */

/** Unseen and steering characters: controls, zero-width, bidirectional overrides, line and paragraph separators. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** A plain link with nothing in it that Markdown or HTML could take for its own. */
const LINK = /\bhttps?:\/\/[A-Za-z0-9][A-Za-z0-9\-._~/?=%#+:,&;]*[A-Za-z0-9/]/g;

/**
 * Zero-width space as an entity. GitHub looks for mentions and references after entities are decoded, so that an escaped
 * `@` alone would still ping; the space breaks the pattern.
 */
const BREAK = '&#8203;';

/**
 * One line of well-formed, visible text, at most `limit` characters (by code point), then `…`. For logs and annotations:
 * without a line break nothing can pose as a workflow command.
 */
export function plainLine(text: string, limit = Number.POSITIVE_INFINITY): string {
  const line = text.toWellFormed().replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  if (line.length <= limit) {
    return line;
  }
  const points = Array.from(line.slice(0, 2 * limit + 1));
  return points.length <= limit ? line : `${points.slice(0, limit).join('').trimEnd()}…`;
}

function escapePlain(text: string): string {
  return text
    .replace(/[&<>|`*_[\]\\~$]/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/:\/\//g, '&#58;//')
    .replace(/www\./gi, (found) => `${found.slice(0, 3)}&#46;`)
    .replace(/@/g, `@${BREAK}`)
    .replace(/(?<!&)#/g, `#${BREAK}`)
    .replace(/\b(GH-)(?=\d)/gi, `$1${BREAK}`);
}

/** At the start of a line these would make a list, a rule, an underline or a code block of it. */
function escapeStart(text: string): string {
  return text
    .replace(/^[-+=]/, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/^(\d+)([.)])/, (_, digits: string, end: string) => `${digits}&#${end.charCodeAt(0)};`);
}

/**
 * Text for a Markdown paragraph, list item or table cell, at the start of a line too. Markup becomes entities
 * (which tables, HTML and emphasis all leave alone), mentions and issue references no longer ping, and plain links stay
 * links whose text is their target.
 */
export function escapeText(text: string, limit?: number): string {
  return escapeStart(escapeLine(plainLine(text, limit)));
}

/** The same for sentences of ours, in which names may stand between backticks: those become code. */
export function escapeProse(text: string, limit?: number): string {
  const pieces = plainLine(text, limit).split(/(`[^`]+`)/);
  return escapeStart(
    pieces.map((piece, index) => (index % 2 === 0 ? escapeLine(piece) : escapeCode(piece.slice(1, -1)))).join(''),
  );
}

/** One line, as it is but for its markup. */
function escapeLine(line: string): string {
  let escaped = '';
  let from = 0;
  for (const match of line.matchAll(LINK)) {
    escaped += `${escapePlain(line.slice(from, match.index))}<${match[0]}>`;
    from = match.index + match[0].length;
  }
  return escaped + escapePlain(line.slice(from));
}

/**
 * Text as code, in paragraphs and table cells alike. Between backticks there is no escape, and a pipe would end a table
 * cell even there, so text with such characters becomes an HTML element of entities.
 */
export function escapeCode(text: string, limit?: number): string {
  const line = plainLine(text, limit);
  return line === '' || /[`|<>&]/.test(line) ? `<code>${escapePlain(line)}</code>` : `\`${line}\``;
}

/**
 * A quoted label of a Mermaid diagram. Mermaid has no escape for a quote inside quotes, and takes `#…;` for an entity and
 * `%%` for a comment, so these give way to look-alikes or go.
 */
export function escapeLabel(text: string, limit = 80): string {
  const label = plainLine(text, limit)
    .replace(/["`]/g, "'")
    .replace(/[<>{}[\]#;\\]/g, ' ')
    .replace(/%{2,}/g, '%');
  return `"${plainLine(label)}"`;
}

/** The text with a full stop, unless it ends a sentence already or is empty. */
export function sentence(text: string): string {
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Longest reason or remedy, characters. */
const PROSE = 2_000;

/** A sentence of ours or of AWS, with a capital and a full stop. */
export function prose(text: string): string {
  const line = plainLine(text, PROSE);
  return sentence(escapeProse(`${line.charAt(0).toUpperCase()}${line.slice(1)}`));
}
