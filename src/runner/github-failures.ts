import { ActionFailure } from '../model/failure.ts';

/** A call of GitHub's REST API that failed, in a sentence with the remedy. */
export function explainGitHub(error: unknown): ActionFailure {
  if (error instanceof ActionFailure) return error;
  const status = statusOf(error);
  const said = error instanceof Error ? error.message : String(error);
  if (isLimited(status, said)) return new ActionFailure(`GitHub asks to wait (${said})`, '', { cause: error });
  // A private repository answers 404 to tokens that may not see what they ask for.
  if (status === 403 || status === 404) {
    return new ActionFailure(`the token of this job may not record deployments (${said})`, PERMISSION, {
      cause: error,
      permanent: true,
    });
  }
  if (status === 401) {
    const next = 'Leave github-token out, or give one that has not expired.';
    return new ActionFailure(`GitHub does not accept github-token (${said})`, next, { cause: error, permanent: true });
  }
  const permanent = status !== undefined && status >= 400 && status < 500 && status !== 408;
  return new ActionFailure(`GitHub answered ${said}`, '', { cause: error, permanent });
}

const PERMISSION =
  'Add two lines to the job: `permissions:` and below it `deployments: write` (and what else the job needs, such as ' +
  '`contents: read`, `id-token: write` and `actions: read`, as all that is not named is lost then).';

/** Too many requests are a 403 or a 429; the text tells the first from a permission that is missing. */
function isLimited(status: number | undefined, said: string): boolean {
  return status === 429 || (status === 403 && /rate limit|abuse/i.test(said));
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}
