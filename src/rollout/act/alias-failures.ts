import { type AliasState, describeServing } from '../../model/alias.ts';
import { ActionFailure } from '../../model/failure.ts';

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

/** The job is being cancelled: what was under way is given up, and the alias is brought back instead. */
export class Interrupted extends ActionFailure {
  override readonly name = 'Interrupted';

  constructor() {
    super('it was given up because the job is being cancelled', 'Run this step again.');
  }
}

interface Unwritten {
  readonly alias: string;
  readonly found: AliasState;
  readonly untouched: boolean;
}

export function writeFailed({ alias, found, untouched }: Unwritten, cause: unknown): WriteFailed {
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

export function notConfirmed(alias: string, found: AliasState): WriteFailed {
  return new WriteFailed(
    `the change of alias ${alias} was accepted but could not be confirmed: it serves ${describeServing(found)}`,
    'Look at the alias in the Lambda console, then run this step again.',
    { untouched: false },
  );
}

/** Lambda keeps the traffic where it was for as long as the alias' provisioned concurrency has not moved. `why`: in words. */
export function notMoved(alias: string, found: AliasState, why: string): WriteFailed {
  return new WriteFailed(
    `Lambda has not moved the provisioned concurrency of alias ${alias} to version ${found.functionVersion} (${why}), and until then the alias serves ${describeServing(found)}`,
    'Lambda gives the traffic over by itself as soon as that is ready. Where it cannot be, take the provisioned concurrency away from the alias (aws lambda delete-provisioned-concurrency-config), then run this step again.',
    { untouched: false },
  );
}
