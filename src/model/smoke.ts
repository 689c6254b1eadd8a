import type { Json } from './json.ts';

/** One item of `smoke-test`, as the workflow has it. */
export interface SmokeTest {
  /** What messages call it; undefined: its number, or its file. */
  readonly name: string | undefined;
  readonly payload: Payload;
  readonly expect: Expectation;
  /** Longest time from the request to the answer, ms; undefined: as long as the function's own timeout allows. */
  readonly maxDuration: number | undefined;
}

/** What a function is invoked with: a JSON text that is sent as it is, or files that hold one each (a path or a glob). */
export type Payload = { readonly text: string } | { readonly files: string };

/** What the answer must be. All that is there must hold; see `mismatches` for what holds where nothing is. */
export interface Expectation {
  /** `statusCode` in the answer, as an API's integration gives it. */
  readonly status?: StatusRange;
  /** The answer holds this: objects may have more fields, lists may not have more items. */
  readonly json?: Json;
  readonly matches?: RegExp;
  /** The invocation ends in a function error of this `errorType`. */
  readonly error?: string;
}

/** `200`, or `2xx`. */
export interface StatusRange {
  /** As it was written. */
  readonly text: string;
  readonly least: number;
  readonly most: number;
}

/** A smoke test whose payload has been read. */
export interface ReadyTest extends Pick<SmokeTest, 'expect' | 'maxDuration'> {
  /** How sentences begin: `smoke test "events/get.json"`. */
  readonly label: string;
  /** JSON, as it is sent. */
  readonly payload: string;
}

/** As many invocations as a deployment makes of a version before it gets traffic. */
export const MOST_SMOKE_TESTS = 100;
