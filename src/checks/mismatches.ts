import { type Json, isJsonObject, parseJson } from '../model/json.ts';
import type { Expectation, StatusRange } from '../model/smoke.ts';
import { type Mismatch, differences, show } from './differences.ts';
import type { Invocation } from './ports.ts';

/** From here on an answer says that its function is to blame. */
const SERVER_ERROR = 500;

/**
 * What of an answer is not as expected: one mismatch each; none when all holds. A function error that
 * was not asked for is one, and so is a `statusCode` of 500 or more where nothing was said of it.
 */
export function mismatches(expected: Expectation, answer: Invocation): readonly Mismatch[] {
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

function errorProblem(type: string | undefined, answer: Invocation, value: Json | undefined): Mismatch | undefined {
  if (!answer.hasFailed) return type === undefined ? undefined : whole(`the error ${type}`, shown(answer));
  if (type === undefined) return whole('no error', errorIn(value, answer));
  return errorTypeOf(value) === type ? undefined : whole(`the error ${type}`, errorIn(value, answer));
}

function whole(expected: string, got: string): Mismatch {
  return { place: '', expected, got };
}

function errorTypeOf(value: Json | undefined): string | undefined {
  const type = isJsonObject(value) ? value['errorType'] : undefined;
  return typeof type === 'string' ? type : undefined;
}

/** `ValueError: no such order`, as runtimes name their errors (Lambda developer guide, function errors). */
function errorIn(value: Json | undefined, answer: Invocation): string {
  const message = isJsonObject(value) ? value['errorMessage'] : undefined;
  const type = errorTypeOf(value) ?? '';
  if (typeof message !== 'string') return type === '' ? shown(answer) : type;
  return type === '' ? message : `${type}: ${message}`;
}

/** JSON in its shortest form: there are many ways to escape one text, and values are hidden in the usual one. */
function shown({ text }: Invocation): string {
  if (text === '') return 'an empty answer';
  const parsed = parseJson(text);
  return parsed === undefined ? text : show(parsed.value);
}

function statusProblems({ status, json, error }: Expectation, value: Json | undefined): readonly Mismatch[] {
  const found = isJsonObject(value) ? value['statusCode'] : undefined;
  if (status !== undefined) {
    return isIn(status, found) ? [] : [atStatus(status.text, found)];
  }
  const isSpokenOf = error !== undefined || (isJsonObject(json) && 'statusCode' in json);
  const isServerError = found !== undefined && found !== null && Number(found) >= SERVER_ERROR;
  return isServerError && !isSpokenOf ? [atStatus(`no ${SERVER_ERROR} or more`, found)] : [];
}

function atStatus(expected: string, found: Json | undefined): Mismatch {
  return { place: '$.statusCode', expected, got: show(found) };
}

/** API Gateway takes a number in a text for a number, too. */
function isIn({ least, most }: StatusRange, found: Json | undefined): boolean {
  if (typeof found !== 'number' && typeof found !== 'string') return false;
  return Number(found) >= least && Number(found) <= most;
}

function jsonProblems({ json }: Expectation, answer: Invocation): readonly Mismatch[] {
  if (json === undefined) return [];
  const parsed = parseJson(answer.text);
  return parsed === undefined ? [whole('JSON', shown(answer))] : differences(json, parsed.value);
}

/** A text is matched without its quotes. */
function textProblems({ matches }: Expectation, answer: Invocation, value: Json | undefined): readonly Mismatch[] {
  const text = typeof value === 'string' ? value : answer.text;
  if (matches === undefined || matches.test(text)) return [];
  return [whole(`an answer that matches ${String(matches)}`, shown(answer))];
}
