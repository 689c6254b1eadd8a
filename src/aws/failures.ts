import { ActionFailure } from '../model/failure.ts';

/** What was asked of AWS, for the sentence that says why it failed. */
export interface AwsCall {
  /** IAM action, `lambda:UpdateAlias`. */
  readonly action: string;
  /** What it was asked for: `function checkout`, `alias live of checkout`. */
  readonly subject: string;
  readonly region: string;
}

/** A call to AWS that failed, in a sentence, with the remedy. */
class AwsFailure extends ActionFailure {
  override readonly name = 'AwsFailure';
  /** The error's name in the API, `ResourceNotFoundException`; undefined for faults of the network. */
  readonly code: string | undefined;

  constructor(
    message: string,
    next: string,
    detail: { code: string | undefined; permanent: boolean; expired?: boolean; cause: unknown },
  ) {
    super(message, next, detail);
    this.code = detail.code;
  }
}

/** Runs one call and turns what it throws into an {@link AwsFailure}. */
export async function callAws<T>(call: AwsCall, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ActionFailure ? error : explain(error, call);
  }
}

interface Explanation {
  readonly problem: (call: AwsCall, said: string) => string;
  readonly next: (call: AwsCall, said: string) => string;
  readonly permanent: boolean;
  readonly expired?: boolean;
}

const LOGIN_STEP =
  'Let aws-actions/configure-aws-credentials run before this step (with `permissions: id-token: write` for OIDC).';

const DENIED: Explanation = {
  problem: ({ action, subject, region }, said) => `not allowed to ${action} for ${subject} in ${region} (${said})`,
  next: ({ action }, said) =>
    `Add "${deniedIn(said) ?? action}" to the policy of the role that the workflow assumes; the README lists the least policy.`,
  permanent: true,
};
const EXPIRED: Explanation = {
  problem: ({ action, subject }) => `the AWS credentials expired before ${action} for ${subject}`,
  next: () =>
    'Log in to AWS anew. So that it does not happen again, give role-to-assume, which renews the credentials while the rollout runs, or ask the credentials step for a longer session than the rollout takes (role-duration-seconds).',
  permanent: true,
  expired: true,
};
const INVALID_CREDENTIALS: Explanation = {
  problem: ({ action }, said) => `AWS does not accept the credentials for ${action} (${said})`,
  next: () => LOGIN_STEP,
  permanent: true,
};
const THROTTLED: Explanation = {
  problem: ({ action, region }, said) => `AWS kept throttling ${action} in ${region} (${said})`,
  next: () =>
    'The account shares 15 Lambda control-plane requests a second in a region. Run this step again when less is going on.',
  permanent: false,
};

/** Names under which AWS services report the same fault. */
const BY_CODE: Readonly<Record<string, Explanation>> = {
  AccessDenied: DENIED,
  AccessDeniedException: DENIED,
  Forbidden: DENIED,
  UnauthorizedOperation: DENIED,
  ExpiredToken: EXPIRED,
  ExpiredTokenException: EXPIRED,
  RequestExpired: EXPIRED,
  TokenRefreshRequired: EXPIRED,
  UnrecognizedClientException: INVALID_CREDENTIALS,
  InvalidClientTokenId: INVALID_CREDENTIALS,
  InvalidAccessKeyId: INVALID_CREDENTIALS,
  InvalidSignatureException: INVALID_CREDENTIALS,
  SignatureDoesNotMatch: INVALID_CREDENTIALS,
  IncompleteSignature: INVALID_CREDENTIALS,
  MissingAuthenticationToken: INVALID_CREDENTIALS,
  CredentialsProviderError: {
    problem: ({ action }) => `there are no AWS credentials for ${action}`,
    next: () => LOGIN_STEP,
    permanent: true,
  },
  TooManyRequestsException: THROTTLED,
  ThrottlingException: THROTTLED,
  Throttling: THROTTLED,
  SlowDown: THROTTLED,
  ENOTFOUND: {
    problem: ({ action, region }, said) => `no AWS endpoint answers for ${action} in region ${region} (${said})`,
    next: () => 'Check aws-region (or AWS_REGION), and that the runner can reach AWS.',
    permanent: true,
  },
};

function explain(error: unknown, call: AwsCall): AwsFailure {
  const code = codeOf(error);
  const said = saidBy(error);
  const known = BY_CODE[code ?? ''] ?? (statusOf(error) === 403 ? DENIED : undefined);
  if (known !== undefined) {
    return new AwsFailure(known.problem(call, said), known.next(call, said), {
      code,
      permanent: known.permanent,
      expired: known.expired ?? false,
      cause: error,
    });
  }
  const permanent = isPermanent(statusOf(error));
  const label = code === undefined || said.startsWith(code) ? said : `${code}: ${said}`;
  return new AwsFailure(`${call.action} for ${call.subject} in ${call.region} failed: ${label}`, nextFor(permanent), {
    code,
    permanent,
    cause: error,
  });
}

/**
 * A request timeout, a change that is under way and throttling pass by themselves; a revision that does not match (412) can
 * come of our own write whose answer was lost.
 */
const PASSING = [408, 409, 412, 429];

function isPermanent(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && !PASSING.includes(status);
}

function nextFor(permanent: boolean): string {
  return permanent
    ? 'Mend what AWS names, then run this step again.'
    : 'Run this step again; if it happens again, look at the AWS status page and the network of the runner.';
}

/** AWS does not take what it was asked, as it stands: a parameter's value or the query in it. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && /^(?:Validation|InvalidParameter)/.test(codeOf(error) ?? '');
}

/** AWS names the action that was missing, which is not always the one that was called: code is fetched from S3, roles are passed. */
function deniedIn(said: string): string | undefined {
  return /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(said)?.[1];
}

/** The API's error name, or the code of a fault of the network. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code ?? (error.name === 'Error' ? undefined : error.name);
}

/** HTTP status of AWS' answer; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

const SAID_LIMIT = 500;

/** An answer to HEAD has no body: the SDK then knows nothing but the status, and calls it UnknownError. */
function saidBy(error: unknown): string {
  if (error instanceof Error && error.name === error.message) return `HTTP ${statusOf(error) ?? 'without an answer'}`;
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.length > SAID_LIMIT ? `${text.slice(0, SAID_LIMIT)}…` : text;
}
