import { MINUTE, SECOND } from '../../src/model/time.ts';
import type { LambdaFunction } from '../lambda/model.ts';
import { createRandom } from '../random.ts';
import type { Frame } from '../scenario.ts';
import { failureOf, linesOf } from './lines.ts';

/** What a version did in one second. */
interface Second {
  readonly at: number;
  readonly invocations: number;
  readonly errors: number;
}

/** All seconds of one version of a function in which it had traffic, in order. */
interface Book {
  readonly fn: LambdaFunction;
  readonly version: string;
  readonly seconds: Second[];
}

/** One event in a stream. `seenAt`: when it can be found. */
export interface LogEvent {
  readonly stream: string;
  readonly at: number;
  readonly seenAt: number;
  readonly message: string;
}

/** How long an event is under way to CloudWatch, ms. */
const INGESTION = 1_500;
/** Environments that a version runs in at a time; the odd ones outlive midnight, the others are replaced then. */
const ENVIRONMENTS = 4;
const DAY = 24 * 60 * MINUTE;

/** The name of a function's log group; undefined when its role may not write there. */
export function groupOf({ name, spec: { logging = {} } }: LambdaFunction): string | undefined {
  return logging.denied === true ? undefined : (logging.group ?? `/aws/lambda/${name}`);
}

/** What functions log. The lines are made when somebody asks, each second's from a stream of its own. */
export class LogStore {
  readonly #frame: Frame;
  readonly #books = new Map<string, Book>();

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  record(fn: LambdaFunction, version: string, second: Second): void {
    if (second.invocations === 0 || groupOf(fn) === undefined) return;
    const key = `${fn.name}/${version}`;
    const book = this.#books.get(key) ?? { fn, version, seconds: [] };
    this.#books.set(key, book);
    book.seconds.push(second);
  }

  hasGroup(name: string): boolean {
    return [...this.#books.values()].some(({ fn }) => groupOf(fn) === name);
  }

  /** The events of a group between two times (epoch ms, `to` is exclusive), in the order of time. */
  events(group: string, { from, to }: { from: number; to: number }): readonly LogEvent[] {
    const books = [...this.#books.values()].filter(({ fn }) => groupOf(fn) === group);
    // What began earlier may write later.
    const found = books.flatMap((book) =>
      book.seconds
        .filter(({ at }) => at >= from - 15 * MINUTE - SECOND && at < to)
        .flatMap((second) => this.#eventsOf(book, second)),
    );
    return found.filter(({ at }) => at >= from && at < to).sort((a, b) => a.at - b.at);
  }

  #eventsOf(book: Book, { at, invocations, errors }: Second): readonly LogEvent[] {
    const { fn, version } = book;
    const random = createRandom(this.#frame.seed, `logs/${fn.name}/${version}/${at}`);
    return Array.from({ length: invocations }, (_, index) => {
      const begun = at + random.between(0, SECOND - 1);
      const stream = this.#stream(book, begun, random.between(0, ENVIRONMENTS - 1));
      const failure = index < errors ? failureOf(fn, version, random) : undefined;
      const lines = linesOf({ fn, version, at: begun, requestId: random.uuid(), failure });
      return lines.map((line) => ({ stream, ...line, seenAt: line.at + INGESTION }));
    }).flat();
  }

  /** Streams are named after the day (UTC) on which their environment began (Lambda developer guide, CloudWatch log groups). */
  #stream({ fn, version, seconds }: Book, at: number, environment: number): string {
    const began = environment % 2 === 1 ? (seconds[0]?.at ?? at) : Math.floor(at / DAY) * DAY;
    const day = new Date(began).toISOString().slice(0, 10).replaceAll('-', '/');
    const { group = `/aws/lambda/${fn.name}` } = fn.spec.logging ?? {};
    const owner = group === `/aws/lambda/${fn.name}` ? '' : fn.name;
    const id = createRandom(this.#frame.seed, `stream/${fn.name}/${version}/${environment}/${day}`).uuid();
    return `${day}/${owner}[${version}]${id.replaceAll('-', '')}`;
  }
}
