import { type LoggedError, endingOf, isErrorLevel } from './logged.ts';
import { readText } from './text-line.ts';

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of the named fields that is a text with something in it. */
function pick(fields: Fields, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return undefined;
}

const LEVELS = ['level', 'log_level', 'logLevel', 'levelname', 'severity', 'lvl', 'Level', 'LogLevel'];
const IDS = ['requestId', 'AWSRequestId', 'awsRequestId', 'aws_request_id', 'function_request_id', 'RequestId'];
const SAID = ['message', 'msg', 'Message', 'event'];
const TYPES = ['errorType', 'exception_name', 'type', 'name', 'class'];
const MESSAGES = ['errorMessage', 'message', 'msg'];
/** pino and bunyan count: 50 is an error, 60 fatal. */
const NUMERIC_ERROR = 50;

/** Reads one line of structured log: Lambda's own JSON and what common loggers write; undefined: no error. */
export function readJson(line: string): LoggedError | undefined {
  const fields = parse(line);
  if (fields === undefined) return readText(line);
  const { type, record } = fields;
  if (typeof type === 'string' && type.startsWith('platform.')) return readPlatform(type, record);
  if (!isError(fields)) return undefined;
  const context = isFields(fields['context']) ? fields['context'] : {};
  const requestId = pick(fields, IDS) ?? pick(context, ['awsRequestId', 'requestId']);
  return { message: messageOf(fields), requestId, isReport: false };
}

function parse(line: string): Fields | undefined {
  if (!/^\s*\{/.test(line)) return undefined;
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
}

/** Lambda's system log as JSON (Lambda developer guide, "Telemetry API Event schema reference"). */
function readPlatform(type: string, record: unknown): LoggedError | undefined {
  if (type === 'platform.fault' && typeof record === 'string') return readText(record);
  if (!isFields(record) || (type !== 'platform.report' && type !== 'platform.initReport')) return undefined;
  const isInit = type === 'platform.initReport';
  const message = endingOf(pick(record, ['status']), pick(record, ['errorType']), { isInit });
  return message === undefined ? undefined : { message, requestId: pick(record, ['requestId']), isReport: true };
}

/** By its level; what has none is an error when it looks like one that a runtime wrote. */
function isError(fields: Fields): boolean {
  const level = LEVELS.map((name) => fields[name]).find((value) => value !== undefined);
  if (typeof level === 'number') return level >= NUMERIC_ERROR;
  if (typeof level === 'string') return isErrorLevel(level);
  return pick(fields, ['errorType', 'errorMessage']) !== undefined;
}

/** What was said, and what was thrown unless it was said already. */
function messageOf(fields: Fields): string {
  const said = pick(fields, SAID);
  const thrown = thrownIn(fields);
  const parts = [
    said,
    thrown?.message !== undefined && said?.includes(thrown.message) === true ? undefined : thrown?.text,
  ];
  return parts.filter((part) => part !== undefined).join(': ') || 'an error without a message';
}

function thrownIn(fields: Fields): { text: string; message: string | undefined } | undefined {
  const { message, error, err, exception } = fields;
  const holder = [message, error, err, exception].find(isFields);
  if (holder !== undefined) return nameAndMessage(holder);
  if (pick(fields, ['errorType', 'errorMessage', 'exception_name']) !== undefined) {
    const own = { errorType: fields['errorType'] ?? fields['exception_name'], errorMessage: fields['errorMessage'] };
    return nameAndMessage(own);
  }
  const text = [error, err, exception].find((value) => typeof value === 'string');
  return text === undefined ? undefined : { text: lastLine(text), message: lastLine(text) };
}

function nameAndMessage(holder: Fields): { text: string; message: string | undefined } | undefined {
  const message = pick(holder, MESSAGES);
  const text = [pick(holder, TYPES), message].filter((part) => part !== undefined).join(': ');
  return text === '' ? undefined : { text, message };
}

/** Python's loggers give the whole trace as a text, with the exception at its end. */
function lastLine(text: string): string {
  const isTrace = text.includes('Traceback (most recent call last):');
  return text.trim().replace(isTrace ? /^.*[\r\n]/s : /[\r\n].*$/s, '');
}
