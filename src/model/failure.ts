/** One thing that is wrong with an input, reported as `input: problem. Expected …`. */
export interface InputIssue {
  /** The input's name as in `action.yml`. */
  readonly input: string;
  /** What is wrong, without a full stop: `"5" has no unit`. */
  readonly problem: string;
  /** What would be right, without a full stop: `a duration such as 90s, 5m or 1h30m`. */
  readonly expected: string;
}

export function formatIssue({ input, problem, expected }: InputIssue): string {
  return `${input}: ${problem}. Expected ${expected}.`;
}

/** The inputs cannot be used; nothing was asked of AWS. Carries every problem there is. */
export class InvalidInputs extends Error {
  override readonly name = 'InvalidInputs';
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(issues.map(formatIssue).join('\n'));
    this.issues = issues;
  }
}

/**
 * A failure that says what to do about it. `message` is one sentence with its numbers; `next` is the remedy, one or two
 * sentences; `cause` is the error underneath.
 */
export class ActionFailure extends Error {
  override readonly name: string = 'ActionFailure';
  readonly next: string;
  /** The same attempt would be refused again: repeating it is of no use. */
  readonly permanent: boolean;
  /** The credentials of AWS have expired: nothing at all can be asked any more. */
  readonly expired: boolean;

  constructor(
    message: string,
    next: string,
    { cause, permanent = false, expired = false }: { cause?: unknown; permanent?: boolean; expired?: boolean } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.next = next;
    this.permanent = permanent;
    this.expired = expired;
  }
}

/** Why a run is to stop: the job was cancelled, or a fault of this action, in words. */
export const JOB_CANCELLED = 'the job was cancelled';

/** The job was cancelled (or whatever `why` says happened) before any traffic was shifted. */
export class Cancelled extends ActionFailure {
  override readonly name = 'Cancelled';

  constructor(why: string = JOB_CANCELLED) {
    super(`${why} before any traffic was shifted`, 'The alias is as it was; run this step again when you are ready.');
  }
}
