import type { Latency } from './durations.ts';

/** Counts of a series. */
export interface Point {
  readonly invocations: number;
  readonly errors: number;
  readonly throttles: number;
  /** Invocations that found no provisioned concurrency free. */
  readonly spillOver: number;
}

export const NOTHING: Point = { invocations: 0, errors: 0, throttles: 0, spillOver: 0 };

export function addPoints(a: Point, b: Point): Point {
  return {
    invocations: a.invocations + b.invocations,
    errors: a.errors + b.errors,
    throttles: a.throttles + b.throttles,
    spillOver: a.spillOver + b.spillOver,
  };
}

/** What becomes visible at one moment: the traffic of a second, or the part of it that is counted late. */
export interface Contribution extends Point {
  /** The version that served it, where Lambda names one. */
  readonly version: string | undefined;
  /** Start of the second, epoch ms. */
  readonly at: number;
  readonly visibleAt: number;
  /** What its invocations took. */
  readonly latency: Latency;
  /** Names its random streams. */
  readonly id: string;
}

/** A minute of a series as published at some time. */
export interface Published {
  readonly point: Point;
  /** Whose invocations are counted in `point`. */
  readonly parts: readonly Contribution[];
}

/** One minute of one series. What is published of it is the same object again once nothing more is to come. */
export class SeriesMinute {
  readonly #contributions: Contribution[] = [];
  /** Ms that invocations are counted later than errors. */
  readonly #lag: number;
  #completeAt = 0;
  #complete: Published | undefined;

  constructor(lag: number) {
    this.#lag = lag;
  }

  get size(): number {
    return this.#contributions.length;
  }

  add(contribution: Contribution): void {
    this.#contributions.push(contribution);
    this.#completeAt = Math.max(this.#completeAt, contribution.visibleAt + this.#lag);
    this.#complete = undefined;
  }

  /** undefined: nothing yet. */
  at(now: number): Published | undefined {
    if (now < this.#completeAt) return this.#published(now);
    this.#complete ??= this.#published(now);
    return this.#complete;
  }

  /** All of it, published or not. */
  truth(): Point {
    return this.#contributions.reduce<Point>(addPoints, NOTHING);
  }

  #published(now: number): Published | undefined {
    const seen = this.#contributions.filter(({ visibleAt }) => visibleAt <= now);
    if (seen.length === 0) return undefined;
    const parts = seen.filter(({ visibleAt }) => visibleAt + this.#lag <= now);
    const { errors, throttles } = seen.reduce<Point>(addPoints, NOTHING);
    const { invocations, spillOver } = parts.reduce<Point>(addPoints, NOTHING);
    return { point: { invocations, errors, throttles, spillOver }, parts };
  }
}
