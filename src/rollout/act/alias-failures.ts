import { isDeepStrictEqual } from 'node:util';
import { type AliasState, type AliasTarget, describeServing } from '../../model/alias.ts';
import { ActionFailure } from '../../model/failure.ts';
import { type Marker, parseMarker } from './marker.ts';
import { inspect, runLink } from './recover.ts';

/** What a run found on the alias that it had not made, and what it had. */
interface Foreign {
  /** undefined: the alias is gone. */
  readonly found: AliasState | undefined;
  /** The alias before this run wrote anything. */
  readonly before: AliasState;
  /** All that this run may have made of it since. */
  readonly ours: readonly AliasTarget[];
  /** Where GitHub is, `https://github.com`. */
  readonly server: string;
}

/** Somebody else changed the alias. It is left as they made it. */
export class ForeignChange extends ActionFailure {
  override readonly name = 'ForeignChange';
  readonly found: AliasState | undefined;

  constructor(alias: string, foreign: Foreign) {
    const { message, next } = tell(alias, foreign);
    super(message, next);
    this.found = foreign.found;
  }
}

const LOOK = 'Find out who made it (CloudTrail: UpdateAlias), then run this step again.';

/** Who it was, where that can be told, and what to do. */
function tell(alias: string, foreign: Foreign): { message: string; next: string } {
  const { found, server } = foreign;
  if (found === undefined) {
    const message = `alias ${alias} was deleted by somebody else during the rollout`;
    return { message, next: `Their change was left as it is. ${LOOK}` };
  }
  const taker = takerOf(found, foreign);
  if (taker !== undefined) {
    const by = `run ${runLink(server, taker)} of ${taker.repository}`;
    return {
      message: `${by} has taken alias ${alias} during the rollout: it now serves ${describeServing(found)}`,
      next: 'Its rollout was left as it is. Wait for that run, then run this step again if this version is still wanted.',
    };
  }
  if (isPutBack(found, foreign)) {
    return {
      message: `alias ${alias} was put back on version ${found.functionVersion} during the rollout, by \`command: rollback\`, another run or a person`,
      next: 'It was left so, and callers are served as before. Run this step again if this version is still wanted.',
    };
  }
  const says = found.description === '' ? '' : ` and says "${found.description}"`;
  const message = `alias ${alias} was changed by somebody else during the rollout: it now serves ${describeServing(found)}${says}`;
  return { message, next: `Their change was left as it is. ${LOOK}` };
}

/** The run in whose rollout the alias is now. A marker of our own, left beside a split that somebody changed, is none. */
function takerOf(found: AliasState, { before, ours }: Foreign): Marker | undefined {
  const finding = inspect(found);
  if (finding.kind !== 'marked' && finding.kind !== 'altered') return undefined;
  const { marker } = finding;
  const known = [before, ...ours].map(({ description }) => parseMarker(description));
  return marker.repository === LOCAL || known.some((own) => isSameRollout(own, marker)) ? undefined : marker;
}

/** What a run outside of GitHub Actions signs with: it has no page. */
const LOCAL = 'local';

function isSameRollout(own: Marker | undefined, { repository, runId, attempt, stamp }: Marker): boolean {
  return isDeepStrictEqual(
    [own?.repository, own?.runId, own?.attempt, own?.stamp?.nonce],
    [repository, runId, attempt, stamp?.nonce],
  );
}

/** The alias is just what it was before this run, on one version and in no rollout. */
function isPutBack(found: AliasState, { before }: Foreign): boolean {
  const { functionVersion, weights, description } = before;
  const isWhole = Object.keys(weights).length === 0 && parseMarker(description) === undefined;
  return (
    isWhole &&
    isDeepStrictEqual(
      [found.functionVersion, found.weights, found.description],
      [functionVersion, weights, description],
    )
  );
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
