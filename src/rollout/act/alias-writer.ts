import { isDeepStrictEqual } from 'node:util';
import type { AliasState, AliasTarget } from '../../model/alias.ts';
import { unlessAborted } from '../../model/abort.ts';
import { ActionFailure } from '../../model/failure.ts';
import { type Clock, MINUTE, SECOND } from '../../model/time.ts';
import type { AliasPort } from '../ports.ts';
import { ForeignChange, Interrupted, type WriteFailed, notConfirmed, notMoved, writeFailed } from './alias-failures.ts';
import { Patience, RESCUE_LIMIT } from './patience.ts';

export { ForeignChange, Interrupted, WriteFailed } from './alias-failures.ts';

const WRITE_ATTEMPTS = 4;
/** How long a read-back may lag behind the write it should show, ms. */
const READ_BACK_LIMIT = 10 * SECOND;
/** How long AWS may take to move provisioned concurrency, during which it weights the alias itself, ms. */
export const TRANSITION_LIMIT = 15 * MINUTE;
/** How often it is asked how that goes, and for how long after a write the answer may still be that from before it, ms. */
const MOVE_PAUSE = 10 * SECOND;
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
  /** Why Lambda has given up to move the alias' provisioned concurrency, in its words; undefined: it has not. Never throws. */
  readonly stuck?: (() => Promise<string | undefined>) | undefined;
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
  #stuck: () => Promise<string | undefined>;
  /** No question how the move goes before that, epoch ms. */
  #nextLook = 0;

  constructor({ name, port, urgent = port, clock, known, signal, server = 'https://github.com', stuck }: Tools) {
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
    this.#stuck = stuck ?? (() => Promise.resolve(undefined));
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
   * and tries again for `limit` ms, of which a signal leaves seconds. While Lambda moves provisioned concurrency that is waited
   * for, as long as a promotion waits unless `limit` says less; after a signal not at all: it comes by itself.
   */
  async restore(target: AliasTarget, limit?: number): Promise<AliasState> {
    this.#intend(target);
    const tools = { clock: this.#clock, signal: this.#signal };
    const patience = new Patience(tools, limit ?? RESCUE_LIMIT);
    const move = new Patience(tools, limit ?? TRANSITION_LIMIT);
    for (let tried = await this.#try(target, false); ; tried = await this.#try(target, tried.written)) {
      const shown = tried.written && tried.isRead ? this.#shows(target) : undefined;
      if (shown === 'all' || (shown === 'moving' && !(await this.#mustWait(move)))) return this.#settle(target);
      if (shown === undefined) await this.#untilAgain(tried, patience);
    }
  }

  /** Waits before another attempt. Throws where there is to be none. */
  async #untilAgain({ failure, written, isNews }: Try, patience: Patience): Promise<void> {
    if (isHopeless(failure) && !isNews) throw this.#givenUp(failure, true);
    // An earlier write of ours has landed after all: the next one names its revision, at once.
    if (isNews && !written) return;
    if (!(await patience.pause())) throw this.#givenUp(failure, false);
  }

  /** Waits while Lambda moves what the alias has, unless the job is being cancelled. Throws when that leads nowhere. */
  async #mustWait(move: Patience): Promise<boolean> {
    if (move.isHurried) return false;
    await this.#requireMove(this.#known);
    if (!(await move.pause())) throw notMoved(this.name, this.#known, 'it is not ready yet');
    return true;
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
    this.#nextLook = this.#clock.now() + MOVE_PAUSE;
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

  /** Throws when Lambda says that it has given up to move what the alias has. */
  async #requireMove(found: AliasState): Promise<void> {
    if (this.#clock.now() < this.#nextLook) return;
    this.#nextLook = this.#clock.now() + MOVE_PAUSE;
    const why = await this.#whyStuck();
    if (why !== undefined) throw notMoved(this.name, found, why);
  }

  /** A signal is not kept waiting. */
  async #whyStuck(): Promise<string | undefined> {
    if (this.#signal === undefined) return this.#stuck();
    try {
      return await unlessAborted(this.#stuck, this.#signal, () => new Interrupted());
    } catch {
      return undefined;
    }
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
      const elapsed = this.#clock.now() - start;
      if (this.#isInTransition(found, target)) {
        await this.#requireMove(found);
        if (elapsed >= TRANSITION_LIMIT) throw notMoved(this.name, found, 'it is not ready yet');
      } else if (elapsed >= READ_BACK_LIMIT) {
        throw notConfirmed(this.name, found);
      }
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
