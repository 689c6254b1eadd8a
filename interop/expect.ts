import { isDeepStrictEqual } from 'node:util';

/** Expectations of one check: each is told, and the check fails with those that did not hold. */
export class Expectations {
  readonly #failed: string[] = [];

  equal(what: string, actual: unknown, expected: unknown): void {
    this.#note(what, isDeepStrictEqual(actual, expected), { expected, actual });
  }

  includes(what: string, text: string | undefined, part: string): void {
    this.#note(what, text?.includes(part) === true, { expected: `…${part}…`, actual: text?.slice(0, 500) });
  }

  #note(what: string, holds: boolean, { expected, actual }: { expected: unknown; actual: unknown }): void {
    console.log(`  ${holds ? '✓' : '✗'} ${what}`);
    if (holds) return;
    console.log(`    expected ${JSON.stringify(expected)}\n    got      ${JSON.stringify(actual)}`);
    this.#failed.push(what);
  }

  /** Throws when something did not hold. */
  finish(): void {
    if (this.#failed.length > 0) throw new Error(`did not hold: ${this.#failed.join('; ')}`);
  }
}
