import { NEVER, pipe, string, transform, type ZodMiniType } from 'zod/mini';

/** What is wrong with one text, and what would be right; both without a full stop. */
export interface Problem {
  readonly problem: string;
  readonly expected: string;
}

/** A text understood, or every problem it has. */
export type Parsed<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

/** Understands one trimmed text; never throws. */
export type Parser<T> = (text: string) => Parsed<T>;

export function understood<T>(value: T): Parsed<T> {
  return { value };
}

export function wrong(problem: string, expected: string): { readonly problems: readonly Problem[] } {
  return { problems: [{ problem, expected }] };
}

/** What a text has against it; nothing when it was understood. */
export function problemsOf(parsed: Parsed<unknown>): readonly Problem[] {
  return 'problems' in parsed ? parsed.problems : [];
}

/** What all parts were understood as, or every problem that any of them has. */
export function together<T>(parts: readonly Parsed<T>[]): Parsed<readonly T[]> {
  const values = parts.flatMap((part) => ('value' in part ? [part.value] : []));
  return values.length === parts.length ? understood(values) : { problems: parts.flatMap(problemsOf) };
}

/** Says where in the text a problem is: `step 2: "5" has no unit`. */
export function within(place: string): (problem: Problem) => Problem {
  return ({ problem, expected }) => ({ problem: `${place}: ${problem}`, expected });
}

/** The same parser where nothing given means undefined. */
export function optional<T>(parse: Parser<T>): Parser<T | undefined> {
  return (text) => (text === '' ? understood(undefined) : parse(text));
}

/** The same parser where nothing given is a problem of its own. */
export function required<T>(parse: Parser<T>, missing: Problem): Parser<T> {
  return (text) => (text === '' ? { problems: [missing] } : parse(text));
}

/** A parser as a piece of a schema. Its issues carry the problem as `message` and `expected` in `params`. */
export function field<T>(parse: Parser<T>): ZodMiniType<T, string> {
  return pipe(
    string(),
    transform((text: string, payload): T => {
      const parsed = parse(text);
      if ('value' in parsed) return parsed.value;
      for (const { problem, expected } of parsed.problems) {
        payload.issues.push({ code: 'custom', message: problem, params: { expected }, input: text });
      }
      return NEVER;
    }),
  );
}
