import { type LoggedError, endingOf, isErrorLevel } from './logged.ts';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ANY_ID = new RegExp(`\\b${UUID}\\b`, 'i');

/** Lines that Lambda's runtimes write through their own loggers (their documentation, "Log and monitor … functions"). */
const LOGGERS: readonly RegExp[] = [
  // Node.js and .NET: time, request, level, message
  new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\t(?<id>${UUID}|undefined)?\\t(?<level>[A-Za-z]+)\\t(?<rest>.*)$`, 's'),
  // Python: [level], time, request, message
  new RegExp(`^\\[(?<level>[A-Z]+)\\]\\t[\\d:.TZ-]+\\t(?<id>${UUID})?\\t(?<rest>.*)$`, 's'),
  // Python, of an exception that nobody caught
  /^\[(?<level>ERROR|CRITICAL)\] (?<rest>.*)$/s,
];

/** `2026-01-15T12:00:03.001Z 6bc2… Task timed out after 3.00 seconds` */
const TIMEOUT = new RegExp(`^\\S+ (?<id>${UUID}) (?<rest>Task timed out after [\\d.]+ seconds)`);
/** `RequestId: 6bc2… Error: Runtime exited with error: exit status 1` */
const FAULT = new RegExp(`^RequestId: (?<id>${UUID})\\s+(?:Error: )?(?<rest>.*)$`, 's');
const REPORT = /^(?<kind>REPORT|INIT_REPORT) /;
const BOOKKEEPING = /^(?:START|END|INIT_START|EXTENSION|TELEMETRY|RESTORE_START|RESTORE_REPORT|XRAY)\b/;

/** Loggers of the user's own choice: `2026-01-15 12:00:00 ERROR Payments - …`, `level=error msg="…"`. */
const LEVEL_WORD = /\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE|PANIC)\b[\]:\s|-]*/;
const LOGFMT = /\blevel="?(?<level>[A-Za-z]+)"?/;
/** How stack traces begin: in JavaScript, Python and Java, in Go, in Java's own handler errors (`boom: java.lang.X`). */
const THROWN =
  /^(?:Uncaught |Unhandled |Exception in thread "[^"]*" )?[\w.$]{0,100}(?:Error|Exception)\b|^(?:panic|fatal error|Fatal error): |^[^\n]{0,300}: [\w.$]{0,100}(?:Error|Exception)$/m;

/** Reads one line of plain text; undefined when it tells of no error. */
export function readText(text: string): LoggedError | undefined {
  const system = readSystem(text);
  if (system !== 'none') return system;
  for (const logger of LOGGERS) {
    const { level, id, rest = '' } = logger.exec(text)?.groups ?? {};
    if (level === undefined) continue;
    return isErrorLevel(level) ? told(rest, id === 'undefined' ? undefined : id) : undefined;
  }
  return readFree(text);
}

/** What Lambda itself writes; 'none' when this is no such line. */
function readSystem(text: string): LoggedError | undefined | 'none' {
  if (BOOKKEEPING.test(text)) return undefined;
  const { id, rest = '' } = (TIMEOUT.exec(text) ?? FAULT.exec(text))?.groups ?? {};
  if (id !== undefined) return told(rest, id);
  const report = REPORT.exec(text);
  return report === null ? 'none' : readReport(text, report.groups?.['kind'] === 'INIT_REPORT');
}

function readReport(text: string, isInit: boolean): LoggedError | undefined {
  const [status, errorType] = [/\bStatus: (\w+)/, /\bError Type: (\S+)/].map((pattern) => pattern.exec(text)?.[1]);
  const message = endingOf(status, errorType, { isInit });
  return message === undefined ? undefined : { message, requestId: ANY_ID.exec(text)?.[0], isReport: true };
}

/** What loggers of the user's own choice write, and what is printed without one. */
function readFree(text: string): LoggedError | undefined {
  const line = text.trimStart();
  const first = firstLine(text);
  const level = levelIn(first);
  if (level === undefined) return THROWN.test(text) || text.includes(TRACEBACK) ? told(text, idIn(first)) : undefined;
  if (!isErrorLevel(level.word)) return undefined;
  return told(quotedIn(first) ?? line.slice(level.end), idIn(first));
}

function idIn(line: string): string | undefined {
  return ANY_ID.exec(line)?.[0];
}

/** The level that a line names, and where what it says begins. */
function levelIn(line: string): { word: string; end: number } | undefined {
  const logfmt = LOGFMT.exec(line)?.groups?.['level'];
  if (logfmt !== undefined) return { word: logfmt, end: 0 };
  const found = LEVEL_WORD.exec(line.slice(0, 200));
  return found?.[1] === undefined ? undefined : { word: found[1], end: found.index + found[0].length };
}

/** `msg="could not pay"` of logfmt. */
function quotedIn(line: string): string | undefined {
  return /\b(?:msg|message|err|error)="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
}

function told(text: string, requestId: string | undefined): LoggedError | undefined {
  const message = essence(text);
  return message === '' ? undefined : { message, requestId, isReport: false };
}

const TRACEBACK = 'Traceback (most recent call last):';

/** What is said before the stack trace; Python has the exception behind its trace, and Node.js all of it in JSON. */
function essence(text: string): string {
  const uncaught = /^(?:Invoke Error|Uncaught Exception|Unhandled Promise Rejection|Init Error)\s*\t(\{.*)$/s.exec(
    text,
  );
  if (uncaught?.[1] !== undefined) return fromJson(uncaught[1]) ?? firstLine(text);
  const at = text.indexOf(TRACEBACK);
  if (at < 0) return firstLine(text);
  const before = firstLine(text.slice(0, at));
  const thrown = text
    .slice(at + TRACEBACK.length)
    .split(/[\r\n]+/)
    .findLast((line) => /^\S/.test(line));
  return [before, thrown ?? ''].filter((part) => part !== '').join(': ');
}

function firstLine(text: string): string {
  return text.trim().replace(/[\r\n].*$/s, '');
}

function fromJson(text: string): string | undefined {
  const pick = (name: string): string | undefined => {
    const found = new RegExp(`"${name}":("(?:[^"\\\\]|\\\\.)*")`).exec(text)?.[1];
    return found === undefined ? undefined : String(JSON.parse(found));
  };
  const parts = [pick('errorType'), pick('errorMessage')].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : firstLine(parts.join(': '));
}
