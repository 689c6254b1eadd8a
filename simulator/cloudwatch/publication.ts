import { SECOND } from '../../src/model/time.ts';
import { hash } from '../random.ts';
import type { Frame } from '../scenario.ts';
import type { MetricsSpec } from './specs.ts';

const DELAY = [30 * SECOND, 75 * SECOND] as const;

/** When CloudWatch shows a minute; one rule for Lambda's metrics and the user's own. */
export class Publication {
  readonly #frame: Frame;
  readonly #spec: MetricsSpec;

  constructor(frame: Frame, spec: MetricsSpec) {
    this.#frame = frame;
    this.#spec = spec;
  }

  /** Ms from the end of an invocation until it is counted. */
  delay(minute: number): number {
    const [low, high] = this.#spec.delayMs ?? DELAY;
    const fraction = (hash(`${this.#frame.seed}/delay/${minute}`) % 1000) / 1000;
    return low + Math.round(fraction * (high - low));
  }

  /** Ms that Invocations and Durations of a minute come after its Errors. */
  lag(minute: number): number {
    const elapsed = minute - this.#frame.start;
    return this.#spec.contradictory?.find(({ from, to }) => elapsed >= from && elapsed < to)?.lagMs ?? 0;
  }

  /** The minute is in a gap that has not been filled at `now`. */
  withheld(minute: number, now: number): boolean {
    const { start } = this.#frame;
    return (this.#spec.gaps ?? []).some(
      ({ from, to, until }) =>
        minute >= start + from && minute < start + to && (until === undefined || now < start + until),
    );
  }
}
