import parseMilliseconds from 'parse-duration';
import { formatDuration, MINUTE, SECOND } from '../model/time.ts';
import { quote } from '../model/text.ts';
import { understood, wrong, type Parsed, type Parser } from './field.ts';
import { didYouMean, oneOf } from './words.ts';

/** Whole numbers with their unit, largest unit first. parse-duration alone would take `5`, `-5m` and `1.5.2h`, too. */
const DURATION = /^(?=\d)(?:\d+h)?(?:\d+m)?(?:\d+s)?$/;
const A_DURATION = 'a duration such as 90s, 5m or 1h30m';
/** The same for times of an invocation: whole milliseconds, in whatever unit they are written. */
const LATENCY = /^(?=\d)(?:\d+m)?(?:\d+(?:\.\d{1,3})?s)?(?:\d+ms)?$/;
const A_LATENCY = 'a duration such as 300ms, 1.5s or 2s';

/** No job lives longer: GitHub ends one on a self-hosted runner after 5 days (GitHub docs, "Actions limits"). */
const LONGEST = 5 * 24 * 60 * MINUTE;

/** Lambda ends every invocation then (Lambda developer guide, "Lambda quotas"): nothing is slower. */
const LONGEST_INVOCATION = 15 * MINUTE;

/** A duration in ms, `least` (ms) or longer. */
export function duration(least: number): Parser<number> {
  return durationIn({ pattern: DURATION, expected: A_DURATION, least, most: LONGEST });
}

/** How long an invocation takes, ms, 1 or more; unlike other durations it may be written in milliseconds. */
export const latency = durationIn({ pattern: LATENCY, expected: A_LATENCY, least: 1, most: LONGEST_INVOCATION });

interface Notation {
  readonly pattern: RegExp;
  readonly expected: string;
  /** ms */
  readonly least: number;
  readonly most: number;
}

function durationIn({ pattern, expected, least, most }: Notation): Parser<number> {
  return (text) => {
    if (!pattern.test(text)) return wrong(`${quote(text)} ${whyNoDuration(text)}`, expected);
    // The patterns allow whole milliseconds only; parse-duration gets 1000.9999999999999 out of 1.001s.
    const ms = Math.round(Number(parseMilliseconds(text)));
    const [lower, upper] = [formatBound(least), formatBound(most)];
    if (ms < least) return wrong(`${quote(text)} is less than ${lower}`, `${expected}, at least ${lower}`);
    if (ms > most) return wrong(`${quote(text)} is more than ${upper}`, `at most ${upper}`);
    return understood(ms);
  };
}

function formatBound(ms: number): string {
  return ms % SECOND === 0 ? formatDuration(ms) : `${ms}ms`;
}

function whyNoDuration(text: string): string {
  if (/^-\d/.test(text)) return 'is negative';
  return /^\d+(?:\.\d+)?$/.test(text) ? 'has no unit' : 'is not a duration';
}

/** Which fractions are allowed, and how to say so. */
interface Range {
  readonly allows: (fraction: number) => boolean;
  readonly expected: string;
}

/** A percentage as a fraction: 0.001 for `0.1%`. */
export function percentage({ allows, expected }: Range): Parser<number> {
  return (text) => {
    const [, digits, sign] = /^(\d+(?:\.\d+)?)(\s*%)?$/.exec(text) ?? [];
    if (digits === undefined) return wrong(`${quote(text)} is not a percentage`, expected);
    if (sign !== '%') return wrong(`${quote(text)} ${whyNoPercentage(digits, sign)}`, expected);
    // Shifting the decimal point in the text gives the nearest number; dividing by 100 would round twice.
    const fraction = Number(`${digits}e-2`);
    return allows(fraction) ? understood(fraction) : wrong(`${quote(text)} is out of range`, expected);
  };
}

/** An increase that is accepted: a percentage below 100%, such as `example`. */
export function tolerance(example: string): Parser<number> {
  return percentage({ allows: (fraction) => fraction < 1, expected: `a percentage below 100% such as ${example}` });
}

function whyNoPercentage(digits: string, sign: string | undefined): string {
  if (sign !== undefined) return `has a space before the % sign (did you mean ${digits.slice(0, 20)}%?)`;
  // Below 1 it may as well be meant as a fraction (0.99 for 99%): better not to guess.
  return Number(digits) < 1 ? 'has no % sign' : `has no % sign (did you mean ${digits.slice(0, 20)}%?)`;
}

/** The core schema of YAML 1.2 (YAML 1.2.2, 10.3.2); the runner's own getBooleanInput follows it, too. */
export function boolean(text: string): Parsed<boolean> {
  if (/^(?:true|True|TRUE)$/.test(text)) return understood(true);
  if (/^(?:false|False|FALSE)$/.test(text)) return understood(false);
  return wrong(`${quote(text)} is not a boolean`, 'true or false');
}

/** A count, at least 1. */
export function count(text: string): Parsed<number> {
  return /^[1-9]\d{0,8}$/.test(text)
    ? understood(Number(text))
    : wrong(`${quote(text)} is not a count`, 'a whole number from 1 to 999999999');
}

/** One of a few words. */
export function choice<const T extends string>(words: readonly T[]): Parser<T> {
  return (text) => {
    const chosen = words.find((word) => word === text);
    return chosen === undefined
      ? wrong(`${quote(text)} is unknown${didYouMean(text, words)}`, oneOf(words))
      : understood(chosen);
  };
}

/** Globs, separated by newlines or commas; a comma between braces belongs to the glob, and so does what follows a `\`. */
export function globs(text: string): Parsed<readonly string[]> {
  const lines = text.split('\n').map(splitGlobs);
  const problems = lines
    .filter(({ open }) => open)
    .map(({ line }) => ({ problem: `${quote(line)} has a { that is never closed`, expected: 'globs, one to a line' }));
  return problems.length > 0 ? { problems } : understood(lines.flatMap(({ found }) => found));
}

interface GlobLine {
  readonly line: string;
  readonly found: readonly string[];
  /** A brace was never closed. */
  readonly open: boolean;
}

function splitGlobs(line: string): GlobLine {
  const found: string[] = [];
  let [current, depth] = ['', 0];
  for (const piece of line.match(/\\.|./gsu) ?? []) {
    if (piece === '{') depth += 1;
    if (piece === '}') depth = Math.max(0, depth - 1);
    if (piece === ',' && depth === 0) {
      found.push(current);
      current = '';
    } else {
      current += piece;
    }
  }
  const globs = [...found, current].map((glob) => glob.trim()).filter((glob) => glob !== '');
  return { line: line.trim(), found: globs, open: depth > 0 };
}
