import { isDeepStrictEqual } from 'node:util';
import type { AliasState, AliasTarget } from '../../model/alias.ts';
import { unlessAborted } from '../../model/abort.ts';
import { ActionFailure } from '../../model/failure.ts';
import { type Clock, SECOND } from '../../model/time.ts';
import type { AliasPort } from '../ports.ts';
import { ForeignChange, Interrupted, type WriteFailed, notConfirmed, writeFailed } from './alias-failures.ts';
import { Patience, RESCUE_LIMIT } from './patience.ts';

export { ForeignChange, Interrupted, WriteFailed } from './alias-failures.ts';

const WRITE_ATTEMPTS = 4;
/** How long a read-back may lag behind the write it should show, ms. */
const READ_BACK_LIMIT = 10 * SECOND;
/** How long AWS may take to move provisioned concurrency, during which it weights the alias itself, ms. */
const TRANSITION_LIMIT = 15 * 60 * SECOND;
const READ_BACK_PAUSE = SECOND;

interface Tools {
  readonly name: string;
  readonly port: AliasPort;
  /** The same alias for {@link AliasWriter.restore}: one quick attempt a call. By default `port`. */
  readonly urgent?: AliasPort;
  readonly clock: Clock;
  /** The alias as it was last read: the revision that the next write names. */
  readonly known: AliasState;
  /** Aborts when the job is cancelled. */
  readonly signal?: AbortSignal;
  /** Where GitHub is, for the page of a run that has taken the alias. By default `https://github.com`. */
  readonly server?: string;
}

/** What came of one attempt to bring the alias back. */
interface Try {
  readonly failure: unknown;
  /** The write has landed, by its answer or by what was read. */
  readonly written: boolean;
  readonly isRead: boolean;
  /** The alias has a revision that was not known before. */
  readonly isNews: boolean;
}

/** An alias on which every write names the revision that was read, and is read back before it counts. */
export class AliasWriter {
  readonly name: string;
  #port: AliasPort;
  #urgent: AliasPort;
  #clock: Clock;
  #signal: AbortSignal | undefined;
  #known: AliasState;
  #before: AliasState;
  #server: string;
  /** Revisions that were read before: a read that shows one of them again is late, and no news. */
  #seen: Set<string>;
  /** What the alias may be through our own doing: the last target that was confirmed and those tried since. */
  #ours: AliasTarget[] = [];
  /** Versions that the alias pointed at: between these Lambda may weight it by itself. */
  #versions: Set<string>;

  constructor({ name, port, urgent = port, clock, known, signal, server = 'https://github.com' }: Tools) {
    this.name = name;
    this.#port = signal === undefined ? port : interruptible(port, signal);
    this.#urgent = urgent;
    this.#clock = clock;
    this.#signal = signal;
    this.#known = known;
    this.#before = known;
    this.#server = server;
    this.#seen = new Set([known.revisionId]);
    this.#versions = new Set([known.functionVersion]);
  }

  /** What the alias served when it was last read. */
  get known(): AliasState {
    return this.#known;
  }

  /**
   * Makes the alias `target` in one write and resolves with what was read back. What is read decides, not the answer to
   * the write: an answer can be lost after the write has landed, and the SDK's own repetition then finds a new revision.
   * Throws {@link ForeignChange} when somebody else has changed the alias, {@link WriteFailed} when it stays as it was,
   * {@link Interrupted} as soon as the job is cancelled: the next write names the same revision, so only one can land.
   */
  async write(target: AliasTarget): Promise<AliasState> {
    this.#intend(target);
    for (let attempt = 1; ; attempt++) {
      const revision = this.#known.revisionId;
      const failure = await this.#tryWrite(this.#port, target);
      if (failure === undefined) break;
      const found = await this.#read(this.#port);
      // A new revision is this write, or an earlier one of ours that has landed after all: then the next names it.
      const isNews = found.revisionId !== revision;
      if (isNews && serves(found, target)) break;
      const hopeless = isHopeless(failure) && !isNews;
      if (attempt === WRITE_ATTEMPTS || hopeless) {
        throw writeFailed({ alias: this.name, found, untouched: hopeless }, failure);
      }
      await this.#clock.sleep(isNews ? 0 : attempt * SECOND, this.#signal);
    }
    await this.#confirm(target);
    return this.#settle(target);
  }

  /**
   * Brings the alias back: the same promises as {@link write}, but it goes on in spite of a signal, over a client of its own,
   * and tries again for `limit` ms, of which a signal leaves seconds. While Lambda moves provisioned concurrency nothing is
   * left to be done: that is waited for only as long as there is time.
   */
  async restore(target: AliasTarget, limit = RESCUE_LIMIT): Promise<AliasState> {
    this.#intend(target);
    const patience = new Patience({ clock: this.#clock, signal: this.#signal }, limit);
    for (let tried = await this.#try(target, false); ; tried = await this.#try(target, tried.written)) {
      const { failure, written, isRead, isNews } = tried;
      if (written && isRead && this.#isBack(target, patience)) return this.#settle(target);
      if (isHopeless(failure) && !isNews) throw this.#givenUp(failure, true);
      // An earlier write of ours has landed after all: the next one names its revision, at once.
      const again = isNews && !written;
      if (!again && !(await patience.pause())) throw this.#givenUp(failure, false);
    }
  }

  /** One urgent write, unless it was `written` before, and one look at what came of it. */
  async #try(target: AliasTarget, written: boolean): Promise<Try> {
    const revision = this.#known.revisionId;
    const failure: unknown = written ? undefined : await this.#tryWrite(this.#urgent, target);
    const isRead = await this.#tryRead();
    const isNews = this.#known.revisionId !== revision;
    const landed = failure === undefined || (isNews && this.#shows(target) !== undefined);
    return { failure, isRead, isNews, written: landed };
  }

  /** Reads the alias and makes sure that it is still as we made it; throws {@link ForeignChange} when it is not. */
  async refresh(): Promise<AliasState> {
    return this.#read(this.#urgent);
  }

  /**
   * One quick look at the alias between writes. Throws {@link ForeignChange}, or that the credentials have expired; any
   * other look that fails tells nothing.
   */
  async look(): Promise<void> {
    try {
      await this.#read(this.#urgent);
    } catch (error) {
      if (error instanceof ForeignChange || (error instanceof ActionFailure && error.expired)) throw error;
    }
  }

  #intend(target: AliasTarget): void {
    this.#ours.push(target);
    this.#versions.add(target.functionVersion);
  }

  #settle(target: AliasTarget): AliasState {
    this.#ours = [target];
    return this.#known;
  }

  #givenUp(failure: unknown, untouched: boolean): WriteFailed {
    if (failure === undefined) return notConfirmed(this.name, this.#known);
    return writeFailed({ alias: this.name, found: this.#known, untouched }, failure);
  }

  /** Lambda may still be moving when the time is over: what was asked of it is written then, and comes by itself. */
  #isBack(target: AliasTarget, patience: Patience): boolean {
    const shown = this.#shows(target);
    return shown === 'all' || (shown === 'moving' && (patience.isHurried || patience.isOver));
  }

  /** Whether the alias, as last read, is `target`: wholly, or but for the weights that Lambda gives it while it moves. */
  #shows(target: AliasTarget): 'all' | 'moving' | undefined {
    if (serves(this.#known, target)) return 'all';
    return this.#isInTransition(this.#known, target) ? 'moving' : undefined;
  }

  async #tryWrite(port: AliasPort, target: AliasTarget): Promise<unknown> {
    try {
      await port.write(target, this.#known.revisionId);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Reads the alias back until it is `target`. */
  async #confirm(target: AliasTarget): Promise<void> {
    const start = this.#clock.now();
    for (;;) {
      const found = await this.#read(this.#port);
      if (serves(found, target)) return;
      const limit = this.#isInTransition(found, target) ? TRANSITION_LIMIT : READ_BACK_LIMIT;
      if (this.#clock.now() - start >= limit) throw notConfirmed(this.name, found);
      await this.#clock.sleep(READ_BACK_PAUSE, this.#signal);
    }
  }

  /** Whether the alias could be read; what it is then is known. */
  async #tryRead(): Promise<boolean> {
    try {
      await this.#read(this.#urgent);
      return true;
    } catch (error) {
      if (error instanceof ForeignChange) throw error;
      return false;
    }
  }

  /** The alias as it is, provided that it is as it was or as we made it. A late read says no more than was known. */
  async #read(port: AliasPort): Promise<AliasState> {
    const found = await port.read();
    if (found === undefined) throw this.#foreign(found);
    if (this.#seen.has(found.revisionId)) return this.#known;
    if (!this.#ours.some((target) => serves(found, target) || this.#isInTransition(found, target))) {
      throw this.#foreign(found);
    }
    this.#seen.add(found.revisionId);
    this.#known = found;
    return found;
  }

  #foreign(found: AliasState | undefined): ForeignChange {
    const ours = [this.#known, ...this.#ours];
    return new ForeignChange(this.name, { found, before: this.#before, ours, server: this.#server });
  }

  /**
   * While provisioned concurrency moves to a new version, Lambda itself weights the alias between the two, for minutes.
   * Only the version and the description are ours then; the weights disappear by themselves.
   */
  #isInTransition(found: AliasState, target: AliasTarget): boolean {
    const weighted = Object.keys(found.weights);
    const isBetween = weighted.length > 0 && weighted.every((version) => this.#versions.has(version));
    return isBetween && serves({ ...found, weights: {} }, target);
  }
}

/** The alias for as long as nobody cancels: then every call, also one that waits in the SDK, ends at once. */
function interruptible(port: AliasPort, signal: AbortSignal): AliasPort {
  const interrupted = (): Interrupted => new Interrupted();
  return {
    read: () => unlessAborted(() => port.read(signal), signal, interrupted),
    write: (target, revision) => unlessAborted(() => port.write(target, revision, signal), signal, interrupted),
  };
}

function isHopeless(failure: unknown): boolean {
  return failure instanceof ActionFailure && failure.permanent;
}

/** Whether an alias is just what a write wanted it to be. */
export function serves(found: AliasState, { functionVersion, weights, description }: AliasTarget): boolean {
  const { functionVersion: version, weights: foundWeights, description: text } = found;
  return isDeepStrictEqual([version, foundWeights, text], [functionVersion, weights, description]);
}
