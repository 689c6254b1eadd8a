import { MINUTE } from '../../src/model/time.ts';
import { binomial } from '../draws.ts';
import type { Random } from '../random.ts';
import type { Publication } from './conditions.ts';
import { NOTHING } from './world.ts';
import type { Served, Truth } from './world.ts';

/** What both versions did in a minute, as far as it was published. Zero invocations are a missing data point. */
export interface VisibleMinute {
  /** ms since the first shift */
  readonly start: number;
  readonly baseline: Served;
  readonly canary: Served;
}

/** Rules are asked once a minute, half a minute after it began: then the last minute but one is 90 s old. */
export const POLL_OFFSET = 30;
/** Seconds from its end after which every rule may look at a minute. */
const RIPE_AGE = 60;

type Version = 'baseline' | 'canary';

/** Which row becomes what in which poll. */
interface Update {
  readonly minute: number;
  readonly version: Version;
  readonly row: Served;
}

/** Metrics as they come in: late, in parts, or not at all. Time is the number of the poll; poll k is in minute k. */
export class CloudWatch {
  #publication: Publication;
  #minutes: VisibleMinute[] = [];
  /** Poll → what it is the first to see. */
  #updates = new Map<number, Update[]>();

  constructor(publication: Publication) {
    this.#publication = publication;
  }

  /** A minute is over; what is published of it when, is drawn from `random`. */
  record(minute: number, truth: Truth, random: Random): void {
    this.#minutes[minute] = { start: minute * MINUTE, baseline: NOTHING, canary: NOTHING };
    this.#publish({ minute, version: 'baseline', row: truth.baseline }, random);
    this.#publish({ minute, version: 'canary', row: truth.canary }, random);
  }

  /** What a poll sees: every minute that is old enough, in order; unpublished ones are there without traffic. */
  read(poll: number): readonly VisibleMinute[] {
    for (const { minute, version, row } of this.#updates.get(poll) ?? []) {
      const present = this.#minutes[minute];
      if (present !== undefined) this.#minutes[minute] = { ...present, [version]: row };
    }
    this.#updates.delete(poll);
    return this.#minutes.slice(0, ripeMinutes(poll));
  }

  #publish(update: Update, random: Random): void {
    const { delay, partial = false, lost = 0, lateErrors } = this.#publication;
    const [low, high] = delay;
    const poll = firstPoll(update.minute, low === high ? low : random.between(low, high));
    if (lost > 0 && random.next() < lost) return;
    const late = lateErrors?.[update.version] ?? 0;
    const stages = late > 0 ? withLateErrors(update.row, late) : partial ? inParts(update.row, random) : [update.row];
    for (const [index, row] of stages.entries()) {
      if (row !== undefined) this.#schedule(poll + index, { ...update, row });
    }
  }

  #schedule(poll: number, update: Update): void {
    const updates = this.#updates.get(poll);
    if (updates === undefined) this.#updates.set(poll, [update]);
    else updates.push(update);
  }
}

/** The first poll at which a row of that delay (seconds after the end of its minute) is there. */
function firstPoll(minute: number, delay: number): number {
  return minute + 1 + Math.max(1, Math.ceil((delay - POLL_OFFSET) / 60));
}

/** How many minutes a poll may look at: those that ended at least {@link RIPE_AGE} seconds before. */
export function ripeMinutes(poll: number): number {
  return Math.max(0, Math.floor((poll * 60 + POLL_OFFSET - RIPE_AGE) / 60));
}

/** A failing invocation is counted when it ends, and is no success before. */
function withLateErrors(row: Served, minutes: number): (Served | undefined)[] {
  const early = { ...row, invocations: row.invocations - row.errors, errors: 0 };
  return [early, ...Array.from({ length: minutes - 1 }, () => undefined), row];
}

function inParts(row: Served, random: Random): Served[] {
  const invocations = binomial(random, row.invocations - row.errors, 0.5);
  const errors = binomial(random, row.errors, 0.5);
  return [{ ...row, invocations: invocations + errors, errors, slow: Math.min(row.slow, invocations) }, row];
}
