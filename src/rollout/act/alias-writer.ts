import { isDeepStrictEqual } from 'node:util';
import { type AliasState, type AliasTarget, describeServing } from '../../model/alias.ts';
import { ActionFailure } from '../../model/failure.ts';
import { type Clock, SECOND } from '../../model/time.ts';
import type { AliasPort } from '../ports.ts';

/** Somebody else changed the alias. It is left as they made it. */
export class ForeignChange extends ActionFailure {
  override readonly name = 'ForeignChange';
  readonly found: AliasState | undefined;

  constructor(alias: string, found: AliasState | undefined) {
    super(
      found === undefined
        ? `alias ${alias} was deleted by somebody else during the rollout`
        : `alias ${alias} was changed by somebody else during the rollout: it now serves ${describeServing(found)}` +
            (found.description === '' ? '' : ` and says "${found.description}"`),
      'Their change was left as it is. Find out who made it (CloudTrail: UpdateAlias), then run this step again.',
    );
    this.found = found;
  }
}

/** A write could not be made, or could not be confirmed, although it was tried again. */
export class WriteFailed extends ActionFailure {
  override readonly name = 'WriteFailed';
  /** AWS refused the write, so that it cannot land later either: the alias is as it was. */
  readonly untouched: boolean;

  constructor(message: string, next: string, detail: { untouched: boolean; cause?: unknown }) {
    super(message, next, detail);
    this.untouched = detail.untouched;
  }
}

const WRITE_ATTEMPTS = 4;
/** How long a read-back may lag behind the write it should show, ms. */
const READ_BACK_LIMIT = 10 * SECOND;
/** How long AWS may take to move provisioned concurrency, during which it weights the alias itself, ms. */
const TRANSITION_LIMIT = 15 * 60 * SECOND;
const READ_BACK_PAUSE = SECOND;

/** An alias on which every write names the revision that was read, and is read back before it counts. */
export class AliasWriter {
  readonly name: string;
  #port: AliasPort;
  #clock: Clock;
  #known: AliasState;
  /** Revisions that were read before: a read that shows one of them again is late, and no news. */
  #seen: Set<string>;
  /** What the alias may be through our own doing: the last target that was confirmed and those tried since. */
  #ours: AliasTarget[] = [];
  /** Versions that the alias pointed at: between these Lambda may weight it by itself. */
  #versions: Set<string>;

  /** `known` is the alias as it was last read: the revision that the next write names. */
  constructor({ name, port, clock, known }: { name: string; port: AliasPort; clock: Clock; known: AliasState }) {
    this.name = name;
    this.#port = port;
    this.#clock = clock;
    this.#known = known;
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
   * Throws {@link ForeignChange} when somebody else has changed the alias, {@link WriteFailed} when it stays as it was.
   */
  async write(target: AliasTarget): Promise<AliasState> {
    this.#ours.push(target);
    this.#versions.add(target.functionVersion);
    for (let attempt = 1; ; attempt++) {
      const revision = this.#known.revisionId;
      const failure = await this.#tryWrite(target);
      if (failure === undefined) break;
      const found = await this.#read();
      // A new revision is this write, or an earlier one of ours that has landed after all: then the next names it.
      const isNews = found.revisionId !== revision;
      if (isNews && serves(found, target)) break;
      const hopeless = failure instanceof ActionFailure && failure.permanent && !isNews;
      if (attempt === WRITE_ATTEMPTS || hopeless) {
        throw writeFailed({ alias: this.name, found, untouched: hopeless }, failure);
      }
      await this.#clock.sleep(isNews ? 0 : attempt * SECOND);
    }
    await this.#confirm(target);
    this.#ours = [target];
    return this.#known;
  }

  /** Reads the alias and makes sure that it is still as we made it; throws {@link ForeignChange} when it is not. */
  async refresh(): Promise<AliasState> {
    return this.#read();
  }

  async #tryWrite(target: AliasTarget): Promise<unknown> {
    try {
      await this.#port.write(target, this.#known.revisionId);
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Reads the alias back until it is `target`. */
  async #confirm(target: AliasTarget): Promise<void> {
    const start = this.#clock.now();
    for (;;) {
      const found = await this.#read();
      if (serves(found, target)) return;
      const limit = this.#isInTransition(found, target) ? TRANSITION_LIMIT : READ_BACK_LIMIT;
      if (this.#clock.now() - start >= limit) throw notConfirmed(this.name, found);
      await this.#clock.sleep(READ_BACK_PAUSE);
    }
  }

  /** The alias as it is, provided that it is as it was or as we made it. A late read says no more than was known. */
  async #read(): Promise<AliasState> {
    const found = await this.#port.read();
    if (found === undefined) throw new ForeignChange(this.name, found);
    if (this.#seen.has(found.revisionId)) return this.#known;
    if (!this.#ours.some((target) => serves(found, target) || this.#isInTransition(found, target))) {
      throw new ForeignChange(this.name, found);
    }
    this.#seen.add(found.revisionId);
    this.#known = found;
    return found;
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

/** Whether an alias is just what a write wanted it to be. */
export function serves(found: AliasState, { functionVersion, weights, description }: AliasTarget): boolean {
  const { functionVersion: version, weights: foundWeights, description: text } = found;
  return isDeepStrictEqual([version, foundWeights, text], [functionVersion, weights, description]);
}

interface Unwritten {
  readonly alias: string;
  readonly found: AliasState;
  readonly untouched: boolean;
}

function writeFailed({ alias, found, untouched }: Unwritten, cause: unknown): WriteFailed {
  const problem = cause instanceof Error ? cause.message : String(cause);
  const next =
    cause instanceof ActionFailure
      ? cause.next
      : 'Run this step again; if it happens again, look at the AWS status page.';
  return new WriteFailed(`alias ${alias} still serves ${describeServing(found)}: ${problem}`, next, {
    cause,
    untouched,
  });
}

function notConfirmed(alias: string, found: AliasState): WriteFailed {
  return new WriteFailed(
    `the change of alias ${alias} was accepted but could not be confirmed: it serves ${describeServing(found)}`,
    'Look at the alias in the Lambda console, then run this step again.',
    { untouched: false },
  );
}
