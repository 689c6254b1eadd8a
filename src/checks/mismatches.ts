import { type Json, isJsonObject, parseJson } from '../model/json.ts';
import type { Expectation, StatusRange } from '../model/smoke.ts';
import { cut, differences, show } from './differences.ts';
import type { Invocation } from './ports.ts';

/** From here on an answer says that its function is to blame. */
const SERVER_ERROR = 500;

/**
 * What of an answer is not as expected: a sentence each, with what was got; none when all holds. A function error that
 * was not asked for is one, and so is a `statusCode` of 500 or more where nothing was said of it.
 */
export function mismatches(expected: Expectation, answer: Invocation): readonly string[] {
  const value = parseJson(answer.text)?.value;
  const problem = errorProblem(expected.error, answer, value);
  // What else was expected was expected of another answer.
  if (problem !== undefined) return [problem];
  return [
    ...statusProblems(expected, value),
    ...jsonProblems(expected, answer),
    ...textProblems(expected, answer, value),
  ];
}

function errorProblem(type: string | undefined, answer: Invocation, value: Json | undefined): string | undefined {
  if (!answer.hasFailed)
    return type === undefined ? undefined : `expected the error ${cut(type)}, got ${shown(answer)}`;
  if (type === undefined) return `expected no error, got ${errorIn(value, answer)}`;
  return errorTypeOf(value) === type ? undefined : `expected the error ${cut(type)}, got ${errorIn(value, answer)}`;
}

function errorTypeOf(value: Json | undefined): string | undefined {
  const type = isJsonObject(value) ? value['errorType'] : undefined;
  return typeof type === 'string' ? type : undefined;
}

/** `ValueError: no such order`, as runtimes name their errors (Lambda developer guide, function errors). */
function errorIn(value: Json | undefined, answer: Invocation): string {
  const message = isJsonObject(value) ? value['errorMessage'] : undefined;
  const type = errorTypeOf(value) ?? '';
  if (typeof message !== 'string') return type === '' ? shown(answer) : cut(type);
  return cut(type === '' ? message : `${type}: ${message}`);
}

function shown({ text }: Invocation): string {
  return text === '' ? 'an empty answer' : cut(text);
}

function statusProblems({ status, json, error }: Expectation, value: Json | undefined): readonly string[] {
  const found = isJsonObject(value) ? value['statusCode'] : undefined;
  if (status !== undefined) {
    return isIn(status, found) ? [] : [`$.statusCode: expected ${status.text}, got ${show(found)}`];
  }
  const isSpokenOf = error !== undefined || (isJsonObject(json) && 'statusCode' in json);
  const isServerError = found !== undefined && found !== null && Number(found) >= SERVER_ERROR;
  return isServerError && !isSpokenOf ? [`$.statusCode: expected no ${SERVER_ERROR} or more, got ${show(found)}`] : [];
}

/** API Gateway takes a number in a text for a number, too. */
function isIn({ least, most }: StatusRange, found: Json | undefined): boolean {
  if (typeof found !== 'number' && typeof found !== 'string') return false;
  return Number(found) >= least && Number(found) <= most;
}

function jsonProblems({ json }: Expectation, answer: Invocation): readonly string[] {
  if (json === undefined) return [];
  const parsed = parseJson(answer.text);
  return parsed === undefined ? [`expected JSON, got ${shown(answer)}`] : differences(json, parsed.value);
}

/** A text is matched without its quotes. */
function textProblems({ matches }: Expectation, answer: Invocation, value: Json | undefined): readonly string[] {
  const text = typeof value === 'string' ? value : answer.text;
  if (matches === undefined || matches.test(text)) return [];
  return [`expected an answer that matches ${cut(String(matches))}, got ${shown(answer)}`];
}
