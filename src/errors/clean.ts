/** What a log may hold must not be seen by everybody who may read a workflow's log. */

/** Longest part of a message that is looked at, characters; what is shown is far shorter. */
const LOOKED_AT = 4_000;
/** Longest message that is kept, characters. */
const KEPT = 300;

/** Colours and other sequences of terminals, which loggers for developers write. */
const TERMINAL = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g');
/** Zero-width and steering characters: they could hide a secret from the patterns below. */
const UNSEEN = /\p{Cf}+/gu;
/** Controls, line and paragraph separators. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

const HIDDEN = '***';

/** Names of fields whose value is nobody's business. An `AuthTokenError: …` is no such field. */
const SECRET_NAME =
  '(?:pass(?:word|wd|phrase)|pwd|secret(?!smanager)|token|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|encryption[_-]?key' +
  '|signature|credentials?|authorization|session[_-]?id)(?![\\w.]*(?:error|exception))';
const VALUE = `(?:\\\\?"[^"]*"?|'[^']*'?|[^\\s,;&"'})\\]]+)`;

const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, HIDDEN],
  [/\b((?:set-)?cookie\\?["']?\s{0,3}[:=]).*/gi, `$1 ${HIDDEN}`],
  // postgres://app:secret@db, also with a slash or an @ in the password; redis://secret@cache
  [/\b([a-z][a-z0-9+.-]{1,30}:\/\/)(?:[^\s/:@"'<>]{0,200}:[^\s"'<>]{1,500}|[^\s/@"'<>]{1,200})@/gi, `$1${HIDDEN}@`],
  [/\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{10,}/g, HIDDEN],
  [/\beyJ[\w-]{5,}\.[\w.-]+/g, HIDDEN],
  [/\b(bearer\s{1,3})[\w.~+/=-]{8,}/gi, `$1${HIDDEN}`],
  [/\b([Bb]asic\s{1,3})(?=[A-Za-z+/]*[A-Z0-9=])[A-Za-z0-9+/]{8,}={0,2}/g, `$1${HIDDEN}`],
  [
    /\b(?:gh[pousr]_|github_pat_|glpat-|npm_|xox[abeoprs]-|[rsp]k_(?:live|test)_|sk-|AIza|SG\.|hf_|whsec_)[\w.-]{10,}/g,
    HIDDEN,
  ],
  [
    new RegExp(`([\\w.-]{0,40}${SECRET_NAME}[\\w.-]{0,20}\\\\?["']?\\s{0,3}(?:=>|[=:])\\s{0,3})${VALUE}`, 'gi'),
    `$1${HIDDEN}`,
  ],
  // A secret access key has 40 such characters, and has them mixed.
  [/(?<![\w+/=])(?=[^\s]{0,39}[a-z])(?=[^\s]{0,39}[A-Z])(?=[^\s]{0,39}\d)[A-Za-z0-9+/]{40}(?![\w+/=])/g, HIDDEN],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, '<email>'],
];

/** One line of visible text without recognisable secrets and mail addresses, cut when it is long. */
export function clean(text: string): string {
  const line = text.slice(0, LOOKED_AT).toWellFormed().replace(TERMINAL, '').replace(UNSEEN, '').replace(BREAKS, ' ');
  const hidden = SECRETS.reduce((safe, [pattern, instead]) => safe.replace(pattern, instead), line);
  return cut(hidden.replace(/\s+/g, ' ').trim());
}

function cut(line: string): string {
  const characters = Array.from(line.slice(0, 2 * KEPT + 2));
  return characters.length <= KEPT ? line : `${characters.slice(0, KEPT).join('').trimEnd()}…`;
}
