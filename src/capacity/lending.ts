import type { AliasTarget } from '../model/alias.ts';
import { ActionFailure } from '../model/failure.ts';
import { type Clock, SECOND } from '../model/time.ts';
import { Patience, persistently } from '../rollout/act/patience.ts';
import type { AliasPort } from '../rollout/ports.ts';
import type { CapacityPort, Loan } from './ports.ts';

/** How long a request for a loan that is not wanted any more is waited for, ms: a cancelled job has seconds. */
const ANSWER_LIMIT = 1.5 * SECOND;

interface Tools {
  readonly open: () => Promise<CapacityPort>;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Told when nothing is left to take back. */
  readonly onReturned?: () => void;
  /** What was lent before. `isOld`: by another run, so that somebody may have made it something else since. */
  readonly inherited?: { readonly loan: Loan; readonly isOld: boolean } | undefined;
  /** Told when Lambda takes no split with a canary that has its own: it was taken back, and the split goes on without. */
  readonly onRefused?: (loan: Loan, why: string) => void;
}

/**
 * The provisioned concurrency that a canary has on loan. A version can have it either of its own or through an alias that
 * points to it (Lambda developer guide, "Configuring provisioned concurrency"), so the loan has to be back before the
 * canary gets all traffic. Taken back before every write that takes the canary out of the split, it is gone while the
 * alias' marker still tells of it: whoever comes after a run that died finds both, or neither.
 */
export class Lending {
  #tools: Tools;
  #opened: Promise<CapacityPort> | undefined;
  #loan: Loan | undefined;
  #problem: unknown;
  #isOld: boolean;
  /** The request that is on its way, if one is. `answered` never rejects. */
  #request: { readonly answered: Promise<unknown>; readonly stop: AbortController } | undefined;
  /** A request was given up without an answer: what is removed now may come all the same. */
  #isUnanswered = false;

  constructor(tools: Tools) {
    this.#tools = tools;
    this.#loan = tools.inherited?.loan;
    this.#isOld = tools.inherited?.isOld === true;
  }

  /** What is on loan, as far as is known; undefined: nothing. */
  get loan(): Loan | undefined {
    return this.#loan;
  }

  /** A request for it was given up without an answer. */
  get isUnanswered(): boolean {
    return this.#isUnanswered;
  }

  /** Why the last attempt to take it back failed. */
  get problem(): unknown {
    return this.#problem;
  }

  /** Makes sure that what is lent can be taken back: removing what is not there changes nothing, and tells. */
  async requireReturn(version: string): Promise<void> {
    const port = await this.#open();
    await port.remove(version);
  }

  /** It counts as lent from the moment it is asked for: the answer may be lost. */
  async lend(loan: Loan): Promise<void> {
    this.#loan = loan;
    const stop = new AbortController();
    const request = this.#open().then((port) => port.add(loan.version, loan.amount, stop.signal));
    this.#request = { answered: Promise.allSettled([request]), stop };
    try {
      await request;
    } finally {
      this.#request = undefined;
    }
  }

  /**
   * Takes the loan back, trying again for `limit` ms. Whether it is back for certain; never throws. A request for it that is
   * still on its way is waited for first, for a moment: what is removed before it arrives would come again.
   */
  async takeBack(limit: number): Promise<boolean> {
    const loan = this.#loan;
    if (loan === undefined) return true;
    const { clock, signal, onReturned } = this.#tools;
    try {
      await this.#untilAnswered(clock);
      await persistently(() => this.#remove(loan), new Patience({ clock, signal }, limit));
      if (this.#isUnanswered) throw unanswered();
      this.#loan = undefined;
      onReturned?.();
      return true;
    } catch (error) {
      this.#problem = error;
      return false;
    }
  }

  async #untilAnswered(clock: Clock): Promise<void> {
    const request = this.#request;
    if (request === undefined) return;
    this.#request = undefined;
    const over = new AbortController();
    const late = clock.sleep(ANSWER_LIMIT, over.signal).then(() => 'late');
    this.#isUnanswered = (await Promise.race([request.answered, late])) === 'late';
    over.abort();
    request.stop.abort();
  }

  #open(): Promise<CapacityPort> {
    return (this.#opened ??= this.#tools.open());
  }

  async #remove({ version, amount }: Loan): Promise<void> {
    const port = await this.#open();
    if (this.#isOld && (await port.list('quick')).get(version)?.requested !== amount) return;
    await port.remove(version);
  }

  /** The alias for as long as a loan may be out. `limit`: how long it may take to get it back before a write, ms. */
  guard(port: AliasPort, limit: number): AliasPort {
    return {
      read: (signal) => port.read(signal),
      write: async (target, revisionId, signal) => {
        const isBack = await this.#before(target, limit);
        try {
          await port.write(target, revisionId, signal);
        } catch (error) {
          if (isBack || !(await this.#giveUp(error, limit))) throw error;
          await port.write(target, revisionId, signal);
        }
      },
    };
  }

  /** Whether nothing is on loan when the alias is written. */
  async #before({ functionVersion, weights }: AliasTarget, limit: number): Promise<boolean> {
    const loan = this.#loan;
    if (loan === undefined) return true;
    if (weights[loan.version] !== undefined || (await this.takeBack(limit))) return this.#loan === undefined;
    if (functionVersion === loan.version) throw notBack(loan, this.#problem);
    return false;
  }

  /** Whether the loan stood in the way of a write, and is back. */
  async #giveUp(error: unknown, limit: number): Promise<boolean> {
    const loan = this.#loan;
    const said = error instanceof ActionFailure && error.cause instanceof Error ? error.cause.message : '';
    if (loan === undefined || !/provisioned/i.test(said) || !(await this.takeBack(limit))) return false;
    this.#tools.onRefused?.(loan, said);
    return true;
  }
}

function unanswered(): ActionFailure {
  return new ActionFailure(
    'Lambda had not answered the request for it when the job was cancelled, so that it may still come',
    'Nothing: the post step removes it once more.',
  );
}

/** A canary that gets all traffic takes over what the alias has; Lambda wants it to have none of its own then. */
function notBack({ version, amount }: Loan, cause: unknown): ActionFailure {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new ActionFailure(
    `the provisioned concurrency (${amount}) that version ${version} had of its own as the canary could not be removed${why}`,
    cause instanceof ActionFailure ? cause.next : 'Run this step again.',
    { cause, permanent: true },
  );
}

/** How a person removes it, for when nothing else could. */
export function removalCommand(functionId: string, version: string): string {
  return `aws lambda delete-provisioned-concurrency-config --function-name ${functionId} --qualifier ${version}`;
}
